package google

import (
	"errors"

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
