package link

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
)

// TestAdoptionWhereAMarkerIsLost loses the state and one end's marker: the other
// end's shared id finds it.
func TestAdoptionWhereAMarkerIsLost(t *testing.T) {
	for name, tt := range map[string]struct {
		owner string
		lost  Side
		left  Marker // what the end still carries
		taken bool   // something else has the place that the end would take
		code  Code
	}{
		"initiator's":                {owner: "acme", lost: Initiator},
		"acceptor's":                 {owner: "acme", lost: Acceptor},
		"acceptor's, place taken":    {owner: "acme", lost: Acceptor, taken: true},
		"only the owner's part":      {owner: "acme", lost: Acceptor, left: Marker{Name: "ai"}},
		"without owner":              {lost: Initiator, code: CodeExists},
		"it carries somebody else's": {owner: "acme", lost: Acceptor, left: Marker{Name: "other", Owner: "else"}, code: CodeExists},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			l, i, a := w.pair(tt.owner)
			first, err := w.driver().Converge(t.Context(), l, oneGig, View{})
			if err != nil {
				t.Fatal(err)
			}
			ends := [2]*fakeEnd{i, a}
			ends[tt.lost].objects[0].mark = tt.left
			if tt.taken {
				a.fault = fault("find", false, 1, reason(cloud.Conflict))
			}
			v, err := w.driver().Converge(t.Context(), l, oneGig, View{})
			end := map[bool]string{true: "Bal"}[tt.left.Owner != ""]
			checkError(t, err, tt.code, end)
			want := first.Refs()
			if tt.code != "" {
				want = [2]Ref{}
			}
			if diff := cmp.Diff(want, v.Refs()); diff != "" {
				t.Errorf("refs (-first +second):\n%s", diff)
			}
			if len(i.objects) != 1 || len(a.objects) != 1 {
				t.Errorf("%d and %d objects, want one each", len(i.objects), len(a.objects))
			}
		})
	}
}

// TestTwoWorkspacesOfOneName has two links of one name that share one end's place
// and no owner: what one workspace does must not touch the other's link.
func TestTwoWorkspacesOfOneName(t *testing.T) {
	// neighbours are a link that is complete, and this workspace's, whose
	// initiator lives in another region: it finds the other's acceptor only.
	neighbours := func(t *testing.T, owner string) (w *world, theirs View, l Link, i, a *fakeEnd) {
		w = newWorld()
		other, _, a := w.pair(owner)
		a.desc.Named = true
		theirs, err := w.driver().Converge(t.Context(), other, oneGig, View{})
		if err != nil {
			t.Fatal(err)
		}
		i = w.end("ame", 2)
		return w, theirs, Link{Marker: Marker{Name: "ai"}, Ends: [2]End{i, a}}, i, a
	}
	untouched := func(t *testing.T, a *fakeEnd) {
		t.Helper()
		if live := a.live(); len(live) != 1 || live[0].state(a.world.now) != Up {
			t.Errorf("the other workspace's end was touched")
		}
	}
	t.Run("create", func(t *testing.T) {
		w, _, l, i, a := neighbours(t, "")
		v, err := w.driver().Converge(t.Context(), l, oneGig, View{})
		checkError(t, err, CodeExists, "Bal")
		if v.Refs() != [2]Ref{} || len(i.objects) != 0 {
			t.Errorf("refs %v, %d objects made", v.Refs(), len(i.objects))
		}
		untouched(t, a)
	})
	for name, owner := range map[string]string{"create half-open": "", "create half-open, another owner": "else"} {
		t.Run(name, func(t *testing.T) {
			w, _, l, i, a := neighbours(t, owner)
			mine, err := i.Propose(t.Context(), Proposal{Marker: l.Marker, Bandwidth: oneGig.Bandwidth, Attempt: Attempt{Link: l.Marker}})
			if err != nil {
				t.Fatal(err)
			}
			v, err := w.driver().Converge(t.Context(), l, oneGig, View{})
			checkError(t, err, CodeExists, "Bal")
			if v.Refs() != [2]Ref{} {
				t.Errorf("refs %v", v.Refs())
			}
			// A destroy of the half removes the half.
			if _, err := w.driver().Teardown(t.Context(), l, View{{Ref: mine.Ref}, {}}); err != nil {
				t.Fatal(err)
			}
			if len(i.live()) != 0 {
				t.Error("the half is left")
			}
			untouched(t, a)
		})
	}
	t.Run("destroy, own half gone already", func(t *testing.T) {
		w, _, l, _, a := neighbours(t, "")
		if _, err := w.driver().Teardown(t.Context(), l, View{{Ref: Ref{ID: "ame-99"}}, {}}); err != nil {
			t.Fatal(err)
		}
		untouched(t, a)
	})
}
