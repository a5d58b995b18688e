package google_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	betapb "cloud.google.com/go/networkconnectivity/apiv1beta/networkconnectivitypb"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	sandboxgoogle "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/google"
)

const beta = "/v1beta/"

// beta sends a v1beta request, wants it to succeed, and reads the answer into
// Google's own message. A field that the message does not have fails the test.
func (f *fixture) beta(method, path, body string, into proto.Message) {
	f.Helper()
	r := f.raw(method, beta+path, body)
	if r.status != 200 {
		f.Fatalf("%s %s: HTTP %d %s", method, path, r.status, r.body)
	}
	if err := protojson.Unmarshal([]byte(r.body), into); err != nil {
		f.Fatalf("%s %s: %v in %s", method, path, err, r.body)
	}
}

// betaCreate makes a Google-first transport "a" over v1beta and ends its
// operation.
func (f *fixture) betaCreate(extra string) string {
	f.Helper()
	r := f.raw("POST", beta+parent+"/transports?transportId=a",
		`{"remoteProfile":"`+profileID+`","bandwidth":"BPS_1G","remoteAccountId":"`+account+`","network":"default"`+extra+`}`)
	op := started(f.T, r)
	f.clock.Advance(timing.Operation)
	return op
}

func TestOperationStartedInV1BetaIsPolledInV1(t *testing.T) {
	f := setup(t)
	op := f.betaCreate("")
	got, err := f.api.Operations.Get(op).Do()
	if err != nil || !got.Done {
		t.Fatalf("%+v, %v", got, err)
	}
	for text, in := range map[string]string{
		`"apiVersion":"v1beta"`: string(got.Metadata),
		`google.cloud.networkconnectivity.v1beta.OperationMetadata`:                      string(got.Metadata),
		`"@type":"type.googleapis.com/google.cloud.networkconnectivity.v1beta.Transport`: string(got.Response),
		`"adminEnabled":true`: string(got.Response),
	} {
		if !strings.Contains(strings.ReplaceAll(in, `": `, `":`), text) {
			t.Errorf("no %s in %s", text, in)
		}
	}
	if r := f.raw("GET", beta+op, ""); r.status != 200 {
		t.Errorf("in v1beta: HTTP %d", r.status)
	}
}

func TestAdminEnabledIsKnownInV1BetaOnly(t *testing.T) {
	f := setup(t)
	f.betaCreate("")
	var got betapb.Transport
	f.beta("GET", name("a"), "", &got)
	if !got.GetAdminEnabled() || got.GetState() != betapb.Transport_PENDING_KEY || got.GetStackType() != betapb.Transport_IPV4_ONLY {
		t.Errorf("got %v", &got)
	}
	if r := f.raw("GET", "/v1/"+name("a"), ""); strings.Contains(r.body, "adminEnabled") {
		t.Errorf("v1 shows it: %s", r.body)
	}
	for path, status := range map[string]int{"/v1/": 400, beta: 200} {
		if r := f.raw("PATCH", path+name("a")+"?updateMask=adminEnabled", `{"description":"x"}`); r.status != status {
			t.Errorf("%s: HTTP %d %s", path, r.status, r.body)
		}
		f.clock.Advance(timing.Operation)
	}
	var off betapb.Transport
	f.beta("GET", name("a"), "", &off)
	if off.GetAdminEnabled() || off.GetDescription() != "" {
		t.Errorf("after the patch: %v", &off)
	}
}

func TestV1BetaProfilesSayWhatProvidesThem(t *testing.T) {
	f := setup(t)
	var got betapb.ListRemoteTransportProfilesResponse
	f.beta("GET", parent+"/remoteTransportProfiles", "", &got)
	if len(got.RemoteTransportProfiles) != 1 || got.RemoteTransportProfiles[0].GetProviderType() != betapb.RemoteTransportProfile_CLOUD {
		t.Errorf("got %v", &got)
	}
	if r := f.raw("GET", "/v1/"+profileName, ""); strings.Contains(r.body, "providerType") {
		t.Errorf("v1 shows it: %s", r.body)
	}
}

func TestV1BetaHasNoSuspendedState(t *testing.T) {
	f := setup(t)
	f.active("a")
	if err := f.cloud.Suspend(name("a"), true); err != nil {
		t.Fatal(err)
	}
	var got betapb.ListTransportsResponse
	f.beta("GET", parent+"/transports", "", &got)
	if len(got.Transports) != 1 || got.Transports[0].GetState() != betapb.Transport_STATE_UNSPECIFIED {
		t.Errorf("got %v", &got)
	}
}

// status reads a transport's status.
func (f *fixture) status(query string) *betapb.GetStatusResponse {
	f.Helper()
	var got betapb.GetStatusResponse
	f.beta("GET", name("a")+":getStatus"+query, "", &got)
	return &got
}

func TestStatusIsTheWorstOfItsParts(t *testing.T) {
	must := func(f *fixture, err error) {
		f.Helper()
		if err != nil {
			f.Fatal(err)
		}
	}
	peered := func(f *fixture) { f.active("a"); f.peerWith("IPV4_ONLY", true) }
	tests := map[string]struct {
		given   func(*fixture)
		overall betapb.GetStatusResponse_OverallStatus
		up      bool
		peered  bool
	}{
		"creating":       {given: func(f *fixture) { f.mustCreate("a", googleFirst()) }, overall: betapb.GetStatusResponse_CONFIGURING},
		"waits":          {given: func(f *fixture) { f.pendingKey("a") }, overall: betapb.GetStatusResponse_PENDING_KEY},
		"waits, peered":  {given: func(f *fixture) { f.pendingKey("a"); f.peerWith("IPV4_ONLY", true) }, overall: betapb.GetStatusResponse_PENDING_KEY, peered: true},
		"joined":         {given: func(f *fixture) { f.joinByPeer(f.pendingKey("a")) }, overall: betapb.GetStatusResponse_CONFIGURING},
		"all well":       {given: peered, overall: betapb.GetStatusResponse_ACTIVE, up: true, peered: true},
		"not peered":     {given: func(f *fixture) { f.active("a") }, overall: betapb.GetStatusResponse_DISCONNECTED, up: true},
		"stacks differ":  {given: func(f *fixture) { f.active("a"); f.peerWith("IPV4_IPV6", true) }, overall: betapb.GetStatusResponse_DISCONNECTED, up: true},
		"cut":            {given: func(f *fixture) { peered(f); must(f, f.cloud.SetLinkDown(name("a"), true)) }, overall: betapb.GetStatusResponse_DOWN, peered: true},
		"cut, no peer":   {given: func(f *fixture) { f.active("a"); must(f, f.cloud.SetLinkDown(name("a"), true)) }, overall: betapb.GetStatusResponse_DOWN},
		"suspended":      {given: func(f *fixture) { peered(f); must(f, f.cloud.Suspend(name("a"), true)) }, overall: betapb.GetStatusResponse_DOWN, peered: true},
		"switched off":   {given: func(f *fixture) { peered(f); f.disable() }, overall: betapb.GetStatusResponse_DOWN, peered: true},
		"partner's gone": {given: func(f *fixture) { id := f.active("a"); must(f, f.cloud.DeleteConnection(f.Context(), environment, id)) }, overall: betapb.GetStatusResponse_DOWN},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			f := setup(t)
			tc.given(f)
			got := f.status("")
			up := got.GetOperationalStatus() == betapb.GetStatusResponse_OPERATIONAL_STATUS_ACTIVE
			peered := got.GetConnectivityStatus() == betapb.GetStatusResponse_CONNECTIVITY_STATUS_CONNECTED
			if got.GetOverallStatus() != tc.overall || up != tc.up || peered != tc.peered {
				t.Errorf("got %v", got)
			}
		})
	}
}

// disable switches transport "a" off.
func (f *fixture) disable() {
	f.Helper()
	if r := f.raw("PATCH", beta+name("a")+"?updateMask=adminEnabled", `{"adminEnabled":false}`); r.status != 200 {
		f.Fatalf("HTTP %d %s", r.status, r.body)
	}
	f.clock.Advance(timing.Operation)
}

func TestStatusMayComeFromTheCache(t *testing.T) {
	f := setup(t, switches(func(s *sandboxgoogle.Switches) { s.StatusCache = time.Minute }))
	f.active("a")
	f.status("")
	if err := f.cloud.SetLinkDown(name("a"), true); err != nil {
		t.Fatal(err)
	}
	const down, disconnected = betapb.GetStatusResponse_DOWN, betapb.GetStatusResponse_DISCONNECTED
	if got := f.status("?skipCache=false").GetOverallStatus(); got != disconnected {
		t.Errorf("from the cache: %v", got)
	}
	if got := f.status("?skipCache=true").GetOverallStatus(); got != down {
		t.Errorf("past the cache: %v", got)
	}
	if err := f.cloud.SetLinkDown(name("a"), false); err != nil {
		t.Fatal(err)
	}
	f.clock.Advance(time.Minute)
	if got := f.status("").GetOverallStatus(); got != disconnected {
		t.Errorf("after a minute: %v", got)
	}
	for path, status := range map[string]int{name("a") + ":getStatus?skipCache=maybe": 400, name("b") + ":getStatus": 404} {
		if r := f.raw("GET", beta+path, ""); r.status != status {
			t.Errorf("%s: HTTP %d", path, r.status)
		}
	}
}

func TestProfileOfAnActivationKey(t *testing.T) {
	f := setup(t)
	changed := func(change func(*activation.Payload)) string {
		p := payload()
		change(&p)
		return encode(t, p)
	}
	ask := parent + "/remoteTransportProfiles:fromActivationKey?activationKey="
	var got betapb.ParseFromActivationKeyResponse
	f.beta("GET", ask+url.QueryEscape(encode(t, payload())), "", &got)
	if got.GetRemoteTransportProfile().GetName() != profileName {
		t.Errorf("got %v", &got)
	}
	for why, key := range map[string]string{
		"none":                "",
		"no key":              "hello",
		"another environment": changed(func(p *activation.Payload) { p.EnvironmentURI = "providers/aws/environments/aws-gcp-us-west-2" }),
		"another project":     changed(func(p *activation.Payload) { p.AccountID = "other-project" }),
	} {
		r := f.raw("GET", beta+ask+url.QueryEscape(key), "")
		if code, message := r.code(t); r.status != 400 || code != "INVALID_ARGUMENT" || key != "" && strings.Contains(message, key) {
			t.Errorf("%s: HTTP %d %s %q", why, r.status, code, message)
		}
	}
}
