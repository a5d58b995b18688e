package googleend

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

var update = flag.Bool("update", false, "write the golden files")

// answer is one reply of the fake.
type answer struct {
	status int
	header map[string]string
	body   string
	// drop closes the connection instead.
	drop bool
}

func ok(body string) answer { return answer{status: http.StatusOK, body: body} }

// refuse is an error reply as Network Connectivity writes it.
func refuse(status int, word, message string) answer {
	return answer{status: status, body: fmt.Sprintf(`{"error":{"code":%d,"message":%q,"status":%q}}`, status, message, word)}
}

// fake is a Google that gives, for "GET /path", the next of the answers it was
// told; the last one again and again. What it was not told is not found.
type fake struct {
	t       *testing.T
	url     string
	mu      sync.Mutex
	answers map[string][]answer
	asked   []asked
}

// asked is one request that came.
type asked struct {
	call, query, agent string
	body               []byte
}

func newFake(t *testing.T, answers map[string][]answer) *fake {
	t.Helper()
	f := &fake{t: t, answers: answers}
	s := httptest.NewServer(f)
	t.Cleanup(s.Close)
	f.url = s.URL
	return f
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		f.t.Errorf("reading the body of a request: %v", err)
	}
	a := f.next(asked{call: r.Method + " " + r.URL.Path, query: r.URL.RawQuery, agent: r.Header.Get("User-Agent"), body: body})
	if a.drop {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			f.t.Errorf("taking over the connection: %v", err)
			return
		}
		_ = conn.Close()
		return
	}
	w.Header().Set("Content-Type", "application/json")
	for k, v := range a.header {
		w.Header().Set(k, v)
	}
	w.WriteHeader(a.status)
	_, _ = io.WriteString(w, a.body)
}

func (f *fake) next(r asked) answer {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked = append(f.asked, r)
	queue := f.answers[r.call]
	switch len(queue) {
	case 0:
		return refuse(http.StatusNotFound, "NOT_FOUND", "Resource '"+r.call+"' was not found")
	case 1:
		return queue[0]
	}
	f.answers[r.call] = queue[1:]
	return queue[0]
}

// calls are the requests that came, without queries.
func (f *fake) calls() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	calls := make([]string, len(f.asked))
	for i, a := range f.asked {
		calls[i] = a.call
	}
	return calls
}

// count is how often a call came.
func (f *fake) count(call string) int {
	n := 0
	for _, c := range f.calls() {
		if c == call {
			n++
		}
	}
	return n
}

// last is the last request of a method.
func (f *fake) last(method string) asked {
	f.t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, a := range slices.Backward(f.asked) {
		if strings.HasPrefix(a.call, method+" ") {
			return a
		}
	}
	f.t.Fatalf("no %s came", method)
	return asked{}
}

// fakeClock passes by sleeping.
type fakeClock struct {
	mu    sync.Mutex
	now   time.Time
	slept []time.Duration
}

func (c *fakeClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *fakeClock) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	c.slept = append(c.slept, d)
	return ctx.Err()
}

// newAccount is an account at the fake, on a clock of its own.
func newAccount(t *testing.T, f *fake, change ...func(*Options)) *Account {
	t.Helper()
	o := Options{
		HTTPClient: &http.Client{}, Project: "p", Region: "us-east4", Clock: &fakeClock{now: time.Unix(1_800_000_000, 0)},
		Endpoints: Endpoints{NetworkConnectivity: f.url, Compute: f.url},
	}
	for _, c := range change {
		c(&o)
	}
	a, err := NewAccount(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// Names that the tests use.
const (
	parent      = "/v1/projects/p/locations/us-east4"
	theID       = "projects/p/locations/us-east4/transports/ai"
	onTransport = "/v1/" + theID
	theOp       = "projects/p/locations/us-east4/operations/op-1"
	onOp        = "/v1/" + theOp
	sharedUUID  = "11111111-2222-4333-8444-555555555555"
)

var theMarker = link.Marker{Name: "ai", Owner: "Acme/Prod"}

func config() Config {
	return Config{Name: "ai", Network: "vpc", AdvertisedRoutes: []string{"10.0.0.0/16"}, Description: "to AWS", Labels: map[string]string{"team": "net"}}
}

// key makes an activation key in the published format.
func key(t *testing.T, sharedID string) activation.Key {
	t.Helper()
	k, err := activation.Payload{Version: 1, SharedID: sharedID, EnvironmentURI: "env", Bandwidth: 1000, AccountID: "p"}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// operation is an operation as Google writes it.
func operation(verb string, ending string) answer {
	return ok(fmt.Sprintf(`{"name":%q,"metadata":{"@type":"type.googleapis.com/google.cloud.networkconnectivity.v1.OperationMetadata","verb":%q,"target":%q}%s}`, theOp, verb, theID, ending))
}

// golden compares a request with a file: method, path, query and body.
func golden(t *testing.T, name string, a asked) {
	t.Helper()
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\n", a.call)
	for q := range strings.SplitSeq(a.query, "&") {
		fmt.Fprintf(&b, "  %s\n", q)
	}
	if len(a.body) > 0 {
		if err := json.Indent(&b, bytes.TrimSpace(a.body), "", "  "); err != nil {
			t.Fatal(err)
		}
		b.WriteByte('\n')
	}
	file := filepath.Join("testdata", name+".txt")
	if *update {
		if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("request differs from %s (-want +got):\n%s", file, diff)
	}
}
