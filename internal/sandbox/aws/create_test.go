package aws

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator"
)

func TestCreateAnswersARequestedConnection(t *testing.T) {
	r := newRig(t)
	gw := r.gateway()
	conn := r.client.connection("CreateConnection", createInput(gw, document{"description": "my link", "tags": document{"team": "net"}}))

	id, _ := conn["id"].(string)
	sharedID, _ := conn["sharedId"].(string)
	if !regexp.MustCompile(`^mcc-[a-z0-9]{8}$`).MatchString(id) {
		t.Errorf("id %q", id)
	}
	if !uuidPattern.MatchString(sharedID) {
		t.Errorf("shared id %q", sharedID)
	}
	want := document{
		"id": id, "sharedId": sharedID, "activationKey": conn["activationKey"],
		"arn":         "arn:aws:interconnect:us-east-1:123456789012:connection/" + id,
		"description": "my link", "bandwidth": "1Gbps", "environmentId": testEnv, "location": "us-east4",
		"attachPoint": document{"directConnectGateway": gw}, "provider": document{"cloudServiceProvider": "gcp"},
		"type": "Multicloud", "state": "requested", "ownerAccount": DefaultAccountID, "tags": document{"team": "net"},
	}
	if diff := cmp.Diff(want, conn); diff != "" {
		t.Errorf("connection (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(conn, r.client.get(id)); diff != "" {
		t.Errorf("GetConnection (-created +got):\n%s", diff)
	}

	payload, err := activation.NewKey(conn["activationKey"].(string)).Decode()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(activation.Payload{
		Version: 1, SharedID: sharedID, EnvironmentURI: "providers/aws/environments/" + testPeerEnv,
		Bandwidth: bandwidth.Gbps, AccountID: "my-project",
	}, payload); diff != "" {
		t.Errorf("key (-want +got):\n%s", diff)
	}
	r.clock.Advance(24 * time.Hour)
	r.client.wantState(id, StateRequested) // until the partner comes
}

func TestCreateShowsADescriptionWhenNoneWasGiven(t *testing.T) {
	conn := newRig(t).create(nil)
	if got, _ := conn["description"].(string); !descriptionShape.pattern.MatchString(got) {
		t.Errorf("description %q is not one that AWS would take", got)
	}
}

func TestCreateRefusals(t *testing.T) {
	lastMile := func(cfg *Config) {
		cfg.Traits = map[string]EnvironmentTraits{testEnv: {Provider: "lumen", LastMile: true, RemoteIdentifier: RemoteIdentifierEmail}}
	}
	const validation, client, missing = "InterconnectValidationException", "InterconnectClientException", "ResourceNotFoundException"
	tests := map[string]struct {
		cfg    func(*Config)
		before func(*testing.T, *rig)
		change document
		code   string
		says   string
	}{
		"description with markup":     {change: document{"description": "<b>"}, code: validation, says: "'description'"},
		"description with a slash":    {change: document{"description": "a/b"}, code: validation, says: "'description'"},
		"description with a dot":      {change: document{"description": "a.b"}, code: validation, says: "'description'"},
		"description empty":           {change: document{"description": ""}, code: validation, says: "'description'"},
		"bandwidth with a space":      {change: document{"bandwidth": "10 Gbps"}, code: validation, says: "'bandwidth'"},
		"bandwidth in lower case":     {change: document{"bandwidth": "1gbps"}, code: validation, says: "'bandwidth'"},
		"bandwidth not offered":       {change: document{"bandwidth": "3Gbps"}, code: validation, says: "Available: 500Mbps, 1Gbps"},
		"bandwidth of zero":           {change: document{"bandwidth": "0Gbps"}, code: validation, says: "not offered"},
		"bandwidth spelled otherwise": {change: document{"bandwidth": "1000Mbps"}, code: validation, says: "not offered"},
		"bandwidth planned": {
			before: func(t *testing.T, r *rig) {
				ok(t, r.cloud.SetEnvironmentBandwidths(testEnv, []bandwidth.Bandwidth{bandwidth.Gbps}, []bandwidth.Bandwidth{bandwidth.Gbps, 10 * bandwidth.Gbps}))
			},
			change: document{"bandwidth": "10Gbps"}, code: validation, says: "planned"},
		"environment unknown":         {change: document{"environmentId": "mce-nullprov"}, code: missing, says: "mce-nullprov"},
		"environment of a far region": {change: document{"environmentId": otherEnv}, code: missing, says: otherEnv},
		"environment unavailable": {
			before: func(t *testing.T, r *rig) { ok(t, r.cloud.SetEnvironmentState(testEnv, EnvironmentUnavailable)) },
			code:   client, says: "unavailable"},
		"environment limited": {
			before: func(t *testing.T, r *rig) {
				ok(t, r.cloud.SetEnvironmentState(testEnv, EnvironmentLimited))
				ok(t, r.cloud.SetEnvironmentBandwidths(testEnv, []bandwidth.Bandwidth{2 * bandwidth.Gbps}, []bandwidth.Bandwidth{2 * bandwidth.Gbps}))
			},
			code: validation, says: "Available: 2Gbps."},
		"gateway unknown":        {change: document{"attachPoint": document{"directConnectGateway": unknownUUID}}, code: missing, says: unknownUUID},
		"attach point by ARN":    {change: document{"attachPoint": document{"arn": validValues["AmazonResourceName"]}}, code: validation, says: "not supported"},
		"remote account missing": {change: document{"remoteAccount": nil}, code: validation, says: "remoteAccount"},
		"remote account must be an e-mail": {
			cfg: lastMile, change: document{"remoteAccount": document{"identifier": "my-project"}}, code: validation, says: "e-mail"},
		"reserved tag": {change: document{"tags": document{"aws:x": "1"}}, code: validation, says: `"aws:"`},
		"billing unverified": {
			cfg:    func(cfg *Config) { cfg.Switches.FreeTierCheck = FreeTierBillingUnverified },
			change: document{"bandwidth": "500Mbps"}, code: validation,
			says: "Unable to create free trial connection. Your account's billing information could not be verified. Please try again later."},
		"second in the free tier": {
			before: func(_ *testing.T, r *rig) { r.create(document{"bandwidth": "500Mbps"}) },
			change: document{"bandwidth": "500Mbps"}, code: validation, says: "free trial"},
		"preview sells 1 Gbps only": {
			cfg:    func(cfg *Config) { cfg.Traits = map[string]EnvironmentTraits{testEnv: {Preview: true}} },
			change: document{"bandwidth": "2Gbps"}, code: validation, says: "Available: 1Gbps."},
		"preview allows one per region": {
			cfg:    func(cfg *Config) { cfg.Traits = map[string]EnvironmentTraits{testEnv: {Preview: true}} },
			before: func(_ *testing.T, r *rig) { r.create(nil) },
			code:   "ServiceQuotaExceededException", says: "preview"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			if tc.cfg != nil {
				r = newRig(t, tc.cfg)
			}
			if tc.before != nil {
				tc.before(t, r)
			}
			gw, before := r.gateway(), len(r.cloud.Resources())
			if message := r.client.refused(tc.code, "CreateConnection", createInput(gw, tc.change)); !strings.Contains(message, tc.says) {
				t.Errorf("message %q does not say %q", message, tc.says)
			}
			if got := len(r.cloud.Resources()); got != before {
				t.Errorf("%d resources after the refusal, %d before", got, before)
			}
		})
	}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestCreateOnSomeoneElsesGateway(t *testing.T) {
	r := newRig(t)
	r.other().refused("ResourceNotFoundException", "CreateConnection", createInput(r.gateway(), nil))
}

func TestCreateForLastMile(t *testing.T) {
	r := newRig(t, func(cfg *Config) {
		cfg.Traits = map[string]EnvironmentTraits{testEnv: {
			Provider: "lumen", LastMile: true, Location: "nj1", RemoteIdentifier: RemoteIdentifierEmail, ActivationPageURL: "https://example.com/keys"}}
	})
	conn := r.create(document{"remoteAccount": document{"identifier": "net@example.com"}})
	if id, _ := conn["id"].(string); !strings.HasPrefix(id, "lmcc-") {
		t.Errorf("id %q", id)
	}
	want := document{"lastMileProvider": "lumen"}
	if diff := cmp.Diff(want, conn["provider"]); diff != "" || conn["type"] != "LastMile" || conn["location"] != "nj1" {
		t.Errorf("connection %v", conn)
	}
	env := r.client.must("GetEnvironment", document{"id": testEnv})["environment"].(document)
	if env["remoteIdentifierType"] != "email" || env["activationPageUrl"] != "https://example.com/keys" {
		t.Errorf("environment %v", env)
	}
}

func TestCreateWithoutRemoteAccountWhereNoneIsAsked(t *testing.T) {
	r := newRig(t, func(cfg *Config) {
		cfg.Traits = map[string]EnvironmentTraits{testEnv: {RemoteIdentifier: RemoteIdentifierNone}}
	})
	r.create(document{"remoteAccount": nil})
	env := r.client.must("GetEnvironment", document{"id": testEnv})["environment"].(document)
	if _, shown := env["remoteIdentifierType"]; shown {
		t.Errorf("environment %v", env)
	}
}

func TestFreeTierCharged(t *testing.T) {
	r := newRig(t, func(cfg *Config) { cfg.Switches.FreeTierCheck = FreeTierCharged })
	r.create(document{"bandwidth": "500Mbps"})
	paid := r.available(document{"bandwidth": "500Mbps"})
	r.client.must("UpdateConnection", document{"identifier": paid["id"], "bandwidth": "1Gbps"})
}

func TestQuotas(t *testing.T) {
	tests := map[string]struct {
		quotas Quotas
		fits   int
		says   string
	}{
		"connections":  {Quotas{PerProvider: 100, Requested: 100}, 10, "maximum of 10 connections"},
		"requested":    {Quotas{PerProvider: 100}, 4, "maximum of 4 outstanding requested"},
		"per provider": {Quotas{}, 2, "maximum of 2 connections with provider gcp"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, func(cfg *Config) { cfg.Quotas = tc.quotas })
			var last document
			for range tc.fits {
				last = r.create(nil)
			}
			_, f := r.client.try("CreateConnection", createInput(r.gateway(), nil))
			if f == nil || f.Status != 402 || f.Code != "ServiceQuotaExceededException" || !strings.Contains(f.Message, tc.says) {
				t.Errorf("got %v, want 402 that says %q", f, tc.says)
			}
			if name == "requested" {
				r.accept(partnerKey(t, nil)) // an accepted connection was never requested
			}
			// A deleting connection counts, except against requested ones; a
			// deleted one does not.
			r.client.must("DeleteConnection", document{"identifier": last["id"]})
			if name != "requested" {
				r.client.refused("ServiceQuotaExceededException", "CreateConnection", createInput(r.gateway(), nil))
			}
			r.clock.Advance(testTiming.Deleting)
			r.create(nil)
			r.client.in("eu-west-2").connection("CreateConnection", createInput(r.gateway(), document{"environmentId": otherEnv})) // quotas are per region
		})
	}
}

func TestQuotasArePerAccount(t *testing.T) {
	r := newRig(t, func(cfg *Config) { cfg.Quotas = Quotas{PerProvider: 1} })
	r.create(document{"bandwidth": "500Mbps"})
	gw := r.cloud.addGateway("210987654321", "theirs", defaultASN, nil, gatewayAvailable).id
	if _, f := r.other().try("CreateConnection", createInput(gw, document{"bandwidth": "500Mbps"})); f != nil {
		t.Errorf("another account's connection counts: %v", f)
	}
}

func TestFailedConnectionsDoNotCountAgainstQuotas(t *testing.T) {
	r := newRig(t, func(cfg *Config) { cfg.Quotas = Quotas{PerProvider: 1} })
	conn := r.create(nil)
	r.redeem(conn)
	r.client.refused("ServiceQuotaExceededException", "CreateConnection", createInput(r.gateway(), nil))
	ok(t, r.cloud.FailConnection(conn["id"].(string)))
	r.create(nil)
}

func TestKeyExpiry(t *testing.T) {
	tests := map[string]struct {
		switches Switches
		ttl      time.Duration
		want     State
	}{
		"after seven days it is deleted": {Switches{}, 7 * 24 * time.Hour, StateDeleted},
		"or failed":                      {Switches{KeyExpiry: ExpiryFails}, 7 * 24 * time.Hour, StateFailed},
		"or sooner":                      {Switches{KeyTTL: time.Hour}, time.Hour, StateDeleted},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, func(cfg *Config) { cfg.Switches = tc.switches })
			conn := r.create(nil)
			r.clock.Advance(tc.ttl - time.Second)
			r.client.wantState(conn["id"], StateRequested)
			r.clock.Advance(time.Second)
			r.client.wantState(conn["id"], tc.want)
			valid, err := r.cloud.ConfirmActivationKey(t.Context(), testPeerEnv, conn["activationKey"].(string))
			if err != nil || valid {
				t.Errorf("an expired key: valid %v, %v", valid, err)
			}
			if _, err := r.cloud.CreateConnection(t.Context(), partnerView(t, conn)); err == nil {
				t.Error("an expired key was redeemed")
			}
		})
	}
}

func TestIdempotency(t *testing.T) {
	r := newRig(t)
	gw := r.gateway()
	in := createInput(gw, document{"clientToken": "t1"})
	first := r.client.connection("CreateConnection", in)
	if diff := cmp.Diff(first, r.client.connection("CreateConnection", in)); diff != "" {
		t.Errorf("same token, same parameters (-first +second):\n%s", diff)
	}
	message := r.client.refused("InterconnectClientException", "CreateConnection", createInput(gw, document{"clientToken": "t1", "bandwidth": "2Gbps"}))
	if !strings.Contains(message, "other parameters") {
		t.Errorf("message %q", message)
	}
	scopes := map[string]func() document{
		"another token": func() document {
			return r.client.connection("CreateConnection", createInput(gw, document{"clientToken": "t2"}))
		},
		"another account": func() document {
			_, f := r.other().try("CreateConnection", in)
			if f.Code != "ResourceNotFoundException" { // runs, and does not find the gateway
				t.Errorf("another account: %v", f)
			}
			return document{}
		},
		"another region": func() document {
			return r.client.in("eu-west-2").connection("CreateConnection", createInput(gw, document{"clientToken": "t1", "environmentId": otherEnv}))
		},
	}
	for name, call := range scopes {
		if got := call()["id"]; got == first["id"] {
			t.Errorf("%s answers with the first connection", name)
		}
	}
	// Another operation has its own tokens.
	r.client.must("DeleteConnection", document{"identifier": first["id"], "clientToken": "t1"})
	if got := r.client.connection("CreateConnection", in); got["id"] != first["id"] || got["state"] != "deleting" {
		t.Errorf("the token answers %v, want the first connection as it is now", got)
	}
	r.clock.Advance(testTiming.Deleting + testTiming.Lingering)
	if got := r.client.connection("CreateConnection", in); got["id"] != first["id"] || got["state"] == "requested" {
		t.Errorf("the token answers %v after the connection is gone", got)
	}
	r.clock.Advance(24 * time.Hour)
	if got := r.client.connection("CreateConnection", in); got["id"] == first["id"] {
		t.Error("the token is remembered for more than a day")
	}
}

func TestFailedRequestLeavesTheTokenFree(t *testing.T) {
	r := newRig(t)
	ok(t, r.cloud.SetEnvironmentState(testEnv, EnvironmentUnavailable))
	in := createInput(r.gateway(), document{"clientToken": "t"})
	r.client.refused("InterconnectClientException", "CreateConnection", in)
	ok(t, r.cloud.SetEnvironmentState(testEnv, EnvironmentAvailable))
	r.client.must("CreateConnection", in)
}

func TestTokenWhileTheFirstRequestIsUnderWay(t *testing.T) {
	r := newRig(t)
	began, carryOn := make(chan struct{}), make(chan struct{})
	r.peer.create = func(coordinator.Connection) error {
		close(began)
		<-carryOn
		return nil
	}
	in := acceptInput(r.gateway(), partnerKey(t, nil))
	in["clientToken"] = "t"
	ids := make(chan any, 2)
	call := func() {
		out, f := r.client.try("AcceptConnectionProposal", in)
		if f != nil {
			ids <- f.Error()
			return
		}
		ids <- out["connection"].(document)["id"]
	}
	go call()
	<-began
	go call()
	close(carryOn)
	if a, b := <-ids, <-ids; a != b {
		t.Errorf("two requests with one token answer %v and %v", a, b)
	}
	if n := r.peer.asked("create"); n != 1 {
		t.Errorf("the partner was asked %d times", n)
	}
}

func TestEventualConsistency(t *testing.T) {
	r := newRig(t, func(cfg *Config) { cfg.Switches.EventualConsistency = 4 })
	conn := r.create(nil)
	for range 2 {
		if got := r.client.must("ListConnections", document{})["connections"].([]any); len(got) != 0 {
			t.Errorf("listed too early: %v", got)
		}
		r.client.refused("ResourceNotFoundException", "GetConnection", document{"identifier": conn["id"]})
	}
	r.client.wantState(conn["id"], StateRequested)
	if got := r.client.must("ListConnections", document{})["connections"].([]any); len(got) != 1 {
		t.Errorf("not listed: %v", got)
	}
}

func TestShowAll(t *testing.T) {
	r := newRig(t, func(cfg *Config) { cfg.Switches.EventualConsistency = 4 })
	conn := r.create(nil)
	r.client.refused("ResourceNotFoundException", "GetConnection", document{"identifier": conn["id"]})
	r.cloud.ShowAll()
	r.client.wantState(conn["id"], StateRequested)
}
