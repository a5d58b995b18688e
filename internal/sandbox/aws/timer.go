package aws

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator"
)

// timerKind is what a timer does when it is due.
type timerKind string

// The kinds of timer. Those of the last group call the partner, so they run
// without the lock.
const (
	timerKeyExpires  timerKind = "key-expires"
	timerProvisioned timerKind = "provisioned"
	timerResized     timerKind = "resized"
	timerDeleted     timerKind = "deleted"
	timerForgotten   timerKind = "forgotten"

	timerGatewayReady     timerKind = "gateway-ready"
	timerGatewayDeleted   timerKind = "gateway-deleted"
	timerGatewayForgotten timerKind = "gateway-forgotten"

	timerAssociationSettled timerKind = "association-settled"
	timerProposalForgotten  timerKind = "proposal-forgotten"
	timerNetworkSettled     timerKind = "network-settled"

	timerTellDeleted timerKind = "tell-deleted"
	timerTellDone    timerKind = "tell-done"
	timerTellRoutes  timerKind = "tell-routes"
	timerAskResize   timerKind = "ask-resize"
)

// timer is something that will happen. It is data, not a function, so that a
// snapshot can hold it.
type timer struct {
	Number int       `json:"number"`
	Kind   timerKind `json:"kind"`
	// At is when it is due, on the Cloud's clock.
	At time.Time `json:"at"`
	// ID is the resource it is about.
	ID string `json:"id,omitempty"`
	// Size is the bandwidth of a change.
	Size bandwidth.Bandwidth `json:"size,omitempty"`
	// Environment and SharedID name the connection to the partner; Pause is
	// how long to wait before the call is tried again.
	Environment string        `json:"environment,omitempty"`
	SharedID    string        `json:"sharedId,omitempty"`
	Pause       time.Duration `json:"pause,omitempty"`

	// held says that it fell due while its connection was stalled.
	held bool
}

// later starts a timer that is due once d has passed. The lock must be held.
func (c *Cloud) later(d time.Duration, t timer) {
	t.Number = c.next()
	t.At = c.cfg.Clock.Now().Add(d)
	c.state.timers[t.Number] = &t
	c.cfg.Clock.AfterFunc(d, func() { c.fire(&t) })
}

// fire runs a timer that is due, unless a Restore has replaced it. A call to the
// partner stays in the state until it has been made, so that a snapshot taken
// meanwhile makes it again.
func (c *Cloud) fire(t *timer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.state.timers[t.Number] != t {
		return
	}
	if errand := c.errand(t.Kind); errand != nil {
		c.mu.Unlock()
		c.runErrand(t, errand)
		c.mu.Lock()
		return
	}
	if c.stalledTimer(t) {
		t.held = true
		return
	}
	delete(c.state.timers, t.Number)
	c.run(t)
}

// runErrand makes a timer's call to the partner, unless a Restore has replaced
// the timer while the gate was held. The lock must not be held.
func (c *Cloud) runErrand(t *timer, errand func(*timer)) {
	defer c.gate.Pass()()
	c.mu.Lock()
	current := c.state.timers[t.Number] == t
	c.mu.Unlock()
	if !current {
		return
	}
	errand(t)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.state.timers[t.Number] == t {
		delete(c.state.timers, t.Number)
	}
}

// run does what a timer is for. The lock must be held.
func (c *Cloud) run(t *timer) {
	switch t.Kind {
	case timerGatewayReady, timerGatewayDeleted, timerGatewayForgotten:
		c.runGateway(t)
	case timerAssociationSettled:
		c.settleAssociation(t.ID)
	case timerProposalForgotten:
		delete(c.state.proposals, t.ID)
	case timerNetworkSettled:
		c.settleNetwork(t.ID)
	default:
		if conn := c.state.connections[t.ID]; conn != nil {
			c.runConnection(conn, t)
		}
	}
}

// runConnection is run for a connection's timers.
func (c *Cloud) runConnection(conn *connection, t *timer) {
	switch t.Kind {
	case timerKeyExpires:
		c.expire(conn)
	case timerProvisioned:
		c.provisioned(conn)
	case timerResized:
		c.finishResize(conn, t.Size)
	case timerDeleted:
		c.finishDelete(conn)
	case timerForgotten:
		c.drop(conn)
	}
}

// errand is what a timer of a kind does without the lock; nil for the others.
func (c *Cloud) errand(kind timerKind) func(*timer) {
	switch kind {
	case timerTellDeleted:
		return func(t *timer) {
			c.tell(t, func(ctx context.Context, peer coordinator.Server) error {
				return peer.DeleteConnection(ctx, t.Environment, t.SharedID)
			})
		}
	case timerTellDone:
		return func(t *timer) {
			c.tell(t, func(ctx context.Context, peer coordinator.Server) error {
				return peer.NotifyConnectionStatus(ctx, t.Environment, t.SharedID)
			})
		}
	case timerTellRoutes:
		return c.tellRoutes
	case timerAskResize:
		return c.askResize
	}
	return nil
}

// callTimeout bounds one call to the partner that no request waits for.
const callTimeout = 30 * time.Second

// tellPartner makes a call of a kind to the partner that no request waits for.
// The lock must be held.
func (c *Cloud) tellPartner(kind timerKind, conn *connection) {
	c.later(0, timer{Kind: kind, Environment: conn.env.ID, SharedID: conn.sharedID, Pause: time.Second})
}

// tell makes a call to the partner. A failure is tried again after 1, 2, 4, 8,
// 16 and 32 seconds (Connection Coordinator API: exponential backoff for up to
// 60 seconds), unless the partner does not know the connection. The lock must
// not be held.
func (c *Cloud) tell(t *timer, call func(context.Context, coordinator.Server) error) {
	const longest = 32 * time.Second
	peer := c.partner()
	if peer == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
	defer cancel()
	err := call(ctx, peer)
	if err == nil || coordinatorStatus(err) == statusUnknown || t.Pause > longest {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.state.timers[t.Number] == t { // else a Restore came in between
		c.later(t.Pause, timer{Kind: t.Kind, Environment: t.Environment, SharedID: t.SharedID, Pause: 2 * t.Pause})
	}
}

// resume starts the clock for timers that a snapshot brought, in the order in
// which they fall due. The lock must be held.
func (c *Cloud) resume() {
	now := c.cfg.Clock.Now()
	for _, t := range slices.SortedFunc(maps.Values(c.state.timers), byDue) {
		c.cfg.Clock.AfterFunc(max(0, t.At.Sub(now)), func() { c.fire(t) })
	}
}

// byDue compares timers by when they fall due.
func byDue(a, b *timer) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Number, b.Number)) }
