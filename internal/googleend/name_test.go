package googleend

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

func TestParseTransportName(t *testing.T) {
	for name, c := range map[string]struct {
		in   string
		want [3]string
		bad  bool
	}{
		"name":           {in: theID, want: [3]string{"p", "us-east4", "ai"}},
		"URL":            {in: "https://networkconnectivity.googleapis.com/v1/" + theID, want: [3]string{"p", "us-east4", "ai"}},
		"without scheme": {in: "//networkconnectivity.googleapis.com/" + theID, want: [3]string{"p", "us-east4", "ai"}},
		"old project":    {in: "projects/example.com:p/locations/l/transports/t", want: [3]string{"example.com:p", "l", "t"}},
		"short":          {in: "ai", bad: true},
		"hub":            {in: "projects/p/locations/global/hubs/h", bad: true},
		"more":           {in: theID + "/x", bad: true},
		"no project":     {in: "projects//locations/l/transports/t", bad: true},
		"query":          {in: theID + "?alt=json", bad: true},
		"space in front": {in: " " + theID, bad: true},
		"space at end":   {in: theID + " ", bad: true},
		"line break":     {in: theID + "\n", bad: true},
		"space inside":   {in: "projects/p/locations/us-east4/transports/a i", bad: true},
		"no-break space": {in: "projects/p/locations/us-east4/transports/a\u00a0i", bad: true},
		"zero width":     {in: "projects/p\u200b/locations/us-east4/transports/ai", bad: true},
		"space in URL":   {in: "https://network connectivity/v1/" + theID, bad: true},
	} {
		t.Run(name, func(t *testing.T) {
			project, region, id, err := ParseTransportName(c.in)
			if got := [3]string{project, region, id}; got != c.want || (err != nil) != c.bad {
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
}

func TestGlobalNames(t *testing.T) {
	const full = "projects/p/global/networks/vpc"
	for name, c := range map[string]struct {
		a, b string
		same bool
	}{
		"bare":           {"vpc", full, true},
		"URL":            {"https://www.googleapis.com/compute/v1/" + full, full, true},
		"partial":        {"global/networks/vpc", full, true},
		"project number": {"projects/123/global/networks/vpc", full, true},
		"other numbers":  {"projects/123/global/networks/vpc", "projects/124/global/networks/vpc", false},
		"other project":  {"projects/q/global/networks/vpc", full, false},
		"other name":     {"projects/p/global/networks/vpd", full, false},
		"none":           {"", full, false},
		"both none":      {"", "", true},
	} {
		t.Run(name, func(t *testing.T) {
			if got := parseGlobal(c.a, "p").same(parseGlobal(c.b, "p")); got != c.same {
				t.Errorf("%q and %q: same is %v", c.a, c.b, got)
			}
		})
	}
}

func TestOwnerLabel(t *testing.T) {
	for name, c := range map[string]struct{ owner, want string }{
		"none":    {"", ""},
		"as is":   {"acme-prod_1", "acme-prod_1"},
		"changed": {"Acme/Prod", "acme_prod-9974ed413f65"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := OwnerLabel(c.owner); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// ownerGen makes owners that are easily confused with each other.
func ownerGen() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.StringMatching(`[aAbB_/ -]{0,4}`),
		rapid.StringMatching(`[aA]{62,66}`),
		rapid.Map(rapid.StringMatching(`[aA_/]{1,3}`), OwnerLabel),
		rapid.String(),
	)
}

func TestOwnerLabelIsLegalAndTellsOwnersApart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := ownerGen().Draw(t, "a")
		b := rapid.OneOf(ownerGen(), rapid.Just(OwnerLabel(a))).Draw(t, "b")
		if l := OwnerLabel(a); len(l) > maxLabel || illegalInLabel.MatchString(l) {
			t.Fatalf("label %q is not legal", l)
		}
		if (OwnerLabel(a) == OwnerLabel(b)) != (a == b) {
			t.Fatalf("owners %q and %q have labels %q and %q", a, b, OwnerLabel(a), OwnerLabel(b))
		}
	})
}

func TestMarkersAreRecognised(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := link.Marker{Name: "ai", Owner: ownerGen().Draw(t, "owner")}
		other := link.Marker{Name: "ai", Owner: ownerGen().Draw(t, "other")}
		written := markOf(markers(m, ""))
		if got := recognise(written, m); got != m {
			t.Fatalf("marker %v was read as %v", m, got)
		}
		if m != other && recognise(written, other) == other {
			t.Fatalf("marker %v was taken for %v", m, other)
		}
	})
}
