package acceptance

import (
	"encoding/base64"
	"strings"
)

// KeysIn finds activation keys in a text: in Base64, or decoded. They are secret
// and must be in nothing that is written or shown.
func KeysIn(text string) []string {
	var keys []string
	if strings.Contains(text, "connectionSizeMbps") {
		keys = append(keys, "a key, decoded")
	}
	for _, word := range strings.FieldsFunc(text, func(r rune) bool {
		return !strings.ContainsRune("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=_-", r)
	}) {
		if len(word) < 60 {
			continue
		}
		if raw, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(word, "=")); err == nil && strings.Contains(string(raw), "haredConnectionUuid") {
			keys = append(keys, word)
		}
	}
	return keys
}
