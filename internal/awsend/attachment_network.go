package awsend

import (
	"context"
	"fmt"
	"net/netip"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/attachment"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
)

// peerFacts are what EC2 says of a gateway.
type peerFacts struct {
	// missing says that the region has no such gateway, detached that it hangs
	// on no VPC.
	missing, detached bool
	// unseen says why it could not be looked at: it is another account's, or
	// EC2 does not let us.
	unseen string
	asn    int64
	vpc    string
	cidrs  []netip.Prefix
	// routeTable is where a transit gateway puts routes that it is told.
	routeTable string
}

// peerFacts reads a gateway. What EC2 does not let us read is no reason to stop.
func (r *region) peerFacts(ctx context.Context, c AttachmentConfig) (peerFacts, error) {
	if c.PeerAccount != "" {
		return peerFacts{unseen: fmt.Sprintf("%s is account %s's", c.Peer, c.PeerAccount)}, nil
	}
	var f peerFacts
	var err error
	switch kind(c.Peer) {
	case kindVPN:
		f, err = r.vpnGateway(ctx, c.Peer)
	case kindTransit:
		f, err = r.transitGateway(ctx, c.Peer)
	default:
		return peerFacts{unseen: "Cloud WAN is not looked into"}, nil
	}
	switch {
	case cloud.IsNotFound(err):
		return peerFacts{missing: true}, nil
	case cloud.KindOf(err) == cloud.Denied:
		return peerFacts{unseen: err.Error()}, nil
	}
	return f, err
}

func (r *region) vpnGateway(ctx context.Context, id string) (peerFacts, error) {
	out, err := r.networks.DescribeVpnGateways(ctx, &ec2.DescribeVpnGatewaysInput{VpnGatewayIds: []string{id}})
	if err = translate(ctx, "read the virtual private gateway", id, err); err != nil {
		return peerFacts{}, err
	}
	if len(out.VpnGateways) == 0 || gone(string(out.VpnGateways[0].State)) {
		return peerFacts{missing: true}, nil
	}
	g := out.VpnGateways[0]
	f := peerFacts{asn: aws.ToInt64(g.AmazonSideAsn), detached: true}
	for _, a := range g.VpcAttachments {
		if a.State == ec2types.AttachmentStatusAttached {
			f.vpc, f.detached = aws.ToString(a.VpcId), false
		}
	}
	if f.vpc == "" {
		return f, nil
	}
	vpcs, err := r.networks.DescribeVpcs(ctx, &ec2.DescribeVpcsInput{VpcIds: []string{f.vpc}})
	if err = translate(ctx, "read the VPC", f.vpc, err); err != nil {
		return f, err
	}
	for _, v := range vpcs.Vpcs {
		f.cidrs = append(f.cidrs, cidrsOf(v)...)
	}
	return f, nil
}

// cidrsOf are a VPC's address ranges of both families.
func cidrsOf(v ec2types.Vpc) []netip.Prefix {
	var out []netip.Prefix
	add := func(text *string) {
		if p, err := netip.ParsePrefix(aws.ToString(text)); err == nil {
			out = append(out, p)
		}
	}
	add(v.CidrBlock)
	for _, a := range v.CidrBlockAssociationSet {
		if a.CidrBlockState == nil || a.CidrBlockState.State == ec2types.VpcCidrBlockStateCodeAssociated {
			add(a.CidrBlock)
		}
	}
	for _, a := range v.Ipv6CidrBlockAssociationSet {
		add(a.Ipv6CidrBlock)
	}
	return attachment.Sorted(out)
}

// gone says that a state of EC2 means that nothing is there.
func gone(state string) bool { return state == "deleting" || state == "deleted" }

func (r *region) transitGateway(ctx context.Context, id string) (peerFacts, error) {
	out, err := r.networks.DescribeTransitGateways(ctx, &ec2.DescribeTransitGatewaysInput{TransitGatewayIds: []string{id}})
	if err = translate(ctx, "read the transit gateway", id, err); err != nil {
		return peerFacts{}, err
	}
	if len(out.TransitGateways) == 0 || gone(string(out.TransitGateways[0].State)) {
		return peerFacts{missing: true}, nil
	}
	var f peerFacts
	if o := out.TransitGateways[0].Options; o != nil {
		f.asn, f.routeTable = aws.ToInt64(o.AmazonSideAsn), aws.ToString(o.PropagationDefaultRouteTableId)
	}
	return f, nil
}

// offers are what a gateway offers to the other cloud: a virtual private gateway
// its VPC's prefixes, as far as they pass the allowed ones; any other the
// allowed prefixes as they are.
func (f peerFacts) offers(allowed []netip.Prefix) []netip.Prefix {
	if len(f.cidrs) == 0 {
		return allowed
	}
	if len(allowed) == 0 {
		return f.cidrs
	}
	var out []netip.Prefix
	for _, cidr := range f.cidrs {
		if len(passing(allowed, cidr)) > 0 {
			out = append(out, cidr)
		}
	}
	return out
}

// passing are the prefixes of a filter that let one pass.
func passing(filter []netip.Prefix, p netip.Prefix) []netip.Prefix {
	return slices.DeleteFunc(slices.Clone(filter), func(q netip.Prefix) bool { return q.Bits() > p.Bits() || !q.Overlaps(p) })
}

// Routes reads what the association offers and what the network behind it has
// learned: by the VPC's route tables that take the virtual private gateway's
// routes, or by the transit gateway's route table.
func (a *Association) Routes(ctx context.Context, s attachment.Sight) (attachment.Routes, error) {
	d, ok := s.Detail.(*AssociationDetail)
	if !ok || s.State != attachment.Up && s.State != attachment.Changing {
		return attachment.Routes{Why: "The association does not stand yet."}, nil
	}
	r, err := a.region(ctx)
	if err != nil {
		return attachment.Routes{}, err
	}
	f, err := r.peerFacts(ctx, a.config)
	if err != nil {
		return attachment.Routes{}, err
	}
	routes := attachment.Routes{Offers: f.offers(d.AllowedPrefixes)}
	switch {
	case f.unseen != "" || f.missing:
		routes.Why = "What AWS has learned cannot be seen here: " + f.unseen + "."
	case f.vpc != "":
		err = r.learnedByVPC(ctx, a.config.Peer, f.vpc, &routes)
	case f.routeTable != "":
		err = r.learnedByTransit(ctx, f.routeTable, &routes)
	default:
		routes.Why = "The gateway has no route table in which routes that it learns would show."
	}
	if cloud.KindOf(err) == cloud.Denied {
		routes.Known, routes.Why, err = false, "What AWS has learned cannot be seen: "+err.Error(), nil
	}
	return routes, err
}

func (r *region) learnedByVPC(ctx context.Context, gateway, vpc string, routes *attachment.Routes) error {
	in := &ec2.DescribeRouteTablesInput{Filters: []ec2types.Filter{{Name: aws.String("vpc-id"), Values: []string{vpc}}}}
	takes := false
	for {
		out, err := r.networks.DescribeRouteTables(ctx, in)
		if err = translate(ctx, "read the route tables of", vpc, err); err != nil {
			return err
		}
		for _, t := range out.RouteTables {
			takes = takes || slices.ContainsFunc(t.PropagatingVgws, func(p ec2types.PropagatingVgw) bool { return aws.ToString(p.GatewayId) == gateway })
			for _, route := range t.Routes {
				routes.Learned = append(routes.Learned, learned(route, gateway)...)
			}
		}
		if aws.ToString(out.NextToken) == "" {
			break
		}
		in.NextToken = out.NextToken
	}
	routes.Known = true
	routes.Learned = attachment.Sorted(routes.Learned)
	if !takes {
		routes.Why = fmt.Sprintf("No route table of %s takes the routes of %s: enable route propagation on those that the VPC's subnets use "+
			"(aws_vpn_gateway_route_propagation, or propagating_vgws of aws_route_table).", vpc, gateway)
	}
	return nil
}

// learned is the destination of a route that leads to a gateway, whether it was
// propagated or written by hand.
func learned(route ec2types.Route, gateway string) []netip.Prefix {
	if aws.ToString(route.GatewayId) != gateway {
		return nil
	}
	p, err := netip.ParsePrefix(aws.ToString(route.DestinationCidrBlock) + aws.ToString(route.DestinationIpv6CidrBlock))
	if err != nil {
		return nil
	}
	return []netip.Prefix{p}
}

func (r *region) learnedByTransit(ctx context.Context, table string, routes *attachment.Routes) error {
	out, err := r.networks.SearchTransitGatewayRoutes(ctx, &ec2.SearchTransitGatewayRoutesInput{
		TransitGatewayRouteTableId: &table, MaxResults: aws.Int32(takesPrefixes),
		Filters: []ec2types.Filter{{Name: aws.String("attachment.resource-type"), Values: []string{"direct-connect-gateway"}}},
	})
	if err = translate(ctx, "read the routes of transit gateway route table", table, err); err != nil {
		return err
	}
	for _, route := range out.Routes {
		if p, err := netip.ParsePrefix(aws.ToString(route.DestinationCidrBlock)); err == nil {
			routes.Learned = append(routes.Learned, p)
		}
	}
	routes.Known = !aws.ToBool(out.AdditionalRoutesAvailable)
	routes.Learned = attachment.Sorted(routes.Learned)
	return nil
}
