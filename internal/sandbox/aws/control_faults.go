package aws

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator"
)

// What the sandbox's owner and tests may make go wrong for a while.

// SetSwitches replaces the switches, for what happens from now on.
func (c *Cloud) SetSwitches(s Switches) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cfg.Switches = s.withDefaults()
}

// SetQuotas replaces the account's limits, for what is asked from now on. A zero
// field means AWS's default; a negative one is a quota that is full.
func (c *Cloud) SetQuotas(q Quotas) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cfg.Quotas = q.withDefaults()
}

// ExpireKey ends the life of an issued key that nobody has redeemed, as if its
// time had passed; id is the connection's id or shared id. It fails when the
// connection does not exist or does not wait for its key to be used.
func (c *Cloud) ExpireKey(id string) error {
	return c.controlled(id, func(conn *connection) error {
		if conn.state != StateRequested {
			return fmt.Errorf("expiring the key of connection %s: it is %s, not %s", conn.id, conn.state, StateRequested)
		}
		c.expire(conn)
		return nil
	})
}

// stall is a state that a connection does not leave by itself; an empty id means
// every connection.
type stall struct {
	id    string
	state State
}

// stallable are the states that a connection leaves by itself.
var stallable = []State{StateRequested, StatePending, StateUpdating, StateDeleting, StateDeleted}

// SetStalled makes a connection stay in a state for as long as on is true: one
// that never leaves pending, or never ends its deletion. An empty id means every
// connection, also those to come. What fell due meanwhile happens when the stall
// is lifted. What customers and the partner ask for still takes effect. It fails
// for a state that connections do not leave by themselves.
func (c *Cloud) SetStalled(id string, state State, on bool) error {
	if !slices.Contains(stallable, state) {
		return fmt.Errorf("stalling in state %q: connections leave only %v by themselves", state, stallable)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if on {
		c.stalls[stall{id, state}] = true
		return nil
	}
	delete(c.stalls, stall{id, state})
	c.unstall()
	return nil
}

// ShowAll lets reads show every connection that Switches.EventualConsistency still
// hides, as a little time would.
func (c *Cloud) ShowAll() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, conn := range c.state.connections {
		conn.hidden = 0
	}
}

// stalled says whether a connection stays where it is. The lock must be held.
func (c *Cloud) stalled(conn *connection) bool {
	return c.stalls[stall{conn.id, conn.state}] || c.stalls[stall{"", conn.state}]
}

// stalledTimer says whether a timer is about a connection that stays where it
// is. The lock must be held.
func (c *Cloud) stalledTimer(t *timer) bool {
	conn := c.state.connections[t.ID]
	return conn != nil && c.stalled(conn)
}

// unstall makes happen what fell due while a stall was on. The lock must be
// held.
func (c *Cloud) unstall() {
	for _, t := range slices.SortedFunc(maps.Values(c.state.timers), byDue) {
		if t.held && !c.stalledTimer(t) {
			delete(c.state.timers, t.Number)
			c.run(t)
		}
	}
	pending := slices.SortedFunc(maps.Values(c.state.connections), func(a, b *connection) int { return cmp.Compare(a.order, b.order) })
	for _, conn := range pending {
		c.completeIfBothDone(conn)
	}
}

// SetPartnerRefusal makes the partner answer a call with a refusal, without
// being asked; nil lifts it (see coordinator.Refusals).
func (c *Cloud) SetPartnerRefusal(call coordinator.Call, refusal *coordinator.Error) error {
	return c.refusals.Set(call, refusal)
}

// PartnerDeletes lets AWS hear that the partner's half of a connection is being
// deleted, as the open API tells it. It fails when there is no such connection.
func (c *Cloud) PartnerDeletes(ctx context.Context, id string) error {
	var environment, shared string
	if err := c.controlled(id, func(conn *connection) error {
		environment, shared = conn.env.ID, conn.sharedID
		return nil
	}); err != nil {
		return err
	}
	return c.DeleteConnection(ctx, environment, shared)
}
