package aws

import (
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator"
)

const proposedID = "11111111-2222-4333-8444-555555555555"

func TestDescribeProposalTellsFourThings(t *testing.T) {
	r := newRig(t)
	in := document{"activationKey": partnerKey(t, nil)}
	want := document{
		"bandwidth": "1Gbps", "environmentId": testEnv, "location": "us-east4",
		"provider": document{"cloudServiceProvider": "gcp"},
	}
	for range 2 { // it does not consume the key
		if diff := cmp.Diff(want, r.client.must("DescribeConnectionProposal", in)); diff != "" {
			t.Errorf("proposal (-want +got):\n%s", diff)
		}
	}
	r.accept(partnerKey(t, nil))
}

func TestAcceptMakesAPendingConnection(t *testing.T) {
	r := newRig(t)
	var asked coordinator.Connection
	r.peer.create = func(c coordinator.Connection) error {
		if got := r.cloud.Resources(); len(got) != 2 || got[1].State != "pending" {
			t.Errorf("our half does not exist before the partner is asked: %v", got)
		}
		asked = c
		return nil
	}
	key := partnerKey(t, nil)
	conn := r.accept(key)
	if conn["state"] != "pending" || conn["bandwidth"] != "1Gbps" || conn["environmentId"] != testEnv || conn["sharedId"] != proposedID {
		t.Errorf("connection %v", conn)
	}
	if _, shown := conn["billingTier"]; shown {
		t.Error("the billing tier is shown before the connection is up")
	}
	want := coordinator.Connection{ID: proposedID, Environment: testPeerEnv, ActivationKey: key, BandwidthMbps: 1000}
	if diff := cmp.Diff(want, asked); diff != "" {
		t.Errorf("asked of the partner (-want +got):\n%s", diff)
	}
}

func TestAcceptedKeyVisible(t *testing.T) {
	for name, visible := range map[string]bool{"hidden": false, "visible": true} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, func(cfg *Config) { cfg.Switches.AcceptedKeyVisible = visible })
			conn := r.accept(partnerKey(t, nil))
			if _, shown := r.client.get(conn["id"])["activationKey"]; shown != visible {
				t.Errorf("key shown: %v, want %v", shown, visible)
			}
		})
	}
}

func TestProposalRefusals(t *testing.T) {
	const validation, client, missing, server = "InterconnectValidationException", "InterconnectClientException", "ResourceNotFoundException", "InterconnectServerException"
	payload := func(change func(*activation.Payload)) func(*testing.T) string {
		return func(t *testing.T) string { return partnerKey(t, change) }
	}
	tests := map[string]struct {
		before func(*testing.T, *rig)
		key    func(*testing.T) string
		code   string
		asks   bool // whether the issuer is asked
	}{
		"not base64":          {key: func(*testing.T) string { return "!!!" }, code: validation},
		"not JSON":            {key: func(*testing.T) string { return base64.StdEncoding.EncodeToString([]byte("{")) }, code: validation},
		"another account":     {key: payload(func(p *activation.Payload) { p.AccountID = "999999999999" }), code: "AccessDeniedException"},
		"another region":      {key: payload(func(p *activation.Payload) { p.EnvironmentURI = "providers/gcp/environments/aws-gcp-eu-west" }), code: missing},
		"unknown environment": {key: payload(func(p *activation.Payload) { p.EnvironmentURI = "providers/gcp/environments/none" }), code: missing},
		"environment closed":  {before: func(t *testing.T, r *rig) { ok(t, r.cloud.SetEnvironmentState(testEnv, EnvironmentUnavailable)) }, code: client},
		"bandwidth gone": {before: func(t *testing.T, r *rig) {
			ok(t, r.cloud.SetEnvironmentBandwidths(testEnv, []bandwidth.Bandwidth{2 * bandwidth.Gbps}, nil))
		}, code: client},
		"used":                  {before: func(t *testing.T, r *rig) { r.accept(partnerKey(t, nil)) }, code: client},
		"revoked at the issuer": {before: func(_ *testing.T, r *rig) { r.peer.keyBad = true }, code: client, asks: true},
		"issuer refuses": {before: func(_ *testing.T, r *rig) {
			r.peer.confirm = func() error { return &coordinator.Error{Status: 400, Message: "no"} }
		}, code: client, asks: true},
		"issuer broken": {before: func(_ *testing.T, r *rig) {
			r.peer.confirm = func() error { return &coordinator.Error{Status: 500, Message: "broken"} }
		}, code: server, asks: true},
		"no partner": {before: func(_ *testing.T, r *rig) { r.cloud.SetPeer(nil) }, code: server},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			if tc.before != nil {
				tc.before(t, r)
			}
			if tc.key == nil {
				tc.key = payload(nil)
			}
			gw, before, asked := r.gateway(), len(r.cloud.Resources()), r.peer.asked("confirm")
			accept := r.client.refused(tc.code, "AcceptConnectionProposal", acceptInput(gw, tc.key(t)))
			describe := r.client.refused(tc.code, "DescribeConnectionProposal", document{"activationKey": tc.key(t)})
			for _, message := range []string{accept, describe} {
				if strings.Contains(message, tc.key(t)) {
					t.Errorf("the message quotes the key: %q", message)
				}
			}
			if got := len(r.cloud.Resources()); got != before {
				t.Errorf("%d resources after the refusals, %d before", got, before)
			}
			want := asked
			if tc.asks {
				want += 2
			}
			if got := r.peer.asked("confirm"); got != want {
				t.Errorf("the issuer was asked %d times, want %d", got, want)
			}
		})
	}
}

func TestAcceptOwnKey(t *testing.T) {
	r := newRig(t)
	conn := r.create(document{"remoteAccount": document{"identifier": DefaultAccountID}})
	message := r.client.refused("InterconnectClientException", "AcceptConnectionProposal", acceptInput(r.gateway(), conn["activationKey"].(string)))
	if !strings.Contains(message, "issued by AWS") {
		t.Errorf("message %q", message)
	}
}

func TestAcceptHoldsLocalLimits(t *testing.T) {
	r := newRig(t, func(cfg *Config) { cfg.Quotas = Quotas{PerProvider: 1} })
	in := acceptInput(unknownUUID, partnerKey(t, nil))
	r.client.refused("ResourceNotFoundException", "AcceptConnectionProposal", in)
	in["tags"] = document{"aws:x": "1"}
	r.client.refused("InterconnectValidationException", "AcceptConnectionProposal", in)
	r.create(nil)
	r.client.refused("ServiceQuotaExceededException", "AcceptConnectionProposal", acceptInput(r.gateway(), partnerKey(t, nil)))
	if n := r.peer.asked("confirm"); n != 0 {
		t.Errorf("the issuer was asked %d times for proposals that cannot be accepted", n)
	}
}

func TestAcceptChecksAgainAfterTheIssuerWasAsked(t *testing.T) {
	r := newRig(t)
	r.peer.confirm = func() error {
		r.peer.confirm = nil
		r.accept(partnerKey(t, nil)) // another request is quicker
		return nil
	}
	r.client.refused("InterconnectClientException", "AcceptConnectionProposal", acceptInput(r.gateway(), partnerKey(t, nil)))
	if n := r.peer.asked("create"); n != 1 {
		t.Errorf("the partner was asked to join %d times", n)
	}
}

func TestAcceptTwice(t *testing.T) {
	r := newRig(t)
	in := acceptInput(r.gateway(), partnerKey(t, nil))
	in["clientToken"] = "t1"
	first := r.client.connection("AcceptConnectionProposal", in)
	if again := r.client.connection("AcceptConnectionProposal", in); again["id"] != first["id"] {
		t.Errorf("the same token answers %v and %v", first["id"], again["id"])
	}
	in["clientToken"] = "t2"
	if message := r.client.refused("InterconnectClientException", "AcceptConnectionProposal", in); !strings.Contains(message, "already used") {
		t.Errorf("message %q", message)
	}
}

func TestAcceptLeavesNothingWhenThePartnerRefuses(t *testing.T) {
	tests := map[string]struct {
		err     error
		code    string
		cleanup int // whether the partner is told to delete what it may have made
	}{
		"conflict":    {&coordinator.Error{Status: http.StatusConflict, Message: "exists"}, "InterconnectClientException", 0},
		"refusal":     {&coordinator.Error{Status: http.StatusBadRequest, Message: "no"}, "InterconnectClientException", 0},
		"broken":      {&coordinator.Error{Status: http.StatusInternalServerError, Message: "boom"}, "InterconnectServerException", 1},
		"reply lost":  {errors.New("connection reset"), "InterconnectServerException", 1},
		"overwhelmed": {&coordinator.Error{Status: http.StatusTooManyRequests, Message: "slow down"}, "InterconnectServerException", 0},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.peer.create = func(coordinator.Connection) error { return tc.err }
			in := acceptInput(r.gateway(), partnerKey(t, nil))
			in["clientToken"] = "t"
			r.client.refused(tc.code, "AcceptConnectionProposal", in)
			if got := r.cloud.Resources(); len(got) != 1 {
				t.Errorf("resources %v, want the gateway alone", got)
			}
			last := r.cloud.Transitions()[len(r.cloud.Transitions())-1]
			if last.From != StatePending || last.To != StateNone {
				t.Errorf("last transition %+v", last)
			}
			r.clock.Advance(testTiming.Provisioning)
			if n := r.peer.asked("delete " + proposedID); n != tc.cleanup {
				t.Errorf("the partner was told to delete %d times, want %d", n, tc.cleanup)
			}
			r.peer.create = nil
			r.client.must("AcceptConnectionProposal", in) // the token is free again
		})
	}
}

func TestAcceptedConnectionDeletedWhileThePartnerIsAsked(t *testing.T) {
	for name, answer := range map[string]error{"partner agrees": nil, "partner refuses": &coordinator.Error{Status: 400, Message: "no"}} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.peer.create = func(coordinator.Connection) error {
				r.client.must("DeleteConnection", document{"identifier": r.cloud.Resources()[1].ID})
				return answer
			}
			_, f := r.client.try("AcceptConnectionProposal", acceptInput(r.gateway(), partnerKey(t, nil)))
			if (f == nil) != (answer == nil) {
				t.Errorf("got %v", f)
			}
			r.clock.Advance(testTiming.Deleting)
			if got := r.cloud.Resources(); len(got) != 1 {
				t.Errorf("resources %v, want the gateway alone", got)
			}
			want := 0
			if answer == nil {
				want = 1
			}
			if n := r.peer.asked("delete " + proposedID); n != want {
				t.Errorf("the partner was told to delete %d times, want %d", n, want)
			}
		})
	}
}

func TestAcceptedConnectionComesUp(t *testing.T) {
	for name, partnerFirst := range map[string]bool{"partner first": true, "partner last": false} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			conn := r.accept(partnerKey(t, nil))
			if partnerFirst {
				r.notify(conn)
				r.client.wantState(conn["id"], StatePending)
			}
			r.clock.Advance(testTiming.Provisioning)
			if n := r.peer.asked("notify " + proposedID); n != 1 {
				t.Errorf("the partner was notified %d times", n)
			}
			if !partnerFirst {
				r.client.wantState(conn["id"], StatePending) // it waits for the partner
				r.notify(conn)
			}
			r.client.wantState(conn["id"], StateAvailable)
			if got := r.client.get(conn["id"])["billingTier"]; got != 1.0 {
				t.Errorf("billing tier %v", got)
			}
		})
	}
}

func TestNotificationIsTriedAgain(t *testing.T) {
	tests := map[string]struct {
		err  error
		want int
	}{
		"for about a minute":            {errors.New("unreachable"), 7},
		"unless the partner knows none": {&coordinator.Error{Status: 404, Message: "unknown"}, 1},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.peer.notify = func() error { return tc.err }
			r.accept(partnerKey(t, nil))
			r.clock.Advance(2 * testTiming.Provisioning)
			if n := r.peer.asked("notify " + proposedID); n != tc.want {
				t.Errorf("tried %d times, want %d", n, tc.want)
			}
		})
	}
}
