// Package redact keeps activation keys and session tokens out of whatever is
// printed, marshalled or logged by the AWS Interconnect client.
package redact

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/aws/smithy-go/logging"
)

// Mask stands for an activation key wherever one would be shown.
const Mask = "(activation key)"

// shortest is the length from which a key is looked for in free text. Masking
// every occurrence of one or two characters would only make the text unreadable.
const shortest = 4

var (
	// member is an activationKey member of a JSON body, also inside a quoted
	// string and also where the text breaks off before the closing quote.
	member = regexp.MustCompile(`(?is)(activationKey\\*"\s*:\s*\\*")(?:\\.|[^"\\])*`)
	// token is the session token of temporary credentials, as a header line.
	token = regexp.MustCompile(`(?i)(x-amz-security-token:[ \t]*)[^\r\n]+`)
	// signature is the last part of an Authorization header. A request can be
	// replayed with it for some minutes.
	signature = regexp.MustCompile(`(?i)(signature=)[0-9a-f]{64}`)
)

// Pointer is what to show for a key: nil for nil, a pointer to Mask otherwise.
func Pointer(key *string) *string {
	if key == nil {
		return nil
	}
	return new(Mask)
}

// Describe is "name{...}" with the exported fields of v, which must not hold a
// key any more.
func Describe(name string, v any) string {
	fields, err := json.Marshal(v)
	if err != nil {
		return name + "{unprintable}"
	}
	return name + string(fields)
}

// Format writes s for every verb, so that no verb goes around s.String.
func Format(f fmt.State, s fmt.Stringer) { _, _ = io.WriteString(f, s.String()) }

// Redactor masks secrets in free text. The zero value knows only what can be
// told by its form: activationKey members, session tokens and signatures.
type Redactor struct{ key string }

// For is a Redactor that also masks this very key, wherever in a text it stands.
func For(key *string) Redactor {
	if key == nil || len(*key) < shortest {
		return Redactor{}
	}
	return Redactor{key: *key}
}

// Text is s without secrets.
func (r Redactor) Text(s string) string {
	s = member.ReplaceAllString(s, "${1}"+Mask)
	s = token.ReplaceAllString(s, "${1}(token)")
	s = signature.ReplaceAllString(s, "${1}(signature)")
	if r.key != "" {
		s = strings.ReplaceAll(s, r.key, Mask)
	}
	return s
}

// Logger is next without secrets. A logger that drops everything is returned
// as it is, so that nothing is formatted for it.
func (r Redactor) Logger(next logging.Logger) logging.Logger {
	switch next.(type) {
	case nil:
		return logging.Nop{}
	case logging.Nop, *logging.Nop:
		return next
	}
	return logger{next: next, redactor: r}
}

type logger struct {
	next     logging.Logger
	redactor Redactor
}

// Logf logs the redacted message.
func (l logger) Logf(class logging.Classification, format string, v ...any) {
	l.next.Logf(class, "%s", l.redactor.Text(fmt.Sprintf(format, v...)))
}

// WithContext hands the context on to a logger that wants it.
func (l logger) WithContext(ctx context.Context) logging.Logger {
	return logger{next: logging.WithContext(ctx, l.next), redactor: l.redactor}
}
