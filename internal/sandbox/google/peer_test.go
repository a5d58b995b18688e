package google_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	networkconnectivity "google.golang.org/api/networkconnectivity/v1"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator"
	sandboxgoogle "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/google"
)

// declined wants a refusal in the open API.
func declined(t *testing.T, err error, status int) {
	t.Helper()
	refusal, ok := errors.AsType[*coordinator.Error](err)
	if !ok || refusal.Status != status {
		t.Errorf("got %v, want a coordinator error with %d", err, status)
	}
}

func TestGoogleFirstBecomesActiveOnceBothSidesAreVerified(t *testing.T) {
	f := setup(t)
	key, says := f.pendingKey("a")
	if valid, err := f.cloud.ConfirmActivationKey(t.Context(), environment, key); !valid || err != nil {
		t.Fatalf("confirm: %v, %v", valid, err)
	}
	f.joinByPeer(key, says)
	f.state("a", "PENDING_CONFIG")
	f.clock.Advance(timing.Provisioning)
	f.state("a", "PENDING_CONFIG")
	if n := f.peer.called("NotifyConnectionStatus"); n != 1 {
		t.Errorf("the peer was notified %d times", n)
	}
	got, err := f.cloud.GetConnection(t.Context(), environment, says.SharedID)
	want := coordinator.Connection{ID: says.SharedID, Environment: environment, BandwidthMbps: 1000, Verified: true}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("the connection: %v (-want +got):\n%s", err, diff)
	}
	if err := f.cloud.NotifyConnectionStatus(t.Context(), environment, says.SharedID); err != nil {
		t.Fatal(err)
	}
	f.state("a", "ACTIVE")
	f.wantStates("a", "CREATING", "PENDING_KEY", "PENDING_CONFIG", "ACTIVE")
}

func TestConfirmRefusesKeysThatAreNotOurs(t *testing.T) {
	f := setup(t)
	key, says := f.pendingKey("a")
	changed := func(change func(*activation.Payload)) string {
		p := says
		change(&p)
		return encode(t, p)
	}
	tests := map[string]struct{ environment, key string }{
		"unknown id":          {environment, changed(func(p *activation.Payload) { p.SharedID = sharedID })},
		"another size":        {environment, changed(func(p *activation.Payload) { p.Bandwidth *= 2 })},
		"another account":     {environment, changed(func(p *activation.Payload) { p.AccountID = "999999999999" })},
		"another environment": {"aws-gcp-us-west-2", key},
		"no key":              {environment, "hello"},
	}
	for name, tc := range tests {
		if valid, err := f.cloud.ConfirmActivationKey(t.Context(), tc.environment, tc.key); valid || err != nil {
			t.Errorf("%s: %v, %v", name, valid, err)
		}
	}
}

func TestKeyIsUsedUpByTheConnection(t *testing.T) {
	f := setup(t)
	key, says := f.pendingKey("a")
	f.joinByPeer(key, says)
	if valid, _ := f.cloud.ConfirmActivationKey(t.Context(), environment, key); valid {
		t.Error("the key is still good")
	}
	_, err := f.cloud.CreateConnection(t.Context(), coordinator.Connection{ID: says.SharedID, Environment: environment, ActivationKey: key, BandwidthMbps: 1000})
	declined(t, err, 409)
}

func TestCreateConnectionRefusals(t *testing.T) {
	f := setup(t)
	key, says := f.pendingKey("a")
	tests := map[string]coordinator.Connection{
		"no key":       {ID: says.SharedID, Environment: environment, BandwidthMbps: 1000},
		"another id":   {ID: sharedID, Environment: environment, ActivationKey: key, BandwidthMbps: 1000},
		"another size": {ID: says.SharedID, Environment: environment, ActivationKey: key, BandwidthMbps: 2000},
	}
	for name, want := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := f.cloud.CreateConnection(t.Context(), want)
			declined(t, err, 400)
			f.state("a", "PENDING_KEY")
		})
	}
}

func TestUnknownConnectionIs404(t *testing.T) {
	f := setup(t)
	_, err := f.cloud.GetConnection(t.Context(), environment, sharedID)
	declined(t, err, 404)
	_, err = f.cloud.UpdateConnection(t.Context(), coordinator.Connection{ID: sharedID, Environment: environment})
	declined(t, err, 404)
	declined(t, f.cloud.DeleteConnection(t.Context(), environment, sharedID), 404)
	declined(t, f.cloud.NotifyConnectionStatus(t.Context(), environment, sharedID), 404)
	id := f.active("a")
	declined(t, f.cloud.DeleteConnection(t.Context(), "aws-gcp-us-west-2", id), 404)
}

func TestPeerChangesTheBandwidth(t *testing.T) {
	f := setup(t)
	id := f.active("a")
	want := coordinator.Connection{ID: id, Environment: environment, BandwidthMbps: 2000}
	got, err := f.cloud.UpdateConnection(t.Context(), want)
	if err != nil || got.BandwidthMbps != 2000 {
		t.Fatalf("got %+v, %v", got, err)
	}
	_, err = f.cloud.UpdateConnection(t.Context(), want)
	declined(t, err, 409)
	_, err = f.api.Transports.Patch(name("a"), &networkconnectivity.Transport{Description: "x"}).Do()
	wantError(t, err, 409, "ABORTED")
	_, err = f.api.Transports.Delete(name("a")).Do()
	wantError(t, err, 409, "ABORTED")
	f.clock.Advance(timing.Update - 1)
	if got := f.transport("a").Bandwidth; got != "BPS_1G" {
		t.Errorf("bandwidth %s too soon", got)
	}
	f.clock.Advance(1)
	if got := f.transport("a").Bandwidth; got != "BPS_2G" {
		t.Errorf("bandwidth %s", got)
	}
}

func TestPeerUpdateRefusals(t *testing.T) {
	f := setup(t)
	id := f.active("a")
	update := func(mbps int) error {
		_, err := f.cloud.UpdateConnection(t.Context(), coordinator.Connection{ID: id, Environment: environment, BandwidthMbps: mbps})
		return err
	}
	declined(t, update(50), 400)
	f.cloud.SetSwitches(sandboxgoogle.Switches{RefusePeerUpdate: true})
	declined(t, update(2000), 400)
	f.cloud.SetSwitches(sandboxgoogle.Switches{})
	if _, err := f.api.Transports.Patch(name("a"), &networkconnectivity.Transport{Bandwidth: "BPS_5G"}).Do(); err != nil {
		t.Fatal(err)
	}
	declined(t, update(2000), 409)
	f.clock.Advance(timing.Update)
	if err := f.cloud.Suspend(name("a"), true); err != nil {
		t.Fatal(err)
	}
	declined(t, update(2000), 400)
}

func TestPeerDeleteDeprovisions(t *testing.T) {
	f := setup(t)
	id := f.active("a")
	if err := f.cloud.DeleteConnection(t.Context(), environment, id); err != nil {
		t.Fatal(err)
	}
	f.state("a", "DEPROVISIONED")
	_, err := f.api.Transports.Patch(name("a"), &networkconnectivity.Transport{Bandwidth: "BPS_2G"}).Do()
	wantError(t, err, 400, "FAILED_PRECONDITION")
	op, err := f.api.Transports.Delete(name("a")).Do()
	if err != nil {
		t.Fatal(err)
	}
	f.clock.Advance(timing.Deleting)
	f.done(op)
	if f.peer.called("DeleteConnection") != 0 {
		t.Error("the peer was told of the deletion of a link it had deleted")
	}
}

func TestPeerDeleteInvalidatesAnUnusedKey(t *testing.T) {
	f := setup(t)
	key, says := f.pendingKey("a")
	if err := f.cloud.DeleteConnection(t.Context(), environment, says.SharedID); err != nil {
		t.Fatal(err)
	}
	if valid, _ := f.cloud.ConfirmActivationKey(t.Context(), environment, key); valid {
		t.Error("the key is still good")
	}
}

func TestPeerDeleteWhileCreatingFailsTheOperation(t *testing.T) {
	f := setup(t)
	op := f.mustCreate("a", awsFirst(encode(t, payload())))
	f.clock.Advance(timing.Operation)
	if err := f.cloud.DeleteConnection(t.Context(), environment, sharedID); err != nil {
		t.Fatal(err)
	}
	f.failed(op, 9, "deleted the connection")
	f.state("a", "")
	f.clock.Advance(time.Hour)
	f.wantStates("a", "CREATING", "")
}

func TestNotificationIsRepeatedWhileThePeerFails(t *testing.T) {
	f := setup(t)
	f.peer.refuse("NotifyConnectionStatus", &coordinator.Error{Status: 500, Message: "boom"})
	f.active("a")
	f.clock.Advance(time.Second)
	f.peer.refuse("NotifyConnectionStatus", nil)
	f.clock.Advance(time.Hour)
	if n := f.peer.called("NotifyConnectionStatus"); n != 3 {
		t.Errorf("the peer was notified %d times, want 3: two failures and a success", n)
	}
}

func TestSharedIDsAreTheSameInAnyCase(t *testing.T) {
	f := setup(t)
	id := f.active("a")
	if _, err := f.cloud.GetConnection(t.Context(), environment, strings.ToUpper(id)); err != nil {
		t.Error(err)
	}
}
