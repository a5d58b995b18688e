package google

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator"
)

// deed says what a step does.
type deed string

// The deeds. Their values stand in snapshots.
const (
	makeTheTransport deed = "make-transport"
	endTheJoin       deed = "end-join"
	expireTheKey     deed = "expire-key"
	verifyTheLink    deed = "verify-link"
	tellThePeer      deed = "tell-peer"
	redeemTheKey     deed = "redeem-key"
	askForTheSize    deed = "ask-for-size"
	applyThePatch    deed = "apply-patch"
	takeTheSize      deed = "take-size"
	endTheDeletion   deed = "end-deletion"
	endTheHubChange  deed = "end-hub-change"
	endTheCompute    deed = "end-compute"
)

// step is something that is to happen. It is data rather than a function, so
// that a snapshot can hold what is under way. Which fields are set depends on
// the deed.
type step struct {
	id  int
	due time.Time
	do  deed

	transport *transport
	op        *operation
	change    change
	// fail is how the operation is going to end; nil is well.
	fail    *apiError
	size    bandwidth.Bandwidth
	compute *computeOperation
	news    news

	stop func()
	// parked: it is due, and the transport is stalled.
	parked bool
}

// after has a step taken once d has passed, unless the cloud was closed. The
// lock is held; the step is taken without it.
func (c *Cloud) after(d time.Duration, s step) {
	c.lastStep++
	s.id, s.due = c.lastStep, c.now().Add(d)
	c.arm(&s)
}

// arm sets the clock for a step. One that is due already is taken as soon as the
// lock is free. The lock is held.
func (c *Cloud) arm(s *step) {
	c.steps[s.id] = s
	s.stop = c.cfg.Clock.AfterFunc(max(0, s.due.Sub(c.now())), func() { c.take(s) })
}

// take carries a step out, unless it was called off. No snapshot is made or
// restored meanwhile, because a step may let go of the lock halfway.
func (c *Cloud) take(s *step) {
	defer c.gate.Pass()()
	c.mu.Lock()
	off := c.closed || c.steps[s.id] != s
	if !off && s.transport != nil && c.stalled[s.transport.state] {
		s.parked, off = true, true
	}
	if !off {
		delete(c.steps, s.id)
	}
	c.mu.Unlock()
	if !off {
		c.carryOut(s)
	}
}

// carryOut does a step's deed.
func (c *Cloud) carryOut(s *step) {
	switch s.do {
	case makeTheTransport:
		c.makeTransport(s.transport, s.op)
	case endTheJoin:
		c.finishJoined(s.transport, s.op)
	case expireTheKey:
		c.expire(s.transport)
	case verifyTheLink:
		c.verify(s.transport)
	case tellThePeer:
		c.tell(s.news)
	case redeemTheKey:
		c.patchKey(s.transport, s.op, s.change)
	case askForTheSize:
		c.patchSize(s.transport, s.op, s.change)
	case applyThePatch:
		c.applyPatch(s.transport, s.op, s.change, s.fail)
	case takeTheSize:
		c.finishPeerChange(s.transport, s.size)
	case endTheDeletion:
		c.finishDelete(s.transport, s.op)
	case endTheHubChange:
		c.finishHub(s.op, s.change)
	case endTheCompute:
		c.finishCompute(s.compute)
	}
}

// news is something that the other cloud is told, which it cannot decline.
type news struct {
	// Deleted: the link is being deleted here. Routes: what this half offers
	// has changed. Otherwise: this half is ready.
	Deleted bool `json:"deleted,omitempty"`
	Routes  bool `json:"routes,omitempty"`
	// Environment and ID name the link in the open API.
	Environment string `json:"environment"`
	ID          string `json:"id"`
	// Left is how often it is still tried.
	Left int `json:"left"`
}

// immediately is the delay of what happens as soon as the lock is free.
const immediately time.Duration = 0

// How often, and how far apart, the other cloud is told something that it did
// not take because it failed.
const (
	tellAttempts = 10
	tellAgain    = time.Second
)

// tellPeer tells the other cloud something as soon as the lock is free, and
// again while it answers with a failure of its own. A refusal is final. The lock
// is held.
func (c *Cloud) tellPeer(n news) {
	n.Left = tellAttempts
	c.after(immediately, step{do: tellThePeer, news: n})
}

// tell tells the other cloud once.
func (c *Cloud) tell(n news) {
	c.mu.Lock()
	peer := c.peer
	c.mu.Unlock()
	if peer == nil {
		return
	}
	send := n.send
	if n.Routes {
		send = c.advertise(n)
	}
	err := send(context.Background(), peer) // no caller waits for it
	n.Left--
	if n.Left > 0 && passing(err) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.after(tellAgain, step{do: tellThePeer, news: n})
	}
}

// send makes the call.
func (n news) send(ctx context.Context, peer coordinator.Server) error {
	if n.Deleted {
		return peer.DeleteConnection(ctx, n.Environment, n.ID)
	}
	return peer.NotifyConnectionStatus(ctx, n.Environment, n.ID)
}

// pendingSteps are all that is to happen, in the order in which it is due. The
// lock is held.
func (c *Cloud) pendingSteps() []*step {
	return slices.SortedFunc(maps.Values(c.steps), func(a, b *step) int {
		return cmp.Or(a.due.Compare(b.due), cmp.Compare(a.id, b.id))
	})
}
