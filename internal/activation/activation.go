// Package activation reads activation keys: what one cloud gives a customer so
// that the other cloud can join a link.
//
// A key is Base64 of a JSON object (Connection Coordinator API, ActivationKey in
// schemas/environment.yaml). It bundles identifiers rather than key material,
// but both clouds treat it as a secret and so does this code: a Key prints as
// "(activation key)" in every formatting verb, in JSON and in structured logs.
package activation

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"unique"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
)

// redacted stands for a key wherever a key is printed.
const redacted = "(activation key)"

// MaxLength is the longest key AWS accepts, in bytes (service model,
// ActivationKey: max 2048).
const MaxLength = 2048

// Key is an activation key as a cloud issued it. The zero value means "none".
// Only Reveal gives the text away. Keys of the same text are equal (==).
type Key struct {
	// text is behind a handle because fmt cannot call Format on a Key in an
	// unexported field: it then prints what the struct holds.
	text unique.Handle[string]
}

// NewKey wraps the text of a key. The empty text is the zero Key.
func NewKey(text string) Key {
	if text == "" {
		return Key{}
	}
	return Key{text: unique.Make(text)}
}

// Reveal is the key's text, for the one call that redeems it; "" for the zero
// Key.
func (k Key) Reveal() string {
	if k.IsZero() {
		return ""
	}
	return k.text.Value()
}

// IsZero says that there is no key.
func (k Key) IsZero() bool { return k == Key{} }

// Equal says that both are the same key.
func (k Key) Equal(o Key) bool { return k == o }

// String never shows the key.
func (k Key) String() string {
	if k.IsZero() {
		return ""
	}
	return redacted
}

// Format never shows the key, whatever the verb.
func (k Key) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(k.String())) }

// LogValue never shows the key.
func (k Key) LogValue() slog.Value { return slog.StringValue(k.String()) }

// MarshalJSON never shows the key.
func (k Key) MarshalJSON() ([]byte, error) { return json.Marshal(k.String()) }

// Payload is what a key says.
type Payload struct {
	// Version of the key's format.
	Version int
	// SharedID is the UUID that both clouds give the link.
	SharedID string
	// EnvironmentURI names the environment at the end that redeems the key.
	EnvironmentURI string
	// Bandwidth of the link that the key opens.
	Bandwidth bandwidth.Bandwidth
	// AccountID is the account (AWS) or project (Google) that may redeem it.
	AccountID string
}

// ErrForeign says that a key is not in the published format. Clouds may issue
// others, so it is a reason to compare by the cloud's own description of the
// key, not to refuse it.
var ErrForeign = errors.New("the activation key is not in the published format")

var uuidForm = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// wire is the JSON inside a key.
type wire struct {
	Version                   int    `json:"version"`
	SharedConnectionUUID      string `json:"sharedConnectionUuid"`
	DestinationEnvironmentURI string `json:"destinationEnvironmentUri"`
	ConnectionSizeMbps        int    `json:"connectionSizeMbps"`
	DestinationAccountID      string `json:"destinationAccountId"`
}

// Decode reads a key. Every failure is ErrForeign, and none quotes the key.
func (k Key) Decode() (Payload, error) {
	text := k.Reveal()
	if k.IsZero() || len(text) > MaxLength {
		return Payload{}, ErrForeign
	}
	raw, err := decodeBase64(strings.TrimSpace(text))
	if err != nil {
		return Payload{}, ErrForeign
	}
	var w wire
	if json.Unmarshal(raw, &w) != nil {
		return Payload{}, ErrForeign
	}
	if !uuidForm.MatchString(w.SharedConnectionUUID) || w.DestinationEnvironmentURI == "" ||
		w.ConnectionSizeMbps <= 0 || w.DestinationAccountID == "" {
		return Payload{}, ErrForeign
	}
	return Payload{
		Version:        w.Version,
		SharedID:       strings.ToLower(w.SharedConnectionUUID),
		EnvironmentURI: w.DestinationEnvironmentURI,
		Bandwidth:      bandwidth.FromMbps(w.ConnectionSizeMbps),
		AccountID:      w.DestinationAccountID,
	}, nil
}

// Encode makes the key that says p.
func (p Payload) Encode() (Key, error) {
	raw, err := json.Marshal(wire{
		Version:                   p.Version,
		SharedConnectionUUID:      p.SharedID,
		DestinationEnvironmentURI: p.EnvironmentURI,
		ConnectionSizeMbps:        p.Bandwidth.InMbps(),
		DestinationAccountID:      p.AccountID,
	})
	if err != nil {
		return Key{}, fmt.Errorf("encoding an activation key: %w", err)
	}
	return NewKey(base64.StdEncoding.EncodeToString(raw)), nil
}

// decodeBase64 takes the standard and the URL alphabet, padded or not: keys
// travel through consoles and shells.
func decodeBase64(s string) ([]byte, error) {
	s = strings.TrimRight(s, "=")
	if raw, err := base64.RawStdEncoding.DecodeString(s); err == nil {
		return raw, nil
	}
	return base64.RawURLEncoding.DecodeString(s)
}
