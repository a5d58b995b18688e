package link

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
)

// outcomes are what a half may end in, success weighing most.
var outcomes = []State{Up, Up, Up, Up, Failed, Deprovisioned, Suspended}

// drawEnd scripts an end: how long it takes, how it ends, when it is shown, and
// which calls fail before or after they take effect.
func drawEnd(t *rapid.T, e *fakeEnd) {
	e.provisioning = time.Duration(rapid.IntRange(0, 1_200).Draw(t, "provisioning")) * time.Second
	e.outcome = rapid.SampledFrom(outcomes).Draw(t, "outcome")
	e.hidden = time.Duration(rapid.IntRange(0, 20).Draw(t, "hidden")) * time.Second
	e.describes = rapid.Bool().Draw(t, "describes")
	e.opaque = e.describes && rapid.Bool().Draw(t, "opaque")
	type strike struct {
		verb  string
		after bool
		at    int
	}
	kinds := []error{errors.New("connection reset"), reason(cloud.Throttled), reason(cloud.Unavailable), reason(cloud.Conflict), reason(cloud.Denied)}
	strikes := map[strike]error{}
	for range rapid.IntRange(0, 4).Draw(t, "faults") {
		s := strike{
			rapid.SampledFrom([]string{"find", "observe", "propose", "redeem", "bandwidth", "amend", "delete"}).Draw(t, "verb"),
			rapid.Bool().Draw(t, "after"), rapid.IntRange(1, 5).Draw(t, "at"),
		}
		strikes[s] = rapid.SampledFrom(kinds).Draw(t, "fault")
	}
	calls := map[strike]int{}
	e.fault = func(verb string, after bool) error {
		key := strike{verb: verb, after: after}
		calls[key]++
		key.at = calls[key]
		return strikes[key]
	}
}

// TestWhateverTheEndsDo: the outcome is a matched link, or an error that names
// an end or says that time ran out; never two links; and once the faults have
// passed, one teardown leaves nothing, and one more run makes a matched link.
func TestWhateverTheEndsDo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld()
		l, i, a := w.pair(rapid.SampledFrom([]string{"", "acme"}).Draw(t, "owner"))
		a.desc.Named = rapid.Bool().Draw(t, "named")
		i.describes = true
		drawEnd(t, i)
		drawEnd(t, a)
		a.describes = a.describes || i.opaque
		d := w.driver()

		v, err := d.Converge(t.Context(), l, oneGig, View{})
		if w.most > 1 {
			t.Fatalf("%d live ends at one cloud", w.most)
		}
		switch e, ok := errors.AsType[*Error](err); {
		case err == nil:
			if p := Pair(l, v); p.Status != Matched {
				t.Fatalf("success, and the pairing is %s: %s", p.Status, p.Summary)
			}
		case !ok || e.End == "" && e.Code != CodeTimeout:
			t.Fatalf("the error does not name an end: %v", err)
		}

		i.fault, a.fault = nil, nil
		i.outcome, a.outcome = Up, Up
		if rapid.Bool().Draw(t, "state lost") {
			v = View{}
		}
		w.now = w.now.Add(time.Minute)
		if _, err := d.Teardown(t.Context(), l, v); err != nil {
			t.Fatalf("teardown: %v", err)
		}
		if left := len(i.live()) + len(a.live()); left != 0 {
			t.Fatalf("teardown succeeded and left %d ends", left)
		}
		v, err = d.Converge(t.Context(), l, oneGig, View{})
		if err != nil {
			t.Fatalf("second life: %v", err)
		}
		if p := Pair(l, v); p.Status != Matched || w.most > 1 {
			t.Fatalf("second life: %s, at most %d live ends", p.Status, w.most)
		}
	})
}

// TestWhateverHappensToABandwidthChange: one side writes, and either both ends
// report the new bandwidth or the error names an end.
func TestWhateverHappensToABandwidthChange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld()
		l, i, a := w.pair("acme")
		d := w.driver()
		v, err := d.Converge(t.Context(), l, oneGig, View{})
		if err != nil {
			t.Fatal(err)
		}
		drawEnd(t, i)
		drawEnd(t, a)
		i.refusesBandwidth = rapid.Bool().Draw(t, "leader refuses")
		i.revertsBandwidth = rapid.Bool().Draw(t, "partner refuses")
		v, err = d.Converge(t.Context(), l, Want{Bandwidth: 10 * bandwidth.Gbps}, v)
		if err == nil && (v[Initiator].Bandwidth != 10*bandwidth.Gbps || v[Acceptor].Bandwidth != 10*bandwidth.Gbps) {
			t.Fatalf("success with %s and %s", v[Initiator].Bandwidth, v[Acceptor].Bandwidth)
		}
		if e, ok := errors.AsType[*Error](err); err != nil && (!ok || e.End == "" && e.Code != CodeTimeout) {
			t.Fatalf("the error does not name an end: %v", err)
		}
		for _, writer := range w.bandwidthWrites {
			if writer != w.bandwidthWrites[0] {
				t.Fatalf("both ends wrote: %v", w.bandwidthWrites)
			}
		}
	})
}
