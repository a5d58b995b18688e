package interconnect_test

import (
	"context"
	"flag"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/google/go-cmp/cmp"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect"
)

var update = flag.Bool("update", false, "write the golden files")

const requestID = "11111111-2222-4333-8444-555555555555"

// recorded is a request as a service saw it.
type recorded struct {
	Method, Path string
	Header       http.Header
	Body         string
	Length       int64
}

// service is an Interconnect service on loopback that answers as it is told.
type service struct {
	*httptest.Server
	mu       sync.Mutex
	requests []recorded
}

// serve starts a service. answer is called with the number of the request, from 1.
func serve(t *testing.T, answer func(n int, w http.ResponseWriter, r *http.Request)) *service {
	t.Helper()
	s := new(service)
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Errorf("reading the request: %v", err)
		}
		s.mu.Lock()
		s.requests = append(s.requests, recorded{r.Method, r.URL.Path, r.Header.Clone(), string(body), r.ContentLength})
		n := len(s.requests)
		s.mu.Unlock()
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
		w.Header().Set("X-Amzn-Requestid", requestID)
		answer(n, w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

// serveText starts a service that always gives the same answer.
func serveText(t *testing.T, status int, body string) *service {
	t.Helper()
	return serve(t, func(_ int, w http.ResponseWriter, _ *http.Request) { reply(w, status, body) })
}

func reply(w http.ResponseWriter, status int, body string) {
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

func (s *service) seen() []recorded {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]recorded(nil), s.requests...)
}

var credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
	return aws.Credentials{
		AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "secret", SessionToken: "session-token-text",
	}, nil
})

// atOnce is the SDK's standard retryer without its waits.
func atOnce(o *interconnect.Options) {
	o.Retryer = retry.NewStandard(func(so *retry.StandardOptions) {
		so.Backoff = retry.BackoffDelayerFunc(func(int, error) (time.Duration, error) { return 0, nil })
	})
}

func (s *service) client(optFns ...func(*interconnect.Options)) *interconnect.Client {
	return interconnect.New(interconnect.Options{
		Region:       "us-east-1",
		BaseEndpoint: &s.URL,
		Credentials:  credentials,
	}, append([]func(*interconnect.Options){atOnce}, optFns...)...)
}

func read(t *testing.T, path ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(append([]string{"testdata"}, path...)...))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// golden compares with a file, or writes it with -update.
func golden(t *testing.T, got string, path ...string) {
	t.Helper()
	file := filepath.Join(append([]string{"testdata"}, path...)...)
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(read(t, path...), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

func get(t *testing.T, c *interconnect.Client, optFns ...func(*interconnect.Options)) (*interconnect.GetConnectionOutput, error) {
	t.Helper()
	return c.GetConnection(t.Context(), &interconnect.GetConnectionInput{Identifier: new("mcc-1a2b3c4d")}, optFns...)
}

func TestRequestIsSignedAndIntroducesItself(t *testing.T) {
	s := serveText(t, 200, `{}`)
	c := s.client(func(o *interconnect.Options) {
		o.AppID = "my-app"
		o.APIOptions = append(o.APIOptions, awsmiddleware.AddUserAgentKeyValue("APN", "crosscloud"))
	})
	out, err := get(t, c)
	if err != nil {
		t.Fatal(err)
	}
	if id, _ := awsmiddleware.GetRequestIDMetadata(out.ResultMetadata); id != requestID {
		t.Errorf("request id in the metadata = %q, want %q", id, requestID)
	}
	r := s.seen()[0]
	if r.Length != int64(len(r.Body)) {
		t.Errorf("Content-Length = %d, want %d", r.Length, len(r.Body))
	}
	for _, part := range []string{"aws-sdk-go-v2/", "api/interconnect#2022-07-26", "app/my-app", "APN/crosscloud"} {
		if agent := r.Header.Get("User-Agent"); !strings.Contains(agent, part) {
			t.Errorf("User-Agent %q lacks %q", agent, part)
		}
	}
	if r.Header.Get("Amz-Sdk-Invocation-Id") == "" || !strings.HasPrefix(r.Header.Get("Amz-Sdk-Request"), "attempt=1") {
		t.Errorf("SDK headers are missing: %v", r.Header)
	}
	if want, got := resign(t, s, r), r.Header.Get("Authorization"); want != got {
		t.Errorf("Authorization = %q, want %q", got, want)
	}
	if scope := "/us-east-1/interconnect/aws4_request"; !strings.Contains(r.Header.Get("Authorization"), scope) {
		t.Errorf("the signature's scope is not %s", scope)
	}
}

// resign is the Authorization header that a right signature of r has.
func resign(t *testing.T, s *service, r recorded) string {
	t.Helper()
	req, err := http.NewRequest(r.Method, s.URL+r.Path, strings.NewReader(r.Body))
	if err != nil {
		t.Fatal(err)
	}
	_, list, _ := strings.Cut(r.Header.Get("Authorization"), "SignedHeaders=")
	list, _, _ = strings.Cut(list, ",")
	for name := range strings.SplitSeq(list, ";") {
		if name != "host" && name != "content-length" {
			req.Header[http.CanonicalHeaderKey(name)] = r.Header.Values(name)
		}
	}
	at, err := time.Parse("20060102T150405Z", r.Header.Get("X-Amz-Date"))
	if err != nil {
		t.Fatal(err)
	}
	creds, _ := credentials.Retrieve(t.Context())
	if err := v4.NewSigner().SignHTTP(t.Context(), creds, req, sum(r.Body), "interconnect", "us-east-1", at); err != nil {
		t.Fatal(err)
	}
	return req.Header.Get("Authorization")
}

func TestAnonymousRequestIsNotSigned(t *testing.T) {
	s := serveText(t, 200, `{}`)
	for name, provider := range map[string]aws.CredentialsProvider{"none": nil, "anonymous": aws.AnonymousCredentials{}} {
		t.Run(name, func(t *testing.T) {
			if _, err := get(t, s.client(func(o *interconnect.Options) { o.Credentials = provider })); err != nil {
				t.Fatal(err)
			}
		})
	}
	for _, r := range s.seen() {
		if auth := r.Header.Get("Authorization"); auth != "" {
			t.Errorf("Authorization = %q, want none", auth)
		}
	}
}

func TestNilInputIsAnEmptyOne(t *testing.T) {
	s := serveText(t, 200, `{"connections":[]}`)
	out, err := s.client().ListConnections(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if out.Connections == nil || len(out.Connections) != 0 {
		t.Errorf("Connections = %#v, want empty, not nil", out.Connections)
	}
	if got := s.seen()[0].Body; got != "{}" {
		t.Errorf("body = %s, want {}", got)
	}
}

func TestManyGoroutinesShareClientAndInput(t *testing.T) {
	s := serveText(t, 200, read(t, "responses", "CreateConnection.json"))
	c, in := s.client(), createInput()
	in.ClientToken = nil
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			if _, err := c.CreateConnection(t.Context(), in); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if in.ClientToken != nil {
		t.Errorf("the input was written to: ClientToken = %q", *in.ClientToken)
	}
	tokens := map[string]bool{}
	for _, r := range s.seen() {
		tokens[clientToken(t, r)] = true
	}
	if len(tokens) != 16 {
		t.Errorf("%d client tokens for 16 calls", len(tokens))
	}
}
