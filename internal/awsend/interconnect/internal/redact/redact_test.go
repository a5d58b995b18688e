package redact

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/smithy-go/logging"
)

func TestText(t *testing.T) {
	tests := map[string]struct{ key, in, want string }{
		"member":             {"", `{"activationKey":"abc","id":"x"}`, `{"activationKey":"(activation key)","id":"x"}`},
		"member with spaces": {"", "{\"activationKey\" :\n \"abc\"}", "{\"activationKey\" :\n \"(activation key)\"}"},
		"escaped quote":      {"", `{"activationKey":"a\"b","id":"x"}`, `{"activationKey":"(activation key)","id":"x"}`},
		"no closing quote":   {"", `{"activationKey":"abc`, `{"activationKey":"(activation key)`},
		"split by chunks":    {"", "{\"activationKey\":\"ab\r\n5\r\nc\"}", `{"activationKey":"(activation key)"}`},
		"two members":        {"", `[{"activationKey":"a"},{"ActivationKey":"b"}]`, `[{"activationKey":"(activation key)"},{"ActivationKey":"(activation key)"}]`},
		"null member":        {"", `{"activationKey":null}`, `{"activationKey":null}`},
		"known key":          {"abcd", `got abcd.`, `got (activation key).`},
		"too short a key":    {"abc", `got abc`, `got abc`},
		"token header":       {"", "X-Amz-Security-Token: t0k\r\nHost: h", "X-Amz-Security-Token: (token)\r\nHost: h"},
		"canonical token":    {"", "x-amz-security-token:t0k\nhost:h", "x-amz-security-token:(token)\nhost:h"},
		"signature":          {"", "Signature=" + strings.Repeat("0f", 32), "Signature=(signature)"},
		"harmless":           {"abcd", `{"id":"x"}`, `{"id":"x"}`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := For(&test.key).Text(test.in); got != test.want {
				t.Errorf("Text = %q, want %q", got, test.want)
			}
		})
	}
}

type contextLogger struct{ lines *[]string }

type lineKey struct{}

func (c contextLogger) Logf(_ logging.Classification, format string, v ...any) {
	*c.lines = append(*c.lines, fmt.Sprintf(format, v...))
}

func (c contextLogger) WithContext(ctx context.Context) logging.Logger {
	*c.lines = append(*c.lines, fmt.Sprint("context ", ctx.Value(lineKey{})))
	return c
}

func TestLogger(t *testing.T) {
	var lines []string
	l := For(new("secret-key")).Logger(contextLogger{&lines})
	logging.WithContext(context.WithValue(t.Context(), lineKey{}, 1), l).Logf(logging.Debug, "100%% of %s", "secret-key")
	want := "context 1|100% of (activation key)"
	if got := strings.Join(lines, "|"); got != want {
		t.Errorf("lines = %q, want %q", got, want)
	}
	for _, silent := range []logging.Logger{nil, logging.Nop{}, &logging.Nop{}} {
		switch For(nil).Logger(silent).(type) {
		case logging.Nop, *logging.Nop:
		default:
			t.Errorf("%T is wrapped", silent)
		}
	}
}

func TestDescribe(t *testing.T) {
	if got := Describe("T", struct{ A int }{1}); got != `T{"A":1}` {
		t.Errorf("Describe = %s", got)
	}
	if got := Describe("T", make(chan int)); got != "T{unprintable}" {
		t.Errorf("Describe = %s", got)
	}
}
