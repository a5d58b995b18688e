package endtest

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

// pollAgrees compares Poll with Observe while nothing moves.
func pollAgrees(r *run, t *testing.T, p *pair) {
	o := p.look(t, r.bench.Side)
	r.eventually(t, func() string {
		polled, err := r.own().Poll(t.Context(), o.Ref)
		switch {
		case err != nil:
			return err.Error()
		case polled.Ref != o.Ref || polled.State != o.State || polled.Raw != o.Raw || polled.SharedID != o.SharedID || polled.Bandwidth != o.Bandwidth:
			return fmt.Sprintf("polled %s %s %s %s, observed %s %s %s %s",
				polled.ID, polled.State, polled.SharedID, polled.Bandwidth, o.ID, o.State, o.SharedID, o.Bandwidth)
		case !polled.Partial && (polled.Mark != o.Mark || polled.Environment != o.Environment || polled.Site != o.Site):
			return fmt.Sprintf("polled, as complete: %+v; observed: %+v", polled, o)
		}
		return ""
	})
}

// findMarked looks for the object by its marker, and for what it is not.
func findMarked(r *run, t *testing.T, p *pair) {
	o := p.look(t, r.bench.Side)
	r.eventually(t, func() string {
		found, err := r.own().Find(t.Context(), p.marker)
		if err != nil || len(found) != 1 || found[0].ID != o.ID || found[0].Mark != p.marker {
			return fmt.Sprintf("found %+v (%v), want %s with the mark %+v", found, err, o.ID, p.marker)
		}
		return ""
	})
	stranger := r.pair(p.marker.Name + "-else")
	if found, err := stranger.ends[r.bench.Side].Find(t.Context(), stranger.marker); err != nil || len(found) > 0 {
		t.Errorf("found %d objects of another name (%v)", len(found), err)
	}
	setup := r.setup(p.marker.Name)
	setup.Owner = "somebody/else"
	found, err := r.end(setup).Find(t.Context(), link.Marker{Name: setup.Name, Owner: setup.Owner})
	if err != nil || len(found) != 1 || found[0].ID != o.ID {
		t.Fatalf("another owner of the same name found %+v (%v), want %s", found, err, o.ID)
	}
	if found[0].Mark.Name != p.marker.Name || found[0].Mark.Owner == setup.Owner || found[0].Mark.Owner == "" {
		t.Errorf("to another owner the mark is %+v", found[0].Mark)
	}
}

// matchShared looks for the object by its shared id.
func matchShared(r *run, t *testing.T, p *pair) {
	o := p.look(t, r.bench.Side)
	for _, id := range []string{o.SharedID, strings.ToUpper(o.SharedID)} {
		r.eventually(t, func() string {
			matched, err := r.own().Match(t.Context(), id)
			if err != nil || matched.ID != o.ID || matched.State != o.State || matched.SharedID != o.SharedID {
				return fmt.Sprintf("%s matches %q, which is %s (%v); want %s, which is %s", id, matched.ID, matched.State, err, o.ID, o.State)
			}
			return ""
		})
	}
	for _, id := range []string{nobodysID, ""} {
		if matched, err := r.own().Match(t.Context(), id); err != nil || matched.State != link.Absent {
			t.Errorf("the shared id %q, which no link has, matches %s, which is %s (%v)", id, matched.ID, matched.State, err)
		}
	}
}

// manyAtOnce has many goroutines look at one object through one end.
func manyAtOnce(r *run, t *testing.T) {
	const many = 6
	p, e := r.reach(t, joined), r.own()
	o, request := p.look(t, r.bench.Side), r.request(t)
	request.Creating = false
	looks := []func(context.Context) (link.Observation, error){
		func(ctx context.Context) (link.Observation, error) { return e.Observe(ctx, o.Ref) },
		func(ctx context.Context) (link.Observation, error) { return e.Poll(ctx, o.Ref) },
		func(ctx context.Context) (link.Observation, error) { return e.Match(ctx, o.SharedID) },
		func(ctx context.Context) (link.Observation, error) { return only(e.Find(ctx, p.marker)) },
		func(ctx context.Context) (link.Observation, error) {
			_, _, err := e.Check(ctx, request)
			return o, err
		},
	}
	var wg sync.WaitGroup
	for range many {
		for _, look := range looks {
			wg.Go(func() {
				if got, err := look(t.Context()); err != nil || got.ID != o.ID || got.State != o.State {
					t.Errorf("got %s, which is %s (%v); want %s, which is %s", got.ID, got.State, err, o.ID, o.State)
				}
			})
		}
	}
	wg.Wait()
}
