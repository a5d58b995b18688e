package google_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	compute "cloud.google.com/go/compute/apiv1"
	"golang.org/x/oauth2"
	"google.golang.org/api/googleapi"
	networkconnectivity "google.golang.org/api/networkconnectivity/v1"
	"google.golang.org/api/option"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/clock"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator"
	sandboxgoogle "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/google"
)

const (
	project     = sandboxgoogle.DefaultProject
	location    = "us-east4"
	environment = "aws-gcp-us-east"
	profileID   = "aws-us-east-1"
	account     = "123456789012"
	parent      = "projects/" + project + "/locations/" + location
	profileName = parent + "/remoteTransportProfiles/" + profileID
	networkName = "projects/" + project + "/global/networks/default"
	sharedID    = "6f1c1f6e-6d8a-4b7e-9c56-0f6b7a0d3c11"
)

// timing has a length of its own for everything, so that a test sees which one
// was waited for.
var timing = coordinator.Timing{
	Operation: time.Second, Update: time.Minute, Deleting: 5 * time.Minute,
	Provisioning: 20 * time.Minute, Lingering: time.Hour,
}

// peer is the other cloud, scripted: it agrees to everything unless refusals
// say otherwise.
type peer struct {
	mu       sync.Mutex
	invalid  bool             // keys are not confirmed
	refusals map[string]error // by method
	calls    []string
	sent     []coordinator.Connection
}

func (p *peer) answer(method, id string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calls = append(p.calls, method+" "+id)
	return p.refusals[method]
}

func (p *peer) refuse(method string, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.refusals[method] = err
}

// called says how often a method was called.
func (p *peer) called(method string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := 0
	for _, call := range p.calls {
		if strings.HasPrefix(call, method+" ") {
			n++
		}
	}
	return n
}

func (p *peer) ConfirmActivationKey(_ context.Context, environment, _ string) (bool, error) {
	err := p.answer("ConfirmActivationKey", environment)
	p.mu.Lock()
	defer p.mu.Unlock()
	return !p.invalid, err
}

func (p *peer) CreateConnection(_ context.Context, c coordinator.Connection) (coordinator.Connection, error) {
	err := p.answer("CreateConnection", c.ID)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sent = append(p.sent, c)
	return c, err
}

func (p *peer) GetConnection(_ context.Context, _, id string) (coordinator.Connection, error) {
	return coordinator.Connection{ID: id}, p.answer("GetConnection", id)
}

func (p *peer) UpdateConnection(_ context.Context, c coordinator.Connection) (coordinator.Connection, error) {
	err := p.answer("UpdateConnection", c.ID)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sent = append(p.sent, c)
	return c, err
}

func (p *peer) DeleteConnection(_ context.Context, _, id string) error {
	return p.answer("DeleteConnection", id)
}

func (p *peer) NotifyConnectionStatus(_ context.Context, _, id string) error {
	return p.answer("NotifyConnectionStatus", id)
}

// fixture is a cloud behind a real server, with Google's own clients.
type fixture struct {
	*testing.T
	clock    *clock.Manual
	cloud    *sandboxgoogle.Cloud
	peer     *peer
	url      string
	api      *networkconnectivity.ProjectsLocationsService
	networks *compute.NetworksClient
	globals  *compute.GlobalOperationsClient
}

// setup starts a cloud with one seeded network; configure may change its Config.
func setup(t *testing.T, configure ...func(*sandboxgoogle.Config)) *fixture {
	t.Helper()
	var seed [32]byte
	f := &fixture{T: t, clock: clock.NewManual(time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)), peer: &peer{refusals: map[string]error{}}}
	cfg := sandboxgoogle.Config{Clock: f.clock, Timing: timing, Rand: rand.NewChaCha8(seed)}
	for _, change := range configure {
		change(&cfg)
	}
	f.cloud = sandboxgoogle.New(cfg)
	f.cloud.SetPeer(f.peer)
	if len(cfg.Projects) == 0 {
		if err := f.cloud.CreateNetwork(project, "default"); err != nil {
			t.Fatal(err)
		}
	}
	server := httptest.NewServer(f.cloud)
	t.Cleanup(server.Close)
	f.url = server.URL
	f.connect()
	return f
}

// client is the option of a client with a good token.
func (f *fixture) client() option.ClientOption {
	token := oauth2.StaticTokenSource(&oauth2.Token{AccessToken: sandboxgoogle.AccessToken})
	return option.WithHTTPClient(oauth2.NewClient(f.Context(), token))
}

// connect makes the clients.
func (f *fixture) connect() {
	f.Helper()
	client := f.client()
	service, err := networkconnectivity.NewService(f.Context(), option.WithEndpoint(f.url), client)
	if err != nil {
		f.Fatal(err)
	}
	f.api = service.Projects.Locations
	if f.networks, err = compute.NewNetworksRESTClient(f.Context(), option.WithEndpoint(f.url), client); err != nil {
		f.Fatal(err)
	}
	if f.globals, err = compute.NewGlobalOperationsRESTClient(f.Context(), option.WithEndpoint(f.url), client); err != nil {
		f.Fatal(err)
	}
}

func switches(change func(*sandboxgoogle.Switches)) func(*sandboxgoogle.Config) {
	return func(c *sandboxgoogle.Config) { change(&c.Switches) }
}

func quota(n int) func(*sandboxgoogle.Config) {
	return func(c *sandboxgoogle.Config) { c.TransportQuota = n }
}

// googleFirst is a transport that issues a key.
func googleFirst() *networkconnectivity.Transport {
	return &networkconnectivity.Transport{
		RemoteProfile: profileName, Bandwidth: "BPS_1G", RemoteAccountId: account, Network: networkName,
		AdvertisedRoutes: []string{"10.128.0.0/9"}, Labels: map[string]string{"team": "net"}, Description: "first",
	}
}

// awsFirst is a transport that redeems a key.
func awsFirst(key string) *networkconnectivity.Transport {
	return &networkconnectivity.Transport{ProvidedActivationKey: key, Network: "default"}
}

// payload is what a good key of the other cloud says.
func payload() activation.Payload {
	return activation.Payload{
		Version: 1, SharedID: sharedID, EnvironmentURI: "providers/aws/environments/" + environment,
		Bandwidth: bandwidth.Gbps, AccountID: project,
	}
}

func encode(t *testing.T, p activation.Payload) string {
	t.Helper()
	key, err := p.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return key.Reveal()
}

// create starts a creation.
func (f *fixture) create(id string, t *networkconnectivity.Transport) (*networkconnectivity.GoogleLongrunningOperation, error) {
	return f.api.Transports.Create(parent, t).TransportId(id).Context(f.Context()).Do()
}

// mustCreate starts a creation that is not refused.
func (f *fixture) mustCreate(id string, t *networkconnectivity.Transport) *networkconnectivity.GoogleLongrunningOperation {
	f.Helper()
	op, err := f.create(id, t)
	if err != nil {
		f.Fatalf("create %s: %v", id, err)
	}
	return op
}

// transport reads a transport that exists.
func (f *fixture) transport(id string) *networkconnectivity.Transport {
	f.Helper()
	got, err := f.api.Transports.Get(name(id)).Do()
	if err != nil {
		f.Fatalf("get %s: %v", id, err)
	}
	return got
}

// operation reads an operation that exists.
func (f *fixture) operation(op *networkconnectivity.GoogleLongrunningOperation) *networkconnectivity.GoogleLongrunningOperation {
	f.Helper()
	got, err := f.api.Operations.Get(op.Name).Do()
	if err != nil {
		f.Fatalf("get %s: %v", op.Name, err)
	}
	return got
}

// pendingKey makes a Google-first transport that waits to be joined, and gives
// what its key says.
func (f *fixture) pendingKey(id string) (key string, says activation.Payload) {
	f.Helper()
	op := f.mustCreate(id, googleFirst())
	f.clock.Advance(timing.Operation)
	f.done(op)
	key = f.transport(id).GeneratedActivationKey
	says, err := activation.NewKey(key).Decode()
	if err != nil {
		f.Fatalf("the generated key: %v", err)
	}
	return key, says
}

// active makes a Google-first transport that is up, and gives its shared id.
func (f *fixture) active(id string) string {
	f.Helper()
	key, says := f.pendingKey(id)
	f.joinByPeer(key, says)
	if err := f.cloud.NotifyConnectionStatus(f.Context(), environment, says.SharedID); err != nil {
		f.Fatal(err)
	}
	f.clock.Advance(timing.Provisioning)
	f.state(id, "ACTIVE")
	return says.SharedID
}

// joinByPeer redeems a key at the other cloud.
func (f *fixture) joinByPeer(key string, says activation.Payload) {
	f.Helper()
	_, err := f.cloud.CreateConnection(f.Context(), coordinator.Connection{
		ID: says.SharedID, Environment: environment, ActivationKey: key, BandwidthMbps: says.Bandwidth.InMbps(),
	})
	if err != nil {
		f.Fatalf("the peer joins: %v", err)
	}
}

// state wants a transport to be in a state; "" wants it gone.
func (f *fixture) state(id, want string) {
	f.Helper()
	got, err := f.api.Transports.Get(name(id)).Do()
	if want == "" {
		wantError(f.T, err, 404, "was not found")
		return
	}
	if err != nil || got.State != want {
		f.Fatalf("state of %s: got %q (%v), want %q", id, got.State, err, want)
	}
}

// done wants an operation to have succeeded.
func (f *fixture) done(op *networkconnectivity.GoogleLongrunningOperation) {
	f.Helper()
	if got := f.operation(op); !got.Done || got.Error != nil {
		f.Fatalf("operation: done %v, error %+v", got.Done, got.Error)
	}
}

// failed wants an operation to have failed.
func (f *fixture) failed(op *networkconnectivity.GoogleLongrunningOperation, code int64, text string) {
	f.Helper()
	got := f.operation(op)
	if !got.Done || got.Error == nil || got.Response != nil {
		f.Fatalf("operation: done %v, error %+v, response %s; want a failure", got.Done, got.Error, got.Response)
	}
	if got.Error.Code != code || !strings.Contains(got.Error.Message, text) {
		f.Errorf("operation failed with %d %q, want %d and %q", got.Error.Code, got.Error.Message, code, text)
	}
}

// name is a transport's full name.
func name(id string) string { return parent + "/transports/" + id }

// wantError wants a refusal with this HTTP status and text.
func wantError(t *testing.T, err error, status int, text string) {
	t.Helper()
	refusal, ok := errors.AsType[*googleapi.Error](err)
	if !ok {
		t.Fatalf("got %v, want HTTP %d", err, status)
	}
	if refusal.Code != status || !strings.Contains(refusal.Body+refusal.Message, text) {
		t.Errorf("got HTTP %d %s, want %d and %q", refusal.Code, refusal.Body, status, text)
	}
}

// states are the states that a transport went through, in order.
func (f *fixture) states(id string) []string {
	var all []string
	for _, tr := range f.cloud.Transitions() {
		if tr.Name == name(id) {
			all = append(all, tr.To)
		}
	}
	return all
}

// wantStates wants a transport to have gone through exactly these states.
func (f *fixture) wantStates(id string, want ...string) {
	f.Helper()
	if got := f.states(id); !slices.Equal(got, want) {
		f.Errorf("states of %s: got %q, want %q", id, got, want)
	}
}
