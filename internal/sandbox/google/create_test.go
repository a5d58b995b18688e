package google_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	networkconnectivity "google.golang.org/api/networkconnectivity/v1"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	sandboxgoogle "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/google"
)

func TestCreateAnswersAtOnceAndTheTransportIsCreating(t *testing.T) {
	f := setup(t)
	op := f.mustCreate("a", googleFirst())
	if op.Done {
		t.Error("the operation is done at once")
	}
	f.state("a", "CREATING")
	if got := f.transport("a"); got.PeeringNetwork != "" || got.GeneratedActivationKey != "" {
		t.Errorf("CREATING shows %+v", got)
	}
	f.clock.Advance(timing.Operation - 1)
	f.state("a", "CREATING")
}

func TestGoogleFirstEndsPendingKeyWithAKey(t *testing.T) {
	f := setup(t)
	_, says := f.pendingKey("a")
	want := activation.Payload{
		Version: 1, SharedID: says.SharedID, EnvironmentURI: "providers/gcp/environments/" + environment,
		Bandwidth: bandwidth.Gbps, AccountID: account,
	}
	if diff := cmp.Diff(want, says); diff != "" {
		t.Errorf("the key (-want +got):\n%s", diff)
	}
	got := f.transport("a")
	if got.State != "PENDING_KEY" || got.StackType != "IPV4_ONLY" || got.MtuLimit != 0 {
		t.Errorf("got state %q, stack %q, mtu %d", got.State, got.StackType, got.MtuLimit)
	}
	if !strings.HasPrefix(got.PeeringNetwork, "projects/") || !strings.Contains(got.PeeringNetwork, "-tp/global/networks/transport-") {
		t.Errorf("peering network %q", got.PeeringNetwork)
	}
	want2 := googleFirst()
	if got.RemoteProfile != want2.RemoteProfile || got.Network != networkName || got.Description != "first" ||
		got.RemoteAccountId != account || !cmp.Equal(got.Labels, want2.Labels) || !cmp.Equal(got.AdvertisedRoutes, want2.AdvertisedRoutes) {
		t.Errorf("what was asked for is not what is there: %+v", got)
	}
}

func TestCreateRefusals(t *testing.T) {
	type T = networkconnectivity.Transport
	goodKey := encode(t, payload())
	tests := map[string]struct {
		id     string
		change func(*T)
		before func(*fixture) error
		status int
		text   string
	}{
		"no id":              {id: " ", status: 400, text: "transport_id"},
		"id in capitals":     {id: "Ai", status: 400, text: "transport_id"},
		"id ends in a dash":  {id: "ai-", status: 400, text: "transport_id"},
		"id too long":        {id: strings.Repeat("a", 64), status: 400, text: "transport_id"},
		"no profile, no key": {change: func(b *T) { b.RemoteProfile = "" }, status: 400, text: "remote_profile"},
		"unknown profile":    {change: func(b *T) { b.RemoteProfile = "aws-mars-1" }, status: 404, text: "remoteTransportProfiles/aws-mars-1"},
		"profile elsewhere": {change: func(b *T) {
			b.RemoteProfile = "projects/" + project + "/locations/us-west1/remoteTransportProfiles/aws-us-west-2"
		}, status: 404, text: "remoteTransportProfiles/aws-us-west-2"},
		"profile of a stranger":    {change: func(b *T) { b.RemoteProfile = strings.Replace(profileName, project, "other-project", 1) }, status: 404, text: "remoteTransportProfiles/" + profileID},
		"no bandwidth, no key":     {change: func(b *T) { b.Bandwidth = "" }, status: 400, text: "bandwidth must be set"},
		"unspecified bandwidth":    {change: func(b *T) { b.Bandwidth = "BANDWIDTH_UNSPECIFIED" }, status: 400, text: "bandwidth must be set"},
		"bandwidth not sold":       {change: func(b *T) { b.Bandwidth = "BPS_50M" }, status: 400, text: "BPS_50M is not supported"},
		"no account, no key":       {change: func(b *T) { b.RemoteAccountId = "" }, status: 400, text: "remote_account_id"},
		"neither network nor hub":  {change: func(b *T) { b.Network = "" }, status: 400, text: "network or hub"},
		"unknown network":          {change: func(b *T) { b.Network = "nowhere" }, status: 404, text: "networks/nowhere"},
		"psc without hub":          {change: func(b *T) { b.PscRoutingEnabled = true }, status: 400, text: "psc_routing_enabled"},
		"unknown hub":              {change: func(b *T) { b.Hub = "h" }, status: 404, text: "locations/global/hubs/h"},
		"hub of another project":   {change: func(b *T) { b.Hub = "projects/other-project/locations/global/hubs/h" }, status: 400, text: "same project"},
		"route is no prefix":       {change: func(b *T) { b.AdvertisedRoutes = []string{"10.0.0.0"} }, status: 400, text: "advertised_routes"},
		"route has host bits":      {change: func(b *T) { b.AdvertisedRoutes = []string{"10.0.0.1/8"} }, status: 400, text: "10.0.0.0/8"},
		"label in capitals":        {change: func(b *T) { b.Labels = map[string]string{"Team": "x"} }, status: 400, text: "label"},
		"profile closed":           {before: closeProfile, status: 400, text: "FAILED_PRECONDITION"},
		"key into OUTPUT_ONLY":     {before: flow(sandboxgoogle.FlowOutputOnly), change: func(b *T) { b.ProvidedActivationKey = goodKey }, status: 400, text: "INPUT key flow"},
		"key and size not sold":    {change: func(b *T) { b.ProvidedActivationKey, b.Bandwidth = goodKey, "BPS_50M" }, status: 400, text: "BPS_50M is not supported"},
		"nothing at all":           {change: func(b *T) { *b = T{} }, status: 400, text: "network or hub"},
		"network of a stranger":    {change: func(b *T) { b.Network = "projects/other-project/global/networks/default" }, status: 404, text: "other-project"},
		"network reference broken": {change: func(b *T) { b.Network = "regions/x/y" }, status: 400, text: "transport.network"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			f := setup(t)
			body := googleFirst()
			if tc.change != nil {
				tc.change(body)
			}
			if tc.before != nil {
				if err := tc.before(f); err != nil {
					t.Fatal(err)
				}
			}
			id := strings.TrimSpace(tc.id)
			if tc.id == "" {
				id = "a"
			}
			_, err := f.create(id, body)
			wantError(t, err, tc.status, tc.text)
			if n := len(f.cloud.Resources()); n != 1 {
				t.Errorf("%d resources, want the network alone", n)
			}
		})
	}
}

func closeProfile(f *fixture) error {
	return f.cloud.SetProfileOrderState(location, profileID, false)
}

func flow(value string) func(*fixture) error {
	return func(f *fixture) error { return f.cloud.SetProfileFlow(location, profileID, value) }
}

func TestClosedProfileCanCountAsExhausted(t *testing.T) {
	f := setup(t, switches(func(s *sandboxgoogle.Switches) { s.ClosedAsExhausted = true }))
	if err := closeProfile(f); err != nil {
		t.Fatal(err)
	}
	_, err := f.create("a", googleFirst())
	wantError(t, err, 429, "RESOURCE_EXHAUSTED")
}

func TestCreateInALocationWithoutTransports(t *testing.T) {
	f := setup(t)
	for location, status := range map[string]int{"us-central1": 400, "global": 400, "mars": 404} {
		_, err := f.api.Transports.Create("projects/"+project+"/locations/"+location, googleFirst()).TransportId("a").Do()
		wantError(t, err, status, location)
	}
}

func TestAnyAccountIDIsAccepted(t *testing.T) {
	f := setup(t)
	body := googleFirst()
	body.RemoteAccountId = "123"
	f.mustCreate("a", body)
}

func TestProfileAndNetworkReferenceForms(t *testing.T) {
	tests := map[string]struct{ profile, network string }{
		"bare":           {profileID, "default"},
		"names":          {profileName, networkName},
		"project number": {strings.Replace(profileName, project, "480112233445", 1), strings.Replace(networkName, project, "480112233445", 1)},
		"URLs":           {"https://networkconnectivity.googleapis.com/v1/" + profileName, "https://www.googleapis.com/compute/v1/" + networkName},
		"global network": {profileID, "global/networks/default"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			f := setup(t)
			body := googleFirst()
			body.RemoteProfile, body.Network = tc.profile, tc.network
			f.mustCreate("a", body)
			if got := f.transport("a"); got.RemoteProfile != profileName || got.Network != networkName {
				t.Errorf("got %q and %q", got.RemoteProfile, got.Network)
			}
		})
	}
}

func TestHubBlanksTheNetwork(t *testing.T) {
	f := setup(t)
	if err := f.cloud.CreateHub(project, "h"); err != nil {
		t.Fatal(err)
	}
	body := googleFirst()
	body.Hub, body.PscRoutingEnabled, body.AutoAccept = "h", true, true
	f.mustCreate("a", body)
	got := f.transport("a")
	if got.Network != "" || got.Hub != "projects/"+project+"/locations/global/hubs/h" || !got.PscRoutingEnabled || !got.AutoAccept {
		t.Errorf("got network %q, hub %q", got.Network, got.Hub)
	}
}

func TestHubWithNetworkCanBeRefused(t *testing.T) {
	f := setup(t, switches(func(s *sandboxgoogle.Switches) { s.RefuseNetworkWithHub = true }))
	body := googleFirst()
	body.Hub = "h"
	_, err := f.create("a", body)
	wantError(t, err, 400, "network must be empty")
}

func TestSameNameIsAConflict(t *testing.T) {
	f := setup(t)
	f.mustCreate("a", googleFirst())
	_, err := f.create("a", googleFirst())
	wantError(t, err, 409, "already exists")
}

func TestQuotaIsOneTransportPerProjectAndRegion(t *testing.T) {
	f := setup(t)
	f.mustCreate("a", googleFirst())
	_, err := f.create("b", googleFirst())
	wantError(t, err, 429, "QuotaFailure")

	west := googleFirst()
	west.RemoteProfile = "aws-us-west-2"
	if _, err := f.api.Transports.Create("projects/"+project+"/locations/us-west1", west).TransportId("b").Do(); err != nil {
		t.Errorf("another region: %v", err)
	}
}

func TestQuotaCanBeForbiddenAndLifted(t *testing.T) {
	f := setup(t, switches(func(s *sandboxgoogle.Switches) { s.QuotaAsForbidden = true }), quota(2))
	f.mustCreate("a", googleFirst())
	f.mustCreate("b", googleFirst())
	_, err := f.create("c", googleFirst())
	wantError(t, err, 403, "PERMISSION_DENIED")

	f = setup(t, quota(-1))
	for _, id := range []string{"a", "b", "c", "d"} {
		f.mustCreate(id, googleFirst())
	}
}

func TestSameRequestIDIsTheSameOperationForAnHour(t *testing.T) {
	f := setup(t)
	start := func() *networkconnectivity.GoogleLongrunningOperation {
		t.Helper()
		op, err := f.api.Transports.Create(parent, googleFirst()).TransportId("a").RequestId(sharedID).Do()
		if err != nil {
			t.Fatal(err)
		}
		return op
	}
	first := start()
	f.clock.Advance(timing.Operation)
	second := start()
	if second.Name != first.Name || !second.Done {
		t.Errorf("got %s (done %v), want %s", second.Name, second.Done, first.Name)
	}
	if _, err := f.api.Transports.Delete(name("a")).Do(); err != nil {
		t.Fatal(err)
	}
	f.clock.Advance(timing.Deleting)
	if again := start(); again.Name != first.Name {
		t.Error("the deleted transport was made again within the hour")
	}
	f.state("a", "")
	f.clock.Advance(time.Hour)
	if later := start(); later.Name == first.Name {
		t.Error("the request id is still known after an hour")
	}
}

func TestRequestIDMustBeAUUIDAndNotZero(t *testing.T) {
	f := setup(t)
	for _, id := range []string{"abc", "00000000-0000-0000-0000-000000000000"} {
		_, err := f.api.Transports.Create(parent, googleFirst()).TransportId("a").RequestId(id).Do()
		wantError(t, err, 400, "request_id")
		_, err = f.api.Transports.Delete(name("a")).RequestId(id).Do()
		wantError(t, err, 400, "request_id")
		_, err = f.api.Transports.Patch(name("a"), googleFirst()).RequestId(id).Do()
		wantError(t, err, 400, "request_id")
	}
}

func TestPerimeterLeavesTheTransportCreating(t *testing.T) {
	f := setup(t, switches(func(s *sandboxgoogle.Switches) { s.PerimeterBlocks = true }))
	op := f.mustCreate("a", googleFirst())
	f.clock.Advance(30 * 24 * time.Hour)
	f.state("a", "CREATING")
	if f.operation(op).Done {
		t.Error("the operation ended")
	}
}

func TestMissingServiceAgentFailsTheOperation(t *testing.T) {
	f := setup(t, switches(func(s *sandboxgoogle.Switches) { s.ServiceAgentMissing = true }))
	op := f.mustCreate("a", googleFirst())
	f.clock.Advance(timing.Operation)
	f.failed(op, 5, "gcp-sa-networkconnectivity.iam.gserviceaccount.com Not found")
	f.state("a", "")
}

func TestInputOnlyWaitsForAKeyAndIssuesNone(t *testing.T) {
	f := setup(t)
	if err := flow(sandboxgoogle.FlowInputOnly)(f); err != nil {
		t.Fatal(err)
	}
	f.mustCreate("a", googleFirst())
	f.clock.Advance(timing.Operation)
	if got := f.transport("a"); got.State != "PENDING_KEY" || got.GeneratedActivationKey != "" {
		t.Errorf("got state %q, key %q", got.State, got.GeneratedActivationKey)
	}
}

func TestUnjoinedTransportExpires(t *testing.T) {
	const week = 7 * 24 * time.Hour
	tests := map[string]struct {
		ttl  time.Duration
		gone time.Duration
	}{
		"after seven days": {0, week},
		"after an hour":    {time.Hour, time.Hour},
		"never":            {-1, 0},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			f := setup(t, switches(func(s *sandboxgoogle.Switches) { s.KeyTTL = tc.ttl }))
			key, _ := f.pendingKey("a")
			if tc.gone == 0 {
				f.clock.Advance(100 * week)
				f.state("a", "PENDING_KEY")
				return
			}
			f.clock.Advance(tc.gone - 1)
			f.state("a", "PENDING_KEY")
			f.clock.Advance(1)
			f.state("a", "")
			if valid, _ := f.cloud.ConfirmActivationKey(t.Context(), environment, key); valid {
				t.Error("the key of an expired transport is still good")
			}
		})
	}
}

func TestJoinedTransportDoesNotExpire(t *testing.T) {
	f := setup(t)
	f.active("a")
	f.clock.Advance(30 * 24 * time.Hour)
	f.state("a", "ACTIVE")
}
