package aws

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestRequestsThatAreNotOperations(t *testing.T) {
	tests := map[string]struct {
		target, body string
		status       int
		code         string
	}{
		"unknown operation":       {"Interconnect.MakeCoffee", `{}`, 400, "UnknownOperationException"},
		"unknown service":         {"Coffee.Make", `{}`, 404, "UnknownOperationException"},
		"body is not JSON":        {"Interconnect.ListConnections", `{`, 400, "SerializationException"},
		"body is not an object":   {"Interconnect.ListConnections", `[]`, 400, "SerializationException"},
		"body is two values":      {"Interconnect.ListConnections", `{} {}`, 400, "SerializationException"},
		"members have their case": {"Interconnect.GetConnection", `{"Identifier":"mcc-00000000"}`, 400, "InterconnectValidationException"},
		"fraction for a number":   {"Interconnect.ListConnections", `{"maxResults":1.5}`, 400, "SerializationException"},
		"unknown member":          {"Interconnect.ListConnections", `{"colour":"red"}`, 200, ""},
		"null is left out":        {"Interconnect.ListConnections", `{"state":null}`, 200, ""},
		"empty body":              {"Interconnect.ListConnections", ``, 200, ""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			resp, body := r.client.send(r.client.request(tc.target, []byte(tc.body)))
			if resp.StatusCode != tc.status || !strings.Contains(string(body), tc.code) {
				t.Errorf("got %d %s, want %d %s", resp.StatusCode, body, tc.status, tc.code)
			}
			if got := resp.Header.Get("Content-Type"); got != "application/x-amz-json-1.0" {
				t.Errorf("content type %q", got)
			}
			if resp.Header.Get("x-amzn-RequestId") == "" {
				t.Error("no request id")
			}
		})
	}
}

func TestBodyLimit(t *testing.T) {
	const limit = 1048576
	r := newRig(t)
	fits := []byte(`{"colour":"` + strings.Repeat("x", limit-13) + `"}`)
	resp, _ := r.client.send(r.client.request("Interconnect.ListConnections", fits))
	if resp.StatusCode != http.StatusOK {
		t.Errorf("a body of %d bytes: status %d", len(fits), resp.StatusCode)
	}
	// A recorder, not a socket: the server may close the socket while the
	// client still writes.
	w := httptest.NewRecorder()
	r.cloud.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", bytes.NewReader(make([]byte, limit+1))))
	if w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("a body over the limit: status %d", w.Code)
	}
}

func TestRequestLog(t *testing.T) {
	var log []Record
	r := newRig(t, func(cfg *Config) { cfg.Log = func(rec Record) { log = append(log, rec) } })
	r.client.must("ListConnections", document{})
	r.client.refused("ResourceNotFoundException", "GetConnection", document{"identifier": unknownID})
	unsigned := r.client.request("Interconnect.ListConnections", []byte("{}"))
	unsigned.Header.Del("Authorization")
	r.client.send(unsigned)

	want := []Record{
		{Service: "interconnect", Operation: "ListConnections", Region: testRegion, Account: DefaultAccountID, Status: 200},
		{Service: "interconnect", Operation: "GetConnection", Region: testRegion, Account: DefaultAccountID, Status: 404,
			Code: "ResourceNotFoundException", ResourceID: unknownID},
		{Service: "interconnect", Operation: "ListConnections", Status: 403, Code: "MissingAuthenticationTokenException"},
	}
	if diff := cmp.Diff(want, log, cmpopts.IgnoreFields(Record{}, "RequestID", "Time")); diff != "" {
		t.Errorf("log (-want +got):\n%s", diff)
	}
	for _, rec := range log {
		if rec.RequestID == "" || !rec.Time.Equal(r.clock.Now()) {
			t.Errorf("record %+v has no request id or a wrong time", rec)
		}
	}
}

func TestInterceptRefuses(t *testing.T) {
	var calls []Call
	r := newRig(t, func(cfg *Config) {
		cfg.Intercept = func(c Call) *Fault {
			calls = append(calls, c)
			if c.Operation != "CreateConnection" {
				return nil
			}
			return &Fault{Err: &Error{Code: "ThrottlingException", Status: 429, Message: "Rate exceeded"}, RetryAfter: 2 * time.Second}
		}
	})
	raw := []byte(`{}`)
	resp, body := r.client.send(r.client.request("Interconnect.CreateConnection", raw))
	if resp.StatusCode != 429 || resp.Header.Get("Retry-After") != "2" || !strings.Contains(string(body), "ThrottlingException") {
		t.Errorf("got %d, Retry-After %q, %s", resp.StatusCode, resp.Header.Get("Retry-After"), body)
	}
	r.client.must("ListConnections", document{})
	want := []Call{
		{Service: "interconnect", Operation: "CreateConnection", Region: testRegion, Account: DefaultAccountID},
		{Service: "interconnect", Operation: "ListConnections", Region: testRegion, Account: DefaultAccountID},
	}
	if diff := cmp.Diff(want, calls, cmpopts.IgnoreFields(Call{}, "RequestID")); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

func TestInterceptAfterTheEffect(t *testing.T) {
	tests := map[string]struct {
		fault  Fault
		status int // in the log
		code   string
	}{
		"error after the effect": {Fault{Err: &Error{Code: "InterconnectServerException", Status: 500, Message: "boom"}, AfterEffect: true}, 500, "InterconnectServerException"},
		"reply dropped":          {Fault{DropReply: true}, 0, ""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			var log []Record
			r := newRig(t, func(cfg *Config) {
				cfg.Intercept = func(Call) *Fault { return &tc.fault }
				cfg.Log = func(rec Record) { log = append(log, rec) }
			})
			r.server.Config.ErrorLog = nil
			in := []byte(`{"bandwidth":"1Gbps","environmentId":"` + testEnv + `","remoteAccount":{"identifier":"p"},"attachPoint":{"directConnectGateway":"` + r.gateway() + `"}}`)
			resp, err := http.DefaultClient.Do(r.client.request("Interconnect.CreateConnection", in))
			if tc.fault.DropReply {
				if err == nil || !errors.Is(err, io.EOF) {
					t.Fatalf("got %v, want a connection closed without a reply", err)
				}
			} else if err != nil {
				t.Fatal(err)
			} else if resp.Body.Close(); resp.StatusCode != tc.status {
				t.Errorf("status %d", resp.StatusCode)
			}
			r.server.Close() // waits for the handler
			if len(r.cloud.Resources()) != 2 {
				t.Errorf("resources %v, want the gateway and the connection", r.cloud.Resources())
			}
			if len(log) != 1 || log[0].Status != tc.status || log[0].Code != tc.code || log[0].ResourceID == "" {
				t.Errorf("log %+v", log)
			}
		})
	}
}

func TestInterceptDelays(t *testing.T) {
	asked := make(chan struct{})
	r := newRig(t, func(cfg *Config) {
		cfg.Intercept = func(Call) *Fault { close(asked); return &Fault{Delay: time.Hour} }
	})
	req := r.client.request("Interconnect.ListConnections", []byte("{}"))
	got := make(chan error, 1)
	go func() {
		resp, err := http.DefaultClient.Do(req)
		if err == nil {
			err = resp.Body.Close()
		}
		got <- err
	}()
	<-asked
	for {
		r.clock.Advance(time.Hour) // the delay may not have begun yet
		select {
		case err := <-got:
			if err != nil {
				t.Fatal(err)
			}
			return
		default:
		}
	}
}

func TestZeroConfigIsReady(t *testing.T) {
	cloud := New(Config{})
	server := httptest.NewServer(cloud)
	defer server.Close()
	c := client{t: t, url: server.URL, region: "eu-west-2", service: "interconnect",
		credentials: awssdk.Credentials{AccessKeyID: DefaultAccessKeyID, SecretAccessKey: DefaultSecretAccessKey}}
	if got := c.must("ListEnvironments", document{})["environments"].([]any); len(got) != 1 {
		t.Errorf("environments %v", got)
	}
	if got := cloud.Resources(); len(got) != 0 {
		t.Errorf("a new cloud has resources: %v", got)
	}
}

func TestDelayEndsWithTheRequest(t *testing.T) {
	r := newRig(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r.cloud.wait(ctx, time.Hour) // returns although the clock stands still
}
