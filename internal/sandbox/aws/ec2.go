package aws

import (
	"cmp"
	"context"
	"net/http"
	"net/netip"
	"slices"
)

// vpnGatewayType is the only type of virtual private gateway (EC2 API
// reference).
const vpnGatewayType = "ipsec.1"

// ec2 is the Cloud as its customers see it through EC2.
type ec2 struct{ *Cloud }

// service is EC2 as far as gateways need it: VPCs with their main route tables,
// virtual private gateways, transit gateways and their attachments.
func (c ec2) service() *service {
	s := &service{
		name:       "ec2",
		operations: map[string]operation{},
		invalid: func(format string, args ...any) *Error {
			return ec2Error("InvalidParameterValue", format, args...)
		},
		missing: func(format string, args ...any) *Error { return ec2Error("MissingParameter", format, args...) },
		unknown: func(operation string) *Error {
			return ec2Error("InvalidAction", "The action %s is not valid for this web service.", quoteName(operation))
		},
	}
	handle(s, "CreateVpc", readCreateVPC, c.createVPC)
	handle(s, "DeleteVpc", readNetwork("VpcId"), c.deleteVPC)
	handle(s, "DescribeVpcs", readDescribeNetworks("VpcId"), c.describe(kindVPC, "vpcSet"))
	handle(s, "DescribeRouteTables", readDescribeNetworks("RouteTableId"), c.describe(kindRouteTable, "routeTableSet"))
	handle(s, "EnableVgwRoutePropagation", readPair("RouteTableId", "GatewayId"), c.enablePropagation)
	handle(s, "DisableVgwRoutePropagation", readPair("RouteTableId", "GatewayId"), c.disablePropagation)
	handle(s, "CreateVpnGateway", readCreateVPNGateway, c.createVPNGateway)
	handle(s, "DeleteVpnGateway", readNetwork("VpnGatewayId"), c.deleteVPNGateway)
	handle(s, "DescribeVpnGateways", readDescribeNetworks("VpnGatewayId"), c.describe(kindVPNGateway, "vpnGatewaySet"))
	handle(s, "AttachVpnGateway", readPair("VpnGatewayId", "VpcId"), c.attachVPNGateway)
	handle(s, "DetachVpnGateway", readPair("VpnGatewayId", "VpcId"), c.detachVPNGateway)
	handle(s, "CreateTransitGateway", readCreateTransitGateway, c.createTransitGateway)
	handle(s, "DeleteTransitGateway", readNetwork("TransitGatewayId"), c.deleteTransitGateway)
	handle(s, "DescribeTransitGateways", readDescribeNetworks("TransitGatewayIds"), c.describe(kindTransitGateway, "transitGatewaySet"))
	handle(s, "CreateTransitGatewayVpcAttachment", readCreateAttachment, c.createAttachment)
	handle(s, "DeleteTransitGatewayVpcAttachment", readNetwork("TransitGatewayAttachmentId"), c.deleteAttachment)
	handle(s, "DescribeTransitGatewayVpcAttachments", readDescribeNetworks("TransitGatewayAttachmentIds"),
		c.describe(kindAttachment, "transitGatewayVpcAttachments"))
	handle(s, "SearchTransitGatewayRoutes", readSearchRoutes, c.searchRoutes)
	for name, op := range s.operations {
		s.operations[name] = dryRun(op)
	}
	return s
}

// dryRun lets a request only ask whether it would be allowed: everything is.
func dryRun(op operation) operation {
	return func(ctx context.Context, who caller, doc document) (reply, string, error) {
		if doc["DryRun"] == "true" {
			return nil, "", &Error{Code: "DryRunOperation", Status: http.StatusPreconditionFailed,
				Message: "Request would have succeeded, but DryRun flag is set."}
		}
		return op(ctx, who, doc)
	}
}

// networkDetail is something of EC2 as it is at one moment, under the name that
// the reply gives it.
type networkDetail struct {
	id, member string
	fields     document
}

func (n networkDetail) document() document { return document{n.member: n.fields} }

func (n networkDetail) resource() string { return n.id }

// done is the output of an operation that answers nothing else.
type done struct{}

func (done) document() document { return document{"return": "true"} }

// describe lists a kind of thing. An id that does not exist is an error, unlike
// a filter that nothing fits.
func (c ec2) describe(kind networkKind, member string) func(context.Context, caller, describeNetworksInput) (listing, error) {
	return func(_ context.Context, who caller, in describeNetworksInput) (listing, error) {
		c.mu.Lock()
		defer c.mu.Unlock()
		found, err := c.chosen(who, kind, in.ids)
		if err != nil {
			return listing{}, err
		}
		for _, f := range in.filters {
			known := (&network{Kind: kind}).attributes()
			if _, ok := known[f.name]; !ok && !isTagFilter(f.name) {
				return listing{}, ec2Error("InvalidParameterValue", "The filter %s is invalid", quoteName(f.name))
			}
			found = slices.DeleteFunc(found, func(n *network) bool {
				return !slices.ContainsFunc(n.attributes()[f.name], func(v string) bool { return slices.Contains(f.values, v) })
			})
		}
		scope := pageScope("ec2", member, who.account, who.region, in.scope())
		some, next, ok := cut(c.pages, found, (*network).key, in.page, scope)
		if !ok {
			return listing{}, ec2Error("InvalidNextToken", "The token is not valid.")
		}
		return newListing(member, some, next, c.fields), nil
	}
}

// isTagFilter says whether a filter asks for a tag's value.
func isTagFilter(name string) bool { return len(name) > len("tag:") && name[:len("tag:")] == "tag:" }

// chosen is everything of a kind, or what the ids name, in the order it was
// made. The lock must be held.
func (c *Cloud) chosen(who caller, kind networkKind, ids []string) ([]*network, error) {
	var found []*network
	for _, id := range ids {
		n, ok := c.state.networks[id]
		if !ok || n.Kind != kind || n.Account != who.account || n.Region != who.region {
			_, err := c.networkOf(who, kind, id)
			return nil, err
		}
		found = append(found, n)
	}
	for _, n := range c.state.networks {
		if len(ids) == 0 && n.Kind == kind && n.Account == who.account && n.Region == who.region {
			found = append(found, n)
		}
	}
	slices.SortFunc(found, func(a, b *network) int { return cmp.Compare(a.Order, b.Order) })
	return slices.Compact(found), nil
}

// createVPC makes a VPC with its main route table.
func (c ec2) createVPC(_ context.Context, who caller, in createVPCInput) (networkDetail, error) {
	prefix, err := netip.ParsePrefix(in.cidr)
	switch {
	case err != nil || !prefix.Addr().Is4():
		return networkDetail{}, ec2Error("InvalidParameterValue", "Value (%s) for parameter cidrBlock is invalid. This is not a valid CIDR block.", shorten(in.cidr))
	case prefix.Bits() < 16 || prefix.Bits() > 28:
		return networkDetail{}, ec2Error("InvalidVpc.Range", "The CIDR '%s' is invalid.", in.cidr)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	vpc := c.addNetwork(who, network{Kind: kindVPC, State: statePending, CIDR: in.cidr}, in.tags)
	c.addNetwork(who, network{Kind: kindRouteTable, State: stateAvailable, CIDR: in.cidr, VPC: vpc.ID}, nil)
	return networkDetail{vpc.ID, "vpc", c.fields(vpc)}, nil
}

// deleteVPC deletes a VPC on which nothing hangs any more, at once.
func (c ec2) deleteVPC(_ context.Context, who caller, in networkInput) (done, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	vpc, err := c.networkOf(who, kindVPC, in.id)
	if err != nil {
		return done{}, err
	}
	if n := c.hanging(func(n *network) bool { return n.VPC == vpc.ID && n.Kind != kindRouteTable }); n != nil {
		return done{}, ec2Error("DependencyViolation", "The vpc '%s' has dependencies and cannot be deleted.", vpc.ID)
	}
	if table := c.hanging(func(n *network) bool { return n.VPC == vpc.ID }); table != nil {
		delete(c.state.networks, table.ID)
	}
	delete(c.state.networks, vpc.ID)
	return done{}, nil
}

// enablePropagation lets a route table take the routes of the virtual private
// gateway that is attached to its VPC.
func (c ec2) enablePropagation(_ context.Context, who caller, in pairInput) (done, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	table, gateway, err := c.tableAndGateway(who, in)
	if err != nil {
		return done{}, err
	}
	if gateway.VPC != table.VPC || gateway.Attached != stateAttached {
		return done{}, ec2Error("Gateway.NotAttached", "resource %s is not attached to vpc %s", gateway.ID, table.VPC)
	}
	if !slices.Contains(table.Propagating, gateway.ID) {
		table.Propagating = append(table.Propagating, gateway.ID)
	}
	return done{}, nil
}

// disablePropagation ends what enablePropagation began; it does nothing where
// there is nothing to end.
func (c ec2) disablePropagation(_ context.Context, who caller, in pairInput) (done, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	table, gateway, err := c.tableAndGateway(who, in)
	if err != nil {
		return done{}, err
	}
	table.Propagating = slices.DeleteFunc(table.Propagating, func(id string) bool { return id == gateway.ID })
	return done{}, nil
}

// tableAndGateway are what a propagation is between. The lock must be held.
func (c *Cloud) tableAndGateway(who caller, in pairInput) (table, gateway *network, err error) {
	if table, err = c.networkOf(who, kindRouteTable, in.first); err != nil {
		return nil, nil, err
	}
	gateway, err = c.networkOf(who, kindVPNGateway, in.second)
	return table, gateway, err
}
