package endtest

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

// nobodysID is a shared id that no link has.
const nobodysID = "00000000-0000-4000-8000-00000000e9d7"

func descriptor(r *run, t *testing.T) {
	d := r.own().Descriptor()
	if d.Cloud == "" || d.Name == "" || d.Object == "" {
		t.Errorf("it is not complete: %+v", d)
	}
	if d.Cloud != strings.ToLower(d.Cloud) || strings.ContainsAny(d.Cloud, " -.") {
		t.Errorf("fields are made of the cloud's key, and %q cannot be a part of one", d.Cloud)
	}
	other := r.setup(r.bench.Name + "-else")
	other.Description, other.Labels = "", nil
	if again, others := r.own().Descriptor(), r.end(other).Descriptor(); d != again || d != others {
		t.Errorf("it differs from time to time or from link to link: %+v, %+v, %+v", d, again, others)
	}
	p := r.partner().Descriptor()
	if d.Cloud == p.Cloud || d.Name == p.Name {
		t.Errorf("the partner has the same names: %+v, %+v", d, p)
	}
	if d.TeardownOrder == p.TeardownOrder {
		t.Errorf("it does not say which of %s and %s is removed first", d.Name, p.Name)
	}
}

func site(r *run, t *testing.T) {
	first := siteOf(t, r.own())
	if first.Account == "" || first.Region == "" {
		t.Errorf("it is not complete: %+v", first)
	}
	before, _ := r.calls()
	if again := siteOf(t, r.own()); again != first {
		t.Errorf("it was %+v and is %+v", first, again)
	}
	if after, _ := r.calls(); after != before {
		t.Errorf("asking again cost %d calls", after-before)
	}
}

// calls counts calls, where somebody counts.
func (r *run) calls() (all, changing int) {
	if r.bench.Calls == nil {
		return 0, 0
	}
	return r.bench.Calls()
}

// request is a check of the shared link before it is made.
func (r *run) request(t *testing.T) link.CheckRequest {
	t.Helper()
	return link.CheckRequest{Side: r.bench.Side, Bandwidth: r.bench.Bandwidth, Peer: siteOf(t, r.partner()), Creating: true}
}

func goodConfiguration(r *run, t *testing.T) {
	_, before := r.calls()
	for name, speed := range map[string]bandwidth.Bandwidth{"with a bandwidth": r.bench.Bandwidth, "without": 0} {
		request := r.request(t)
		request.Bandwidth = speed
		terms, found, err := r.own().Check(t.Context(), request)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, f := range found {
			if f.Warning {
				t.Logf("%s: warns: %v", name, f.Err)
				continue
			}
			t.Errorf("%s: found %v", name, f.Err)
		}
		r.judgeTerms(t, terms)
	}
	if _, after := r.calls(); after != before {
		t.Errorf("checking changed something: %d calls", after-before)
	}
}

// judgeTerms holds the terms of the shared link's environment against what was
// asked for.
func (r *run) judgeTerms(t *testing.T, terms link.Terms) {
	t.Helper()
	if terms.Environment == "" {
		t.Error("the terms name no environment")
	}
	if want := siteOf(t, r.partner()).Region; terms.PeerRegion != "" && !strings.EqualFold(terms.PeerRegion, want) {
		t.Errorf("the terms are for region %s of the partner, not for %s", terms.PeerRegion, want)
	}
	if !slices.IsSortedFunc(terms.Tiers, cmp.Compare) || !slices.Contains(terms.Tiers, r.bench.Bandwidth) {
		t.Errorf("the tiers are %s: smallest first, with %s among them, is wanted", bandwidth.List(terms.Tiers), r.bench.Bandwidth)
	}
	if len(terms.Flows) > 0 && !slices.Contains(terms.Flows, r.bench.Side) {
		t.Errorf("the end cannot be the %s", r.bench.Side)
	}
}

func unsoldTier(r *run, t *testing.T) {
	request := r.request(t)
	request.Bandwidth = r.bench.Unsold
	finds(t, r.own(), request, ".bandwidth")
}

func unjoinedRegion(r *run, t *testing.T) {
	finds(t, r.faulty(t, UnjoinedRegion), r.request(t), "region")
}

// unknownRegion also takes an error that blames the region: where regions have
// hosts of their own, there is nobody to ask.
func unknownRegion(r *run, t *testing.T) {
	e := r.faulty(t, UnknownRegion)
	_, _, err := e.Check(t.Context(), r.request(t))
	if err == nil {
		finds(t, e, r.request(t), "region")
		return
	}
	if ce, ok := errors.AsType[*cloud.Error](err); !ok || ce.Field != "region" {
		t.Errorf("the region is not blamed: %v", err)
	}
}

func unknownAttachPoint(r *run, t *testing.T) {
	finds(t, r.faulty(t, UnknownAttachPoint), r.request(t), r.bench.AttachField)
}

// finds expects one thing to be wrong, and no other.
func finds(t *testing.T, e link.End, request link.CheckRequest, field string) {
	t.Helper()
	_, found, err := e.Check(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	blamed := false
	for _, f := range found {
		switch {
		case f.Warning:
		case f.Err.Field == field:
			blamed = true
		default:
			t.Errorf("field %q is blamed: %v", f.Err.Field, f.Err)
		}
	}
	if !blamed {
		t.Errorf("field %q is not blamed; found %d", field, len(found))
	}
}

func absent(r *run, t *testing.T) {
	e, ref := r.own(), link.Ref{ID: r.bench.AbsentID}
	looks := map[string]func(context.Context) (link.Observation, error){
		"Observe":                     func(ctx context.Context) (link.Observation, error) { return e.Observe(ctx, ref) },
		"Poll":                        func(ctx context.Context) (link.Observation, error) { return e.Poll(ctx, ref) },
		"Match of a shared id":        func(ctx context.Context) (link.Observation, error) { return e.Match(ctx, nobodysID) },
		"Match of an empty shared id": func(ctx context.Context) (link.Observation, error) { return e.Match(ctx, "") },
		"Find of the link's marker":   func(ctx context.Context) (link.Observation, error) { return only(e.Find(ctx, r.shared.marker)) },
		"Find of a name without owner": func(ctx context.Context) (link.Observation, error) {
			return only(e.Find(ctx, link.Marker{Name: r.bench.Name}))
		},
	}
	for name, look := range looks {
		if o, err := look(t.Context()); err != nil || o.State != link.Absent {
			t.Errorf("%s: it is %s (%s), error %v", name, o.State, o.ID, err)
		}
	}
}

// only is the first of what was found, or else an absent object.
func only(found []link.Observation, err error) (link.Observation, error) {
	if err != nil || len(found) == 0 {
		return link.Observation{State: link.Absent}, err
	}
	return found[0], nil
}

func denied(r *run, t *testing.T) {
	e := r.faulty(t, BadCredentials)
	_, err := e.Observe(t.Context(), link.Ref{ID: r.bench.AbsentID})
	ce, ok := errors.AsType[*cloud.Error](err)
	if !ok || ce.Kind != cloud.Denied {
		t.Fatalf("got %v, want a refusal of kind %s", err, cloud.Denied)
	}
	if ce.Code == "" || ce.Message == "" || ce.Status == 0 || ce.Remedy == "" {
		t.Errorf("the cloud's own words or the remedy are missing: %+v", ce)
	}
}

func changeAbsent(r *run, t *testing.T) {
	e, ref, try := r.own(), link.Ref{ID: r.bench.AbsentID}, r.shared.try()
	changes := map[string]func() (link.Observation, error){
		"Delete":       func() (link.Observation, error) { return e.Delete(t.Context(), ref, try) },
		"SetBandwidth": func() (link.Observation, error) { return e.SetBandwidth(t.Context(), ref, r.bench.Bandwidth, try) },
		"Amend": func() (link.Observation, error) {
			return e.Amend(t.Context(), link.Observation{Ref: ref, State: link.Up, Partial: true}, "", try)
		},
	}
	for name, change := range changes {
		_, err := change()
		ce, ok := errors.AsType[*cloud.Error](err)
		if !ok || ce.Kind != cloud.NotFound {
			t.Errorf("%s: got %v, want an error of kind %s", name, err, cloud.NotFound)
			continue
		}
		if !strings.Contains(ce.Object, r.bench.AbsentID) {
			t.Errorf("%s: the error names %q, not %s", name, ce.Object, r.bench.AbsentID)
		}
	}
}
