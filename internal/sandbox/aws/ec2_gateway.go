package aws

import (
	"context"
	"slices"
)

// amazonSideASN is a gateway's ASN, if it is a legal one: the same ranges as a
// Direct Connect gateway's (EC2 API reference).
func amazonSideASN(given *int64) (int64, error) {
	if given == nil {
		return defaultASN, nil
	}
	if !legalASN(*given) {
		return 0, ec2Error("InvalidParameterValue", "The Amazon side ASN %d is not in the range %d-%d or %d-%d.",
			*given, lowestASN, highestASN, int64(lowestLongASN), int64(highestLongASN))
	}
	return *given, nil
}

func (c ec2) createVPNGateway(_ context.Context, who caller, in createVPNGatewayInput) (networkDetail, error) {
	asn, err := amazonSideASN(in.asn)
	if err != nil {
		return networkDetail{}, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	g := c.addNetwork(who, network{Kind: kindVPNGateway, State: statePending, ASN: asn}, in.tags)
	return networkDetail{g.ID, "vpnGateway", c.fields(g)}, nil
}

// deleteVPNGateway deletes a virtual private gateway that is neither attached to
// a VPC nor associated with a Direct Connect gateway (the second is inferred).
func (c ec2) deleteVPNGateway(_ context.Context, who caller, in networkInput) (done, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	g, err := c.networkOf(who, kindVPNGateway, in.id)
	switch {
	case err != nil:
		return done{}, err
	case g.VPC != "" || c.associated(g.ID) != nil:
		return done{}, ec2Error("IncorrectState", "The vpnGateway '%s' is in use.", g.ID)
	}
	return done{}, c.remove(g)
}

// remove begins a deletion, once. The lock must be held.
func (c *Cloud) remove(n *network) error {
	if n.State == statePending {
		return ec2Error("IncorrectState", "%s is in invalid state %s", n.ID, n.State)
	}
	if n.State != stateDeleting {
		n.State = stateDeleting
		c.settleLater(n)
	}
	return nil
}

// attachVPNGateway attaches a virtual private gateway to a VPC. Either has at
// most one of the other (EC2 user guide); which exception says so is inferred.
func (c ec2) attachVPNGateway(_ context.Context, who caller, in pairInput) (networkDetail, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	g, vpc, err := c.gatewayAndVPC(who, in)
	if err != nil {
		return networkDetail{}, err
	}
	other := c.hanging(func(n *network) bool { return n.Kind == kindVPNGateway && n.VPC == vpc.ID && n != g })
	switch {
	case g.State != stateAvailable:
		return networkDetail{}, ec2Error("IncorrectState", "The vpnGateway '%s' is in invalid state %s", g.ID, g.State)
	case g.VPC != "" && g.VPC != vpc.ID:
		return networkDetail{}, ec2Error("VpnGatewayAttachmentLimitExceeded", "The vpnGateway '%s' is attached to vpc %s.", g.ID, g.VPC)
	case other != nil:
		return networkDetail{}, ec2Error("VpnGatewayAttachmentLimitExceeded", "The vpc '%s' has vpnGateway %s attached.", vpc.ID, other.ID)
	case g.VPC == "":
		g.VPC, g.Attached = vpc.ID, stateAttaching
		c.settleLater(g)
	}
	return networkDetail{g.ID, "attachment", vpcAttachment(g)}, nil
}

// detachVPNGateway detaches a virtual private gateway from its VPC, whose route
// tables take no routes of it any more.
func (c ec2) detachVPNGateway(_ context.Context, who caller, in pairInput) (done, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	g, vpc, err := c.gatewayAndVPC(who, in)
	switch {
	case err != nil:
		return done{}, err
	case g.VPC != vpc.ID:
		return done{}, ec2Error("InvalidVpnGatewayAttachment.NotFound", "The attachment with vpn gateway ID '%s' and vpc ID '%s' does not exist.", g.ID, vpc.ID)
	case g.Attached == stateAttaching:
		return done{}, ec2Error("IncorrectState", "The attachment of '%s' is in invalid state %s", g.ID, g.Attached)
	case g.Attached == stateDetaching:
		return done{}, nil
	}
	g.Attached = stateDetaching
	c.settleLater(g)
	for _, n := range c.state.networks {
		n.Propagating = slices.DeleteFunc(n.Propagating, func(id string) bool { return id == g.ID })
	}
	return done{}, nil
}

// gatewayAndVPC are what an attachment is between. The lock must be held.
func (c *Cloud) gatewayAndVPC(who caller, in pairInput) (gateway, vpc *network, err error) {
	if gateway, err = c.networkOf(who, kindVPNGateway, in.first); err != nil {
		return nil, nil, err
	}
	vpc, err = c.networkOf(who, kindVPC, in.second)
	return gateway, vpc, err
}

func (c ec2) createTransitGateway(_ context.Context, who caller, in createTransitGatewayInput) (networkDetail, error) {
	asn, err := amazonSideASN(in.asn)
	if err != nil {
		return networkDetail{}, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	g := c.addNetwork(who, network{Kind: kindTransitGateway, State: statePending, ASN: asn, Description: in.description}, in.tags)
	return networkDetail{g.ID, "transitGateway", c.fields(g)}, nil
}

// deleteTransitGateway deletes a transit gateway on which nothing hangs any
// more. Clients look for these words.
func (c ec2) deleteTransitGateway(_ context.Context, who caller, in networkInput) (networkDetail, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	g, err := c.networkOf(who, kindTransitGateway, in.id)
	if err != nil {
		return networkDetail{}, err
	}
	if n := c.hanging(func(n *network) bool { return n.TransitGateway == g.ID }); n != nil {
		return networkDetail{}, ec2Error("IncorrectState", "%s has non-deleted VPC Attachments: %s", g.ID, n.ID)
	}
	if a := c.associated(g.ID); a != nil {
		return networkDetail{}, ec2Error("IncorrectState", "%s has non-deleted DirectConnect Gateway Attachments: %s", g.ID, a.ID)
	}
	if err := c.remove(g); err != nil {
		return networkDetail{}, err
	}
	return networkDetail{g.ID, "transitGateway", c.fields(g)}, nil
}

// createAttachment attaches a VPC to a transit gateway, once.
func (c ec2) createAttachment(_ context.Context, who caller, in createAttachmentInput) (networkDetail, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	g, err := c.networkOf(who, kindTransitGateway, in.transitGateway)
	if err != nil {
		return networkDetail{}, err
	}
	vpc, err := c.networkOf(who, kindVPC, in.vpc)
	if err != nil {
		return networkDetail{}, err
	}
	if g.State != stateAvailable {
		return networkDetail{}, ec2Error("IncorrectState", "%s is in invalid state %s", g.ID, g.State)
	}
	if n := c.hanging(func(n *network) bool { return n.TransitGateway == g.ID && n.VPC == vpc.ID }); n != nil {
		return networkDetail{}, ec2Error("DuplicateTransitGatewayAttachment", "%s has non-deleted Transit Gateway Attachments with same VPC ID.", g.ID)
	}
	n := c.addNetwork(who, network{
		Kind: kindAttachment, State: statePending, TransitGateway: g.ID, VPC: vpc.ID, Subnets: in.subnets}, in.tags)
	return networkDetail{n.ID, "transitGatewayVpcAttachment", c.fields(n)}, nil
}

func (c ec2) deleteAttachment(_ context.Context, who caller, in networkInput) (networkDetail, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	n, err := c.networkOf(who, kindAttachment, in.id)
	if err != nil {
		return networkDetail{}, err
	}
	if err := c.remove(n); err != nil {
		return networkDetail{}, err
	}
	return networkDetail{n.ID, "transitGatewayVpcAttachment", c.fields(n)}, nil
}
