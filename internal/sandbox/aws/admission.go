package aws

import "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"

// freeTierSize is the bandwidth of the free tier (AWS user guide).
const freeTierSize = 500 * bandwidth.Mbps

// admit says whether the caller may have another connection in an environment.
// requested tells apart a connection that waits for the partner. The lock must
// be held.
func (c *Cloud) admit(who caller, env *environment, at attachPoint, size bandwidth.Bandwidth, requested bool) error {
	if env.state == EnvironmentUnavailable {
		return clientError("Environment %s is unavailable.", env.AWSEnvironmentID)
	}
	if err := c.checkAttachPoint(who, at); err != nil {
		return err
	}
	if err := c.checkQuotas(who, env, requested); err != nil {
		return err
	}
	return c.checkFreeTier(who, env, size)
}

// checkAttachPoint holds that a gateway is the caller's and ready. An ARN is
// legal in the API but names no kind of resource that can be attached to
// (inferred: its pattern fits connections alone).
func (c *Cloud) checkAttachPoint(who caller, at attachPoint) error {
	if at.gateway == nil {
		return validationError("An attach point by ARN is not supported. Use directConnectGateway.")
	}
	g, ok := c.state.gateways[*at.gateway]
	if !ok || g.account != who.account || g.state == gatewayDeleting || g.state == gatewayDeleted {
		return notFoundError("Direct Connect gateway %s does not exist.", *at.gateway)
	}
	if g.state != gatewayAvailable {
		return clientError("Direct Connect gateway %s is in state %s.", g.id, g.state)
	}
	if !c.attachable(g, who.region) {
		return clientError("Direct Connect gateway %s is associated with transit gateways in region %s and in another region.", g.id, who.region)
	}
	return nil
}

// checkQuotas holds the account's limits in the region.
func (c *Cloud) checkQuotas(who caller, env *environment, requested bool) error {
	all, waiting, provider, here := 0, 0, 0, 0
	for _, conn := range c.state.connections {
		if conn.account != who.account || conn.region != who.region || !conn.counts() {
			continue
		}
		all++
		if conn.state == StateRequested {
			waiting++
		}
		if conn.env.provider() == env.provider() {
			provider++
		}
		if conn.env == env {
			here++
		}
	}
	q := c.cfg.Quotas
	none := func(limit int) int { return max(0, limit) }
	switch {
	case env.traits.Preview && here >= 1:
		return quotaError("A provider in preview allows 1 connection per region.")
	case all >= q.Connections:
		return quotaError("The account has reached its maximum of %d connections in region %s.", none(q.Connections), who.region)
	case requested && waiting >= q.Requested:
		return quotaError("The account has reached its maximum of %d outstanding requested connections in region %s.", none(q.Requested), who.region)
	case provider >= q.PerProvider:
		return quotaError("The account has reached its maximum of %d connections with provider %s in region %s.", none(q.PerProvider), env.traits.Provider, who.region)
	}
	return nil
}

// checkFreeTier holds that there is one free connection per region and provider.
func (c *Cloud) checkFreeTier(who caller, env *environment, size bandwidth.Bandwidth) error {
	if size != freeTierSize {
		return nil
	}
	switch c.cfg.Switches.FreeTierCheck {
	case FreeTierBillingUnverified:
		// The text is AWS's own, seen in public.
		return validationError("Unable to create free trial connection. Your account's billing information could not be verified. Please try again later.")
	case FreeTierOnePerRegion:
		if c.hasFreeTier(who, env) {
			return validationError("Unable to create free trial connection. The account already has one with provider %s in region %s.", env.traits.Provider, who.region)
		}
	}
	return nil
}

// isFreeTier says whether a new connection of this size would be free.
func (c *Cloud) isFreeTier(who caller, env *environment, size bandwidth.Bandwidth) bool {
	return size == freeTierSize && !c.hasFreeTier(who, env)
}

func (c *Cloud) hasFreeTier(who caller, env *environment) bool {
	for _, conn := range c.state.connections {
		if conn.freeTier && conn.counts() && conn.account == who.account && conn.region == who.region &&
			conn.env.provider() == env.provider() {
			return true
		}
	}
	return false
}
