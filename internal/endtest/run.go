package endtest

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

// run is one run of the suite.
type run struct {
	bench  Bench
	ledger *ledger
	// shared is the link that most clauses look at, and reached how far it has
	// come. stuck says that bringing it further failed.
	shared  *pair
	reached stage
	stuck   bool
	// environments by Side, once they are known.
	environments [2]string
	// made are the links of which a half may exist.
	made []*pair
}

// pair is a link of the run: both ends, and what was last seen of them, by Side.
type pair struct {
	marker  link.Marker
	attempt int
	ends    [2]link.End
	seen    link.View
	// key that the initiator has issued.
	key activation.Key
}

// stage is how far a link has come.
type stage int

const (
	nowhere stage = iota
	// proposed: the initiator awaits its peer.
	proposed
	// joined: both ends are up.
	joined
	// removed: both ends are gone.
	removed
)

func newRun(t *testing.T, b Bench) *run {
	t.Helper()
	r := &run{bench: b, ledger: &ledger{}}
	r.shared = r.pair(b.Name)
	t.Cleanup(func() { r.clear(t) })
	return r
}

// setup is the good configuration of a link.
func (r *run) setup(name string) Setup {
	return Setup{
		Name: name, Owner: r.bench.Owner, Description: "conformance", Labels: map[string]string{"stage": "test"},
		Routes: []string{"10.10.0.0/16"},
	}
}

// pair makes both ends of a link with good configurations. It calls no cloud.
func (r *run) pair(name string) *pair {
	p := &pair{marker: link.Marker{Name: name, Owner: r.bench.Owner}}
	p.ends[r.bench.Side] = r.end(r.setup(name))
	p.ends[r.bench.Side.Other()] = &witness{r.bench.Partner(r.setup(name)), r.ledger}
	return p
}

// end makes a tested end; nil when it cannot be had.
func (r *run) end(s Setup) link.End {
	e := r.bench.Make(s)
	if e == nil {
		return nil
	}
	return &witness{e, r.ledger}
}

// faulty makes a tested end of the shared link with a fault.
func (r *run) faulty(t *testing.T, f Fault) link.End {
	t.Helper()
	return r.faultyNamed(t, r.bench.Name, f)
}

// faultyNamed is faulty for another link.
func (r *run) faultyNamed(t *testing.T, name string, f Fault) link.End {
	t.Helper()
	s := r.setup(name)
	s.Fault = f
	e := r.end(s)
	if e == nil {
		t.Skipf("this bench cannot give the end %s", f)
	}
	return e
}

// own is the tested end of the shared link, and partner the other.
func (r *run) own() link.End     { return r.shared.ends[r.bench.Side] }
func (r *run) partner() link.End { return r.shared.ends[r.bench.Side.Other()] }

// siteOf is where an end lives.
func siteOf(t *testing.T, e link.End) link.Site {
	t.Helper()
	s, err := e.Site(t.Context())
	if err != nil {
		t.Fatalf("%s has no site: %v", e.Descriptor().Name, err)
	}
	return s
}

// environment is a side's name of the environment.
func (r *run) environment(t *testing.T, side link.Side) string {
	t.Helper()
	if r.environments[side] == "" {
		terms, _, err := r.shared.ends[side].Check(t.Context(), link.CheckRequest{
			Side: side, Bandwidth: r.bench.Bandwidth, Peer: siteOf(t, r.shared.ends[side.Other()]), Creating: true,
		})
		if err != nil || terms.Environment == "" {
			t.Fatalf("%s has no environment for the link: %v", r.shared.ends[side].Descriptor().Name, err)
		}
		r.environments[side] = terms.Environment
	}
	return r.environments[side]
}

// reach brings the shared link as far as a clause needs it.
func (r *run) reach(t *testing.T, want stage) *pair {
	t.Helper()
	if r.stuck {
		t.Skip("the link could not be brought this far: see the clause that tried")
	}
	r.stuck = true
	for r.reached < want {
		switch r.reached {
		case nowhere:
			r.propose(t, r.shared)
		case proposed:
			r.join(t, r.shared)
		case joined:
			r.remove(t, r.shared)
		}
		r.reached++
	}
	r.stuck = false
	return r.shared
}

// at is a clause about the tested end's object when the link has come so far.
func at(s stage, check func(*run, *testing.T, *pair)) func(*run, *testing.T) {
	return func(r *run, t *testing.T) { check(r, t, r.reach(t, s)) }
}

// look reads one half completely and keeps what it sees.
func (p *pair) look(t *testing.T, side link.Side) link.Observation {
	t.Helper()
	o, err := p.ends[side].Observe(t.Context(), p.seen[side].Ref)
	if err != nil {
		t.Fatalf("%s cannot be observed: %v", p.ends[side].Descriptor().Name, err)
	}
	p.seen[side] = o
	return o
}

// wait polls one half until it is as it should be, and reads it. What a cloud
// does not show yet is waited for.
func (r *run) wait(t *testing.T, p *pair, side link.Side, what string, ok func(link.Observation) bool) link.Observation {
	t.Helper()
	o, name := p.seen[side], p.ends[side].Descriptor().Name
	ref := o.Ref
	r.again(t, func(ctx context.Context) bool {
		if ok(o) && o.Operation == "" {
			return true
		}
		polled, err := p.ends[side].Poll(ctx, ref)
		switch {
		case ctx.Err() != nil:
			t.Fatalf("%s is %s (%s) after %s, not %s", name, o.State, o.Raw, r.bench.Timeout, what)
		case cloud.Transient(err):
			return false
		case err != nil:
			t.Fatalf("waiting for %s to be %s: %v", name, what, err)
		}
		o, ref.Operation = polled, polled.Operation
		if !ok(o) && o.State.Dead() {
			t.Fatalf("%s is %s (%s) for good, not %s", name, o.State, o.Raw, what)
		}
		return ok(o) && o.Operation == ""
	})
	p.seen[side] = link.Observation{Ref: link.Ref{ID: ref.ID}, State: o.State}
	// A list may know what a read does not show yet.
	r.again(t, func(ctx context.Context) bool {
		return p.look(t, side).State != link.Absent || o.State == link.Absent || ctx.Err() != nil
	})
	return p.seen[side]
}

// again calls f, at the bench's pace, until it says that it is done. When the
// time runs out f is called a last time, with a context that has ended.
func (r *run) again(t *testing.T, f func(context.Context) bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), r.bench.Timeout)
	defer cancel()
	start := time.Now()
	for !f(ctx) && ctx.Err() == nil {
		_ = cloud.SystemClock{}.Sleep(ctx, r.bench.Pace.Interval(time.Since(start)))
	}
}

// eventually waits until f says nothing of what is wrong; clouds show some things
// late.
func (r *run) eventually(t *testing.T, f func() (wrong string)) {
	t.Helper()
	r.again(t, func(ctx context.Context) bool {
		wrong := f()
		if wrong != "" && ctx.Err() != nil {
			t.Error(wrong)
		}
		return wrong == ""
	})
}

// remove removes both halves in the order that their clouds ask for.
func (r *run) remove(t *testing.T, p *pair) {
	t.Helper()
	for _, side := range p.teardown() {
		if p.seen[side].ID == "" {
			continue
		}
		if _, err := p.ends[side].Delete(t.Context(), p.seen[side].Ref, p.try()); err != nil && !cloud.IsNotFound(err) {
			t.Fatalf("%s cannot be deleted: %v", p.ends[side].Descriptor().Name, err)
		}
		r.wait(t, p, side, "gone", gone)
	}
}

// teardown is the order in which halves are removed.
func (p *pair) teardown() []link.Side {
	sides := []link.Side{link.Initiator, link.Acceptor}
	slices.SortFunc(sides, func(a, b link.Side) int {
		return p.ends[a].Descriptor().TeardownOrder - p.ends[b].Descriptor().TeardownOrder
	})
	return sides
}

// try is the attempt that the link is at.
func (p *pair) try() link.Attempt { return link.Attempt{Link: p.marker, Number: p.attempt} }

// gone, up and awaiting are what halves are waited for to be.
func gone(o link.Observation) bool     { return o.State.Gone() }
func up(o link.Observation) bool       { return o.State == link.Up }
func awaiting(o link.Observation) bool { return o.State == link.AwaitingPeer }

// clear removes whatever the run has made, also what no clause got to know.
func (r *run) clear(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), r.bench.Timeout)
	defer cancel()
	d := &link.Driver{Pace: r.bench.Pace}
	for _, p := range r.made {
		if _, err := d.Teardown(ctx, link.Link{Marker: p.marker, Ends: p.ends}, p.seen); err != nil {
			t.Errorf("LEFT BEHIND of link %s: %v", p.marker.Name, err)
		}
	}
}
