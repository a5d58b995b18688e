package google

import (
	"context"
	"errors"
	"time"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator"
)

// provision begins this half's work: both halves know of each other now. The
// lock is held.
func (c *Cloud) provision(t *transport) {
	t.joined = true
	c.after(c.cfg.Timing.Provisioning, func() { c.verify(t) })
}

// verify ends this half's work and tells the other cloud so.
func (c *Cloud) verify(t *transport) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.live(t) || t.state == StateDeleting || t.state == StateDeprovisioned {
		return
	}
	t.verified = true
	c.settle(t)
	environment, id := t.environment(), t.sharedID
	c.tellPeer(func(ctx context.Context, peer coordinator.Server) error {
		return peer.NotifyConnectionStatus(ctx, environment, id)
	})
}

// settle makes a transport active once both halves have finished. The lock is
// held.
func (c *Cloud) settle(t *transport) {
	if t.state == StatePendingConfig && t.verified && t.notified {
		t.mtu = mtuLimit
		t.updated = c.now()
		c.enter(t, StateActive)
	}
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
// again while it answers with a failure of its own. A refusal is final: what is
// told so cannot be declined. The lock is held.
func (c *Cloud) tellPeer(tell func(context.Context, coordinator.Server) error) {
	var attempt func(left int)
	attempt = func(left int) {
		c.mu.Lock()
		peer := c.peer
		c.mu.Unlock()
		if peer == nil {
			return
		}
		err := tell(context.Background(), peer) // no caller waits for it
		if left > 1 && passing(err) {
			c.after(tellAgain, func() { attempt(left - 1) })
		}
	}
	c.after(immediately, func() { attempt(tellAttempts) })
}

// passing says whether an error of the other cloud may go away by itself.
func passing(err error) bool {
	if err == nil {
		return false
	}
	refusal, ok := errors.AsType[*coordinator.Error](err)
	return !ok || refusal.Status >= 500 || refusal.Status == 429
}
