package aws

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestDeleteInEveryState(t *testing.T) {
	tests := map[State]int{ // and how often the partner is told
		StateRequested: 0, StatePending: 1, StateAvailable: 1, StateUpdating: 1, StateDown: 1, StateFailed: 1,
	}
	for state, told := range tests {
		t.Run(string(state), func(t *testing.T) {
			r := newRig(t)
			conn := r.brought(state)
			in := document{"identifier": conn["id"]}
			if got := r.client.connection("DeleteConnection", in); got["state"] != "deleting" {
				t.Errorf("the reply shows %v", got["state"])
			}
			r.client.must("DeleteConnection", in) // again changes nothing
			r.clock.Advance(testTiming.Deleting)
			r.client.wantState(conn["id"], StateDeleted)
			if got := r.client.connection("DeleteConnection", in); got["state"] != "deleted" {
				t.Errorf("deleting a deleted connection shows %v", got["state"])
			}
			r.clock.Advance(testTiming.Lingering)
			r.client.refused("ResourceNotFoundException", "GetConnection", in)
			r.client.refused("ResourceNotFoundException", "DeleteConnection", in)
			if n := r.peer.asked("delete " + conn["sharedId"].(string)); n != told {
				t.Errorf("the partner was told %d times, want %d", n, told)
			}
			r.clock.Advance(14 * 24 * time.Hour) // no alarm of the past raises it
			if got := r.cloud.Resources(); len(got) != 1 {
				t.Errorf("resources %v, want the gateway alone", got)
			}
		})
	}
}

func TestPartnerIsToldAgainUntilItHears(t *testing.T) {
	r := newRig(t)
	conn := r.available(nil)
	failures := 2
	r.peer.remove = func() error {
		if failures--; failures >= 0 {
			return errors.New("unreachable")
		}
		return nil
	}
	r.client.must("DeleteConnection", document{"identifier": conn["id"]})
	r.clock.Advance(testTiming.Deleting)
	if n := r.peer.asked("delete " + conn["sharedId"].(string)); n != 3 {
		t.Errorf("told %d times, want 3", n)
	}
}

func TestKeyOfADeletedConnectionIsInvalid(t *testing.T) {
	r := newRig(t)
	conn := r.create(nil)
	confirm := func() bool {
		valid, err := r.cloud.ConfirmActivationKey(t.Context(), testPeerEnv, conn["activationKey"].(string))
		ok(t, err)
		return valid
	}
	if !confirm() {
		t.Error("a fresh key is not valid")
	}
	r.client.must("DeleteConnection", document{"identifier": conn["id"]})
	if confirm() {
		t.Error("the key of a deleting connection is valid")
	}
	if _, err := r.cloud.CreateConnection(t.Context(), partnerView(t, conn)); coordinatorStatus(err) != 400 {
		t.Errorf("redeeming it: %v", err)
	}
}

func TestUnknownConnection(t *testing.T) {
	tests := map[string]struct {
		position UnknownConnection
		status   int
		code     string
	}{
		"not found": {UnknownIsNotFound, 404, "ResourceNotFoundException"},
		"denied":    {UnknownIsDenied, 403, "AccessDeniedException"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, func(cfg *Config) { cfg.Switches.UnknownConnection = tc.position })
			for operation, in := range map[string]document{
				"GetConnection":       {"identifier": unknownID},
				"DeleteConnection":    {"identifier": unknownID},
				"UpdateConnection":    {"identifier": unknownID, "description": "x"},
				"ListTagsForResource": {"arn": validValues["AmazonResourceName"]},
			} {
				if _, f := r.client.try(operation, in); f == nil || f.Status != tc.status || f.Code != tc.code {
					t.Errorf("%s: %v, want %d %s", operation, f, tc.status, tc.code)
				}
			}
		})
	}
}

func TestIdentifierMustBeAnID(t *testing.T) {
	r := newRig(t)
	conn := r.create(nil)
	for _, id := range []any{conn["arn"], "mcc-ABC", "mcc-ABCDEFGH", "mcc-abcdefgh1", "xcc-abcdefgh"} {
		r.client.refused("InterconnectValidationException", "GetConnection", document{"identifier": id})
	}
}

func TestPartnerDelete(t *testing.T) {
	tests := map[string]struct {
		position PartnerDelete
		from     State
		want     State
	}{
		"available goes down":      {PartnerDeleteDown, StateAvailable, StateDown},
		"available fails":          {PartnerDeleteFailed, StateAvailable, StateFailed},
		"available stays":          {PartnerDeleteAvailable, StateAvailable, StateAvailable},
		"down stays down":          {PartnerDeleteDown, StateDown, StateDown},
		"updating goes down":       {PartnerDeleteDown, StateUpdating, StateDown},
		"updating fails":           {PartnerDeleteFailed, StateUpdating, StateFailed},
		"updating ends":            {PartnerDeleteAvailable, StateUpdating, StateAvailable},
		"pending fails":            {PartnerDeleteDown, StatePending, StateFailed},
		"pending fails whatever":   {PartnerDeleteAvailable, StatePending, StateFailed},
		"requested stays as it is": {PartnerDeleteDown, StateRequested, StateRequested},
		"deleting goes on":         {PartnerDeleteDown, StateDeleting, StateDeleting},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, func(cfg *Config) { cfg.Switches.PartnerDelete = tc.position })
			conn := r.brought(tc.from)
			id, sharedID := conn["id"].(string), conn["sharedId"].(string)
			ok(t, r.cloud.DeleteConnection(t.Context(), testPeerEnv, sharedID))
			if tc.from == StateUpdating {
				r.clock.Advance(testTiming.Update)
			}
			r.client.wantState(id, tc.want)
			if err := r.cloud.SetLinkDown(id, false); err == nil {
				t.Error("traffic returned although the partner's half is gone")
			}
			if valid, _ := r.cloud.ConfirmActivationKey(t.Context(), testPeerEnv, conn["activationKey"].(string)); valid {
				t.Error("the key is still valid")
			}
			told := r.peer.asked("delete " + sharedID)
			r.client.must("DeleteConnection", document{"identifier": id})
			r.clock.Advance(testTiming.Deleting)
			r.client.wantState(id, StateDeleted)
			if got := r.peer.asked("delete " + sharedID); tc.from != StateDeleting && got != told {
				t.Error("the partner was told of our deletion after its own")
			}
		})
	}
}

func TestLinkDownAndUp(t *testing.T) {
	r := newRig(t)
	conn := r.create(nil)
	id := conn["id"].(string)
	ok(t, r.cloud.SetLinkDown(id, true))
	r.client.wantState(id, StateRequested)
	r.redeem(conn)
	r.notify(conn)
	r.clock.Advance(testTiming.Provisioning)
	r.client.wantState(id, StateDown)
	ok(t, r.cloud.SetLinkDown(conn["sharedId"].(string), false)) // by shared id too
	r.client.wantState(id, StateAvailable)
	ok(t, r.cloud.SetLinkDown(id, true))
	r.client.wantState(id, StateDown)

	want := []State{StateRequested, StatePending, StateDown, StateAvailable, StateDown}
	var got []State
	for _, tr := range r.cloud.Transitions() {
		if tr.ID != id || tr.SharedID != conn["sharedId"] || tr.Time.IsZero() {
			t.Errorf("transition %+v", tr)
		}
		got = append(got, tr.To)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("states (-want +got):\n%s", diff)
	}
}

func TestControlsOfWhatDoesNotExist(t *testing.T) {
	r := newRig(t)
	conn := r.create(nil)["id"].(string)
	for name, err := range map[string]error{
		"link down":              r.cloud.SetLinkDown(unknownID, true),
		"fail":                   r.cloud.FailConnection(unknownID),
		"fail what is requested": r.cloud.FailConnection(conn),
		"billing tier":           r.cloud.SetBillingTier(conn, 9),
		"environment":            r.cloud.SetEnvironmentState("mce-nowhere", EnvironmentLimited),
		"bandwidths":             r.cloud.SetEnvironmentBandwidths("mce-nowhere", nil, nil),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestBillingTierChangesByItself(t *testing.T) {
	r := newRig(t, func(cfg *Config) { cfg.Switches.BillingTier = 2 })
	conn := r.available(nil)
	if got := r.client.get(conn["id"])["billingTier"]; got != 2.0 {
		t.Errorf("billing tier %v", got)
	}
	ok(t, r.cloud.SetBillingTier(conn["id"].(string), 5))
	if got := r.client.get(conn["id"])["billingTier"]; got != 5.0 {
		t.Errorf("billing tier %v", got)
	}
}

func TestPolicyDenies(t *testing.T) {
	r := newRig(t, func(cfg *Config) { cfg.Switches.PolicyDenies = true })
	message := r.client.refused("AccessDeniedException", "ListEnvironments", document{})
	if !strings.Contains(message, "interconnect:ListEnvironments with an explicit deny in a service control policy") {
		t.Errorf("it says %q", message)
	}
	_ = r.gateway() // Direct Connect is another service.
}
