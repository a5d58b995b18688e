package aws

// provision begins our part of the work on a pending connection. When it is
// done the partner is told; the connection is available once both sides have
// said so (Connection Coordinator API). The lock must be held.
func (c *Cloud) provision(conn *connection) {
	c.later(c.cfg.Timing.Provisioning, timer{Kind: timerProvisioned, ID: conn.id})
}

// provisioned ends our part of the work. The lock must be held.
func (c *Cloud) provisioned(conn *connection) {
	if conn.state != StatePending {
		return
	}
	conn.verified = true
	c.completeIfBothDone(conn)
	c.tellPartner(timerTellDone, conn)
	c.tellPartner(timerTellRoutes, conn)
}

// completeIfBothDone makes a pending connection available when both sides are
// done. The lock must be held.
func (c *Cloud) completeIfBothDone(conn *connection) {
	if conn.state != StatePending || !conn.verified || !conn.notified || c.stalled(conn) {
		return
	}
	conn.billingTier = c.cfg.Switches.BillingTier
	c.settle(conn)
}
