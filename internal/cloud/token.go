package cloud

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// Token derives an idempotency token: the same parts give the same token, in
// this process and in the next one, so that a call repeated after a lost reply
// is recognised by the cloud. Nothing random goes in. The result has the form
// of a version 4 UUID, which Google requires of a requestId (discovery
// document, networkconnectivity v1) and AWS takes as a clientToken.
//
// Parts are what the call is for (which link, which verb, which attempt) and
// what it asks (so that a changed request is not answered with the old reply).
func Token(parts ...any) string {
	h := sha256.New()
	for _, p := range parts {
		s := fmt.Sprint(p)
		fmt.Fprintf(h, "%d:%s", len(s), s)
	}
	b := h.Sum(nil)[:16]
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	s := hex.EncodeToString(b)
	return s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:]
}
