package google_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	networkconnectivity "google.golang.org/api/networkconnectivity/v1"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator"
	sandboxgoogle "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/google"
)

func TestAWSFirstGoesFromCreatingToActive(t *testing.T) {
	f := setup(t)
	op := f.mustCreate("a", awsFirst(encode(t, payload())))
	f.clock.Advance(timing.Operation)
	if f.peer.called("ConfirmActivationKey") != 1 || f.peer.called("CreateConnection") != 1 {
		t.Fatalf("the peer was told %q", f.peer.calls)
	}
	want := []coordinator.Connection{{ID: sharedID, Environment: environment, ActivationKey: encode(t, payload()), BandwidthMbps: 1000}}
	if diff := cmp.Diff(want, f.peer.sent); diff != "" {
		t.Errorf("what the peer was sent (-want +got):\n%s", diff)
	}
	f.state("a", "CREATING")
	f.clock.Advance(timing.Provisioning/2 - 1)
	if f.operation(op).Done {
		t.Error("the operation is done before half of the provisioning")
	}
	f.clock.Advance(1)
	f.done(op)
	got := f.transport("a")
	if got.State != "PENDING_CONFIG" || got.PeeringNetwork == "" || got.MtuLimit != 0 {
		t.Errorf("got state %q, peering network %q, mtu %d", got.State, got.PeeringNetwork, got.MtuLimit)
	}
	if got.RemoteProfile != profileName || got.Bandwidth != "BPS_1G" || got.ProvidedActivationKey != "" {
		t.Errorf("got profile %q, bandwidth %q, key echoed: %v", got.RemoteProfile, got.Bandwidth, got.ProvidedActivationKey != "")
	}
	f.clock.Advance(timing.Provisioning / 2)
	f.state("a", "PENDING_CONFIG")
	if n := f.peer.called("NotifyConnectionStatus"); n != 1 {
		t.Errorf("the peer was notified %d times", n)
	}
	if err := f.cloud.NotifyConnectionStatus(t.Context(), environment, sharedID); err != nil {
		t.Fatal(err)
	}
	f.state("a", "ACTIVE")
	if got := f.transport("a"); got.MtuLimit != 8896 {
		t.Errorf("mtu %d", got.MtuLimit)
	}
	f.wantStates("a", "CREATING", "PENDING_CONFIG", "ACTIVE")
}

func TestPeerMayBeVerifiedBeforeTheCreateOperationEnds(t *testing.T) {
	f := setup(t)
	f.mustCreate("a", awsFirst(encode(t, payload())))
	f.clock.Advance(timing.Operation)
	if err := f.cloud.NotifyConnectionStatus(t.Context(), environment, sharedID); err != nil {
		t.Fatal(err)
	}
	f.state("a", "CREATING")
	f.clock.Advance(timing.Provisioning)
	f.wantStates("a", "CREATING", "PENDING_CONFIG", "ACTIVE")
}

// badKeys are keys that must not be redeemed.
var badKeys = map[string]struct {
	key    func(*testing.T) string
	peer   func(*peer)
	body   func(*networkconnectivity.Transport)
	code   int64
	status int
	text   string
}{
	"no base64": {key: func(*testing.T) string { return "%%%" }, code: 3, status: 400, text: "decoded"},
	"no JSON":   {key: func(*testing.T) string { return "aGVsbG8=" }, code: 3, status: 400, text: "decoded"},
	"another environment": {
		key:  says(func(p *activation.Payload) { p.EnvironmentURI = "providers/aws/environments/aws-gcp-us-west-2" }),
		code: 3, status: 400, text: "another environment",
	},
	"another project":   {key: says(func(p *activation.Payload) { p.AccountID = "other-project" }), code: 3, status: 400, text: "another project"},
	"a size not sold":   {key: says(func(p *activation.Payload) { p.Bandwidth = 3 * bandwidth.Gbps }), code: 3, status: 400, text: "BPS_3G"},
	"another bandwidth": {body: func(b *networkconnectivity.Transport) { b.Bandwidth = "BPS_2G" }, code: 3, status: 400, text: "another bandwidth"},
	"used or unknown":   {peer: func(p *peer) { p.invalid = true }, code: 9, status: 400, text: "already used"},
	"issuer fails": {
		peer: func(p *peer) { p.refuse("ConfirmActivationKey", &coordinator.Error{Status: 500, Message: "boom"}) },
		code: 14, status: 503, text: "boom",
	},
	"issuer cannot be reached": {
		peer: func(p *peer) { p.refuse("ConfirmActivationKey", errors.New("no route")) },
		code: 14, status: 503, text: "could not be reached",
	},
}

// says makes a key that is good but for one thing.
func says(change func(*activation.Payload)) func(*testing.T) string {
	return func(t *testing.T) string {
		t.Helper()
		p := payload()
		change(&p)
		return encode(t, p)
	}
}

func TestBadKeyFailsTheOperationAndLeavesNoTransport(t *testing.T) {
	for name, tc := range badKeys {
		t.Run(name, func(t *testing.T) {
			f := setup(t)
			key, body := prepareBadKey(f, tc.key, tc.peer, tc.body)
			op := f.mustCreate("a", body)
			f.state("a", "CREATING")
			f.clock.Advance(timing.Operation)
			f.failed(op, tc.code, tc.text)
			f.state("a", "")
			if f.peer.called("CreateConnection") > 0 {
				t.Error("the connection was made all the same")
			}
			if text := f.raw("GET", "/v1/"+op.Name, "").body; strings.Contains(text, key) {
				t.Error("the error quotes the key")
			}
		})
	}
}

func TestBadKeyCanBeRefusedSynchronously(t *testing.T) {
	for name, tc := range badKeys {
		t.Run(name, func(t *testing.T) {
			f := setup(t, switches(func(s *sandboxgoogle.Switches) { s.KeyErrorsSynchronous = true }))
			key, body := prepareBadKey(f, tc.key, tc.peer, tc.body)
			_, err := f.create("a", body)
			wantError(t, err, tc.status, tc.text)
			if strings.Contains(err.Error(), key) {
				t.Error("the error quotes the key")
			}
			f.state("a", "")
			if got := f.cloud.Transitions(); len(got) > 0 {
				t.Errorf("there was a transport: %+v", got)
			}
		})
	}
}

func prepareBadKey(f *fixture, key func(*testing.T) string, script func(*peer), change func(*networkconnectivity.Transport)) (string, *networkconnectivity.Transport) {
	if key == nil {
		key = says(func(*activation.Payload) {})
	}
	if script != nil {
		script(f.peer)
	}
	text := key(f.T)
	body := awsFirst(text)
	if change != nil {
		change(body)
	}
	return text, body
}

func TestGoodKeyIsAcceptedInSynchronousModeToo(t *testing.T) {
	f := setup(t, switches(func(s *sandboxgoogle.Switches) { s.KeyErrorsSynchronous = true }))
	op := f.mustCreate("a", awsFirst(encode(t, payload())))
	f.clock.Advance(timing.Operation + timing.Provisioning/2)
	f.done(op)
	f.state("a", "PENDING_CONFIG")
}

func TestPeerRefusesTheConnection(t *testing.T) {
	for status, code := range map[int]int64{400: 9, 409: 10, 429: 8, 500: 14} {
		f := setup(t)
		f.peer.refuse("CreateConnection", &coordinator.Error{Status: status, Message: "not today"})
		op := f.mustCreate("a", awsFirst(encode(t, payload())))
		f.clock.Advance(timing.Operation)
		f.failed(op, code, "not today")
		f.state("a", "")
	}
}

func TestWithoutAPeerNoKeyCanBeRedeemed(t *testing.T) {
	f := setup(t)
	f.cloud.SetPeer(nil)
	op := f.mustCreate("a", awsFirst(encode(t, payload())))
	f.clock.Advance(timing.Operation)
	f.failed(op, 14, "could not be reached")
}

func TestKeyIsGoodForOneTransport(t *testing.T) {
	f := setup(t, quota(2))
	f.mustCreate("a", awsFirst(encode(t, payload())))
	op := f.mustCreate("b", awsFirst(encode(t, payload())))
	f.clock.Advance(timing.Operation)
	f.failed(op, 9, "already used")
	f.state("a", "CREATING")
	f.state("b", "")
}

func TestProvidedKeyCanBeEchoed(t *testing.T) {
	f := setup(t, switches(func(s *sandboxgoogle.Switches) { s.EchoProvidedKey = true }))
	key := encode(t, payload())
	f.mustCreate("a", awsFirst(key))
	if got := f.transport("a").ProvidedActivationKey; got != key {
		t.Error("the provided key is not given back")
	}
}

func TestGeneratedKeyIsVisibleAsTheProfilesFlowSays(t *testing.T) {
	tests := map[string]struct {
		flow           string
		pending, after bool
	}{
		"INPUT_OR_OUTPUT": {sandboxgoogle.FlowInputOrOutput, true, true},
		"OUTPUT_ONLY":     {sandboxgoogle.FlowOutputOnly, true, false},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			f := setup(t)
			if err := flow(tc.flow)(f); err != nil {
				t.Fatal(err)
			}
			key, says := f.pendingKey("a")
			f.joinByPeer(key, says)
			f.state("a", "PENDING_CONFIG")
			if got := f.transport("a").GeneratedActivationKey != ""; got != tc.after {
				t.Errorf("after PENDING_KEY the key is shown: %v, want %v", got, tc.after)
			}
		})
	}
}

func TestGeneratedKeyIsPresentEvenWhenAKeyWasInput(t *testing.T) {
	f := setup(t)
	body := awsFirst(encode(t, payload()))
	body.RemoteAccountId = account
	f.mustCreate("a", body)
	f.clock.Advance(timing.Operation + timing.Provisioning)
	p, err := activation.NewKey(f.transport("a").GeneratedActivationKey).Decode()
	if err != nil || p.SharedID != sharedID || p.AccountID != account {
		t.Errorf("got %+v, %v", p, err)
	}
}

func TestInputOnlyTransportShowsNoGeneratedKey(t *testing.T) {
	f := setup(t)
	if err := flow(sandboxgoogle.FlowInputOnly)(f); err != nil {
		t.Fatal(err)
	}
	body := awsFirst(encode(t, payload()))
	body.RemoteAccountId = account
	f.mustCreate("a", body)
	f.clock.Advance(timing.Operation + timing.Provisioning)
	if f.transport("a").GeneratedActivationKey != "" {
		t.Error("a key is shown")
	}
}
