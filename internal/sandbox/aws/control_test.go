package aws

import (
	"errors"
	"testing"
	"time"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator"
)

func TestSetSwitches(t *testing.T) {
	r := newRig(t)
	r.client.refused("ResourceNotFoundException", "GetConnection", document{"identifier": unknownID})
	r.cloud.SetSwitches(Switches{UnknownConnection: UnknownIsDenied})
	r.client.refused("AccessDeniedException", "GetConnection", document{"identifier": unknownID})
	conn := r.create(nil)
	r.clock.Advance(7*24*time.Hour - 1)
	r.client.wantState(conn["id"], StateRequested) // the defaults of the other switches are there
	r.clock.Advance(1)
	r.client.wantState(conn["id"], StateDeleted)
}

func TestSetQuotas(t *testing.T) {
	r := newRig(t)
	r.cloud.SetQuotas(Quotas{Requested: 1, Connections: 100, PerProvider: 100})
	r.create(nil)
	r.client.refused("ServiceQuotaExceededException", "CreateConnection", createInput(r.gateway(), nil))
	r.cloud.SetQuotas(Quotas{Connections: -1})
	r.client.refused("ServiceQuotaExceededException", "AcceptConnectionProposal", acceptInput(r.gateway(), partnerKey(t, nil)))
	r.cloud.SetQuotas(Quotas{})
	r.create(nil)
}

func TestExpireKey(t *testing.T) {
	for name, tc := range map[string]struct {
		expiry KeyExpiry
		want   State
	}{"deletes": {ExpiryDeletes, StateDeleted}, "fails": {ExpiryFails, StateFailed}} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, func(cfg *Config) { cfg.Switches.KeyExpiry = tc.expiry })
			conn := r.create(nil)
			ok(t, r.cloud.ExpireKey(conn["sharedId"].(string)))
			r.client.wantState(conn["id"], tc.want)
			valid, err := r.cloud.ConfirmActivationKey(t.Context(), testPeerEnv, conn["activationKey"].(string))
			ok(t, err)
			if valid {
				t.Error("an expired key is confirmed")
			}
			if err := r.cloud.ExpireKey(conn["id"].(string)); err == nil {
				t.Error("a key expired twice")
			}
		})
	}
}

// TestStalled holds a connection in each state that it would leave.
func TestStalled(t *testing.T) {
	tests := map[string]struct {
		state State
		bring func(r *rig) document
		wait  time.Duration
		then  State
	}{
		"requested": {StateRequested, func(r *rig) document { return r.create(nil) }, 30 * 24 * time.Hour, StateDeleted},
		"pending": {StatePending, func(r *rig) document {
			conn := r.create(nil)
			r.redeem(conn)
			r.notify(conn)
			return conn
		}, 24 * time.Hour, StateAvailable},
		"updating": {StateUpdating, func(r *rig) document {
			conn := r.available(nil)
			return r.client.connection("UpdateConnection", document{"identifier": conn["id"], "bandwidth": "2Gbps"})
		}, 24 * time.Hour, StateAvailable},
		"deleting": {StateDeleting, func(r *rig) document {
			conn := r.create(nil)
			return r.client.connection("DeleteConnection", document{"identifier": conn["id"]})
		}, 24 * time.Hour, StateDeleted},
	}
	for name, tc := range tests {
		for _, all := range []bool{true, false} {
			t.Run(name+map[bool]string{true: " all", false: " one"}[all], func(t *testing.T) {
				r := newRig(t)
				conn := tc.bring(r)
				id := map[bool]string{true: "", false: conn["id"].(string)}[all]
				ok(t, r.cloud.SetStalled(id, tc.state, true))
				r.clock.Advance(tc.wait)
				r.client.wantState(conn["id"], tc.state)
				ok(t, r.cloud.SetStalled(id, tc.state, false))
				r.client.wantState(conn["id"], tc.then)
				if tc.state == StateUpdating && r.client.get(conn["id"])["bandwidth"] != "2Gbps" {
					t.Error("the bandwidth was not changed")
				}
			})
		}
	}
	if err := newRig(t).cloud.SetStalled("", StateAvailable, true); err == nil {
		t.Error("a state that is not left was stalled")
	}
}

// TestStalledPendingMeetsTheNotification notifies during the stall.
func TestStalledPendingMeetsTheNotification(t *testing.T) {
	r := newRig(t)
	conn := r.create(nil)
	r.redeem(conn)
	r.clock.Advance(testTiming.Provisioning)
	ok(t, r.cloud.SetStalled("", StatePending, true))
	r.notify(conn)
	r.client.wantState(conn["id"], StatePending)
	ok(t, r.cloud.SetStalled("", StatePending, false))
	r.client.wantState(conn["id"], StateAvailable)
}

func TestPartnerRefusal(t *testing.T) {
	no := &coordinator.Error{Status: 400, Message: "no room"}
	r := newRig(t)
	key := partnerKey(t, nil)
	tests := []struct {
		call    coordinator.Call
		refusal *coordinator.Error
		try     func()
	}{
		{coordinator.CallConfirmActivationKey, no, func() {
			r.client.refused("InterconnectClientException", "DescribeConnectionProposal", document{"activationKey": key})
		}},
		{coordinator.CallConfirmActivationKey, &coordinator.Error{Status: 200}, func() {
			r.client.refused("InterconnectClientException", "AcceptConnectionProposal", acceptInput(r.gateway(), key))
		}},
		{coordinator.CallCreateConnection, no, func() {
			r.client.refused("InterconnectClientException", "AcceptConnectionProposal", acceptInput(r.gateway(), key))
		}},
		{coordinator.CallUpdateConnection, no, func() {
			conn := r.available(nil)
			r.client.refused("InterconnectClientException", "UpdateConnection", document{"identifier": conn["id"], "bandwidth": "2Gbps"})
		}},
	}
	for _, tc := range tests {
		ok(t, r.cloud.SetPartnerRefusal(tc.call, tc.refusal))
		tc.try()
		ok(t, r.cloud.SetPartnerRefusal(tc.call, nil))
	}
	r.client.must("AcceptConnectionProposal", acceptInput(r.gateway(), key))
	if err := r.cloud.SetPartnerRefusal("Coffee", no); err == nil {
		t.Error("an unknown call was refused")
	}
}

// TestPartnerUnreachableThenBack keeps the partner from hearing for a while.
func TestPartnerUnreachableThenBack(t *testing.T) {
	r := newRig(t)
	for _, call := range []coordinator.Call{coordinator.CallNotifyConnectionStatus, coordinator.CallDeleteConnection} {
		ok(t, r.cloud.SetPartnerRefusal(call, &coordinator.Error{Status: 503, Message: "away"}))
	}
	conn := r.available(nil)
	r.client.must("DeleteConnection", document{"identifier": conn["id"]})
	r.clock.Advance(20 * time.Second)
	if r.peer.asked("notify "+conn["sharedId"].(string))+r.peer.asked("delete "+conn["sharedId"].(string)) != 0 {
		t.Error("the partner was reached")
	}
	ok(t, r.cloud.SetPartnerRefusal(coordinator.CallNotifyConnectionStatus, nil))
	ok(t, r.cloud.SetPartnerRefusal(coordinator.CallDeleteConnection, nil))
	r.clock.Advance(time.Minute)
	if r.peer.asked("notify "+conn["sharedId"].(string)) != 1 || r.peer.asked("delete "+conn["sharedId"].(string)) != 1 {
		t.Errorf("calls %v", r.peer.calls)
	}
}

func TestRefusePeerUpdate(t *testing.T) {
	r := newRig(t, func(cfg *Config) { cfg.Switches.RefusePeerUpdate = true })
	conn := r.available(nil)
	asked := partnerView(t, conn)
	asked.BandwidthMbps = 2000
	_, err := r.cloud.UpdateConnection(t.Context(), asked)
	if refusal, isRefusal := errors.AsType[*coordinator.Error](err); !isRefusal || refusal.Status != 400 {
		t.Errorf("got %v", err)
	}
	r.client.wantState(conn["id"], StateAvailable)
}
