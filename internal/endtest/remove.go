package endtest

import (
	"fmt"
	"testing"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

// leaving is what an object may be once its deletion has begun.
func leaving(o link.Observation) bool { return gone(o) || o.State == link.Deleting }

// deletes removes the shared link, the tested end twice at each step.
func deletes(r *run, t *testing.T) {
	p := r.reach(t, joined)
	for _, side := range p.teardown() {
		e, ref := p.ends[side], p.look(t, side).Ref
		first, err := e.Delete(t.Context(), ref, p.try())
		if err != nil || first.ID != ref.ID || !leaving(first) {
			t.Fatalf("deleting %s: %s is %s (%v)", ref.ID, first.ID, first.State, err)
		}
		r.deleteAgain(t, p, side, ref)
		p.seen[side] = first
		r.wait(t, p, side, "gone", gone)
		r.deleteAgain(t, p, side, ref)
	}
	r.reached = removed
}

// deleteAgain deletes what is being deleted, or is: by the same attempt, and by
// another, as one who knows nothing of the first would.
func (r *run) deleteAgain(t *testing.T, p *pair, side link.Side, ref link.Ref) {
	t.Helper()
	other := p.try()
	other.Number++
	for _, try := range []link.Attempt{p.try(), other} {
		o, err := p.ends[side].Delete(t.Context(), ref, try)
		if err == nil && !leaving(o) || err != nil && !cloud.IsNotFound(err) {
			t.Errorf("deleting %s again: it is %s (%v)", ref.ID, o.State, err)
		}
	}
}

func deletedIsGone(r *run, t *testing.T) {
	p := r.reach(t, removed)
	e, was := r.own(), p.seen[r.bench.Side]
	for name, look := range map[string]func() (link.Observation, error){
		"Observe": func() (link.Observation, error) { return e.Observe(t.Context(), was.Ref) },
		"Poll":    func() (link.Observation, error) { return e.Poll(t.Context(), was.Ref) },
		"Find":    func() (link.Observation, error) { return only(e.Find(t.Context(), p.marker)) },
	} {
		if o, err := look(); err != nil || !gone(o) {
			t.Errorf("%s: it is %s (%v)", name, o.State, err)
		}
	}
	if says, err := p.key.Decode(); err == nil {
		if o, err := e.Match(t.Context(), says.SharedID); err != nil || o.State != link.Absent {
			t.Errorf("Match: it is %s (%v)", o.State, err)
		}
	}
}

// nextAttempt repeats the attempt that made an object which its cloud has
// forgotten by now, and then makes the next.
func nextAttempt(r *run, t *testing.T) {
	p := r.reach(t, removed)
	side := r.bench.Side
	old := p.seen[side]
	r.eventually(t, func() string {
		if o, err := p.ends[side].Observe(t.Context(), old.Ref); err != nil || o.State != link.Absent {
			return fmt.Sprintf("the deleted object is still %s (%v)", o.State, err)
		}
		return ""
	})
	if o, err := r.create(t, p, p.key); err != nil || !leaving(o) {
		t.Errorf("the attempt that made the deleted object answers with %s, which is %s (%v)", o.ID, o.State, err)
	}
	before := p.key
	next := &pair{marker: p.marker, ends: p.ends, attempt: p.attempt + 1}
	r.made = append(r.made, next)
	r.propose(t, next)
	r.join(t, next)
	if next.key == before {
		t.Error("the next attempt has the activation key of the one before")
	}
	o := next.look(t, side)
	if !r.own().Descriptor().Named && o.ID == old.ID {
		t.Errorf("the next attempt answers with the same object %s", o.ID)
	}
	r.remove(t, next)
}

// create makes the tested half of a link, whichever side it takes.
func (r *run) create(t *testing.T, p *pair, key activation.Key) (link.Observation, error) {
	t.Helper()
	if r.bench.Side == link.Initiator {
		return r.own().Propose(t.Context(), r.offer(t, p))
	}
	return r.own().Redeem(t.Context(), r.acceptance(t, p, key))
}
