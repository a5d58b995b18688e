package aws

import (
	"strings"
	"testing"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator"
)

func TestUpdateDescription(t *testing.T) {
	tests := map[string]struct {
		bring   func(*rig) document
		refused bool
	}{
		"requested": {bring: func(r *rig) document { return r.create(nil) }},
		"available": {bring: func(r *rig) document { return r.available(nil) }},
		"down":      {bring: func(r *rig) document { return r.brought(StateDown) }},
		"failed":    {bring: func(r *rig) document { return r.brought(StateFailed) }},
		"accepted": {bring: func(r *rig) document {
			conn := r.accept(partnerKey(r.t, nil))
			r.notify(conn)
			r.clock.Advance(testTiming.Provisioning)
			return conn
		}},
		"pending":  {bring: func(r *rig) document { return r.brought(StatePending) }, refused: true},
		"updating": {bring: func(r *rig) document { return r.brought(StateUpdating) }, refused: true},
		"deleting": {bring: func(r *rig) document { return r.brought(StateDeleting) }, refused: true},
		"deleted":  {bring: func(r *rig) document { return r.brought(StateDeleted) }, refused: true},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			conn := tc.bring(r)
			before := r.client.get(conn["id"])
			in := document{"identifier": conn["id"], "description": "new text"}
			if tc.refused {
				r.client.refused("InterconnectClientException", "UpdateConnection", in)
				return
			}
			got := r.client.connection("UpdateConnection", in)
			if got["description"] != "new text" || got["state"] != before["state"] {
				t.Errorf("connection %v", got)
			}
		})
	}
}

// brought makes a connection and brings it to a state.
func (r *rig) brought(to State) document {
	r.t.Helper()
	if to == StateRequested {
		return r.create(nil)
	}
	if to == StatePending || to == StateFailed {
		conn := r.create(nil)
		r.redeem(conn)
		if to == StateFailed {
			ok(r.t, r.cloud.FailConnection(conn["id"].(string)))
		}
		return conn
	}
	conn := r.available(nil)
	switch to {
	case StateDown:
		ok(r.t, r.cloud.SetLinkDown(conn["id"].(string), true))
	case StateUpdating:
		r.client.must("UpdateConnection", document{"identifier": conn["id"], "bandwidth": "2Gbps"})
	case StateDeleting, StateDeleted:
		r.client.must("DeleteConnection", document{"identifier": conn["id"]})
	}
	if to == StateDeleted {
		r.clock.Advance(testTiming.Deleting)
	}
	r.client.wantState(conn["id"], to)
	return conn
}

func TestUpdateBandwidth(t *testing.T) {
	r := newRig(t)
	conn := r.available(nil)
	in := document{"identifier": conn["id"], "bandwidth": "10Gbps", "description": "bigger", "clientToken": "t"}
	got := r.client.connection("UpdateConnection", in)
	if got["state"] != "updating" || got["bandwidth"] != "1Gbps" || got["description"] != "bigger" {
		t.Errorf("connection %v, want updating with the old bandwidth", got)
	}
	r.clock.Advance(testTiming.Update)
	got = r.client.get(conn["id"])
	if got["state"] != "available" || got["bandwidth"] != "10Gbps" {
		t.Errorf("connection %v, want available with the new bandwidth", got)
	}
	if again := r.client.connection("UpdateConnection", in); again["state"] != "available" {
		t.Errorf("the token repeats the update: %v", again)
	}
	if n := r.peer.asked("update to 10000"); n != 1 {
		t.Errorf("the partner was asked %d times", n)
	}
}

func TestUpdateBandwidthOfADownLink(t *testing.T) {
	r := newRig(t)
	conn := r.brought(StateDown)
	r.client.must("UpdateConnection", document{"identifier": conn["id"], "bandwidth": "2Gbps"})
	r.client.wantState(conn["id"], StateUpdating)
	r.clock.Advance(testTiming.Update)
	r.client.wantState(conn["id"], StateDown)
}

func TestUpdateNothing(t *testing.T) {
	r := newRig(t)
	conn := r.available(nil)
	r.client.refused("InterconnectValidationException", "UpdateConnection", document{"identifier": conn["id"]})
	got := r.client.connection("UpdateConnection", document{"identifier": conn["id"], "bandwidth": "1Gbps"})
	if got["state"] != "available" || r.peer.asked("update to 1000") != 0 {
		t.Errorf("the same bandwidth is not a no-op: %v", got)
	}
}

func TestUpdateBandwidthRefusals(t *testing.T) {
	const client = "InterconnectClientException"
	in := func(state State) func(*rig) document { return func(r *rig) document { return r.brought(state) } }
	tests := map[string]struct {
		cfg    func(*Config)
		bring  func(*rig) document
		update string // "" for 2Gbps
		code   string
		says   string
	}{
		"requested":   {bring: in(StateRequested), code: client, says: "in state requested"},
		"pending":     {bring: in(StatePending), code: client, says: "in state pending"},
		"updating":    {bring: in(StateUpdating), code: client, says: "another change is in progress"},
		"deleting":    {bring: in(StateDeleting), code: client, says: "in state deleting"},
		"failed":      {bring: in(StateFailed), code: client, says: "in state failed"},
		"not offered": {bring: in(StateAvailable), update: "3Gbps", code: "InterconnectValidationException", says: "not offered"},
		"free tier":   {bring: func(r *rig) document { return r.available(document{"bandwidth": "500Mbps"}) }, code: client, says: "free tier"},
		"accepted":    {bring: func(r *rig) document { return r.acceptedUp() }, code: client, says: "partner's proposal"},
		"partner refuses": {bring: func(r *rig) document {
			r.peer.update = func(coordinator.Connection) error { return &coordinator.Error{Status: 400, Message: "no capacity"} }
			return r.brought(StateAvailable)
		}, code: client, says: "no capacity"},
		"partner is changing it": {bring: func(r *rig) document {
			r.peer.update = func(coordinator.Connection) error { return &coordinator.Error{Status: 409, Message: "busy"} }
			return r.brought(StateAvailable)
		}, code: client, says: "another change is in progress"},
		"partner broken": {bring: func(r *rig) document {
			r.peer.update = func(coordinator.Connection) error { return &coordinator.Error{Status: 500, Message: "boom"} }
			return r.brought(StateAvailable)
		}, code: "InterconnectServerException", says: "partner"},
		"no partner": {bring: func(r *rig) document {
			conn := r.brought(StateAvailable)
			r.cloud.SetPeer(nil)
			return conn
		}, code: "InterconnectServerException", says: "partner"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			conn := tc.bring(r)
			before := r.client.get(conn["id"])
			update := document{"identifier": conn["id"], "bandwidth": orDefault(tc.update, "2Gbps"), "description": "changed"}
			if message := r.client.refused(tc.code, "UpdateConnection", update); !strings.Contains(message, tc.says) {
				t.Errorf("message %q does not say %q", message, tc.says)
			}
			after := r.client.get(conn["id"])
			for _, member := range []string{"state", "bandwidth", "description"} {
				if after[member] != before[member] {
					t.Errorf("%s was %v and is %v after a refusal", member, before[member], after[member])
				}
			}
		})
	}
}

// acceptedUp is an accepted connection that is available.
func (r *rig) acceptedUp() document {
	r.t.Helper()
	conn := r.accept(partnerKey(r.t, nil))
	r.notify(conn)
	r.clock.Advance(testTiming.Provisioning)
	r.client.wantState(conn["id"], StateAvailable)
	return conn
}

func TestAcceptorMayUpdateBandwidth(t *testing.T) {
	r := newRig(t, func(cfg *Config) { cfg.Switches.AcceptorMayUpdateBandwidth = true })
	conn := r.acceptedUp()
	r.client.must("UpdateConnection", document{"identifier": conn["id"], "bandwidth": "2Gbps"})
	r.clock.Advance(testTiming.Update)
	if got := r.client.get(conn["id"])["bandwidth"]; got != "2Gbps" {
		t.Errorf("bandwidth %v", got)
	}
}

func TestAsyncBandwidthRefusal(t *testing.T) {
	for name, refusal := range map[string]error{"agrees": nil, "refuses": &coordinator.Error{Status: 400, Message: "no"}} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, func(cfg *Config) { cfg.Switches.AsyncBandwidthRefusal = true })
			r.peer.update = func(coordinator.Connection) error { return refusal }
			conn := r.available(nil)
			got := r.client.connection("UpdateConnection", document{"identifier": conn["id"], "bandwidth": "2Gbps"})
			if got["state"] != "updating" {
				t.Errorf("connection %v", got)
			}
			r.clock.Advance(testTiming.Update)
			want := "2Gbps"
			if refusal != nil {
				want = "1Gbps"
			}
			if got := r.client.get(conn["id"]); got["state"] != "available" || got["bandwidth"] != want {
				t.Errorf("connection %v, want available with %s", got, want)
			}
		})
	}
}

func TestOneBandwidthChangeAtATime(t *testing.T) {
	r := newRig(t)
	conn := r.available(nil)
	in := document{"identifier": conn["id"], "bandwidth": "2Gbps"}
	r.peer.update = func(coordinator.Connection) error {
		r.peer.update = nil
		// The partner's own customer, and another of ours, come in between.
		asked := partnerView(t, conn)
		asked.BandwidthMbps = 5000
		if _, err := r.cloud.UpdateConnection(t.Context(), asked); coordinatorStatus(err) != 409 {
			t.Errorf("the partner's change meets %v, want 409", err)
		}
		r.client.refused("InterconnectClientException", "UpdateConnection", in)
		return nil
	}
	r.client.must("UpdateConnection", in)
	r.clock.Advance(testTiming.Update)
	if got := r.client.get(conn["id"])["bandwidth"]; got != "2Gbps" {
		t.Errorf("bandwidth %v", got)
	}
}

func TestDeletedWhileThePartnerAgreesToABandwidth(t *testing.T) {
	r := newRig(t)
	conn := r.available(nil)
	r.peer.update = func(coordinator.Connection) error {
		r.client.must("DeleteConnection", document{"identifier": conn["id"]})
		return nil
	}
	r.client.refused("InterconnectClientException", "UpdateConnection", document{"identifier": conn["id"], "bandwidth": "2Gbps"})
	r.client.wantState(conn["id"], StateDeleting)
}
