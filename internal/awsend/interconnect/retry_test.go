package interconnect_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect/types"
)

func TestRetriesCarryTheSameToken(t *testing.T) {
	failures := map[string]func(http.ResponseWriter){
		"throttled":           func(w http.ResponseWriter) { reply(w, 429, `{"__type":"ThrottlingException"}`) },
		"throttled, no code":  func(w http.ResponseWriter) { reply(w, 429, ``) },
		"server exception":    func(w http.ResponseWriter) { reply(w, 500, `{"__type":"InterconnectServerException","message":"m"}`) },
		"bad gateway":         func(w http.ResponseWriter) { reply(w, 502, `<html>`) },
		"unavailable":         func(w http.ResponseWriter) { reply(w, 503, ``) },
		"gateway timeout":     func(w http.ResponseWriter) { reply(w, 504, ``) },
		"connection cut":      cutConnection,
		"answer broken off":   breakOff,
		"known throttle code": func(w http.ResponseWriter) { reply(w, 400, `{"__type":"RequestLimitExceeded"}`) },
	}
	for name, fail := range failures {
		t.Run(name, func(t *testing.T) {
			s := serve(t, func(n int, w http.ResponseWriter, _ *http.Request) {
				if n < 3 {
					fail(w)
					return
				}
				reply(w, 200, read(t, "responses", "CreateConnection.json"))
			})
			in := createInput()
			in.ClientToken = nil
			out, err := s.client().CreateConnection(t.Context(), in)
			if err != nil {
				t.Fatal(err)
			}
			if *out.Connection.Id != "mcc-1a2b3c4d" {
				t.Errorf("connection = %v", out.Connection)
			}
			requests := s.seen()
			if len(requests) != 3 {
				t.Fatalf("%d attempts, want 3", len(requests))
			}
			token := clientToken(t, requests[0])
			for _, r := range requests {
				if got := clientToken(t, r); got != token || token == "" {
					t.Errorf("client token %q, first was %q", got, token)
				}
				if resign(t, s, r) != r.Header.Get("Authorization") {
					t.Error("an attempt is not signed right")
				}
			}
			if results, ok := retry.GetAttemptResults(out.ResultMetadata); !ok || len(results.Results) != 3 {
				t.Errorf("attempts in the metadata = %v", results)
			}
		})
	}
}

// cutConnection ends the connection without an answer.
func cutConnection(w http.ResponseWriter) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err == nil {
		_ = conn.Close()
	}
}

// breakOff promises more of an answer than it gives.
func breakOff(w http.ResponseWriter) {
	conn, buffer, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	_, _ = buffer.WriteString("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"connection\":")
	_ = buffer.Flush()
	_ = conn.Close()
}

func TestAttemptsAreBounded(t *testing.T) {
	tests := map[string]struct {
		status int
		body   string
		option func(*interconnect.Options)
		want   int
	}{
		"three by default":        {500, `{}`, func(*interconnect.Options) {}, 3},
		"as many as asked for":    {503, `{}`, func(o *interconnect.Options) { o.RetryMaxAttempts = 5 }, 5},
		"never":                   {500, `{}`, func(o *interconnect.Options) { o.Retryer = aws.NopRetryer{} }, 1},
		"not a client's fault":    {400, `{"__type":"InterconnectClientException"}`, func(*interconnect.Options) {}, 1},
		"not a quota":             {402, `{"__type":"ServiceQuotaExceededException"}`, func(*interconnect.Options) {}, 1},
		"not what does not exist": {404, `{"__type":"ResourceNotFoundException"}`, func(*interconnect.Options) {}, 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := serveText(t, test.status, test.body)
			if _, err := get(t, s.client(test.option)); err == nil {
				t.Fatal("no error")
			}
			if got := len(s.seen()); got != test.want {
				t.Errorf("client option: %d attempts, want %d", got, test.want)
			}
			if _, err := get(t, s.client(), test.option); err == nil {
				t.Fatal("no error")
			}
			if got := len(s.seen()) - test.want; got != test.want {
				t.Errorf("call option: %d attempts, want %d", got, test.want)
			}
		})
	}
}

func TestDefaultRetryers(t *testing.T) {
	tooMany := &httpStatus{429}
	for name, mode := range map[string]aws.RetryMode{
		"default": "", "standard": aws.RetryModeStandard, "adaptive": aws.RetryModeAdaptive,
	} {
		t.Run(name, func(t *testing.T) {
			o := interconnect.New(interconnect.Options{Region: "us-east-1", RetryMode: mode, RetryMaxAttempts: 7}).Options()
			if got := o.Retryer.MaxAttempts(); got != 7 {
				t.Errorf("MaxAttempts = %d, want 7", got)
			}
			if !o.Retryer.IsErrorRetryable(tooMany) {
				t.Error("HTTP status 429 is not retried")
			}
			if o.Retryer.IsErrorRetryable(&types.InterconnectClientException{}) {
				t.Error("a client's fault is retried")
			}
		})
	}
}

type httpStatus struct{ status int }

func (e *httpStatus) Error() string       { return "HTTP " + strconv.Itoa(e.status) }
func (e *httpStatus) HTTPStatusCode() int { return e.status }

type fixedToken string

func (f fixedToken) GetIdempotencyToken() (string, error) {
	if f == "" {
		return "", errors.New("no entropy")
	}
	return string(f), nil
}

func TestTokenProvider(t *testing.T) {
	s := serveText(t, 200, `{}`)
	c := s.client(func(o *interconnect.Options) { o.IdempotencyTokenProvider = fixedToken("derived") })
	calls := map[string]func() error{
		"create": func() error {
			in := createInput()
			in.ClientToken = nil
			_, err := c.CreateConnection(t.Context(), in)
			return err
		},
		"accept": func() error {
			in := acceptInput()
			in.ClientToken = nil
			_, err := c.AcceptConnectionProposal(t.Context(), in)
			return err
		},
		"update": func() error {
			_, err := c.UpdateConnection(t.Context(), &interconnect.UpdateConnectionInput{Identifier: new("mcc-1a2b3c4d")})
			return err
		},
		"delete": func() error {
			_, err := c.DeleteConnection(t.Context(), &interconnect.DeleteConnectionInput{Identifier: new("mcc-1a2b3c4d")})
			return err
		},
	}
	for name, call := range calls {
		t.Run(name, func(t *testing.T) {
			if err := call(); err != nil {
				t.Fatal(err)
			}
			requests := s.seen()
			if got := clientToken(t, requests[len(requests)-1]); got != "derived" {
				t.Errorf("client token = %q", got)
			}
		})
	}
	failing := s.client(func(o *interconnect.Options) { o.IdempotencyTokenProvider = fixedToken("") })
	if _, err := failing.DeleteConnection(t.Context(), &interconnect.DeleteConnectionInput{Identifier: new("x")}); err == nil {
		t.Error("a call without a token was sent")
	}
}

func TestCancelBeforeTheAnswer(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	s := serve(t, func(_ int, _ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	_, err := s.client().GetConnection(ctx, &interconnect.GetConnectionInput{Identifier: new("mcc-1a2b3c4d")})
	mustAs[*smithy.CanceledError](t, err)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error = %v, want context.Canceled", err)
	}
	if n := len(s.seen()); n != 1 {
		t.Errorf("%d attempts, want 1", n)
	}
}

// cancelledBody is the body of an answer within which the caller gives up.
type cancelledBody struct{ cancel func() }

func (b cancelledBody) Read([]byte) (int, error) {
	b.cancel()
	return 0, io.ErrUnexpectedEOF
}

func (cancelledBody) Close() error { return nil }

func (b cancelledBody) Do(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: b}, nil
}

func TestCancelWithinTheAnswer(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	c := interconnect.New(interconnect.Options{Region: "us-east-1", HTTPClient: cancelledBody{cancel}}, atOnce)
	_, err := c.GetConnection(ctx, &interconnect.GetConnectionInput{Identifier: new("mcc-1a2b3c4d")})
	mustAs[*smithy.CanceledError](t, err)
	if !errors.Is(err, context.Canceled) || strings.Contains(err.Error(), "broke off") {
		t.Errorf("error = %v, want context.Canceled alone", err)
	}
}

func TestClockSkewIsCorrected(t *testing.T) {
	ahead := time.Hour
	s := serve(t, func(n int, w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", time.Now().Add(ahead).UTC().Format(http.TimeFormat))
		if n == 1 {
			reply(w, 403, `{"__type":"InvalidSignatureException","message":"Signature expired"}`)
			return
		}
		reply(w, 200, `{}`)
	})
	c := s.client()
	for range 2 {
		if _, err := get(t, c); err != nil {
			t.Fatal(err)
		}
	}
	var signed []time.Time
	for _, r := range s.seen() {
		at, err := time.Parse("20060102T150405Z", r.Header.Get("X-Amz-Date"))
		if err != nil {
			t.Fatal(err)
		}
		signed = append(signed, at)
	}
	if len(signed) != 3 {
		t.Fatalf("%d attempts, want 3: two of the first call, one of the second", len(signed))
	}
	for _, at := range signed[1:] {
		if at.Sub(signed[0]) < ahead/2 {
			t.Errorf("signed at %s, first at %s: the service's clock was not followed", at, signed[0])
		}
	}
	off := serve(t, func(_ int, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Date", time.Now().Add(ahead).UTC().Format(http.TimeFormat))
		reply(w, 403, `{"__type":"InvalidSignatureException"}`)
	})
	if _, err := get(t, off.client(func(o *interconnect.Options) { o.DisableClockSkewCorrection = true })); err == nil {
		t.Error("no error")
	}
	if n := len(off.seen()); n != 1 {
		t.Errorf("%d attempts without correction, want 1", n)
	}
}
