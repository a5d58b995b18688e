package endtest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

func noDrift(r *run, t *testing.T) {
	o := r.reach(t, joined).look(t, r.bench.Side)
	for _, shared := range []string{"", o.SharedID} {
		if ds := r.own().Drift(o, shared); len(ds) > 0 {
			t.Errorf("with shared id %q there is drift: %+v", shared, ds)
		}
	}
}

func fixedDrift(r *run, t *testing.T) {
	o := r.reach(t, joined).look(t, r.bench.Side)
	for fault, field := range map[Fault]string{UnknownAttachPoint: r.bench.AttachField, UnjoinedRegion: "region"} {
		t.Run(field, func(t *testing.T) {
			ds := r.faulty(t, fault).Drift(o, o.SharedID)
			if len(ds) != 1 || ds[0].Field != field || ds[0].InPlace || ds[0].Want == "" || ds[0].Got == "" || ds[0].Want == ds[0].Got {
				t.Errorf("got %+v, want a difference in %s that cannot be repaired in place", ds, field)
			}
		})
	}
}

// amend gives the tested end another configuration, checks what Drift says of
// it, amends, and checks that nothing differs any more.
func (r *run) amend(t *testing.T, p *pair, s Setup, fields ...string) {
	t.Helper()
	e, before := r.end(s), p.look(t, r.bench.Side)
	drifts := e.Drift(before, before.SharedID)
	var got []string
	for _, d := range drifts {
		got = append(got, lastPart(d.Field))
		if !d.InPlace || d.Want == d.Got {
			t.Errorf("drift that amend repairs is not said to be in place: %+v", d)
		}
	}
	slices.Sort(got)
	// Clouds without routes to advertise have no drift in them.
	if got = without(got, "advertised_routes"); !slices.Equal(got, fields) {
		t.Errorf("drift is in %v, want %v", got, fields)
	}
	o, err := e.Amend(t.Context(), before, before.SharedID, p.try())
	if err != nil {
		t.Fatalf("amending: %v", err)
	}
	p.seen[r.bench.Side] = o
	after := r.wait(t, p, r.bench.Side, "up", up)
	r.eventually(t, func() string {
		after = p.look(t, r.bench.Side)
		if ds := e.Drift(after, after.SharedID); len(ds) > 0 {
			return fmt.Sprintf("drift that is left: %+v", ds)
		}
		return ""
	})
	if after.ID != before.ID || after.SharedID != before.SharedID || after.Mark != before.Mark || after.Bandwidth != before.Bandwidth {
		t.Errorf("amending changed more than it should: %+v, and now %+v", before, after)
	}
}

// lastPart is a field's name without the map that it is in.
func lastPart(field string) string { return field[strings.LastIndex(field, ".")+1:] }

func without(list []string, word string) []string {
	return slices.DeleteFunc(list, func(s string) bool { return s == word })
}

func amends(r *run, t *testing.T) {
	p := r.reach(t, joined)
	s := r.setup(p.marker.Name)
	s.Description, s.Labels = "conformance changed", map[string]string{"stage": "prod", "team": "net"}
	s.Routes = []string{"10.10.0.0/16", "10.20.0.0/16"}
	r.amend(t, p, s, "description", "stage", "team")

	// There and back with the same attempt: neither answer may come from what
	// the cloud remembers of an earlier one.
	back := r.setup(p.marker.Name)
	back.Retired = []string{"team"}
	r.amend(t, p, back, "description", "stage", "team")
	r.amend(t, p, s, "description", "stage", "team")
	r.amend(t, p, back, "description", "stage", "team")

	o := p.look(t, r.bench.Side)
	same, err := r.end(back).Amend(t.Context(), o, o.SharedID, p.try())
	if err != nil || same.ID != o.ID || same.State != link.Up {
		t.Errorf("amending where nothing differs: %s is %s (%v)", same.ID, same.State, err)
	}
}

func amendKeeps(r *run, t *testing.T) {
	p := r.reach(t, joined)
	others := r.setup(p.marker.Name)
	others.Labels = maps.Clone(others.Labels)
	others.Labels["theirs"] = "kept"
	r.amend(t, p, others, "theirs")

	ours := r.setup(p.marker.Name)
	ours.Description = "conformance again"
	ours.Labels = map[string]string{"stage": "prod"}
	r.amend(t, p, ours, "description", "stage")
	both := ours
	both.Labels = map[string]string{"stage": "prod", "theirs": "kept"}
	o := p.look(t, r.bench.Side)
	if ds := r.end(both).Drift(o, o.SharedID); len(ds) > 0 {
		t.Errorf("what others have set was not kept: %+v", ds)
	}
	back := r.setup(p.marker.Name)
	back.Retired = []string{"theirs"}
	r.amend(t, p, back, "description", "stage", "theirs")
}

func newBandwidth(r *run, t *testing.T) {
	if r.bench.Resized == 0 {
		t.Skip("this run leaves the bandwidth alone")
	}
	p := r.reach(t, joined)
	// There, back and there again, all with the same attempt: no change may be
	// answered from what the cloud remembers of an earlier one.
	for _, b := range []bandwidth.Bandwidth{r.bench.Resized, r.bench.Bandwidth, r.bench.Resized, r.bench.Bandwidth} {
		r.resize(t, p, b)
	}
}

// resize changes the bandwidth at the tested end, or at its partner where the
// tested end may not, and waits until both report it.
func (r *run) resize(t *testing.T, p *pair, b bandwidth.Bandwidth) {
	t.Helper()
	side, before := r.bench.Side, p.look(t, r.bench.Side)
	o, err := p.ends[side].SetBandwidth(t.Context(), p.seen[side].Ref, b, p.try())
	if cloud.KindOf(err) == cloud.Precondition {
		if after := p.look(t, side); after.Bandwidth != before.Bandwidth || after.State != link.Up {
			t.Errorf("it was refused, and it is %s with %s all the same", after.State, after.Bandwidth)
		}
		side = side.Other()
		o, err = p.ends[side].SetBandwidth(t.Context(), p.seen[side].Ref, b, p.try())
	}
	if err != nil {
		t.Fatalf("changing the bandwidth to %s: %v", b, err)
	}
	p.seen[side] = o
	for _, s := range []link.Side{side, side.Other()} {
		r.wait(t, p, s, "up with "+b.String(), func(o link.Observation) bool { return up(o) && o.Bandwidth == b })
	}
}

func unsoldBandwidth(r *run, t *testing.T) {
	p := r.reach(t, joined)
	o, err := r.own().SetBandwidth(t.Context(), p.look(t, r.bench.Side).Ref, r.bench.Unsold, p.try())
	kind := cloud.KindOf(err)
	if r.bench.Resized == 0 && kind == cloud.Precondition {
		kind = cloud.Invalid // it changes none, sold or not
	}
	if kind != cloud.Invalid {
		t.Errorf("it is %s with %s (%v); want an error of kind %s", o.State, o.Bandwidth, err, cloud.Invalid)
	}
	for side := range p.seen {
		if o := p.look(t, link.Side(side)); o.State != link.Up || o.Bandwidth != r.bench.Bandwidth {
			t.Errorf("%s is %s with %s", p.ends[side].Descriptor().Name, o.State, o.Bandwidth)
		}
	}
}
