package google

import (
	"context"
	"errors"
	"slices"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator"
)

// provision begins this half's work: both halves know of each other now. The
// lock is held.
func (c *Cloud) provision(t *transport) {
	t.joined = true
	c.after(c.cfg.Timing.Provisioning, step{do: verifyTheLink, transport: t})
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
	c.tellPeer(news{Environment: t.environment(), ID: t.sharedID})
	c.announce(t)
}

// announce tells the other cloud which prefixes are offered to it. The lock is
// held.
func (c *Cloud) announce(t *transport) {
	if t.joined {
		c.tellPeer(news{Routes: true, Environment: t.environment(), ID: t.sharedID})
	}
}

// advertise tells the other cloud what is offered now, one such call at a time,
// so that what is told last is true.
func (c *Cloud) advertise(n news) func(context.Context, coordinator.Server) error {
	return func(ctx context.Context, peer coordinator.Server) error {
		c.telling.Lock()
		defer c.telling.Unlock()
		c.mu.Lock()
		routes := []string{}
		if t := c.byShared(n.ID); t != nil {
			routes = append(routes, t.advertisedRoutes...)
		}
		c.mu.Unlock()
		return coordinator.Advertise(ctx, peer, n.Environment, n.ID, routes)
	}
}

var _ coordinator.RouteTaker = (*Cloud)(nil)

// AdvertiseRoutes takes note of what the other cloud offers.
func (c *Cloud) AdvertiseRoutes(_ context.Context, environment, id string, prefixes []string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	t, err := c.connection(environment, id)
	if err != nil {
		return err
	}
	t.remoteRoutes = slices.Clone(prefixes)
	return nil
}

// settle makes a transport active once both halves have finished. The lock is
// held.
func (c *Cloud) settle(t *transport) {
	if t.state == StatePendingConfig && t.verified && t.notified && !c.stalled[t.state] {
		t.mtu = mtuLimit
		t.updated = c.now()
		c.enter(t, StateActive)
	}
}

// passing says whether an error of the other cloud may go away by itself.
func passing(err error) bool {
	if err == nil {
		return false
	}
	refusal, ok := errors.AsType[*coordinator.Error](err)
	return !ok || refusal.Status >= 500 || refusal.Status == 429
}
