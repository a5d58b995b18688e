package attachment

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

func TestDecide(t *testing.T) {
	inPlace, anew := []link.Drift{{InPlace: true}}, []link.Drift{{}}
	for name, tt := range map[string]struct {
		in   situation
		want action
	}{
		"nothing there":                  {situation{sight: Sight{State: Absent}}, create},
		"the old one may stay meanwhile": {situation{sight: Sight{State: Absent}, old: Up, beside: true}, create},
		"the old one goes first":         {situation{sight: Sight{State: Absent}, old: Up}, retire},
		"the old one is going":           {situation{sight: Sight{State: Absent}, old: Removing}, wait},
		"being made":                     {situation{sight: Sight{State: Making}}, wait},
		"being removed":                  {situation{sight: Sight{State: Removing}}, wait},
		"stands":                         {situation{sight: Sight{State: Up}, old: Absent}, rest},
		"stands beside the old one":      {situation{sight: Sight{State: Up}, old: Up, beside: true}, retire},
		"the old one goes at last":       {situation{sight: Sight{State: Up}, old: Removing, beside: true}, wait},
		"differs":                        {situation{sight: Sight{State: Up}, drift: inPlace, old: Up, beside: true}, amend},
		"differs for good":               {situation{sight: Sight{State: Up}, drift: anew}, remove},
		"waits for its other half":       {situation{sight: Sight{State: Waiting}}, wait},
		"waits and differs":              {situation{sight: Sight{State: Waiting}, drift: inPlace}, amend},
		"asked":                          {situation{sight: Sight{State: Asked}}, wait},
		"asked is enough":                {situation{sight: Sight{State: Asked}, asked: true}, rest},
		"broken":                         {situation{sight: Sight{State: Broken}}, stop},
		"broken and leads elsewhere":     {situation{sight: Sight{State: Broken}, drift: anew}, remove},
	} {
		t.Run(name, func(t *testing.T) {
			if got := decide(tt.in); got != tt.want {
				t.Errorf("decided %d, want %d", got, tt.want)
			}
		})
	}
}

// standing are what the world has, in order.
func (w *world) standing() []string {
	var all []string
	for key, p := range w.parts {
		all = append(all, key+" "+p.setting)
	}
	slices.Sort(all)
	return all
}

func TestConvergeFromNothingAndBack(t *testing.T) {
	w := newWorld()
	a := attachmentOf("acme", &fakeSide{world: w, cloud: "one", joins: "x"}, &fakeSide{world: w, cloud: "two", joins: "y"})
	v, err := w.driver().Converge(t.Context(), a, Want{}, nil)
	if err != nil || v[0].State != Up || v[1].State != Up {
		t.Fatalf("%v: %+v", err, v)
	}
	if v, err = w.driver().Teardown(t.Context(), a, []Ref{v[0].Ref, v[1].Ref}); err != nil || len(w.parts) != 0 || v[0].State != Absent {
		t.Fatalf("%v: %+v, left %v", err, v, w.standing())
	}
}

func TestSavedTheMomentACloudAnswers(t *testing.T) {
	w := newWorld()
	a := attachmentOf("acme", &fakeSide{world: w, cloud: "one", joins: "x"}, &fakeSide{world: w, cloud: "two", joins: "y"})
	var saved []string
	d := w.driver()
	d.Reporter = saver(func(v View) {
		saved = append(saved, v[0].ID+" "+string(v[0].State)+", "+v[1].ID+" "+string(v[1].State))
	})
	if _, err := d.Converge(t.Context(), a, Want{}, nil); err != nil {
		t.Fatal(err)
	}
	if len(saved) < 2 || saved[0] != "one-1 making,  absent" || saved[1] != "one-1 making, two-2 making" {
		t.Errorf("saved %q", saved)
	}
}

type saver func(View)

func (s saver) Saved(_ context.Context, v View)      { s(v) }
func (saver) Progress(context.Context, string, View) {}

func TestWhatIsThereAlready(t *testing.T) {
	tests := map[string]struct {
		owner    string // ours
		one, two *fakePart
		code     link.Code
		says     string
	}{
		"half of ours":       {"acme", &fakePart{mark: link.Marker{Name: "vpc", Owner: "acme"}}, nil, "", ""},
		"all of ours":        {"acme", &fakePart{mark: link.Marker{Name: "vpc", Owner: "acme"}}, &fakePart{mark: link.Marker{Name: "vpc", Owner: "acme"}}, "", ""},
		"half, nobody's":     {"", &fakePart{mark: link.Marker{Name: "vpc"}}, nil, "", ""},
		"all, nobody's":      {"", &fakePart{mark: link.Marker{Name: "vpc"}}, &fakePart{mark: link.Marker{Name: "vpc"}}, CodeExists, "exists already"},
		"without a mark":     {"acme", &fakePart{}, nil, CodeForeign, "carries no mark"},
		"another's":          {"acme", nil, &fakePart{mark: link.Marker{Name: "vpc", Owner: "other"}}, CodeForeign, `"vpc" of "other"`},
		"another attachment": {"acme", &fakePart{mark: link.Marker{Name: "db", Owner: "acme"}}, nil, CodeForeign, `"db"`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			for cloud, p := range map[string]*fakePart{"one": tt.one, "two": tt.two} {
				if p != nil {
					p.id, p.cloud = cloud+"-0", cloud
					w.parts[cloud+"/x"] = p
				}
			}
			before := len(w.parts)
			a := attachmentOf(tt.owner, &fakeSide{world: w, cloud: "one", joins: "x"}, &fakeSide{world: w, cloud: "two", joins: "x"})
			v, err := w.driver().Converge(t.Context(), a, Want{}, nil)
			if tt.code == "" {
				if err != nil || v[0].State != Up || v[1].State != Up {
					t.Fatalf("%v: %+v", err, v)
				}
				return
			}
			le, ok := errors.AsType[*link.Error](err)
			if !ok || le.Code != tt.code || !strings.Contains(err.Error(), tt.says) || len(w.parts) != before {
				t.Fatalf("%v; %v", err, w.standing())
			}
		})
	}
}

// TestTeardownLeavesWhatIsNotOurs holds that a part that somebody else has made
// in the place of ours stays.
func TestTeardownLeavesWhatIsNotOurs(t *testing.T) {
	w := newWorld()
	w.parts["one/x"] = &fakePart{id: "one-other", cloud: "one", mark: link.Marker{Name: "vpc", Owner: "other"}}
	a := attachmentOf("acme", &fakeSide{world: w, cloud: "one", joins: "x"})
	if _, err := w.driver().Teardown(t.Context(), a, []Ref{{ID: "one-1"}}); err != nil || len(w.parts) != 1 {
		t.Errorf("%v, left %v", err, w.standing())
	}
}

func TestReplacement(t *testing.T) {
	for name, alone := range map[string]bool{"beside": false, "one after the other": true} {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			two := &fakeSide{world: w, cloud: "two", joins: "y"}
			old := &fakeSide{world: w, cloud: "one", joins: "x", alone: alone}
			v, err := w.driver().Converge(t.Context(), attachmentOf("acme", old, two), Want{}, nil)
			if err != nil {
				t.Fatal(err)
			}
			a := attachmentOf("acme", &fakeSide{world: w, cloud: "one", joins: "z", alone: alone}, two)
			a.Parts[0].Old = old
			if _, err := w.driver().Converge(t.Context(), a, Want{}, []Ref{{}, v[1].Ref}); err != nil {
				t.Fatal(err)
			}
			if got := w.standing(); !slices.Equal(got, []string{"one/z ", "two/y "}) {
				t.Errorf("left %v", got)
			}
			if path := w.without > 0; path == alone {
				t.Errorf("at least %d parts stood at any time", w.without)
			}
		})
	}
}

func TestAskedAndNotAgreed(t *testing.T) {
	w := newWorld()
	a := attachmentOf("acme", &fakeSide{world: w, cloud: "one", joins: "x", ask: true})
	if v, err := w.driver().Converge(t.Context(), a, Want{Asked: true}, nil); err != nil || v[0].State != Asked {
		t.Fatalf("%v: %+v", err, v)
	}
	ctx, cancel := context.WithCancel(t.Context())
	d := w.driver()
	d.Reporter = progress(func() {
		if w.Now().Sub(time.Unix(1_800_000_000, 0)) > time.Hour {
			cancel()
		}
	})
	_, err := d.Converge(ctx, a, Want{}, nil)
	if le, ok := errors.AsType[*link.Error](err); !ok || le.Code != CodeWaiting || !strings.Contains(le.Detail, "nobody has agreed") {
		t.Errorf("%v", err)
	}
}

type progress func()

func (progress) Saved(context.Context, View)              {}
func (p progress) Progress(context.Context, string, View) { p() }

// TestDriftIsRepaired holds that it is done in place where that can be.
func TestDriftIsRepaired(t *testing.T) {
	for _, setting := range []string{"open", "fixed"} {
		w := newWorld()
		side := &fakeSide{world: w, cloud: "one", joins: "x", setting: "old"}
		v, err := w.driver().Converge(t.Context(), attachmentOf("acme", side), Want{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		before := v[0].ID
		side.setting = setting
		v, err = w.driver().Converge(t.Context(), attachmentOf("acme", side), Want{}, []Ref{v[0].Ref})
		if err != nil || v[0].Detail != setting || (v[0].ID == before) != (setting == "open") {
			t.Errorf("%s: %v: %+v", setting, err, v)
		}
	}
}

// TestAnyTroubleConverges strikes calls of a life (made, gateway replaced) with
// everything that can happen to a call, kills the driver, loses what it saved,
// and lets plain runs go on.
func TestAnyTroubleConverges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld()
		alone := rapid.Bool().Draw(t, "alone")
		for range rapid.IntRange(0, 6).Draw(t, "troubles") {
			w.trouble[rapid.IntRange(1, 40).Draw(t, "call")] = trouble{
				err: rapid.SampledFrom([]error{
					&cloud.Error{Kind: cloud.Unavailable}, &cloud.Error{Kind: cloud.Throttled}, &cloud.Error{Kind: cloud.Conflict}, errors.New("connection reset"),
				}).Draw(t, "error"),
				after: rapid.Bool().Draw(t, "after"), kill: rapid.Bool().Draw(t, "kill"),
			}
		}
		two := &fakeSide{world: w, cloud: "two", joins: "y"}
		first := &fakeSide{world: w, cloud: "one", joins: "x", alone: alone}
		var refs []Ref
		for run := 0; ; run++ {
			v, err := w.driver().Converge(context.Background(), attachmentOf("acme", first, two), Want{}, refs)
			if err == nil {
				refs = []Ref{v[0].Ref, v[1].Ref}
				break
			}
			w.dead = false
			if run > 8 {
				t.Fatalf("it does not converge: %v", err)
			}
		}
		a := attachmentOf("acme", &fakeSide{world: w, cloud: "one", joins: "z", alone: alone}, two)
		a.Parts[0].Old = first
		for run := 0; ; run++ {
			v, err := w.driver().Converge(context.Background(), a, Want{}, []Ref{{}, refs[1]})
			if err == nil {
				refs = []Ref{v[0].Ref, v[1].Ref}
				break
			}
			w.dead = false
			if run > 8 {
				t.Fatalf("the replacement does not converge: %v", err)
			}
		}
		if got := w.standing(); !slices.Equal(got, []string{"one/z ", "two/y "}) {
			t.Fatalf("it ends with %v", got)
		}
		if !alone && w.without == 0 {
			t.Fatal("there was a time without a path")
		}
		for run := 0; ; run++ {
			if _, err := w.driver().Teardown(context.Background(), a, refs); err == nil {
				break
			} else if run > 8 {
				t.Fatalf("it is not removed: %v", err)
			}
			w.dead = false
		}
		if len(w.parts) > 0 {
			t.Fatalf("left: %v", w.standing())
		}
	})
}
