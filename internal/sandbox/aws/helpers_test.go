package aws

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/clock"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator"
)

const (
	testRegion  = "us-east-1"
	testEnv     = "mce-aws-gcp-iad"
	testPeerEnv = "aws-gcp-us-east"
	otherEnv    = "mce-aws-gcp-lhr" // of region eu-west-2
	unknownUUID = "00000000-0000-4000-8000-000000000000"
	unknownID   = "mcc-00000000"
)

var testTiming = coordinator.Timing{
	Provisioning: 13 * time.Minute,
	Update:       5 * time.Minute,
	Deleting:     3 * time.Minute,
	Lingering:    10 * time.Minute,
	Operation:    time.Minute,
}

// rig is a cloud on a loopback port, a clock that stands still and a scripted
// partner.
type rig struct {
	t      *testing.T
	cloud  *Cloud
	clock  *clock.Manual
	peer   *scriptedPeer
	server *httptest.Server
	client client
}

// newRig starts a cloud. Quotas are wide, so that tests of other things do not
// meet them.
func newRig(t *testing.T, adjust ...func(*Config)) *rig {
	t.Helper()
	manual := clock.NewManual(time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC))
	cfg := Config{
		Clock:  manual,
		Timing: testTiming,
		Quotas: Quotas{Connections: 100, Requested: 100, PerProvider: 100},
		Credentials: map[string]Credential{
			DefaultAccessKeyID:     {Secret: DefaultSecretAccessKey},
			"AKIAOTHER00000000000": {Secret: "other", AccountID: "210987654321"},
		},
	}
	for _, f := range adjust {
		f(&cfg)
	}
	r := &rig{t: t, clock: manual, cloud: New(cfg)}
	r.peer = &scriptedPeer{cloud: r.cloud}
	r.cloud.SetPeer(r.peer)
	r.server = httptest.NewServer(r.cloud)
	t.Cleanup(r.server.Close)
	r.client = client{
		t: t, url: r.server.URL, region: testRegion, service: "interconnect",
		credentials: awssdk.Credentials{AccessKeyID: DefaultAccessKeyID, SecretAccessKey: DefaultSecretAccessKey},
	}
	return r
}

// other is the client of another account.
func (r *rig) other() client {
	c := r.client
	c.credentials = awssdk.Credentials{AccessKeyID: "AKIAOTHER00000000000", SecretAccessKey: "other"}
	return c
}

// client signs and sends JSON 1.0, or RPCv2-CBOR.
type client struct {
	t           *testing.T
	url         string
	region      string
	service     string
	credentials awssdk.Credentials
	// cbor says that it speaks RPCv2-CBOR instead.
	cbor bool
}

func (c client) in(region string) client {
	c.region = region
	return c
}

// failure is an error as it came over the wire.
type failure struct {
	Status  int
	Code    string `json:"__type"`
	Message string `json:"message"`
}

func (f *failure) Error() string { return fmt.Sprintf("%d %s: %s", f.Status, f.Code, f.Message) }

// request is a signed request of JSON 1.0.
func (c client) request(target string, body []byte) *http.Request {
	c.t.Helper()
	return c.signed("/", body, map[string]string{"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": target})
}

// signed is a signed request.
func (c client) signed(path string, body []byte, header map[string]string) *http.Request {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, c.url+path, bytes.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	for name, value := range header {
		req.Header.Set(name, value)
	}
	sum := sha256.Sum256(body)
	if err := v4.NewSigner().SignHTTP(c.t.Context(), c.credentials, req, hex.EncodeToString(sum[:]), c.service, c.region, time.Now()); err != nil {
		c.t.Fatal(err)
	}
	return req
}

// send sends a request and reads the reply.
func (c client) send(req *http.Request) (*http.Response, []byte) {
	c.t.Helper()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return resp, body
}

// exchange is a signed request for an operation and what reads its reply.
func (c client) exchange(operation string, in document) (*http.Request, func([]byte, any) error) {
	c.t.Helper()
	if c.cbor {
		return c.rpc(operation, encodeCBOR(c.t, in)), decodeCBOR
	}
	raw, err := json.Marshal(in)
	if err != nil {
		c.t.Fatal(err)
	}
	return c.request("Interconnect."+operation, raw), json.Unmarshal
}

// try calls an operation of Interconnect.
func (c client) try(operation string, in document) (document, *failure) {
	c.t.Helper()
	req, read := c.exchange(operation, in)
	resp, body := c.send(req)
	if resp.Header.Get("x-amzn-RequestId") == "" {
		c.t.Errorf("%s: the reply has no request id", operation)
	}
	if c.cbor {
		wantCBORHeader(c.t, resp)
	}
	if resp.StatusCode != http.StatusOK {
		f := &failure{Status: resp.StatusCode}
		if err := read(body, f); err != nil {
			c.t.Fatalf("%s: status %d with body %q: %v", operation, resp.StatusCode, body, err)
		}
		return nil, f
	}
	out := document{}
	if err := read(body, &out); err != nil {
		c.t.Fatalf("%s: body %q: %v", operation, body, err)
	}
	return out, nil
}

// must calls an operation that has to succeed.
func (c client) must(operation string, in document) document {
	c.t.Helper()
	out, f := c.try(operation, in)
	if f != nil {
		c.t.Fatalf("%s: %v", operation, f)
	}
	return out
}

// refused calls an operation that has to fail with a code, and returns the
// message.
func (c client) refused(code, operation string, in document) string {
	c.t.Helper()
	out, f := c.try(operation, in)
	if f == nil {
		c.t.Fatalf("%s: got %v, want %s", operation, out, code)
	}
	if f.Code != code {
		c.t.Fatalf("%s: got %v, want %s", operation, f, code)
	}
	return f.Message
}

// connection calls an operation that answers a connection.
func (c client) connection(operation string, in document) document {
	c.t.Helper()
	conn, ok := c.must(operation, in)["connection"].(document)
	if !ok {
		c.t.Fatalf("%s: the output has no connection", operation)
	}
	return conn
}

func (c client) get(id any) document {
	c.t.Helper()
	return c.connection("GetConnection", document{"identifier": id})
}

// wantState holds a connection's state.
func (c client) wantState(id any, want State) {
	c.t.Helper()
	if got := c.get(id)["state"]; got != string(want) {
		c.t.Errorf("connection %v: state %v, want %s", id, got, want)
	}
}

func (r *rig) gateway() string { return r.cloud.CreateGateway("gw", 0) }

// createInput is a valid input of CreateConnection, with changes.
func createInput(gateway string, changes document) document {
	in := document{
		"bandwidth":     "1Gbps",
		"attachPoint":   document{"directConnectGateway": gateway},
		"environmentId": testEnv,
		"remoteAccount": document{"identifier": "my-project"},
	}
	for k, v := range changes {
		in[k] = v
		if v == nil {
			delete(in, k)
		}
	}
	return in
}

// create makes a connection on a gateway of its own.
func (r *rig) create(changes document) document {
	r.t.Helper()
	return r.client.connection("CreateConnection", createInput(r.gateway(), changes))
}

// redeem is what the partner does with a connection's key.
func (r *rig) redeem(conn document) {
	r.t.Helper()
	_, err := r.cloud.CreateConnection(r.t.Context(), partnerView(r.t, conn))
	if err != nil {
		r.t.Fatalf("CreateConnection by the partner: %v", err)
	}
}

// partnerView is a connection as the partner speaks of it.
func partnerView(t *testing.T, conn document) coordinator.Connection {
	t.Helper()
	size, err := bandwidth.Parse(conn["bandwidth"].(string))
	if err != nil {
		t.Fatal(err)
	}
	key, _ := conn["activationKey"].(string)
	return coordinator.Connection{
		ID: conn["sharedId"].(string), Environment: testPeerEnv, ActivationKey: key, BandwidthMbps: size.InMbps()}
}

// notify is what the partner does when it is done.
func (r *rig) notify(conn document) {
	r.t.Helper()
	if err := r.cloud.NotifyConnectionStatus(r.t.Context(), testPeerEnv, conn["sharedId"].(string)); err != nil {
		r.t.Fatalf("NotifyConnectionStatus by the partner: %v", err)
	}
}

// available makes a connection that AWS initiated and brings it up.
func (r *rig) available(changes document) document {
	r.t.Helper()
	conn := r.create(changes)
	r.redeem(conn)
	r.notify(conn)
	r.clock.Advance(testTiming.Provisioning)
	r.client.wantState(conn["id"], StateAvailable)
	return conn
}

// partnerKey is a key as the partner would issue it.
func partnerKey(t *testing.T, change func(*activation.Payload)) string {
	t.Helper()
	p := activation.Payload{
		Version: 1, SharedID: "11111111-2222-4333-8444-555555555555", EnvironmentURI: "providers/gcp/environments/" + testPeerEnv,
		Bandwidth: bandwidth.Gbps, AccountID: DefaultAccountID,
	}
	if change != nil {
		change(&p)
	}
	key, err := p.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return key.Reveal()
}

// accept accepts a proposal on a gateway of its own.
func (r *rig) accept(key string) document {
	r.t.Helper()
	return r.client.connection("AcceptConnectionProposal", acceptInput(r.gateway(), key))
}

func acceptInput(gateway, key string) document {
	return document{"attachPoint": document{"directConnectGateway": gateway}, "activationKey": key}
}

// scriptedPeer is a partner that says yes unless told otherwise, and keeps what
// it was asked. It fails the test, by never returning, if it is called with the
// cloud's lock held.
type scriptedPeer struct {
	cloud *Cloud

	mu      sync.Mutex
	calls   []string
	keyBad  bool
	confirm func() error
	create  func(coordinator.Connection) error
	update  func(coordinator.Connection) error
	remove  func() error
	notify  func() error
}

var _ coordinator.Server = (*scriptedPeer)(nil)

func (p *scriptedPeer) note(call string) {
	p.cloud.Transitions() // takes the lock
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calls = append(p.calls, call)
}

// asked is how often a call was made.
func (p *scriptedPeer) asked(call string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := 0
	for _, c := range p.calls {
		if c == call {
			n++
		}
	}
	return n
}

func (p *scriptedPeer) ConfirmActivationKey(context.Context, string, string) (bool, error) {
	p.note("confirm")
	if p.confirm != nil {
		if err := p.confirm(); err != nil {
			return false, err
		}
	}
	return !p.keyBad, nil
}

func (p *scriptedPeer) CreateConnection(_ context.Context, c coordinator.Connection) (coordinator.Connection, error) {
	p.note("create")
	if p.create != nil {
		return c, p.create(c)
	}
	return c, nil
}

func (p *scriptedPeer) GetConnection(context.Context, string, string) (coordinator.Connection, error) {
	p.note("get")
	return coordinator.Connection{}, &coordinator.Error{Status: http.StatusNotFound, Message: "not kept"}
}

func (p *scriptedPeer) UpdateConnection(_ context.Context, c coordinator.Connection) (coordinator.Connection, error) {
	p.note(fmt.Sprintf("update to %d", c.BandwidthMbps))
	if p.update != nil {
		return c, p.update(c)
	}
	return c, nil
}

func (p *scriptedPeer) DeleteConnection(_ context.Context, _, id string) error {
	p.note("delete " + id)
	if p.remove != nil {
		return p.remove()
	}
	return nil
}

func (p *scriptedPeer) NotifyConnectionStatus(_ context.Context, _, id string) error {
	p.note("notify " + id)
	if p.notify != nil {
		return p.notify()
	}
	return nil
}
