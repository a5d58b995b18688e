package crash

import (
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/googleend"
)

// workspace is a state file of its own, and a provider with an owner, in a world.
func workspace(t *testing.T, w *world, owner string) (*world, *engine, *listener) {
	t.Helper()
	own := &world{stage: w.stage, dir: w.dir, file: &stored{}}
	e, l := listened(t, own)
	schemas, err := e.server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	typ, ok := schemas.Provider.ValueType().(tftypes.Object)
	if !ok {
		t.Fatal("the provider's schema is no object")
	}
	values := own.stage.Settings(owner)
	if owner == "" {
		delete(values, "owner")
	}
	cfg, err := tfprotov6.NewDynamicValue(typ, object(typ, values))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := e.server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{TerraformVersion: "1.11.0", Config: &cfg})
	if err := problem(err, resp.Diagnostics); err != nil {
		t.Fatal(err)
	}
	return own, e, l
}

// TestAdoption makes a link, loses its state or looks at it from another
// workspace, and applies: one link at most, nobody else's touched, and what
// cannot be adopted not in the state.
func TestAdoption(t *testing.T) {
	t.Parallel()
	const link, shared = "crosscloud-link", "crosscloud-shared-id"
	for name, tt := range map[string]struct {
		made, now string // owners
		until     string // how far the link was made
		change    func(o *outsider)
		config    func(c, aws, google map[string]any)
		refused   []string // what the error says; none adopts
	}{
		"lost state, with owner":             {made: "acme", now: "acme"},
		"lost state, without owner":          {refused: []string{`A complete link named "crash" exists already`, "import {", "to = crosscloud_interconnect.crash", `id = "projects/sandbox-project/locations/us-east4/transports/crash"`}},
		"somebody else's":                    {made: "else", now: "acme", refused: []string{"belongs to somebody else", `owner "else"`, `this provider's owner is "acme"`}},
		"somebody's, by one without owner":   {made: "else", refused: []string{"belongs to somebody else", `owner "else"`}},
		"nobody's, by one with owner":        {now: "acme", refused: []string{"belongs to somebody else", `owner ""`}},
		"marker on the Google end only":      {made: "acme", now: "acme", change: func(o *outsider) { o.untag("crosscloud:link", "crosscloud:owner") }},
		"marker on the AWS end only":         {made: "acme", now: "acme", change: func(o *outsider) { o.label(map[string]string{link: "", "crosscloud-owner": ""}) }},
		"owner's marker on one end only":     {made: "acme", now: "acme", change: func(o *outsider) { o.untag("crosscloud:owner") }},
		"no owner, marker on one end only":   {change: func(o *outsider) { o.label(map[string]string{link: ""}) }, refused: []string{"exists already", "import {"}},
		"two workspaces, differing settings": {made: "acme", now: "acme", config: func(_, _, g map[string]any) { g["network"] = "other" }, refused: []string{"exists and differs", "network", "other"}},
		"half-made, without owner":           {until: "requested"},
		"no marker at all": {made: "acme", now: "acme", change: func(o *outsider) {
			o.untag("crosscloud:link", "crosscloud:owner")
			o.label(map[string]string{link: "", "crosscloud-owner": "", shared: ""})
		}, refused: []string{"does not carry the mark of a link"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := peaceful(t, nil)
			stall(t, w, tt.until != "")
			first, e, _ := workspace(t, w, tt.made)
			asFar := func(c map[string]any) map[string]any {
				if tt.until != "" {
					c["wait_for"] = tt.until
				}
				return c
			}
			if _, err := e.apply(t.Context(), first.config(e, asFar(settings(nil)))); err != nil {
				t.Fatal(err)
			}
			before := w.stage.Left()
			if tt.change != nil {
				tt.change(outside(t, first))
			}
			again, e, l := workspace(t, w, tt.now)
			changed, err := e.apply(t.Context(), again.config(e, asFar(settings(tt.config))))
			said := l.all()
			if stall(t, w, false); tt.until != "" && err == nil {
				_, err = e.apply(t.Context(), again.config(e, settings(nil)))
			}
			if len(tt.refused) > 0 {
				if err == nil || !contains(said, tt.refused...) || !contains(said, "What exists now", "What to do") {
					t.Errorf("error %v; want each of %q in:\n%s", err, tt.refused, said)
				}
				if !again.file.state.IsNull() || again.file.tainted {
					t.Errorf("what was refused is in the state: the next apply would destroy it")
				}
			} else {
				if err != nil || !changed || again.text("aws.connection_id") != first.text("aws.connection_id") || again.text("pairing.status") != "matched" {
					t.Errorf("changed: %v, %v; connection %s, pairing %s; said:\n%s", changed, err, again.text("aws.connection_id"), again.text("pairing.status"), said)
				}
				marked(t, outside(t, again), tt.now)
				if changed, err := e.apply(t.Context(), again.config(e, settings(nil))); changed || err != nil {
					t.Errorf("the second apply changes something: %v, %v", changed, err)
				}
			}
			if after := w.stage.Left(); tt.until == "" && !slices.Equal(before, after) {
				t.Errorf("before: %v; after: %v", before, after)
			}
		})
	}
}

// marked wants the markers on both ends.
func marked(t *testing.T, o *outsider, owner string) {
	t.Helper()
	tags, labels := o.tags(), o.labels()
	label := owner
	if owner != "" {
		label = googleend.OwnerLabel(owner)
	}
	if tags["crosscloud:link"] != "crash" || tags["crosscloud:owner"] != owner || labels["crosscloud-link"] != "crash" || labels["crosscloud-owner"] != label {
		t.Errorf("tags %v, labels %v; want the markers of link crash and owner %q", tags, labels, owner)
	}
}

// TestNeighboursOfOneName has two workspaces with one link name and no owner,
// whose AWS ends live in different regions: the second is refused, and its
// destroy touches nothing.
func TestNeighboursOfOneName(t *testing.T) {
	t.Parallel()
	w := peaceful(t, nil)
	first, e, _ := workspace(t, w, "")
	if _, err := e.apply(t.Context(), first.config(e, settings(nil))); err != nil {
		t.Fatal(err)
	}
	before := w.stage.Left()
	second, e, l := workspace(t, w, "")
	c := second.config(e, settings(func(_, aws, _ map[string]any) { aws["region"] = "us-east-2" }))
	if _, err := e.apply(t.Context(), c); err == nil {
		t.Fatalf("a second link of one name was made: %v", w.stage.Left())
	}
	if said := l.all(); strings.Contains(said, "tainted") || !second.file.state.IsNull() {
		t.Errorf("the neighbour's end is in the state; said:\n%s", said)
	}
	if after := w.stage.Left(); !slices.Equal(before, after) {
		t.Errorf("before: %v; after: %v", before, after)
	}
}

// TestMarkersAreWrittenAgain removes markers and puts foreign ones beside them:
// the plan is an update, the apply writes ours and leaves the others alone.
func TestMarkersAreWrittenAgain(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(o *outsider){
		"AWS":            func(o *outsider) { o.untag("crosscloud:link", "crosscloud:owner") },
		"AWS owner":      func(o *outsider) { o.untag("crosscloud:owner") },
		"AWS changed":    func(o *outsider) { o.tag(map[string]string{"crosscloud:owner": "else"}) },
		"Google":         func(o *outsider) { o.label(map[string]string{"crosscloud-link": "", "crosscloud-owner": ""}) },
		"Google changed": func(o *outsider) { o.label(map[string]string{"crosscloud-link": "else"}) },
		"Google, all": func(o *outsider) {
			o.label(map[string]string{"crosscloud-link": "", "crosscloud-owner": "", "crosscloud-shared-id": ""})
		},
		"both, and others": func(o *outsider) {
			o.untag("crosscloud:link")
			o.label(map[string]string{"crosscloud-link": ""})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := peaceful(t, settings(nil))
			o := outside(t, w)
			o.tag(map[string]string{"foreign": "tag"})
			o.label(map[string]string{"foreign": "label"})
			change(o)
			e, l := listened(t, w)
			changed, err := e.apply(t.Context(), w.config(e, settings(nil)))
			if said := l.all(); err != nil || !changed || !contains(said, "WARNING", "was changed outside Terraform", "crosscloud") {
				t.Errorf("changed: %v, %v; said:\n%s", changed, err, said)
			}
			marked(t, o, "acme/crash")
			if o.connection != w.text("aws.connection_id") || o.tags()["foreign"] != "tag" || o.labels()["foreign"] != "label" {
				t.Errorf("connection %s, then %s; tags %v, labels %v", o.connection, w.text("aws.connection_id"), o.tags(), o.labels())
			}
			if changed, err := e.apply(t.Context(), w.config(e, settings(nil))); changed || err != nil {
				t.Errorf("the second apply changes something: %v, %v", changed, err)
			}
			if said := l.all(); said != "" {
				t.Errorf("after the repair:\n%s", said)
			}
		})
	}
}
