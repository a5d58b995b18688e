package aws

import (
	"context"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator"
)

// provision begins our part of the work on a pending connection. When it is
// done the partner is told; the connection is available once both sides have
// said so (Connection Coordinator API). The lock must be held.
func (c *Cloud) provision(conn *connection) {
	c.later(c.cfg.Timing.Provisioning, func() {
		if conn.state != StatePending {
			return
		}
		conn.verified = true
		c.completeIfBothDone(conn)
		environment, sharedID := conn.env.ID, conn.sharedID
		c.tellPartner(func(ctx context.Context, peer coordinator.Server) error {
			return peer.NotifyConnectionStatus(ctx, environment, sharedID)
		})
	})
}

// completeIfBothDone makes a pending connection available when both sides are
// done. The lock must be held.
func (c *Cloud) completeIfBothDone(conn *connection) {
	if conn.state != StatePending || !conn.verified || !conn.notified {
		return
	}
	conn.billingTier = c.cfg.Switches.BillingTier
	c.settle(conn)
}
