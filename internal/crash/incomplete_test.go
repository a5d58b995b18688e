package crash

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/acceptance"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox"
	sandboxaws "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/aws"
	sandboxgoogle "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/google"
)

// impatient is a configuration whose creation has little time.
func impatient(onIncomplete any) map[string]any {
	return settings(func(c, _, _ map[string]any) {
		c["on_incomplete"] = onIncomplete
		c["timeouts"] = map[string]any{"create": "3s"}
	})
}

// TestCreationThatRunsOutOfTime keeps a link in provisioning for longer than the
// creation waits.
func TestCreationThatRunsOutOfTime(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		onIncomplete any
		stop         bool // the run is interrupted instead of out of time
		tainted      bool
		says         []string
	}{
		"by default":  {says: []string{"WARNING: The link crash is not up yet", "time for this operation ran out", "Apply again: the next apply goes on waiting", "postcondition", "PENDING_CONFIG"}},
		"interrupted": {onIncomplete: "warn", stop: true, says: []string{"WARNING: The link crash is not up yet", "interrupted"}},
		"strictly":    {onIncomplete: "error", tainted: true, says: []string{"ERROR: The time for this operation ran out", "tainted: the next apply removes what exists", "terraform untaint"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := peaceful(t, nil)
			stall(t, w, true)
			e, l := listened(t, w)
			ctx := t.Context()
			if tt.stop {
				go stopWhenJoined(w, e)
			}
			_, err := e.apply(ctx, w.config(e, impatient(tt.onIncomplete)))
			if said := l.all(); err != nil != tt.tainted || !contains(said, tt.says...) {
				t.Errorf("error %v; want each of %q in:\n%s", err, tt.says, said)
			}
			first := w.text("aws.connection_id")
			if w.file.tainted != tt.tainted || first == "" || w.text("google.transport_id") == "" {
				t.Fatalf("tainted: %v; connection %q, transport %q", w.file.tainted, first, w.text("google.transport_id"))
			}
			// The next apply finds the link still on its way, and goes on.
			stall(t, w, false)
			w.settle(t, impatient(tt.onIncomplete))
			if kept := w.text("aws.connection_id") == first; kept == tt.tainted {
				t.Errorf("the same connection: %v; want %v", kept, !tt.tainted)
			}
		})
	}
}

// TestResumedCreationMayRunOutOfTimeAgain keeps a link in provisioning for two
// applies: an update that runs out of time is an error, and taints nothing.
func TestResumedCreationMayRunOutOfTimeAgain(t *testing.T) {
	t.Parallel()
	w := peaceful(t, nil)
	stall(t, w, true)
	c := impatient(nil)
	c["timeouts"] = map[string]any{"create": "3s", "update": "300ms"}
	if _, err := w.apply(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	first := w.text("aws.connection_id")
	e, l := listened(t, w)
	if _, err := e.apply(t.Context(), w.config(e, c)); err == nil {
		t.Fatal("the update does not say that it ran out of time")
	}
	if said := l.all(); !contains(said, "Apply again to go on from there") || strings.Contains(said, "taint") {
		t.Errorf("an update said:\n%s", said)
	}
	stall(t, w, false)
	w.settle(t, impatient(nil))
	if w.text("aws.connection_id") != first {
		t.Error("the link was replaced")
	}
}

// TestHalfOpenCreationIsAnError refuses the second half for longer than the
// creation lasts: a half-open link is no success.
func TestHalfOpenCreationIsAnError(t *testing.T) {
	t.Parallel()
	w := peaceful(t, nil)
	if err := w.stage.AWS.SetStalled("", sandboxaws.StateRequested, true); err != nil {
		t.Fatal(err)
	}
	w.stage.Google.SetTransportQuota(0)
	e, l := listened(t, w)
	if _, err := e.apply(t.Context(), w.config(e, impatient(nil))); err == nil {
		t.Fatal("a half-open link passes for a success")
	}
	if said := l.all(); !contains(said, "ERROR", w.text("aws.connection_id")+": requested", "transport: absent", "tainted: the next apply removes what exists", "terraform untaint") {
		t.Errorf("the error does not say what exists and what comes next:\n%s", said)
	}
	w.stage.Google.SetTransportQuota(-1)
	if err := w.stage.AWS.SetStalled("", sandboxaws.StateRequested, false); err != nil {
		t.Fatal(err)
	}
	w.settle(t, impatient(nil))
}

// TestOneLookIsNoProof hides a link's connection for two reads, as a cloud does that
// is eventually consistent: a refresh straight after a creation must not take it
// for gone, and its plan must not replace a link that is there.
func TestOneLookIsNoProof(t *testing.T) {
	t.Parallel()
	var blind atomic.Int32
	w := &world{dir: &director{}, file: &stored{}, other: &stored{}}
	w.stage = acceptance.New(t, func(c *sandbox.Config) {
		c.AWS.Timing, c.Google.Timing = brisk(), brisk()
		c.AWS.Intercept = func(call sandboxaws.Call) *sandboxaws.Fault {
			if call.Operation == "GetConnection" && blind.Add(-1) >= 0 {
				return &sandboxaws.Fault{Err: &sandboxaws.Error{Status: 404, Code: "ResourceNotFoundException", Message: "not shown yet"}}
			}
			return nil
		}
	})
	c := settings(nil)
	if _, err := w.apply(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	first := w.text("aws.connection_id")
	blind.Store(2)
	e, l := listened(t, w)
	changed, err := e.apply(t.Context(), w.config(e, c))
	if said := l.all(); changed || err != nil || said != "" {
		t.Errorf("changed: %v; error %v; said:\n%s", changed, err, said)
	}
	if blind.Load() >= 0 {
		t.Error("nothing was hidden: the test shows nothing")
	}
	if now := w.text("aws.connection_id"); now != first {
		t.Errorf("the connection is %q; it was %q", now, first)
	}
}

// TestProposerThatWaitsForOthers waits for another team longer than the creation
// lasts. Our end is whole, so it is kept: unless the configuration says otherwise.
func TestProposerThatWaitsForOthers(t *testing.T) {
	t.Parallel()
	for _, ours := range []string{"aws", "google"} {
		for onIncomplete, says := range map[string][]string{
			"warn":  {"WARNING: The link crash is not up yet", "Apply again: the next apply goes on waiting"},
			"error": {"ERROR: The time for this operation ran out", "tainted: the next apply removes what exists", "terraform untaint"},
		} {
			t.Run(ours+", "+onIncomplete, func(t *testing.T) {
				t.Parallel()
				w := lonely(t, scenario{alone: ours})
				c := proposer(ours)
				c["wait_for"], c["on_incomplete"], c["timeouts"] = "paired", onIncomplete, map[string]any{"create": "3s"}
				e, l := listened(t, w)
				tainted := onIncomplete == "error"
				_, err := e.apply(t.Context(), w.config(e, c))
				if said := l.all(); err != nil != tainted || w.file.tainted != tainted || !contains(said, says...) {
					t.Errorf("error %v, tainted: %v; want each of %q in:\n%s", err, w.file.tainted, says, said)
				}
				if status := w.text("pairing.status"); status != "awaiting_"+otherCloud(ours) || w.text("id") == "" {
					t.Errorf("the pairing of %q is %q", w.text("id"), status)
				}
				if left := len(w.stage.Left()); left != 1 {
					t.Errorf("there are %d ends", left)
				}
			})
		}
	}
}

// TestUsedKeyIsNotWasted fails the creation of an acceptor after it has redeemed
// the key. By default the end is kept, since no other can be made with that key.
func TestUsedKeyIsNotWasted(t *testing.T) {
	t.Parallel()
	for _, ours := range []string{"aws", "google"} {
		for onIncomplete, says := range map[string][]string{
			"warn":  {"WARNING: The link crash is not finished", "opens one link, once. So it is kept", "credentials", "Then apply again"},
			"error": {"ERROR", "credentials", "tainted: the next apply removes what exists, and the activation key of the other team is void", "terraform untaint"},
		} {
			t.Run(ours+", "+onIncomplete, func(t *testing.T) {
				t.Parallel()
				w := lonely(t, scenario{alone: ours, after: acceptor(ours)})
				stall(t, w, true)
				c := acceptor(ours)
				c["on_incomplete"] = onIncomplete
				e, l := listened(t, w)
				go func() {
					eventually(w.partner.joined)
					w.dir.set(1, expired, func() {})
				}()
				tainted := onIncomplete == "error"
				_, err := e.apply(t.Context(), w.config(e, c))
				if said := l.all(); err != nil != tainted || w.file.tainted != tainted || !contains(said, says...) {
					t.Errorf("error %v, tainted: %v; want each of %q in:\n%s", err, w.file.tainted, says, said)
				}
				w.dir.set(0, none, func() {})
				stall(t, w, false)
				if tainted {
					return
				}
				before := w.text("id")
				if err := w.settles(t, scenario{after: c, status: "unverified"}, w.file, err); err != nil || w.text("id") != before || before == "" {
					t.Errorf("%q became %q: %v", before, w.text("id"), err)
				}
			})
		}
	}
}

// lonely is a world of one team's, before its scenario.
func lonely(t *testing.T, s scenario) *world {
	t.Helper()
	w, err := newWorld(t, s)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// stall keeps both clouds from ending a provisioning.
func stall(t *testing.T, w *world, on bool) {
	t.Helper()
	if err := w.stage.AWS.SetStalled("", sandboxaws.StatePending, on); err != nil {
		t.Error(err)
	}
	if err := w.stage.Google.Stall(sandboxgoogle.StatePendingConfig, on); err != nil {
		t.Error(err)
	}
}

// stopWhenJoined asks the provider to stop once both ends are joined.
func stopWhenJoined(w *world, e *engine) {
	for {
		for _, r := range w.stage.AWS.Resources() {
			if r.Kind == "connection" && r.State == string(sandboxaws.StatePending) {
				// The provider sees it at its next look.
				<-time.After(300 * time.Millisecond)
				_, _ = e.server.StopProvider(context.Background(), nil)
				return
			}
		}
		<-time.After(5 * time.Millisecond)
	}
}

// settle applies with more time until nothing changes, and wants the link
// matched.
func (w *world) settle(t *testing.T, c map[string]any) {
	t.Helper()
	delete(c, "timeouts")
	for range 3 {
		changed, err := w.apply(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		if !changed {
			if s := w.text("pairing.status"); s != "matched" {
				t.Errorf("the pairing is %q", s)
			}
			return
		}
	}
	t.Error("still changing after 3 applies")
}

func contains(text string, parts ...string) bool {
	for _, p := range parts {
		if !strings.Contains(text, p) {
			return false
		}
	}
	return true
}
