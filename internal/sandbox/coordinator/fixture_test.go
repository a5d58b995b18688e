package coordinator_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/conformance/contract"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/clock"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator/api"
)

const (
	env      = "aws-gcp-us-east"
	linkID   = "6f1c1f6e-6d8a-4b7e-9c56-0f6b7a0d3c11"
	otherID  = "11111111-2222-4333-8444-555555555555"
	quadName = "quad-1"
)

var start = time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC)

// document is the OpenAPI document.
var document = sync.OnceValues(func() (*contract.OpenAPI, error) {
	return contract.LoadOpenAPI(filepath.Join("testdata", "openapi", "openapi.yaml"))
})

// held holds every message that a handler takes and gives to the contract.
// Refusals are held to it only as far as the request goes: the document says
// nothing of them.
type held struct {
	t       testing.TB
	handler http.Handler
	watch   contract.Watch
	mu      sync.Mutex
	lose    string // method and end of path of a reply to be lost
	// lenient lets requests be wrong on purpose, if they are refused.
	lenient bool
}

func (h *held) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	doc, err := document()
	if err != nil {
		h.t.Errorf("the contract: %v", err)
		return
	}
	rules := contract.Rules{Contracts: []contract.Contract{doc}, Closed: true, Provoking: h.lenient}
	h.watch.Front(rules, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !h.loses(r) {
			h.handler.ServeHTTP(w, r)
			return
		}
		h.handler.ServeHTTP(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler)
	})).ServeHTTP(w, r)
}

// count is what was held to the contract so far.
func (h *held) count() contract.Count {
	doc, err := document()
	if err != nil {
		h.t.Fatal(err)
	}
	return h.watch.Counts()[doc.Name()]
}

// loseReply has the next such request carried out and not answered.
func (h *held) loseReply(method, suffix string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.lose = method + " " + suffix
}

func (h *held) loses(r *http.Request) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	method, suffix, _ := strings.Cut(h.lose, " ")
	if h.lose == "" || r.Method != method || !strings.HasSuffix(r.URL.Path, suffix) {
		return false
	}
	h.lose = ""
	return true
}

// fakeCloud is a cloud that has nothing but connections.
type fakeCloud struct {
	mu          sync.Mutex
	keys        map[string]string // of connections that wait, by id
	connections map[string]coordinator.Connection
	refusals    map[string]error // by method
	calls       []string
}

func newFakeCloud() *fakeCloud {
	return &fakeCloud{keys: map[string]string{}, connections: map[string]coordinator.Connection{}, refusals: map[string]error{}}
}

func (f *fakeCloud) call(method string) (func(), error) {
	f.mu.Lock()
	f.calls = append(f.calls, method)
	return f.mu.Unlock, f.refusals[method]
}

func (f *fakeCloud) called(method string) (n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, c := range f.calls {
		if c == method {
			n++
		}
	}
	return n
}

func (f *fakeCloud) refuse(method string, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.refusals[method] = err
}

func (f *fakeCloud) ConfirmActivationKey(_ context.Context, _, key string) (bool, error) {
	done, err := f.call("Confirm")
	defer done()
	for _, k := range f.keys {
		if k == key {
			return true, err
		}
	}
	return false, err
}

func (f *fakeCloud) CreateConnection(_ context.Context, c coordinator.Connection) (coordinator.Connection, error) {
	done, err := f.call("Create")
	defer done()
	if err != nil {
		return c, err
	}
	if f.keys[c.ID] != c.ActivationKey {
		return c, &coordinator.Error{Status: 400, Message: "no such key"}
	}
	delete(f.keys, c.ID)
	f.connections[c.ID] = c
	return c, nil
}

func (f *fakeCloud) GetConnection(_ context.Context, _, id string) (coordinator.Connection, error) {
	done, err := f.call("Get")
	defer done()
	c, ok := f.connections[id]
	if !ok && err == nil {
		err = &coordinator.Error{Status: 404, Message: "unknown"}
	}
	return c, err
}

func (f *fakeCloud) UpdateConnection(_ context.Context, c coordinator.Connection) (coordinator.Connection, error) {
	done, err := f.call("Update")
	defer done()
	if err == nil {
		was := f.connections[c.ID]
		was.BandwidthMbps = c.BandwidthMbps
		f.connections[c.ID] = was
	}
	return c, err
}

func (f *fakeCloud) DeleteConnection(_ context.Context, _, id string) error {
	done, err := f.call("Delete")
	defer done()
	delete(f.connections, id)
	return err
}

func (f *fakeCloud) NotifyConnectionStatus(context.Context, string, string) error {
	done, err := f.call("Notify")
	defer done()
	return err
}

// side is one cloud with its node behind a real server.
type side struct {
	node   *coordinator.Node
	cloud  *fakeCloud
	held   *held
	server *httptest.Server
}

// pair is two sides. AWS issues keys, Google accepts them, unless a test turns
// it round.
type pair struct {
	t           testing.TB
	clock       *clock.Manual
	aws, google *side
}

func newPair(t testing.TB, change ...func(self string, c *coordinator.NodeConfig)) *pair {
	t.Helper()
	p := &pair{t: t, clock: clock.NewManual(start)}
	one := func(self, peer coordinator.Identity) *side {
		cfg := coordinator.NodeConfig{Self: self, Peer: peer, Clock: p.clock, Interconnects: 2}
		for _, f := range change {
			f(self.ID, &cfg)
		}
		s := &side{node: coordinator.NewNode(cfg), cloud: newFakeCloud()}
		s.node.SetCloud(s.cloud)
		s.held = &held{t: t, handler: s.node, watch: contract.Watch{Report: func(v contract.Violation) { t.Error(v) }}}
		s.server = httptest.NewServer(s.held)
		return s
	}
	p.aws, p.google = one(coordinator.AWS(), coordinator.Google()), one(coordinator.Google(), coordinator.AWS())
	p.aws.node.Connect(p.google.server.URL)
	p.google.node.Connect(p.aws.server.URL)
	return p
}

func (p *pair) close() {
	p.aws.node.Close()
	p.google.node.Close()
	p.aws.server.Close()
	p.google.server.Close()
}

// setup is newPair that is closed with the test.
func setup(t testing.TB, change ...func(self string, c *coordinator.NodeConfig)) *pair {
	p := newPair(t, change...)
	t.Cleanup(p.close)
	return p
}

// key is an activation key for a connection.
func key(id string, mbps int) string {
	k, err := activation.Payload{Version: 1, SharedID: id, EnvironmentURI: "providers/aws/environments/" + env,
		Bandwidth: bandwidth.FromMbps(mbps), AccountID: "sandbox-project"}.Encode()
	if err != nil {
		panic(err)
	}
	return k.Reveal()
}

// offer has a cloud issue a key.
func (s *side) offer(id string, mbps int) coordinator.Connection {
	c := coordinator.Connection{ID: id, Environment: env, ActivationKey: key(id, mbps), BandwidthMbps: mbps}
	s.cloud.mu.Lock()
	defer s.cloud.mu.Unlock()
	s.cloud.keys[id] = c.ActivationKey
	return c
}

// accept has a cloud redeem a key: its own half first.
func (s *side) accept(ctx context.Context, c coordinator.Connection) error {
	s.cloud.mu.Lock()
	s.cloud.connections[c.ID] = c
	s.cloud.mu.Unlock()
	_, err := s.node.CreateConnection(ctx, c)
	return err
}

// join makes a link that Google accepts.
func (p *pair) join(id string) coordinator.Connection {
	p.t.Helper()
	c := p.aws.offer(id, 1000)
	if err := p.google.accept(p.t.Context(), c); err != nil {
		p.t.Fatal(err)
	}
	return c
}

// finish has both clouds finish their work on a link.
func (p *pair) finish(id string) {
	p.t.Helper()
	for _, s := range []*side{p.aws, p.google} {
		if err := s.node.NotifyConnectionStatus(p.t.Context(), env, id); err != nil {
			p.t.Fatal(err)
		}
	}
	p.clock.Advance(0)
}

// link is a side's view of a link, or nil.
func (s *side) link(id string) *coordinator.Link {
	for _, l := range s.node.Links() {
		if l.ID == id {
			return &l
		}
	}
	return nil
}

// place is where the links of tests are, as a side's peer asks for it.
func place(peer string) api.Place {
	return api.Place{Provider: peer, Environment: env, Interconnect: quadName}
}

// declined wants a refusal.
func declined(t testing.TB, err error, status int) {
	t.Helper()
	if refusal, ok := errors.AsType[*coordinator.Error](err); !ok || refusal.Status != status {
		t.Errorf("got %v, want a refusal with %d", err, status)
	}
}

// raw is a request that the client would not make.
func (s *side) raw(t testing.TB, method, path, token string, body []byte) (int, string) {
	t.Helper()
	s.held.lenient = true
	req, err := http.NewRequestWithContext(t.Context(), method, s.server.URL+path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

// nth is a shared id by number.
func nth(i int) string { return fmt.Sprintf("00000000-0000-4000-8000-%012d", i) }
