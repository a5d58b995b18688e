package aws

import (
	"context"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/clock"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator"
)

func TestIssuedConnectionComesUp(t *testing.T) {
	for name, partnerFirst := range map[string]bool{"partner first": true, "partner last": false} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			conn := r.create(nil)
			r.redeem(conn)
			r.client.wantState(conn["id"], StatePending)
			if partnerFirst {
				r.notify(conn)
			}
			r.clock.Advance(testTiming.Provisioning - 1)
			r.client.wantState(conn["id"], StatePending)
			r.clock.Advance(1)
			if n := r.peer.asked("notify " + conn["sharedId"].(string)); n != 1 {
				t.Errorf("the partner was notified %d times", n)
			}
			if !partnerFirst {
				r.client.wantState(conn["id"], StatePending)
				r.notify(conn)
			}
			r.client.wantState(conn["id"], StateAvailable)
			if _, f := r.client.try("GetConnection", document{"identifier": conn["id"]}); f != nil {
				t.Fatal(f)
			}
			view, err := r.cloud.GetConnection(t.Context(), testPeerEnv, conn["sharedId"].(string))
			ok(t, err)
			want := partnerView(t, conn)
			want.Verified = true
			if diff := cmp.Diff(want, view); diff != "" {
				t.Errorf("as the partner sees it (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFailedProvisioningStaysFailed(t *testing.T) {
	r := newRig(t)
	conn := r.create(nil)
	r.redeem(conn)
	ok(t, r.cloud.FailConnection(conn["id"].(string)))
	r.notify(conn)
	r.clock.Advance(testTiming.Provisioning)
	r.client.wantState(conn["id"], StateFailed)
	if n := r.peer.asked("notify " + conn["sharedId"].(string)); n != 0 {
		t.Errorf("the partner was notified of a failed half %d times", n)
	}
}

func TestLateNotificationDoesNotUndoADeletion(t *testing.T) {
	r := newRig(t)
	conn := r.create(nil)
	r.redeem(conn)
	r.clock.Advance(testTiming.Provisioning)
	r.client.must("DeleteConnection", document{"identifier": conn["id"]})
	r.notify(conn)
	r.client.wantState(conn["id"], StateDeleting)
}

func TestConfirmActivationKey(t *testing.T) {
	r := newRig(t)
	conn := r.create(nil)
	key := conn["activationKey"].(string)
	forged, err := activation.Payload{Version: 1, SharedID: conn["sharedId"].(string), EnvironmentURI: "providers/aws/environments/" + testPeerEnv,
		Bandwidth: 10 * bandwidth.Gbps, AccountID: "my-project"}.Encode()
	ok(t, err)
	tests := map[string]struct {
		environment, key string
		want             bool
	}{
		"good":                {testPeerEnv, key, true},
		"good again":          {testPeerEnv, key, true},
		"another environment": {"aws-gcp-eu-west", key, false},
		"forged bandwidth":    {testPeerEnv, forged.Reveal(), false},
		"garbage":             {testPeerEnv, "garbage", false},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := r.cloud.ConfirmActivationKey(t.Context(), tc.environment, tc.key)
			if err != nil || got != tc.want {
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
	r.redeem(conn)
	if got, _ := r.cloud.ConfirmActivationKey(t.Context(), testPeerEnv, key); got {
		t.Error("a used key is valid")
	}
}

func TestPartnerCalls(t *testing.T) {
	type call func(context.Context, *Cloud, coordinator.Connection) error
	create := func(ctx context.Context, c *Cloud, asked coordinator.Connection) error {
		_, err := c.CreateConnection(ctx, asked)
		return err
	}
	update := func(ctx context.Context, c *Cloud, asked coordinator.Connection) error {
		_, err := c.UpdateConnection(ctx, asked)
		return err
	}
	get := func(ctx context.Context, c *Cloud, asked coordinator.Connection) error {
		_, err := c.GetConnection(ctx, asked.Environment, asked.ID)
		return err
	}
	remove := func(ctx context.Context, c *Cloud, asked coordinator.Connection) error {
		return c.DeleteConnection(ctx, asked.Environment, asked.ID)
	}
	notify := func(ctx context.Context, c *Cloud, asked coordinator.Connection) error {
		return c.NotifyConnectionStatus(ctx, asked.Environment, asked.ID)
	}
	unknown := func(c *coordinator.Connection) { c.ID = unknownUUID }
	elsewhere := func(c *coordinator.Connection) { c.Environment = "aws-gcp-eu-west" }
	size := func(mbps int) func(*coordinator.Connection) {
		return func(c *coordinator.Connection) { c.BandwidthMbps = mbps }
	}
	tests := map[string]struct {
		state  State
		call   call
		change func(*coordinator.Connection)
		want   int // status, 0 for success
	}{
		"create":                     {StateRequested, create, nil, 0},
		"create what is unknown":     {StateRequested, create, unknown, 404},
		"create elsewhere":           {StateRequested, create, elsewhere, 404},
		"create with another key":    {StateRequested, create, func(c *coordinator.Connection) { c.ActivationKey = "x" }, 400},
		"create with another size":   {StateRequested, create, size(2000), 400},
		"create twice":               {StatePending, create, nil, 409},
		"create what is up":          {StateAvailable, create, nil, 409},
		"create what is deleted":     {StateDeleted, create, nil, 404},
		"update":                     {StateAvailable, update, size(2000), 0},
		"update to what it has":      {StateAvailable, update, nil, 0},
		"update what is down":        {StateDown, update, size(2000), 0},
		"update to what is not sold": {StateAvailable, update, size(3000), 400},
		"update what is requested":   {StateRequested, update, size(2000), 400},
		"update what is failed":      {StateFailed, update, size(2000), 400},
		"update what is deleting":    {StateDeleting, update, size(2000), 400},
		"update what is pending":     {StatePending, update, size(2000), 409},
		"update what is updating":    {StateUpdating, update, size(5000), 409},
		"update what is unknown":     {StateAvailable, update, unknown, 404},
		"get":                        {StatePending, get, nil, 0},
		"get what is deleted":        {StateDeleted, get, nil, 404},
		"delete what is unknown":     {StateAvailable, remove, unknown, 404},
		"delete what is deleted":     {StateDeleted, remove, nil, 404},
		"notify of what is unknown":  {StatePending, notify, unknown, 404},
		"notify of what is up":       {StateAvailable, notify, nil, 0},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			asked := partnerView(t, r.brought(tc.state))
			if tc.change != nil {
				tc.change(&asked)
			}
			err := tc.call(t.Context(), r.cloud, asked)
			if (err == nil) != (tc.want == 0) || coordinatorStatus(err) != tc.want {
				t.Errorf("got %v, want status %d", err, tc.want)
			}
		})
	}
}

func TestPartnerUpdatesBandwidth(t *testing.T) {
	r := newRig(t)
	conn := r.available(nil)
	asked := partnerView(t, conn)
	asked.BandwidthMbps = 5000
	_, err := r.cloud.UpdateConnection(t.Context(), asked)
	ok(t, err)
	r.client.wantState(conn["id"], StateUpdating)
	r.clock.Advance(testTiming.Update)
	if got := r.client.get(conn["id"]); got["state"] != "available" || got["bandwidth"] != "5Gbps" {
		t.Errorf("connection %v", got)
	}
	free := r.available(document{"bandwidth": "500Mbps"})
	asked = partnerView(t, free)
	asked.BandwidthMbps = 5000
	if _, err := r.cloud.UpdateConnection(t.Context(), asked); coordinatorStatus(err) != 400 {
		t.Errorf("resizing the free tier: %v", err)
	}
}

// TestTwoCloudsMeet links two clouds that know each other by the open API alone.
func TestTwoCloudsMeet(t *testing.T) {
	manual := clock.NewManual(newRig(t).clock.Now())
	shareClock := func(cfg *Config) { cfg.Clock = manual }
	issuer, acceptor := newRig(t, shareClock), newRig(t, shareClock)
	issuer.cloud.SetPeer(acceptor.cloud)
	acceptor.cloud.SetPeer(issuer.cloud)

	near := issuer.create(document{"remoteAccount": document{"identifier": DefaultAccountID}})
	key := near["activationKey"].(string)
	acceptor.client.must("DescribeConnectionProposal", document{"activationKey": key})
	far := acceptor.accept(key)
	if far["sharedId"] != near["sharedId"] {
		t.Errorf("shared ids %v and %v", near["sharedId"], far["sharedId"])
	}
	issuer.client.wantState(near["id"], StatePending)
	manual.Advance(testTiming.Provisioning)
	issuer.client.wantState(near["id"], StateAvailable)
	acceptor.client.wantState(far["id"], StateAvailable)

	issuer.client.must("UpdateConnection", document{"identifier": near["id"], "bandwidth": "10Gbps"})
	issuer.client.wantState(near["id"], StateUpdating)
	acceptor.client.wantState(far["id"], StateUpdating)
	manual.Advance(testTiming.Update)
	for _, got := range []document{issuer.client.get(near["id"]), acceptor.client.get(far["id"])} {
		if got["state"] != "available" || got["bandwidth"] != "10Gbps" {
			t.Errorf("after the update: %v", got)
		}
	}

	acceptor.client.must("DeleteConnection", document{"identifier": far["id"]})
	manual.Advance(testTiming.Deleting)
	acceptor.client.wantState(far["id"], StateDeleted)
	issuer.client.wantState(near["id"], StateDown)
	issuer.client.must("DeleteConnection", document{"identifier": near["id"]})
	manual.Advance(testTiming.Deleting + testTiming.Lingering)

	want := []State{StateRequested, StatePending, StateAvailable, StateUpdating, StateAvailable, StateDown, StateDeleting, StateDeleted, StateNone}
	if diff := cmp.Diff(want, statesOf(issuer.cloud)); diff != "" {
		t.Errorf("issuer (-want +got):\n%s", diff)
	}
	want = []State{StatePending, StateAvailable, StateUpdating, StateAvailable, StateDeleting, StateDeleted, StateNone}
	if diff := cmp.Diff(want, statesOf(acceptor.cloud)); diff != "" {
		t.Errorf("acceptor (-want +got):\n%s", diff)
	}
	for _, c := range []*Cloud{issuer.cloud, acceptor.cloud} {
		if slices.ContainsFunc(c.Resources(), func(r Resource) bool { return r.Kind == "connection" }) {
			t.Errorf("left over: %v", c.Resources())
		}
	}
}

func statesOf(c *Cloud) []State {
	var states []State
	for _, tr := range c.Transitions() {
		states = append(states, tr.To)
	}
	return states
}

// TestCloudsDoNotWaitForEachOther runs everything at once with no time at all,
// for the race detector.
func TestCloudsDoNotWaitForEachOther(t *testing.T) {
	quick := func(cfg *Config) {
		cfg.Clock = clock.Real{}
		cfg.Timing = coordinator.Timing{Lingering: 1}
	}
	issuer, acceptor := newRig(t, quick), newRig(t, quick)
	issuer.cloud.SetPeer(acceptor.cloud)
	acceptor.cloud.SetPeer(issuer.cloud)
	done := make(chan struct{})
	const links = 4
	for range links {
		go func() {
			defer func() { done <- struct{}{} }()
			near := issuer.create(document{"remoteAccount": document{"identifier": DefaultAccountID}})
			far := acceptor.accept(near["activationKey"].(string))
			issuer.client.try("UpdateConnection", document{"identifier": near["id"], "bandwidth": "2Gbps"})
			acceptor.client.try("UpdateConnection", document{"identifier": far["id"], "bandwidth": "5Gbps"})
			issuer.client.must("DeleteConnection", document{"identifier": near["id"]})
			acceptor.client.must("DeleteConnection", document{"identifier": far["id"]})
		}()
	}
	for range links {
		<-done
	}
}
