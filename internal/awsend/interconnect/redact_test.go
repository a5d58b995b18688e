package interconnect_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go/logging"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect/types"
)

const mask = "(activation key)"

func TestValuesWithAKeyDoNotShowIt(t *testing.T) {
	held := connection(func(*types.Connection) {})
	accept := acceptInput()
	describe := &interconnect.DescribeConnectionProposalInput{ActivationKey: new(secretKey)}
	values := map[string]any{
		"connection":            held,
		"connection by value":   *held,
		"accept input":          accept,
		"accept input by value": *accept,
		"describe input":        describe,
		"describe by value":     *describe,
		"create output":         &interconnect.CreateConnectionOutput{Connection: held},
		"accept output":         interconnect.AcceptConnectionProposalOutput{Connection: held},
		"get output":            &interconnect.GetConnectionOutput{Connection: held},
		"update output":         &interconnect.UpdateConnectionOutput{Connection: held},
		"delete output":         &interconnect.DeleteConnectionOutput{Connection: held},
		"list":                  []any{held, accept},
	}
	for name, value := range values {
		t.Run(name, func(t *testing.T) {
			for _, shown := range renderings(t, value) {
				if strings.Contains(shown, secretKey) {
					t.Errorf("the key is shown: %s", shown)
				}
				if !strings.Contains(shown, mask) {
					t.Errorf("nothing tells that there is a key: %s", shown)
				}
			}
		})
	}
	if *held.ActivationKey != secretKey || *accept.ActivationKey != secretKey {
		t.Error("printing changed the value")
	}
	if shown := fmt.Sprint(types.Connection{}); strings.Contains(shown, mask) {
		t.Errorf("a connection without a key shows one: %s", shown)
	}
	if shown := fmt.Sprint((*types.Connection)(nil)); shown != "<nil>" {
		t.Errorf("a nil connection is %q", shown)
	}
}

// renderings are the ways in which a value gets into text.
func renderings(t *testing.T, value any) []string {
	t.Helper()
	var all []string
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		all = append(all, fmt.Sprintf(verb, value))
	}
	marshalled, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	var text, object bytes.Buffer
	slog.New(slog.NewTextHandler(&text, nil)).Info("m", "value", value)
	slog.New(slog.NewJSONHandler(&object, nil)).Info("m", "value", value)
	return append(all, string(marshalled), text.String(), object.String())
}

// journal is a Logger that keeps what it is given.
type journal struct {
	mu   sync.Mutex
	text strings.Builder
}

func (j *journal) Logf(class logging.Classification, format string, v ...any) {
	j.mu.Lock()
	defer j.mu.Unlock()
	fmt.Fprintf(&j.text, "%s ", class)
	fmt.Fprintf(&j.text, format+"\n", v...)
}

func TestLogsDoNotShowSecrets(t *testing.T) {
	const everything = aws.LogRequestWithBody | aws.LogResponseWithBody | aws.LogRetries | aws.LogSigning
	tests := map[string]struct {
		answer func(n int, w http.ResponseWriter)
		want   []string
	}{
		"in an output": {func(_ int, w http.ResponseWriter) {
			reply(w, 200, read(t, "responses", "CreateConnection.json"))
		}, []string{`"activationKey":"` + mask, `"activationKey": "` + mask, "mcc-1a2b3c4d"}},
		"in an error": {func(_ int, w http.ResponseWriter) {
			reply(w, 400, `{"__type":"InterconnectClientException","message":"key `+secretKey+` is used up"}`)
		}, []string{"key " + mask + " is used up"}},
		"in attempts": {func(_ int, w http.ResponseWriter) {
			reply(w, 500, `{"__type":"Odd`+secretKey+`","message":"lost `+secretKey+`"}`)
		}, []string{"attempt 3", "lost " + mask}},
		"quoted in a string": {func(_ int, w http.ResponseWriter) {
			reply(w, 200, `{"connection":{"description":"{\"activationKey\":\"other-key-of-4711\"}"}}`)
		}, []string{mask}},
		"in chunks": {func(_ int, w http.ResponseWriter) {
			body := read(t, "responses", "CreateConnection.json")
			half := strings.Index(body, secretKey) + 10
			_, _ = io.WriteString(w, body[:half])
			w.(http.Flusher).Flush()
			_, _ = io.WriteString(w, body[half:])
		}, []string{`"activationKey": "` + mask, "chunked"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := serve(t, func(n int, w http.ResponseWriter, _ *http.Request) { test.answer(n, w) })
			var log journal
			c := s.client(func(o *interconnect.Options) { o.Logger, o.ClientLogMode = &log, everything })
			_, err := c.AcceptConnectionProposal(t.Context(), acceptInput())
			text := log.text.String()
			if err != nil {
				text += err.Error()
			}
			for _, secret := range []string{secretKey, secretKey[10:], "other-key-of-4711", "session-token-text", signatureOf(s)} {
				if strings.Contains(text, secret) {
					t.Errorf("%q is shown in:\n%s", secret, text)
				}
			}
			for _, part := range append(test.want, "X-Amz-Target: Interconnect.AcceptConnectionProposal", "CANONICAL STRING") {
				if !strings.Contains(text, part) {
					t.Errorf("%q is missing in:\n%s", part, text)
				}
			}
		})
	}
}

func signatureOf(s *service) string {
	_, signature, _ := strings.Cut(s.seen()[0].Header.Get("Authorization"), "Signature=")
	return signature
}

func TestErrorsDoNotRepeatTheKey(t *testing.T) {
	for name, code := range map[string]string{"known": "InterconnectClientException", "unknown": "Odd"} {
		t.Run(name, func(t *testing.T) {
			s := serveText(t, 400, `{"__type":"`+code+`","message":"the key `+secretKey+` was used"}`)
			_, err := s.client().DescribeConnectionProposal(t.Context(),
				&interconnect.DescribeConnectionProposalInput{ActivationKey: new(secretKey)})
			if text := fmt.Sprintf("%v %+v %#v", err, err, err); strings.Contains(text, secretKey) {
				t.Errorf("the key is shown: %s", text)
			}
			if !strings.Contains(err.Error(), "the key "+mask+" was used") {
				t.Errorf("error = %v", err)
			}
		})
	}
}
