package google_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	networkconnectivity "google.golang.org/api/networkconnectivity/v1"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator"
	sandboxgoogle "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/google"
)

type body = networkconnectivity.Transport

// patch starts a patch of transport "a".
func (f *fixture) patch(mask string, b *body) (*networkconnectivity.GoogleLongrunningOperation, error) {
	call := f.api.Transports.Patch(name("a"), b)
	if mask != "" {
		call = call.UpdateMask(mask)
	}
	return call.Do()
}

// patched carries a patch out.
func (f *fixture) patched(mask string, b *body) *body {
	f.Helper()
	op, err := f.patch(mask, b)
	if err != nil {
		f.Fatal(err)
	}
	f.clock.Advance(timing.Update)
	f.done(op)
	return f.transport("a")
}

func TestPatchOverwritesWhatTheMaskSays(t *testing.T) {
	f := setup(t)
	f.pendingKey("a")
	got := f.patched("description,labels", &body{Description: "second", Labels: map[string]string{"env": "prod"}, AdvertisedRoutes: []string{"192.168.0.0/16"}})
	if got.Description != "second" || !cmp.Equal(got.Labels, map[string]string{"env": "prod"}) {
		t.Errorf("got %q and %v; a map is replaced whole", got.Description, got.Labels)
	}
	if !cmp.Equal(got.AdvertisedRoutes, []string{"10.128.0.0/9"}) {
		t.Errorf("routes outside the mask changed: %v", got.AdvertisedRoutes)
	}
	got = f.patched("advertisedRoutes,description", &body{AdvertisedRoutes: []string{"fd00::/8"}})
	if got.Description != "" || !cmp.Equal(got.AdvertisedRoutes, []string{"fd00::/8"}) {
		t.Errorf("got %q and %v; what the mask names and the body lacks is cleared", got.Description, got.AdvertisedRoutes)
	}
}

func TestPatchWithoutAMaskOverwritesWhatIsPresent(t *testing.T) {
	f := setup(t)
	f.pendingKey("a")
	got := f.patched("", &body{Description: "second"})
	if got.Description != "second" || len(got.Labels) != 1 || len(got.AdvertisedRoutes) != 1 {
		t.Errorf("got %+v", got)
	}
	f.patched("", &body{ForceSendFields: []string{"Description"}})
	if got := f.transport("a"); got.Description != "second" {
		t.Error("an empty value counts as present")
	}
}

func TestPatchIsVisibleWhenItsOperationEnds(t *testing.T) {
	f := setup(t)
	f.pendingKey("a")
	before := f.transport("a")
	op, err := f.patch("", &body{Description: "second"})
	if err != nil || op.Done {
		t.Fatalf("done %v, %v", op.Done, err)
	}
	if f.transport("a").Description != "first" {
		t.Error("the patch is visible too soon")
	}
	f.clock.Advance(timing.Operation)
	after := f.transport("a")
	if after.Description != "second" || after.UpdateTime == before.UpdateTime || after.CreateTime != before.CreateTime {
		t.Errorf("got %q, updated %s, created %s", after.Description, after.UpdateTime, after.CreateTime)
	}
}

func TestPatchStarMeansEverythingChangeable(t *testing.T) {
	f := setup(t)
	f.active("a")
	got := f.patched("*", &body{Bandwidth: "BPS_1G"})
	if got.Description != "" || len(got.Labels) != 0 || len(got.AdvertisedRoutes) != 0 || got.RemoteAccountId != account {
		t.Errorf("got %+v", got)
	}
}

func TestPatchMaskRefusals(t *testing.T) {
	f := setup(t)
	f.pendingKey("a")
	for _, mask := range []string{"colour", "labels.env", "admin_enabled", "adminEnabled", "description,colour"} {
		_, err := f.patch(mask, &body{Description: "x"})
		wantError(t, err, 400, "not supported")
	}
	if f.transport("a").Description != "first" {
		t.Error("a refused patch changed something")
	}
}

func TestPatchOfAnImmutableField(t *testing.T) {
	f := setup(t)
	f.pendingKey("a")
	changes := map[string]*body{
		"remote_profile":      {RemoteProfile: "aws-mars-1"},
		"network":             {Network: "other"},
		"remote_account_id":   {RemoteAccountId: "999999999999"},
		"hub":                 {Hub: "h"},
		"psc_routing_enabled": {PscRoutingEnabled: true},
		"auto_accept":         {AutoAccept: true},
	}
	for field, b := range changes {
		t.Run(field, func(t *testing.T) {
			_, err := f.patch(field, b)
			wantError(t, err, 400, "immutable")
			_, err = f.patch("", b)
			wantError(t, err, 400, "immutable")
		})
	}
	same := googleFirst()
	same.RemoteProfile, same.Network = profileID, "default"
	f.patched("remoteProfile,network,remoteAccountId,hub,pscRoutingEnabled,autoAccept,bandwidth", same)
}

func TestPatchIgnoresOutputOnlyFields(t *testing.T) {
	f := setup(t)
	f.pendingKey("a")
	got := f.patched("state,mtuLimit,peeringNetwork,name,description", &body{State: "ACTIVE", MtuLimit: 1, PeeringNetwork: "x", Name: "y", Description: "z"})
	if got.State != "PENDING_KEY" || got.MtuLimit != 0 || got.PeeringNetwork == "x" || got.Name != name("a") || got.Description != "z" {
		t.Errorf("got %+v", got)
	}
}

func TestPatchOfTheBandwidthAsksThePeer(t *testing.T) {
	f := setup(t)
	id := f.active("a")
	op, err := f.patch("bandwidth", &body{Bandwidth: "BPS_10G"})
	if err != nil {
		t.Fatal(err)
	}
	f.clock.Advance(timing.Update - 1)
	want := coordinator.Connection{ID: id, Environment: environment, BandwidthMbps: 10_000}
	if diff := cmp.Diff([]coordinator.Connection{want}, f.peer.sent); diff != "" {
		t.Errorf("what the peer was asked (-want +got):\n%s", diff)
	}
	if got := f.transport("a"); got.Bandwidth != "BPS_1G" || f.operation(op).Done {
		t.Errorf("changed too soon: %s", got.Bandwidth)
	}
	f.clock.Advance(1)
	f.done(op)
	if got := f.transport("a"); got.Bandwidth != "BPS_10G" || got.State != "ACTIVE" {
		t.Errorf("got %s in %s", got.Bandwidth, got.State)
	}
}

func TestPeerRefusesTheBandwidth(t *testing.T) {
	for status, code := range map[int]int64{400: 9, 409: 10, 500: 14} {
		f := setup(t)
		f.active("a")
		f.peer.refuse("UpdateConnection", &coordinator.Error{Status: status, Message: "no"})
		op, err := f.patch("bandwidth,description", &body{Bandwidth: "BPS_10G", Description: "x"})
		if err != nil {
			t.Fatal(err)
		}
		f.clock.Advance(timing.Update)
		f.failed(op, code, "no")
		if got := f.transport("a"); got.Bandwidth != "BPS_1G" || got.Description != "first" {
			t.Errorf("a failed patch changed something: %+v", got)
		}
	}
}

func TestPatchOfTheBandwidthRefusals(t *testing.T) {
	f := setup(t)
	f.pendingKey("a")
	_, err := f.patch("bandwidth", &body{Bandwidth: "BPS_10G"})
	wantError(t, err, 400, "not ready")
	_, err = f.patch("bandwidth", &body{Bandwidth: "BPS_50M"})
	wantError(t, err, 400, "not supported")
	_, err = f.patch("bandwidth", &body{})
	wantError(t, err, 400, "bandwidth must be set")
	f.cloud.SetSwitches(sandboxgoogle.Switches{BandwidthPatch: sandboxgoogle.Refuse})
	_, err = f.patch("bandwidth", &body{Bandwidth: "BPS_10G"})
	wantError(t, err, 400, `update_mask path \"bandwidth\" not supported`)
}

func TestPatchOfTheStackTypeIsSwitchable(t *testing.T) {
	f := setup(t)
	f.pendingKey("a")
	if got := f.patched("stack_type", &body{StackType: "IPV4_IPV6"}); got.StackType != "IPV4_IPV6" {
		t.Errorf("got %s", got.StackType)
	}
	f.cloud.SetSwitches(sandboxgoogle.Switches{StackTypePatch: sandboxgoogle.Refuse})
	_, err := f.patch("stack_type", &body{StackType: "IPV4_ONLY"})
	wantError(t, err, 400, `update_mask path \"stack_type\" not supported`)
	f.patched("stack_type", &body{StackType: "IPV4_IPV6"})
}

func TestConcurrentPatchIsAborted(t *testing.T) {
	f := setup(t)
	f.mustCreate("a", googleFirst())
	_, err := f.patch("", &body{Description: "x"})
	wantError(t, err, 409, "ABORTED")
	f.clock.Advance(timing.Operation)
	if _, err := f.patch("", &body{Description: "x"}); err != nil {
		t.Fatal(err)
	}
	_, err = f.patch("", &body{Description: "y"})
	wantError(t, err, 409, "ABORTED")
	_, err = f.api.Transports.Delete(name("a")).Do()
	wantError(t, err, 409, "ABORTED")
}

func TestLastPatchWins(t *testing.T) {
	f := setup(t)
	f.pendingKey("a")
	f.patched("", &body{Description: "one"})
	if got := f.patched("", &body{Description: "two"}); got.Description != "two" {
		t.Errorf("got %q", got.Description)
	}
}

func TestPatchWithTheSameRequestIDIsTheSameOperation(t *testing.T) {
	f := setup(t)
	f.pendingKey("a")
	start := func() string {
		t.Helper()
		op, err := f.api.Transports.Patch(name("a"), &body{Description: "x"}).RequestId(sharedID).Do()
		if err != nil {
			t.Fatal(err)
		}
		return op.Name
	}
	if first, second := start(), start(); first != second {
		t.Errorf("got %s and %s", first, second)
	}
}

func TestKeyMayBePatchedOnceWhilePendingKey(t *testing.T) {
	f := setup(t)
	if err := flow(sandboxgoogle.FlowInputOnly)(f); err != nil {
		t.Fatal(err)
	}
	f.mustCreate("a", googleFirst())
	f.clock.Advance(timing.Operation)
	key := encode(t, payload())

	f.peer.invalid = true
	op, err := f.patch("", &body{ProvidedActivationKey: key})
	if err != nil {
		t.Fatal(err)
	}
	f.clock.Advance(timing.Operation)
	f.failed(op, 9, "already used")
	f.state("a", "PENDING_KEY")

	f.peer.invalid = false
	f.patched("providedActivationKey", &body{ProvidedActivationKey: key})
	f.state("a", "PENDING_CONFIG")
	f.patched("providedActivationKey", &body{ProvidedActivationKey: key})
	other := encode(t, func() activation.Payload { p := payload(); p.Version = 2; return p }())
	_, err = f.patch("", &body{ProvidedActivationKey: other})
	wantError(t, err, 400, "FAILED_PRECONDITION")

	if err := f.cloud.NotifyConnectionStatus(t.Context(), environment, sharedID); err != nil {
		t.Fatal(err)
	}
	f.clock.Advance(timing.Provisioning)
	f.state("a", "ACTIVE")
}

func TestPatchedKeyMustMatchTheTransport(t *testing.T) {
	f := setup(t)
	key := encode(t, func() activation.Payload { p := payload(); p.Bandwidth *= 2; return p }())
	f.pendingKey("a")
	op, err := f.patch("", &body{ProvidedActivationKey: key})
	if err != nil {
		t.Fatal(err)
	}
	f.clock.Advance(timing.Operation)
	f.failed(op, 3, "another bandwidth")
	f.cloud.SetSwitches(sandboxgoogle.Switches{KeyErrorsSynchronous: true})
	_, err = f.patch("", &body{ProvidedActivationKey: key})
	wantError(t, err, 400, "another bandwidth")
	if err := flow(sandboxgoogle.FlowOutputOnly)(f); err != nil {
		t.Fatal(err)
	}
	_, err = f.patch("", &body{ProvidedActivationKey: key})
	wantError(t, err, 400, "INPUT key flow")
}

func TestBandwidthPatchIsAbortedWhenThePeerDeletes(t *testing.T) {
	f := setup(t)
	id := f.active("a")
	op, err := f.patch("", &body{Bandwidth: "BPS_10G"})
	if err != nil {
		t.Fatal(err)
	}
	f.clock.Advance(timing.Update / 2)
	if err := f.cloud.DeleteConnection(t.Context(), environment, id); err != nil {
		t.Fatal(err)
	}
	f.clock.Advance(timing.Update)
	f.failed(op, 10, "deprovisioned")
	if got := f.transport("a").Bandwidth; got != "BPS_1G" {
		t.Errorf("got %s", got)
	}
}
