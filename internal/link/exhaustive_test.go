package link

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"testing"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
)

// chooser answers questions by a script, and by 0 where the script has ended. It
// keeps how many answers each question had, so that all scripts can be tried one
// after the other: a depth-first walk through everything that can happen.
type chooser struct {
	script  []int
	answers []int
	at      int
}

func (c *chooser) choose(n int) int {
	pick := 0
	if c.at < len(c.script) {
		pick = c.script[c.at]
	} else {
		c.script = append(c.script, 0)
	}
	c.answers = append(c.answers[:c.at], n)
	c.at++
	return pick
}

// next is the script after this one, or nil when all have been tried.
func (c *chooser) next() []int {
	for i, v := range slices.Backward(c.answers) {
		if c.script[i]+1 < v {
			return append(append([]int{}, c.script[:i]...), c.script[i]+1)
		}
	}
	return nil
}

// Trouble that a call can run into.
const (
	nothing = iota
	refusedForNow
	replyLost
	killedBefore
	killedAfter
	troubles
)

// trial is one walk: a link made under trouble, by a driver that is killed and
// started again, and then taken down.
type trial struct {
	*chooser
	w    *world
	link Link
	ends [2]*fakeEnd
	// theirs is the side that belongs to another team, -1 where both are ours.
	theirs Side
	budget int // trouble that is left to happen
	saved  View
}

// newTrial makes a world in which at most budget calls go wrong, each in any way.
// Both ends are ours, or only one of them; of an acceptor alone, the other team
// has issued a key.
func newTrial(c *chooser, budget int) *trial {
	w := newWorld()
	l, i, a := w.pair("acme")
	t := &trial{chooser: c, w: w, link: l, ends: [2]*fakeEnd{i, a}, theirs: Side(c.choose(3) - 1), budget: budget}
	a.desc.Named = c.choose(2) == 1
	i.outcome = []State{Up, Failed}[c.choose(2)]
	if t.theirs >= 0 {
		other := t.ends[t.theirs]
		t.link.Ends[t.theirs], t.link.Peer, t.link.PeerSite = nil, other.desc, other.site
	}
	if t.theirs == Initiator {
		issued, err := i.Propose(w.context(), Proposal{Marker: Marker{Name: "theirs"}, Bandwidth: oneGig.Bandwidth, Peer: a.site})
		if err != nil {
			panic(err)
		}
		t.link.Key = issued.Key
	}
	for _, side := range t.link.ours() {
		e := t.ends[side]
		pending := nothing
		e.fault = func(verb string, after bool) error {
			if !after {
				pending = t.trouble(verb)
			}
			switch {
			case pending == refusedForNow && !after:
				return reason(cloud.Unavailable)
			case pending == replyLost && after:
				return errors.New("connection reset")
			case pending == killedBefore && !after, pending == killedAfter && after:
				w.dead = true
				return errKilled
			}
			return nil
		}
	}
	return t
}

// trouble chooses what a call runs into. Reads run into none: two of them are
// made at once, in no order that a script could follow, and a driver that is
// killed before a read is one that was killed after the write before it.
func (t *trial) trouble(verb string) int {
	if t.budget == 0 || verb == "observe" || verb == "find" {
		return nothing
	}
	kind := t.choose(troubles)
	if kind != nothing {
		t.budget--
	}
	return kind
}

// attempt runs f with a driver. A driver that was killed does not live.
func (t *trial) attempt(f func(d *Driver) error) (lives bool, err error) {
	err = f(t.w.driver())
	if t.w.dead {
		t.w.dead = false
		return false, nil
	}
	return true, err
}

// make runs the driver until it lives to the end, as a user who applies again. A
// driver that is killed leaves no state: the engine writes what it returns.
func (t *trial) make() error {
	for range 8 {
		lives, err := t.attempt(func(d *Driver) error {
			var err error
			t.saved, err = d.Converge(t.w.context(), t.link, t.want(), View{})
			return err
		})
		if lives {
			return err
		}
		t.saved = View{}
	}
	return fmt.Errorf("killed more often than there was trouble")
}

// want is what the link is to be: of an initiator alone, whose key nobody has
// redeemed yet, no more than that it has issued it.
func (t *trial) want() Want {
	w := oneGig
	if t.theirs == Acceptor && !t.joined() {
		w.Until = Requested
	}
	return w
}

// joined says that the other team has redeemed our key.
func (t *trial) joined() bool { return len(t.ends[Acceptor].objects) > 0 }

// TestEverythingThatCanHappen walks through every way in which up to three calls
// (four in make crash) of a link's making can go wrong: refused for now, reply
// lost, driver killed before or after the effect; with either naming of ends and
// either outcome of the provisioning; and with both ends ours, or one. After each:
// never two live ends at one cloud, a link as it was to be or an error that names
// an end, and nothing of ours left after a teardown.
func TestEverythingThatCanHappen(t *testing.T) {
	budget := 3
	if os.Getenv("CROSSCLOUD_CRASH") == "full" {
		budget = 4
	}
	if testing.Short() {
		budget = 1
	}
	walks := 0
	for script := []int{}; script != nil; walks++ {
		c := &chooser{script: script}
		trial := newTrial(c, budget)
		if err := trial.walk(); err != nil {
			t.Fatalf("walk %d, choices %v: %v", walks, c.script, err)
		}
		script = c.next()
	}
	t.Logf("%d walks, 0 violations", walks)
	if walks < 1_000 && budget > 1 {
		t.Errorf("only %d walks: the walk does not reach what it should", walks)
	}
}

// walk makes the link, looks at what came of it, and takes it down. Where another
// team is to accept it, it does so after the first apply, and then we apply again.
func (t *trial) walk() error {
	if err := t.made(); err != nil {
		return err
	}
	if t.theirs == Acceptor {
		r := Redemption{Marker: Marker{Name: "theirs"}, Key: t.saved[Initiator].Key}
		if _, err := t.ends[Acceptor].Redeem(t.w.context(), r); err != nil {
			return fmt.Errorf("the other team: %w", err)
		}
		if err := t.made(); err != nil {
			return err
		}
	}
	return t.removed()
}

// made makes the link, or completes it, and looks at what came of it.
func (t *trial) made() error {
	err := t.make()
	if t.w.most > 1 {
		return fmt.Errorf("%d live ends at one cloud", t.w.most)
	}
	e, named := errors.AsType[*Error](err)
	switch {
	case err == nil && Pair(t.link, t.saved).Status != t.success():
		return fmt.Errorf("success, and the pairing is %s", Pair(t.link, t.saved).Status)
	case err == nil && t.failing():
		return errors.New("success with an end that failed")
	case err != nil && (!named || e.End == ""):
		return fmt.Errorf("the error names no end: %w", err)
	case err != nil && !t.failing():
		return fmt.Errorf("nothing that happened excuses this: %w", err)
	}
	if len(t.w.bandwidthWrites) > 0 {
		return errors.New("a new link's bandwidth was written")
	}
	return nil
}

// removed takes the link down.
func (t *trial) removed() error {
	for {
		lives, err := t.attempt(func(d *Driver) error {
			_, err := d.Teardown(t.w.context(), t.link, t.saved)
			return err
		})
		if lives && err != nil {
			return fmt.Errorf("teardown: %w", err)
		}
		if lives {
			break
		}
	}
	left := len(t.ends[Initiator].live()) + len(t.ends[Acceptor].live())
	if t.theirs >= 0 {
		left -= len(t.ends[t.theirs].live())
	}
	if left != 0 {
		return fmt.Errorf("teardown left %d ends", left)
	}
	return t.abandoned()
}

// success is the pairing of a link as it was to be.
func (t *trial) success() Status {
	switch t.theirs {
	case Initiator:
		return Unverified
	case Acceptor:
		if t.joined() {
			return Unverified
		}
		return StatusAwaiting(t.ends[Acceptor].desc.Cloud)
	}
	return Matched
}

// failing says that an end of ours fails: the initiator, once it is joined.
func (t *trial) failing() bool {
	return t.theirs != Initiator && t.joined() && t.ends[Initiator].outcome != Up
}

// abandoned looks at the other team's end after ours is gone: the same one, and
// it says that it has lost its partner where it has had one.
func (t *trial) abandoned() error {
	if t.theirs != Initiator {
		return nil
	}
	for _, o := range t.ends[Initiator].live() {
		if s := o.state(t.w.now); o.peer != nil && s != Deprovisioned || o.peer == nil && s != AwaitingPeer {
			return fmt.Errorf("the other team's end is %s", s)
		}
	}
	if n := len(t.ends[Initiator].live()); n != 1 {
		return fmt.Errorf("the other team has %d ends", n)
	}
	return nil
}
