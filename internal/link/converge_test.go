package link

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
)

var oneGig = Want{Bandwidth: bandwidth.Gbps}

// fault strikes calls of one verb, before or after they take effect, n times.
func fault(verb string, after bool, n int, err error) func(string, bool) error {
	return func(v string, a bool) error {
		if v == verb && a == after && n > 0 {
			n--
			return err
		}
		return nil
	}
}

func reason(k cloud.Kind) error { return &cloud.Error{Kind: k, End: "Ame", Message: "scripted"} }

func TestConverge(t *testing.T) {
	tests := map[string]struct {
		arrange func(i, a *fakeEnd)
		want    Want
		code    Code   // of the error, empty for none
		end     string // that the error names
		states  [2]State
	}{
		"both up":               {want: oneGig, states: [2]State{Up, Up}},
		"until requested":       {want: Want{Bandwidth: bandwidth.Gbps, Until: Requested}, states: [2]State{Joining, Joining}},
		"until paired":          {want: Want{Bandwidth: bandwidth.Gbps, Until: Paired}, states: [2]State{Joining, Joining}},
		"reply of propose lost": {arrange: func(i, _ *fakeEnd) { i.fault = fault("propose", true, 1, errors.New("reset")) }, want: oneGig, states: [2]State{Up, Up}},
		"reply of redeem lost":  {arrange: func(_, a *fakeEnd) { a.fault = fault("redeem", true, 1, errors.New("reset")) }, want: oneGig, states: [2]State{Up, Up}},
		"throttled thrice":      {arrange: func(_, a *fakeEnd) { a.fault = fault("observe", false, 3, reason(cloud.Throttled)) }, want: oneGig, states: [2]State{Up, Up}},
		"shown late":            {arrange: func(i, a *fakeEnd) { i.hidden, a.hidden = 5*time.Second, 8*time.Second }, want: oneGig, states: [2]State{Up, Up}},
		"denied until shown": {arrange: func(i, a *fakeEnd) {
			i.fault, a.fault = fault("observe", false, 2, reason(cloud.Denied)), fault("observe", false, 2, reason(cloud.Denied))
		}, want: oneGig, states: [2]State{Up, Up}},
		"reading denied":               {arrange: func(i, _ *fakeEnd) { i.fault = fault("observe", false, 999, reason(cloud.Denied)) }, want: oneGig, code: CodeCloud, end: "Ame", states: [2]State{AwaitingPeer, Joining}},
		"propose denied":               {arrange: func(i, _ *fakeEnd) { i.fault = fault("propose", false, 99, reason(cloud.Denied)) }, want: oneGig, code: CodeCloud, end: "Ame", states: [2]State{Absent, Absent}},
		"redeem denied":                {arrange: func(_, a *fakeEnd) { a.fault = fault("redeem", false, 99, reason(cloud.Denied)) }, want: oneGig, code: CodeCloud, end: "Bal", states: [2]State{AwaitingPeer, Absent}},
		"initiator fails":              {arrange: func(i, _ *fakeEnd) { i.outcome = Failed }, want: oneGig, code: CodeBroken, end: "Ame", states: [2]State{Failed, Up}},
		"acceptor fails":               {arrange: func(_, a *fakeEnd) { a.outcome = Failed }, want: oneGig, code: CodeBroken, end: "Bal", states: [2]State{Up, Failed}},
		"acceptor fails while waiting": {arrange: func(i, a *fakeEnd) { i.provisioning, a.outcome = time.Hour, Failed }, want: oneGig, code: CodeBroken, end: "Bal", states: [2]State{Joining, Failed}},
		"acceptor is suspended":        {arrange: func(_, a *fakeEnd) { a.outcome = Suspended }, want: oneGig, code: CodeBroken, end: "Bal", states: [2]State{Up, Suspended}},
		"key of another account":       {arrange: func(_, a *fakeEnd) { a.site.Account = "shifty" }, want: oneGig, states: [2]State{Up, Up}},
		"key that cannot be decoded":   {arrange: func(i, _ *fakeEnd) { i.opaque = true }, want: oneGig, code: CodeKey, end: "Bal", states: [2]State{AwaitingPeer, Absent}},
		"key that the cloud describes": {arrange: func(i, a *fakeEnd) { i.opaque, a.describes = true, true }, want: oneGig, states: [2]State{Up, Up}},
		"described for another environment": {arrange: func(_, a *fakeEnd) { a.describes = true }, want: Want{Bandwidth: bandwidth.Gbps, Environment: [2]string{"", "other-env"}},
			code: CodeKey, end: "Bal", states: [2]State{AwaitingPeer, Absent}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			l, i, a := w.pair("acme")
			if tt.arrange != nil {
				tt.arrange(i, a)
			}
			v, err := w.driver().Converge(t.Context(), l, tt.want, View{})
			checkError(t, err, tt.code, tt.end)
			if diff := cmp.Diff(tt.states, [2]State{v[0].State, v[1].State}); diff != "" {
				t.Errorf("states (-want +got):\n%s", diff)
			}
			if tt.code == "" && tt.want.until() == Available {
				if p := Pair(l, v); p.Status != Matched {
					t.Errorf("pairing %s: %s", p.Status, p.Summary)
				}
			}
			if w.most > 1 {
				t.Errorf("%d live objects at one cloud", w.most)
			}
		})
	}
}

func checkError(t *testing.T, err error, code Code, end string) {
	t.Helper()
	if code == "" {
		if err != nil {
			t.Fatalf("unexpected error: %v", err)
		}
		return
	}
	e, ok := errors.AsType[*Error](err)
	if !ok {
		t.Fatalf("error %v is not a link error", err)
	}
	if e.Code != code || e.End != end {
		t.Errorf("error code %q end %q, want %q %q: %v", e.Code, e.End, code, end, err)
	}
}

func TestConvergeVerifiesTheKey(t *testing.T) {
	w := newWorld()
	l, i, a := w.pair("acme")
	if _, err := w.driver().Converge(t.Context(), l, Want{Bandwidth: bandwidth.Gbps}, View{}); err != nil {
		t.Fatal(err)
	}
	foreign := i.objects[0].key
	other := newWorld()
	team, _, b := other.pair("acme")
	team.Ends[Initiator], team.Key, team.Peer = nil, foreign, i.desc
	b.site.Account = "somebody-else"
	_, err := other.driver().Converge(t.Context(), team, oneGig, View{})
	checkError(t, err, CodeKey, "Bal")
	if len(b.objects) != 0 {
		t.Error("the key was redeemed")
	}
	if strings.Contains(err.Error(), foreign.Reveal()) {
		t.Error("the error shows the key")
	}
	_ = a
}

func TestConvergeChangesInPlace(t *testing.T) {
	tests := map[string]struct {
		arrange func(i, a *fakeEnd)
		writes  []string
		code    Code
		end     string
		got     bandwidth.Bandwidth
	}{
		"the leading end writes":             {writes: []string{"ame"}, got: 10 * bandwidth.Gbps},
		"the other where the leader may not": {arrange: func(i, _ *fakeEnd) { i.refusesBandwidth = true }, writes: []string{"bal"}, got: 10 * bandwidth.Gbps},
		"neither may": {arrange: func(i, a *fakeEnd) { i.refusesBandwidth, a.refusesBandwidth = true, true }, code: CodeCloud, end: "Ame",
			got: bandwidth.Gbps},
		"the other where the leader is refused": {arrange: func(i, _ *fakeEnd) {
			i.fault = fault("bandwidth", false, 1_000, reason(cloud.Invalid))
		}, writes: []string{"bal"}, got: 10 * bandwidth.Gbps},
		"the partner refuses":        {arrange: func(i, _ *fakeEnd) { i.revertsBandwidth = true }, writes: []string{"ame"}, code: CodeRefused, end: "Ame", got: bandwidth.Gbps},
		"somebody else is changing":  {arrange: func(i, _ *fakeEnd) { i.fault = fault("bandwidth", false, 3, reason(cloud.Conflict)) }, writes: []string{"ame"}, got: 10 * bandwidth.Gbps},
		"somebody else never stops":  {arrange: func(i, _ *fakeEnd) { i.fault = fault("bandwidth", false, 1_000, reason(cloud.Conflict)) }, code: CodeCloud, end: "Ame", got: bandwidth.Gbps},
		"configuration changed also": {arrange: func(_, a *fakeEnd) { a.note = "new" }, writes: []string{"ame"}, got: 10 * bandwidth.Gbps},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			l, i, a := w.pair("acme")
			v, err := w.driver().Converge(t.Context(), l, oneGig, View{})
			if err != nil {
				t.Fatal(err)
			}
			if tt.arrange != nil {
				tt.arrange(i, a)
			}
			v, err = w.driver().Converge(t.Context(), l, Want{Bandwidth: 10 * bandwidth.Gbps}, v)
			checkError(t, err, tt.code, tt.end)
			if e, ok := errors.AsType[*Error](err); ok && e.Field != ".bandwidth" {
				t.Errorf("the error blames %q", e.Field)
			}
			if diff := cmp.Diff(tt.writes, w.bandwidthWrites); diff != "" {
				t.Errorf("writers (-want +got):\n%s", diff)
			}
			for s, o := range v {
				if o.Bandwidth != tt.got {
					t.Errorf("%s has %s, want %s", Side(s), o.Bandwidth, tt.got)
				}
			}
			if got := a.objects[0].note; got != a.note {
				t.Errorf("note %q, want %q", got, a.note)
			}
		})
	}
}

func TestConvergeLinkThatIsDown(t *testing.T) {
	w := newWorld()
	l, i, a := w.pair("acme")
	v, err := w.driver().Converge(t.Context(), l, oneGig, View{})
	if err != nil {
		t.Fatal(err)
	}
	i.objects[0].turn(w.now, Down)
	a.note = "new"
	before := w.now
	v, err = w.driver().Converge(t.Context(), l, oneGig, v)
	if err != nil {
		t.Fatalf("a link that is down can be amended: %v", err)
	}
	if p := Pair(l, v); p.Status != DownStatus || a.objects[0].note != "new" {
		t.Errorf("pairing %s, note %q", p.Status, a.objects[0].note)
	}
	if w.now.Sub(before) > time.Minute {
		t.Errorf("waited %s for a link that was down before", w.now.Sub(before))
	}
}

func TestConvergeTimesOut(t *testing.T) {
	w := newWorld()
	l, i, _ := w.pair("acme")
	i.provisioning = 100 * time.Hour
	ctx, cancel := context.WithCancel(t.Context())
	d := w.driver()
	d.Reporter = reporter(func(doing string) {
		if strings.HasPrefix(doing, "waiting") && w.now.Sub(time.Unix(1_800_000_000, 0)) > time.Hour {
			cancel()
		}
	})
	v, err := d.Converge(ctx, l, oneGig, View{})
	checkError(t, err, CodeTimeout, "")
	if v[Initiator].ID == "" || v[Acceptor].ID == "" {
		t.Errorf("ids lost: %+v", v.Refs())
	}
	if !strings.Contains(err.Error(), v[Initiator].ID) {
		t.Errorf("the error does not say what exists: %v", err)
	}
}

// reporter is a Reporter of a function; it ignores Saved.
type reporter func(string)

func (reporter) Saved(context.Context, View)                        {}
func (r reporter) Progress(_ context.Context, doing string, _ View) { r(doing) }

func TestAdoption(t *testing.T) {
	tests := map[string]struct {
		made, now string // owner at creation, and now
		until     Milestone
		code      Code
	}{
		"half-made without owner goes on":  {until: Paired},
		"half-made with owner goes on":     {made: "acme", now: "acme", until: Paired},
		"complete with owner is adopted":   {made: "acme", now: "acme"},
		"complete without owner is not":    {code: CodeExists},
		"another owner's is left alone":    {made: "other", now: "acme"},
		"another owner's, half-made, also": {made: "other", now: "acme", until: Paired},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			l, i, a := w.pair(tt.made)
			first, err := w.driver().Converge(t.Context(), l, Want{Bandwidth: bandwidth.Gbps, Until: tt.until}, View{})
			if err != nil {
				t.Fatal(err)
			}
			l.Owner = tt.now
			v, err := w.driver().Converge(t.Context(), l, oneGig, View{})
			checkError(t, err, tt.code, "")
			if tt.made != tt.now {
				if v[0].ID == first[0].ID || len(i.objects) != 2 || len(a.objects) != 2 {
					t.Errorf("somebody else's link was touched")
				}
				return
			}
			if len(i.objects) != 1 || len(a.objects) != 1 {
				t.Errorf("%d and %d objects, want one each", len(i.objects), len(a.objects))
			}
			want := first.Refs()
			if tt.code != "" {
				// Nothing of a link that is refused gets into a state.
				want = [2]Ref{}
			}
			if diff := cmp.Diff(want, v.Refs()); diff != "" {
				t.Errorf("refs (-first +second):\n%s", diff)
			}
		})
	}
}

func TestAdoptionWhereNamesCollide(t *testing.T) {
	w := newWorld()
	l, _, a := w.pair("other")
	a.desc.Named = true
	if _, err := w.driver().Converge(t.Context(), l, oneGig, View{}); err != nil {
		t.Fatal(err)
	}
	l.Owner = "acme"
	_, err := w.driver().Converge(t.Context(), l, oneGig, View{})
	checkError(t, err, CodeExists, "Bal")
}

func TestAdoptionClearsWhatIsDead(t *testing.T) {
	w := newWorld()
	l, i, a := w.pair("acme")
	i.outcome = Failed
	if _, err := w.driver().Converge(t.Context(), l, oneGig, View{}); err == nil {
		t.Fatal("a failed end is not an error")
	}
	i.outcome = Up
	v, err := w.driver().Converge(t.Context(), l, oneGig, View{})
	if err != nil {
		t.Fatal(err)
	}
	if p := Pair(l, v); p.Status != Matched || len(i.live()) != 1 || len(a.live()) != 1 {
		t.Errorf("pairing %s, live %d and %d", p.Status, len(i.live()), len(a.live()))
	}
}

func TestTeardown(t *testing.T) {
	tests := map[string]struct {
		arrange func(w *world, v *View, i, a *fakeEnd)
		code    Code
		end     string
	}{
		"both":                   {},
		"ids lost":               {arrange: func(_ *world, v *View, _, _ *fakeEnd) { *v = View{} }},
		"initiator gone already": {arrange: func(w *world, _ *View, i, _ *fakeEnd) { i.objects[0].turn(w.now, Absent) }},
		"acceptor gone already":  {arrange: func(w *world, _ *View, _, a *fakeEnd) { a.objects[0].turn(w.now, Absent) }},
		"being deleted already": {arrange: func(w *world, _ *View, _, a *fakeEnd) {
			a.objects[0].turn(w.now, Deleting)
			a.objects[0].turn(w.now.Add(time.Minute), Absent)
		}},
		"reply lost": {arrange: func(_ *world, _ *View, i, _ *fakeEnd) { i.fault = fault("delete", true, 1, errors.New("reset")) }},
		"busy at first": {arrange: func(_ *world, _ *View, _, a *fakeEnd) {
			a.fault = fault("delete", false, 4, reason(cloud.Precondition))
		}},
		"denied": {arrange: func(_ *world, _ *View, _, a *fakeEnd) { a.fault = fault("delete", false, 99, reason(cloud.Denied)) }, code: CodeCloud, end: "Bal"},
		"goes back to up": {arrange: func(w *world, _ *View, _, a *fakeEnd) {
			a.objects[0].turn(w.now, Deleting)
			a.objects[0].turn(w.now.Add(time.Minute), Up)
		}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			l, i, a := w.pair("acme")
			v, err := w.driver().Converge(t.Context(), l, oneGig, View{})
			if err != nil {
				t.Fatal(err)
			}
			if tt.arrange != nil {
				tt.arrange(w, &v, i, a)
			}
			_, err = w.driver().Teardown(t.Context(), l, v)
			checkError(t, err, tt.code, tt.end)
			left := len(i.live()) + len(a.live())
			if tt.code == "" && left != 0 {
				t.Errorf("success with %d ends left", left)
			}
			if tt.code != "" && !strings.Contains(err.Error(), "billing") {
				t.Errorf("the error does not say that something bills: %v", err)
			}
		})
	}
}

func TestThirdCloud(t *testing.T) {
	w := newWorld()
	one, two, third := w.end("aws", 2), w.end("google", 1), w.end("nimbus", 3)
	for _, ends := range [][2]End{{third, one}, {one, third}, {third, two}, {two, third}} {
		l := Link{Marker: Marker{Name: ends[0].Descriptor().Cloud + "-" + ends[1].Descriptor().Cloud, Owner: "acme"}, Ends: ends}
		v, err := w.driver().Converge(t.Context(), l, oneGig, View{})
		if err != nil {
			t.Fatalf("%s: %v", l.Name, err)
		}
		if p := Pair(l, v); p.Status != Matched {
			t.Errorf("%s: %s", l.Name, p.Summary)
		}
		if _, err := w.driver().Teardown(t.Context(), l, v); err != nil {
			t.Errorf("%s: %v", l.Name, err)
		}
	}
}

func TestOneEnded(t *testing.T) {
	w := newWorld()
	l, i, a := w.pair("acme")
	ours := l
	ours.Ends[Acceptor], ours.Peer, ours.PeerSite = nil, a.desc, a.site
	i.hidden = 5 * time.Second
	v, err := w.driver().Converge(t.Context(), ours, Want{Bandwidth: bandwidth.Gbps, Until: Requested}, View{})
	if err != nil {
		t.Fatal(err)
	}
	if seen, err := w.driver().Observe(t.Context(), ours, [2]Ref{v[Initiator].Ref}); err != nil || seen[Initiator].State != AwaitingPeer {
		t.Errorf("the next refresh sees %q, %v", seen[Initiator].State, err)
	}
	if p := Pair(ours, v); p.Status != StatusAwaiting("bal") {
		t.Errorf("status %s", p.Status)
	}
	theirs := l
	theirs.Ends[Initiator], theirs.Peer, theirs.Key = nil, i.desc, v[Initiator].Key
	v, err = w.driver().Converge(t.Context(), theirs, oneGig, View{})
	if err != nil {
		t.Fatal(err)
	}
	if p := Pair(theirs, v); p.Status != Unverified {
		t.Errorf("status %s", p.Status)
	}
}
