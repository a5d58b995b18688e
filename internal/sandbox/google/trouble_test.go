package google_test

import (
	"testing"
	"time"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator"
	sandboxgoogle "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/google"
)

// stall keeps transports in a state, or lets them go.
func (f *fixture) stall(state string, stalled bool) {
	f.Helper()
	if err := f.cloud.Stall(state, stalled); err != nil {
		f.Fatal(err)
	}
	f.clock.Advance(0)
}

func TestStalledTransportsStayInTheirState(t *testing.T) {
	tests := map[string]struct {
		state string
		given func(*fixture)
		next  string
	}{
		"creating": {sandboxgoogle.StateCreating, func(f *fixture) { f.mustCreate("a", googleFirst()) }, "PENDING_KEY"},
		"configuring": {sandboxgoogle.StatePendingConfig, func(f *fixture) {
			key, says := f.pendingKey("a")
			f.joinByPeer(key, says)
			if err := f.cloud.NotifyConnectionStatus(f.Context(), environment, says.SharedID); err != nil {
				f.Fatal(err)
			}
		}, "ACTIVE"},
		"deleting": {sandboxgoogle.StateDeleting, func(f *fixture) {
			f.pendingKey("a")
			if _, err := f.api.Transports.Delete(name("a")).Do(); err != nil {
				f.Fatal(err)
			}
		}, ""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			f := setup(t)
			f.stall(tc.state, true)
			tc.given(f)
			f.clock.Advance(24 * time.Hour)
			f.state("a", tc.state)
			f.stall(tc.state, false)
			f.state("a", tc.next)
		})
	}
	f := setup(t)
	if f.cloud.Stall("LUNAR", true) == nil {
		t.Error("a state that does not exist was stalled")
	}
}

func TestStalledUpdateNeverEnds(t *testing.T) {
	f := setup(t)
	f.active("a")
	f.stall(sandboxgoogle.StateActive, true)
	op, err := f.patch("", &body{Bandwidth: "BPS_2G"})
	if err != nil {
		t.Fatal(err)
	}
	f.clock.Advance(24 * time.Hour)
	if f.operation(op).Done {
		t.Error("the update ended")
	}
	f.stall(sandboxgoogle.StateActive, false)
	f.clock.Advance(timing.Update)
	f.done(op)
}

func TestKeyCanBeExpired(t *testing.T) {
	f := setup(t)
	key, _ := f.pendingKey("a")
	if err := f.cloud.ExpireKey(name("a")); err != nil {
		t.Fatal(err)
	}
	f.state("a", "")
	if valid, _ := f.cloud.ConfirmActivationKey(t.Context(), environment, key); valid {
		t.Error("the key is still good")
	}
	if f.cloud.ExpireKey(name("a")) == nil {
		t.Error("a transport that does not exist expired")
	}
	f.active("b")
	if f.cloud.ExpireKey(name("b")) == nil {
		t.Error("a transport that is up expired")
	}
}

func TestPartnerCanRefuseTheConnection(t *testing.T) {
	f := setup(t, switches(func(s *sandboxgoogle.Switches) { s.RefusePeerConnection = true }))
	key, says := f.pendingKey("a")
	_, err := f.cloud.CreateConnection(t.Context(), coordinator.Connection{ID: says.SharedID, Environment: environment, ActivationKey: key, BandwidthMbps: 1000})
	declined(t, err, 400)
	f.state("a", "PENDING_KEY")
}

func TestQuotaCanBeSetWhileRunning(t *testing.T) {
	f := setup(t)
	f.mustCreate("a", googleFirst())
	f.cloud.SetTransportQuota(2)
	f.mustCreate("b", googleFirst())
	f.cloud.SetTransportQuota(0)
	_, err := f.create("c", googleFirst())
	wantError(t, err, 429, "Limit: 0")
}

func TestCreateHubRefusals(t *testing.T) {
	f := setup(t)
	if err := f.cloud.CreateHub(project, "h"); err != nil {
		t.Fatal(err)
	}
	for _, tc := range [][2]string{{"other-project", "x"}, {project, "X"}, {project, "h"}} {
		if f.cloud.CreateHub(tc[0], tc[1]) == nil {
			t.Errorf("%v was accepted", tc)
		}
	}
}
