package aws

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/clock"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator"
)

// move takes a rig's state to another cloud, whose clock stands at the same
// time.
func (r *rig) move() *rig {
	r.t.Helper()
	raw, err := r.cloud.Snapshot()
	ok(r.t, err)
	next := newRig(r.t)
	next.clock.Advance(r.clock.Now().Sub(next.clock.Now()))
	ok(r.t, next.cloud.Restore(raw))
	again, err := next.cloud.Snapshot()
	ok(r.t, err)
	if !bytes.Equal(raw, again) {
		r.t.Errorf("a restored cloud differs:\n%s", cmp.Diff(string(raw), string(again)))
	}
	return next
}

// TestSnapshotContinuesTimers moves a cloud in the middle of everything that
// takes time.
func TestSnapshotContinuesTimers(t *testing.T) {
	r := newRig(t)
	requested := r.create(nil)
	updating := r.available(nil)
	r.client.must("UpdateConnection", document{"identifier": updating["id"], "bandwidth": "2Gbps"})
	pending := r.create(nil)
	r.redeem(pending)
	r.notify(pending)
	deleting := r.create(nil)
	r.client.must("DeleteConnection", document{"identifier": deleting["id"]})
	r.clock.Advance(time.Minute)
	accepted := r.accept(partnerKey(t, nil))

	r = r.move()
	r.client.wantState(updating["id"], StateUpdating)
	r.clock.Advance(testTiming.Deleting - time.Minute - 1)
	r.client.wantState(deleting["id"], StateDeleting)
	r.clock.Advance(1)
	r.client.wantState(deleting["id"], StateDeleted)
	r.clock.Advance(testTiming.Update - testTiming.Deleting)
	r.client.wantState(updating["id"], StateAvailable)
	if got := r.client.get(updating["id"])["bandwidth"]; got != "2Gbps" {
		t.Errorf("bandwidth %v", got)
	}
	r.clock.Advance(testTiming.Provisioning - testTiming.Update - 1)
	r.client.wantState(pending["id"], StatePending)
	r.clock.Advance(1)
	r.client.wantState(pending["id"], StateAvailable)
	r.client.refused("ResourceNotFoundException", "GetConnection", document{"identifier": deleting["id"]})
	r.notify(accepted)
	r.clock.Advance(time.Minute)
	r.client.wantState(accepted["id"], StateAvailable)
	if r.peer.asked("notify "+pending["sharedId"].(string)) != 1 {
		t.Errorf("the partner of the restored cloud was not told: %v", r.peer.calls)
	}
	r.clock.Advance(7 * 24 * time.Hour)
	r.client.refused("ResourceNotFoundException", "GetConnection", document{"identifier": requested["id"]})
}

// TestSnapshotKeepsWhatClientsHold holds that tokens of both kinds go on being
// good, and that every kind of resource is there.
func TestSnapshotKeepsWhatClientsHold(t *testing.T) {
	r := newRig(t)
	gateway := r.gateway()
	ok(t, r.associateTransit(testRegion, gateway, 65000))
	in := createInput(gateway, document{"clientToken": "once", "tags": document{"a": "1"}})
	made := r.client.connection("CreateConnection", in)
	goneIn := createInput(gateway, document{"clientToken": "gone"})
	gone := r.client.connection("CreateConnection", goneIn)
	r.client.must("DeleteConnection", document{"identifier": gone["id"]})
	r.clock.Advance(testTiming.Deleting + testTiming.Lingering)
	second := r.create(nil)
	ok(t, r.cloud.SetEnvironmentBandwidths(testEnv, []bandwidth.Bandwidth{bandwidth.Gbps}, []bandwidth.Bandwidth{bandwidth.Gbps}))
	page := r.client.must("ListConnections", document{"maxResults": 1})
	before := r.cloud.Resources()

	r = r.move()
	if diff := cmp.Diff(before, r.cloud.Resources()); diff != "" {
		t.Errorf("resources (-before +after):\n%s", diff)
	}
	if again := r.client.connection("CreateConnection", in); again["id"] != made["id"] || !cmp.Equal(again["tags"], made["tags"]) {
		t.Errorf("the client token answers %v, want %v", again, made)
	}
	if again := r.client.connection("CreateConnection", goneIn); again["id"] != gone["id"] || again["state"] != "deleted" {
		t.Errorf("the client token of a connection that is gone answers %v", again)
	}
	next := r.client.must("ListConnections", document{"maxResults": 1, "nextToken": page["nextToken"]})
	if got := members(next, "connections", "id"); !cmp.Equal(got, []string{second["id"].(string)}) {
		t.Errorf("the second page is %v", got)
	}
	r.client.refused("InterconnectValidationException", "CreateConnection", createInput(gateway, document{"bandwidth": "2Gbps"}))
	r.clock.Advance(testTiming.Operation)
	if got := r.cloud.Resources(); !strings.Contains(fmt.Sprint(got), "associated") {
		t.Errorf("the association does not go on: %v", got)
	}
}

// TestSnapshotWithoutRequestsUnderWay takes a snapshot while the partner is
// asked: the connection that may yet come to nothing is not in it.
func TestSnapshotWithoutRequestsUnderWay(t *testing.T) {
	r := newRig(t)
	var raw []byte
	gate := make(chan error, 1)
	r.peer.create = func(coordinator.Connection) error {
		var err error
		raw, err = r.cloud.Snapshot()
		gate <- err
		return nil
	}
	r.accept(partnerKey(t, nil))
	ok(t, <-gate)
	next := newRig(t)
	ok(t, next.cloud.Restore(raw))
	if got := next.client.must("ListConnections", document{})["connections"].([]any); len(got) != 0 {
		t.Errorf("connections %v", got)
	}
	next.client.must("AcceptConnectionProposal", acceptInput(next.gateway(), partnerKey(t, nil)))
}

func TestSnapshotDuringACallToThePartner(t *testing.T) {
	r := newRig(t)
	conn := r.available(nil)
	var raw []byte
	r.peer.remove = func() error {
		var err error
		raw, err = r.cloud.Snapshot()
		return err
	}
	r.client.must("DeleteConnection", document{"identifier": conn["id"]})
	r.clock.Advance(0)
	next := newRig(t)
	ok(t, next.cloud.Restore(raw))
	next.clock.Advance(r.clock.Now().Sub(next.clock.Now()))
	if next.peer.asked("delete "+conn["sharedId"].(string)) != 1 {
		t.Errorf("the call was not made again: %v", next.peer.calls)
	}
}

// TestRestoreReplacesTimers holds that what the cloud was about to do before it
// was restored does not happen.
func TestRestoreReplacesTimers(t *testing.T) {
	r := newRig(t)
	conn := r.create(nil)
	raw, err := r.cloud.Snapshot()
	ok(t, err)
	r.client.must("DeleteConnection", document{"identifier": conn["id"]})
	ok(t, r.cloud.Restore(raw))
	r.clock.Advance(time.Hour)
	r.client.wantState(conn["id"], StateRequested)
}

// TestRestoreLate restores into a cloud whose clock has passed what was to
// happen.
func TestRestoreLate(t *testing.T) {
	r := newRig(t)
	conn := r.create(nil)
	r.client.must("DeleteConnection", document{"identifier": conn["id"]})
	raw, err := r.cloud.Snapshot()
	ok(t, err)
	next := newRig(t)
	next.clock.Advance(24 * time.Hour)
	ok(t, next.cloud.Restore(raw))
	next.clock.Advance(0)
	next.client.wantState(conn["id"], StateDeleted)
}

func TestRestoreRefuses(t *testing.T) {
	r := newRig(t)
	kept := r.create(document{"clientToken": "t"})
	good, err := r.cloud.Snapshot()
	ok(t, err)
	change := func(old, by string) string {
		if !strings.Contains(string(good), old) {
			t.Fatalf("the snapshot has no %s", old)
		}
		return strings.ReplaceAll(string(good), old, by)
	}
	tests := map[string]struct{ data, says string }{
		"nothing":                 {"", "JSON"},
		"not an object":           {"[]", "JSON"},
		"a later version":         {change(`"version":1,`, `"version":2,`), "version 2"},
		"no version":              {`{"cloud":"aws"}`, "version 0"},
		"another cloud":           {change(`"cloud":"aws"`, `"cloud":"google"`), "google"},
		"an unknown environment":  {change(testEnv, "mce-nowhere"), "mce-nowhere"},
		"a token of no one":       {change(`"connections":[`, `"connections":[],"x":[`), "client token"},
		"a null":                  {change(`"timers":[`, `"timers":[null,`), "timer"},
		"a member of wrong shape": {change(`"sequence":`, `"sequence":"x","y":`), "sequence"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			err := r.cloud.Restore([]byte(tc.data))
			if err == nil || !strings.Contains(err.Error(), tc.says) {
				t.Errorf("got %v, want an error that says %q", err, tc.says)
			}
			r.client.wantState(kept["id"], StateRequested)
		})
	}
}

// crowd is a cloud with n requested connections, each with its key's timer and
// its client token.
func crowd(tb testing.TB, n int) (*Cloud, Config) {
	tb.Helper()
	seed := [32]byte{1}
	cfg := Config{Clock: clock.NewManual(time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)), Rand: rand.NewChaCha8(seed)}
	c := New(cfg)
	c.mu.Lock()
	defer c.mu.Unlock()
	who := caller{account: DefaultAccountID, region: testRegion}
	g := c.addGateway(who.account, "gw", defaultASN, nil, gatewayAvailable)
	for i := range n {
		conn := c.add(who, blueprint{env: c.state.environments[testEnv], sharedID: c.ids.uuid(), size: bandwidth.Gbps, gateway: g.id,
			tags: map[string]string{"crosscloud": "link"}, issued: true, state: StateRequested})
		c.later(c.cfg.Switches.KeyTTL, timer{Kind: timerKeyExpires, ID: conn.id})
		use := &tokenUse{fingerprint: conn.id, expires: cfg.Clock.Now().Add(time.Hour), done: make(chan struct{}), conn: conn}
		c.state.tokens[tokenKey{who.account, who.region, "CreateConnection", fmt.Sprint(i)}] = use
	}
	return c, cfg
}

// TestRestoreCrowd restores 10,000 connections; BenchmarkRestore says how long
// it takes.
func TestRestoreCrowd(t *testing.T) {
	c, cfg := crowd(t, 10_000)
	raw, err := c.Snapshot()
	ok(t, err)
	if !json.Valid(raw) {
		t.Fatal("the snapshot is not JSON")
	}
	next := New(cfg)
	ok(t, next.Restore(raw))
	if diff := cmp.Diff(c.Resources(), next.Resources()); diff != "" {
		t.Errorf("resources (-before +after):\n%s", diff)
	}
}

func BenchmarkRestore(b *testing.B) {
	c, cfg := crowd(b, 10_000)
	raw, err := c.Snapshot()
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		if err := New(cfg).Restore(raw); err != nil {
			b.Fatal(err)
		}
	}
}
