package link

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
)

// The machine runs this many lives of this many steps on average. Together they
// are at least leastSteps.
const (
	machineLives  = 450
	machineLength = 40
	leastSteps    = 10_000
)

// patience is how long a driver may look at a world in which nothing will change
// by itself any more: the longest of its own limits, and some looks.
const patience = 5 * time.Minute

// machine is one link's life: what a user and the world do to it, in any order,
// with a driver that may be killed at any call.
type machine struct {
	w     *world
	link  Link
	i, a  *fakeEnd
	want  Want
	saved View
	// theirs is the side that belongs to another team, -1 where both are ours.
	theirs Side
	// steps counts what was done in all lives.
	steps *int
}

// both is no side: both are ours.
const both Side = -1

func newMachine(t *rapid.T, theirs Side, steps *int) *machine {
	w := newWorld()
	l, i, a := w.pair(rapid.SampledFrom([]string{"acme", "acme", ""}).Draw(t, "owner"))
	a.desc.Named = rapid.Bool().Draw(t, "named")
	for _, e := range []*fakeEnd{i, a} {
		e.provisioning = time.Duration(rapid.IntRange(0, 600).Draw(t, "provisioning")) * time.Second
		// A cloud shows what it has made before it could have deleted it.
		e.hidden = time.Duration(rapid.IntRange(0, 8).Draw(t, "hidden")) * time.Second
	}
	m := &machine{w: w, link: l, i: i, a: a, want: oneGig, theirs: theirs, steps: steps}
	if theirs != both {
		other := m.end(theirs)
		m.link.Ends[theirs], m.link.Peer, m.link.PeerSite = nil, other.desc, other.site
		other.hidden = 0
	}
	switch theirs {
	case Initiator:
		// What the key says.
		m.want.Bandwidth = 0
		m.offer(t)
	case Acceptor:
		m.want.Until = Requested
	}
	return m
}

// end is the cloud of a side.
func (m *machine) end(s Side) *fakeEnd { return [2]*fakeEnd{m.i, m.a}[s] }

// ours are the clouds with an end of ours.
func (m *machine) ours() (ends []*fakeEnd) {
	for _, s := range m.link.ours() {
		ends = append(ends, m.end(s))
	}
	return ends
}

// driver is one whose pace is the same every time, so that a failure can be
// repeated.
func (m *machine) driver() *Driver {
	d := m.w.driver()
	d.Pace = cloud.DefaultPace()
	d.Pace.Jitter = 0
	return d
}

// attempt runs f with a driver that may meet trouble: a call in twenty stumbles,
// and the driver may be killed at one call, before or after its effect. killed
// says that it was: then nothing of what it returned was written.
func (m *machine) attempt(t *rapid.T, f func(context.Context, *Driver) (View, error)) (killed bool, err error) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	kind := rapid.SampledFrom([]error{errors.New("connection reset"), reason(cloud.Throttled), reason(cloud.Unavailable), reason(cloud.Conflict)}).Draw(t, "stumble")
	m.w.limit(cancel, time.Duration(rapid.IntRange(1, 3_600).Draw(t, "timeout"))*time.Second)
	for _, e := range m.ours() {
		// Both ends are read at once: only each end's own calls have an order.
		killAt := rapid.IntRange(-20, 20).Draw(t, "killed at call")
		stumbles := rapid.SliceOfN(rapid.IntRange(1, 40), 0, 3).Draw(t, "stumbles at calls")
		points := 0
		e.fault = func(verb string, _ bool) error {
			points++
			reads := verb == "find" || verb == "observe"
			switch {
			case points == killAt:
				m.w.dead = true
				return errKilled
			case slices.Contains(stumbles, points) && (!reads || cloud.KindOf(kind) != cloud.Conflict):
				return kind
			}
			return nil
		}
	}
	defer func() { m.i.fault, m.a.fault, m.w.dead = nil, nil, false }()
	m.w.bandwidthWrites, m.w.idle, m.w.mostIdle = nil, 0, 0
	v, err := f(ctx, m.driver())
	if m.w.dead {
		return true, nil
	}
	m.saved = v
	return false, err
}

// apply is a user's apply: it converges, and where a half cannot live again, it
// replaces the link.
func (m *machine) apply(t *rapid.T) {
	healthy := m.healthy()
	killed, err := m.attempt(t, func(ctx context.Context, d *Driver) (View, error) {
		return d.Converge(ctx, m.link, m.want, m.saved)
	})
	m.oneWriter(t)
	m.keeps(t, healthy)
	if killed {
		return
	}
	switch e, _ := errors.AsType[*Error](err); {
	case err == nil:
		m.asWanted(t)
	case e != nil && m.theirs == Initiator && e.Code == CodeKey:
		// The key was used, or its end is gone.
	case e == nil || e.End == "" && e.Code != CodeTimeout && e.Code != CodeExists:
		t.Fatalf("the error names no end: %v", err)
	case e.Code == CodeBroken:
		m.destroy(t)
	}
}

// destroy is a user's destroy. Where an apply that was killed has made what the
// state does not know, it comes a while later: what its cloud does not list yet,
// nobody could find.
func (m *machine) destroy(t *rapid.T) {
	for _, e := range []*fakeEnd{m.i, m.a} {
		for _, o := range e.live() {
			if o.id != m.saved[Initiator].ID && o.id != m.saved[Acceptor].ID && o.visible.After(m.w.now) {
				m.w.now = o.visible
			}
		}
	}
	killed, err := m.attempt(t, func(ctx context.Context, d *Driver) (View, error) {
		return d.Teardown(ctx, m.link, m.saved)
	})
	if !killed && err == nil {
		m.empty(t)
	}
}

// peace applies until the link is as wanted, with no trouble: whatever came
// before, at most three applies are needed.
func (m *machine) peace(t *rapid.T) {
	m.i.outcome, m.a.outcome = Up, Up
	m.settleStates()
	for range 3 {
		v, err := m.driver().Converge(t.Context(), m.link, m.want, m.saved)
		m.saved = v
		switch e, _ := errors.AsType[*Error](err); {
		case err == nil:
			m.asWanted(t)
			return
		case e != nil && e.Code == CodeExists:
			m.bring(t)
		case e != nil && e.Code == CodeBroken:
			left, err := m.driver().Teardown(t.Context(), m.link, m.saved)
			if err != nil {
				t.Fatalf("the replacement's teardown: %v", err)
			}
			m.saved = left
			m.offer(t)
		case e != nil && m.theirs == Initiator && e.Code == CodeKey:
			// It is used up, perhaps by an end of ours that is not listed yet.
			m.w.now = m.w.now.Add(30 * time.Second)
			m.offer(t)
		default:
			t.Fatalf("nothing excuses this: %v", err)
		}
	}
	t.Fatal("three applies in peace do not make the link")
}

// settleStates undoes what would pass by itself or by a call to support: an end
// that is down or suspended comes back.
func (m *machine) settleStates() {
	for _, e := range []*fakeEnd{m.i, m.a} {
		for _, o := range e.live() {
			if s := o.state(m.w.now); s == Down || s == Suspended {
				o.turn(m.w.now, Up)
			}
		}
	}
}

// bring is an import: the ids of what there is go into the state.
func (m *machine) bring(*rapid.T) {
	m.saved = View{}
	for _, side := range m.link.ours() {
		e := m.end(side)
		for _, o := range e.live() {
			if !o.visible.After(m.w.now) {
				m.saved[side] = e.show(o)
			}
		}
	}
}

// happen is one thing that somebody else does to one end that is shown.
func (m *machine) happen(t *rapid.T) {
	m.w.now = m.w.now.Add(30 * time.Second)
	e := rapid.SampledFrom([]*fakeEnd{m.i, m.a}).Draw(t, "end")
	live := e.live()
	if len(live) == 0 {
		t.Skip("there is nothing that anything could happen to")
	}
	o := live[0]
	up := o.state(m.w.now) == Up
	switch what := rapid.SampledFrom([]string{"deleted", "suspended", "down", "bandwidth", "note"}).Draw(t, "event"); {
	case what == "deleted":
		if _, err := e.Delete(t.Context(), Ref{ID: o.id}, Attempt{}); err != nil {
			t.Skip("it is not shown yet")
		}
	case what == "suspended" && up:
		o.turn(m.w.now, Suspended)
	case what == "down" && up:
		o.turn(m.w.now, Down)
		o.turn(m.w.now.Add(time.Hour), Up)
	case what == "bandwidth" && up && o.peer != nil:
		o.bandwidth, o.peer.bandwidth = 10*bandwidth.Gbps, 10*bandwidth.Gbps
	case what == "note":
		o.note = "somebody else's words"
	}
}

// healthy are the halves that could live on, where provisioning does not fail.
func (m *machine) healthy() (halves []*object) {
	if m.i.outcome != Up || m.a.outcome != Up {
		return nil
	}
	for _, e := range []*fakeEnd{m.i, m.a} {
		for _, o := range e.live() {
			s, peer := o.state(m.w.now), o.peer
			if !s.Dead() && (peer == nil || !peer.state(m.w.now).Dead() && !peer.state(m.w.now).Gone()) && !planned(o, m.w.now) && (peer == nil || !planned(peer, m.w.now)) {
				halves = append(halves, o)
			}
		}
	}
	return halves
}

// planned says that a half will die by what is under way.
func planned(o *object, now time.Time) bool {
	for _, c := range o.plan {
		if c.at.After(now) && (c.state.Dead() || c.state.Gone() || c.state == Deleting) {
			return true
		}
	}
	return false
}

// keeps checks that a convergence is progress: what could live on is not
// removed.
func (m *machine) keeps(t *rapid.T, healthy []*object) {
	for _, o := range healthy {
		if s := o.state(m.w.now); s.Gone() || s == Deleting || s.Dead() {
			t.Fatalf("a convergence has removed %s, which could have lived on: it is %s", o.id, s)
		}
	}
}

// oneWriter checks that at most one cloud was asked to change the bandwidth.
func (m *machine) oneWriter(t *rapid.T) {
	for _, writer := range m.w.bandwidthWrites {
		if writer != m.w.bandwidthWrites[0] {
			t.Fatalf("both ends wrote the bandwidth: %v", m.w.bandwidthWrites)
		}
	}
}

// asWanted checks what a success claims.
func (m *machine) asWanted(t *rapid.T) {
	p := Pair(m.link, m.saved)
	good := []Status{Matched, DownStatus}
	switch m.theirs {
	case Initiator:
		good = []Status{Unverified, DownStatus}
	case Acceptor:
		good = []Status{StatusAwaiting(m.a.desc.Cloud), Provisioning, Unverified, DownStatus}
	}
	if !slices.Contains(good, p.Status) {
		t.Fatalf("success, and the pairing is %s: %s", p.Status, p.Summary)
	}
	for _, side := range m.link.ours() {
		e := m.end(side)
		o := e.known(m.saved[side].ID)
		switch {
		case o == nil:
			t.Fatalf("success, and %s does not exist", m.saved[side].ID)
		case p.Status == Provisioning:
			// Nothing is changed before it is up.
		case m.want.Bandwidth != 0 && o.bandwidth != m.want.Bandwidth || o.note != e.note:
			t.Fatalf("success, and %s has %s and %q", o.id, o.bandwidth, o.note)
		}
	}
}

// offer is what the other team does where its end is the initiator: it removes
// what is dead, and where it has no end, makes one and hands the key over. That
// takes longer than a cloud needs to list what it has made.
func (m *machine) offer(t *rapid.T) {
	if m.theirs != Initiator {
		return
	}
	for _, o := range m.i.live() {
		if !o.state(m.w.now).Dead() {
			return
		}
		if _, err := m.i.Delete(t.Context(), Ref{ID: o.id}, Attempt{}); err != nil {
			t.Fatal(err)
		}
	}
	m.w.now = m.w.now.Add(30 * time.Second)
	attempt := Attempt{Link: Marker{Name: "theirs"}, Number: m.w.serial}
	o, err := m.i.Propose(t.Context(), Proposal{Marker: attempt.Link, Bandwidth: bandwidth.Gbps, Peer: m.a.site, Attempt: attempt})
	if err != nil {
		t.Fatal(err)
	}
	m.link.Key = o.Key
}

// redeem is what the other team does where its end is the acceptor: it redeems
// our key, where there is one.
func (m *machine) redeem(t *rapid.T) {
	for _, o := range m.i.live() {
		if m.theirs != Acceptor || o.state(m.w.now) != AwaitingPeer {
			continue
		}
		attempt := Attempt{Link: Marker{Name: "theirs"}, Number: m.w.serial}
		for _, lost := range m.a.live() {
			if _, err := m.a.Delete(t.Context(), Ref{ID: lost.id}, Attempt{}); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := m.a.Redeem(t.Context(), Redemption{Marker: attempt.Link, Key: o.key, Attempt: attempt}); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Skip("there is no key to redeem")
}

// empty checks that nothing of ours is left.
func (m *machine) empty(t *rapid.T) {
	left := 0
	for _, e := range m.ours() {
		left += len(e.live())
	}
	if left != 0 {
		t.Fatalf("a teardown succeeded and left %d ends", left)
	}
}

// check is what must hold after every step.
func (m *machine) check(t *rapid.T) {
	*m.steps++
	if m.w.most > 1 {
		t.Fatalf("%d live ends at one cloud", m.w.most)
	}
	if m.w.mostIdle > patience {
		t.Fatalf("the driver waited %s for what cannot come", m.w.mostIdle)
	}
	shared := map[string]bool{}
	for _, e := range []*fakeEnd{m.i, m.a} {
		for _, o := range e.live() {
			if !o.state(m.w.now).Dead() {
				shared[o.sharedID] = true
			}
		}
	}
	if len(shared) > 1 {
		t.Fatalf("the halves that live have %d shared ids", len(shared))
	}
}

// TestMachine: a link's life, in which a user applies, changes the configuration,
// destroys, imports and loses the state; in which somebody else deletes, suspends
// and changes ends; and in which drivers are killed and calls stumble, in any
// order. There is one shared id, one live end a cloud, one writer of a bandwidth;
// nothing that could live on is removed; no driver waits for what cannot come; a
// teardown leaves nothing; and in peace three applies always make the link.
func TestMachine(t *testing.T) {
	seed := rapidly(t, machineLives)
	steps := 0
	rapid.Check(t, func(t *rapid.T) { newMachine(t, both, &steps).live(t) })
	fmt.Printf("link machine: %d lives, %d steps, seed %s, 0 violations\n", machineLives, steps, seed)
	if steps < leastSteps && !testing.Short() {
		t.Errorf("only %d steps: the machine does not reach what it should", steps)
	}
}

// TestMachineOfOneEnd is TestMachine for a link of which only one end is ours, on
// either side: another team issues the key, or redeems ours, at any time.
func TestMachineOfOneEnd(t *testing.T) {
	const lives = machineLives / 3
	seed := rapidly(t, lives)
	steps := 0
	rapid.Check(t, func(t *rapid.T) {
		newMachine(t, rapid.SampledFrom([]Side{Initiator, Acceptor}).Draw(t, "theirs"), &steps).live(t)
	})
	fmt.Printf("link machine of one end: %d lives, %d steps, seed %s, 0 violations\n", lives, steps, seed)
}

// live lives one life, and ends it in peace.
func (m *machine) live(t *rapid.T) {
	actions := map[string]func(*rapid.T){
		"":      m.check,
		"apply": m.apply,
		// Nobody edits a file within the seconds for which a cloud may not list
		// what it has made; another bandwidth is another token.
		"bandwidth": func(t *rapid.T) {
			m.w.now = m.w.now.Add(30 * time.Second)
			m.want.Bandwidth = rapid.SampledFrom(m.i.tiers).Draw(t, "wanted")
		},
		"note": func(t *rapid.T) {
			e := rapid.SampledFrom([]*fakeEnd{m.i, m.a}).Draw(t, "end")
			e.note = rapid.SampledFrom([]string{"as configured", "as configured anew"}).Draw(t, "note")
		},
		"time": func(t *rapid.T) {
			m.w.now = m.w.now.Add(time.Duration(rapid.IntRange(1, 7_200).Draw(t, "seconds")) * time.Second)
		},
		"somebody else": m.happen,
		"outcome": func(t *rapid.T) {
			rapid.SampledFrom([]*fakeEnd{m.i, m.a}).Draw(t, "end").outcome = rapid.SampledFrom(outcomes).Draw(t, "outcome")
		},
		"lose the state": func(*rapid.T) { m.saved = View{} },
		"import":         m.bring,
		"peace":          m.peace,
		"destroy":        m.destroy,
	}
	switch m.theirs {
	case Initiator:
		delete(actions, "bandwidth")
		actions["the other team"] = m.offer
	case Acceptor:
		delete(actions, "bandwidth")
		actions["the other team"] = m.redeem
	}
	t.Repeat(actions)
	m.peace(t)
	left, err := m.driver().Teardown(t.Context(), m.link, m.saved)
	if err != nil {
		t.Fatalf("the last teardown: %v", err)
	}
	m.saved = left
	m.empty(t)
}

// rapidly sets how much rapid does for this test. The seed is the same every time
// unless -rapid.seed names another, so that a change is judged by what it does
// and not by luck.
func rapidly(t *testing.T, lives int) (seed string) {
	t.Helper()
	if seed = flag.Lookup("rapid.seed").Value.String(); seed == "0" {
		seed = "20260131"
	}
	if testing.Short() {
		lives /= 10
	}
	for name, value := range map[string]string{"rapid.seed": seed, "rapid.checks": strconv.Itoa(lives), "rapid.steps": strconv.Itoa(machineLength)} {
		f := flag.Lookup(name)
		before := f.Value.String()
		if err := f.Value.Set(value); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := f.Value.Set(before); err != nil {
				t.Error(err)
			}
		})
	}
	return seed
}
