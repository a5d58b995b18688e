package aws

import (
	"context"
	"maps"
	"net/netip"
	"slices"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator"
)

var _ coordinator.RouteTaker = (*Cloud)(nil)

// passes says whether allowed prefixes let a VPC's range pass: one of them must
// be as wide or wider (Direct Connect user guide, allowed prefixes).
func passes(allowed []string, cidr string) bool {
	p := netip.MustParsePrefix(cidr)
	return slices.ContainsFunc(allowed, func(text string) bool {
		q := netip.MustParsePrefix(text)
		return q.Bits() <= p.Bits() && q.Overlaps(p)
	})
}

// offers are the prefixes that a Direct Connect gateway offers to the partner:
// the VPC's of a virtual private gateway, as far as they are allowed, and the
// allowed ones of a transit gateway. The lock must be held.
func (c *Cloud) offers(gateway string) []string {
	set := map[string]bool{}
	for _, a := range c.associationsOf(gateway) {
		if a.State != associationAssociated && a.State != associationUpdating {
			continue
		}
		switch a.PeerKind {
		case kindTransitGateway:
			for _, p := range a.Prefixes {
				set[p] = true
			}
		case kindVPNGateway:
			if n := c.state.networks[a.Peer]; n != nil && c.vpcOf(n) != nil && passes(a.Prefixes, c.vpcOf(n).CIDR) {
				set[c.vpcOf(n).CIDR] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(set))
}

// announce has the partner told what is offered over the connections that hang
// on a Direct Connect gateway. The lock must be held.
func (c *Cloud) announce(gateway string) {
	for _, conn := range c.state.connections {
		if conn.gateway == gateway && conn.verified && conn.state != StateDeleted && !conn.partnerGone {
			c.tellPartner(timerTellRoutes, conn)
		}
	}
}

// tellRoutes tells the partner what is offered now. The lock must not be held.
func (c *Cloud) tellRoutes(t *timer) {
	c.tell(t, func(ctx context.Context, peer coordinator.Server) error {
		// One at a time, so that what is told last is what is offered now.
		c.telling.Lock()
		defer c.telling.Unlock()
		c.mu.Lock()
		var offered []string
		if conn := c.shared(t.SharedID); conn != nil {
			offered = c.offers(conn.gateway)
		}
		c.mu.Unlock()
		return coordinator.Advertise(ctx, peer, t.Environment, t.SharedID, append([]string{}, offered...))
	})
}

// AdvertiseRoutes takes note of what the partner offers.
func (c *Cloud) AdvertiseRoutes(_ context.Context, environment, id string, prefixes []string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	conn, refusal := c.partnerLookup(environment, id)
	if refusal != nil {
		return refusal
	}
	conn.learned = slices.Clone(prefixes)
	return nil
}

// learnedBy are the prefixes that a gateway has from the partner, by the
// associations that join it to connections that carry traffic. The lock must be
// held.
func (c *Cloud) learnedBy(peer string) []string {
	set := map[string]bool{}
	for _, a := range c.state.associations {
		if a.Peer != peer || a.State != associationAssociated && a.State != associationUpdating {
			continue
		}
		for _, conn := range c.state.connections {
			if conn.gateway == a.Gateway && (conn.state == StateAvailable || conn.state == StateUpdating) {
				for _, p := range conn.learned {
					set[p] = true
				}
			}
		}
	}
	return slices.Sorted(maps.Keys(set))
}

// propagated are the routes that virtual private gateways put into a route
// table. The lock must be held.
func (c *Cloud) propagated(table *network) []any {
	var all []any
	for _, id := range table.Propagating {
		for _, prefix := range c.learnedBy(id) {
			all = append(all, routeTo(prefix, document{"gatewayId": id, "state": "active", "origin": "EnableVgwRoutePropagation"}))
		}
	}
	return all
}

// routeTo is a route with its destination, whose member says the family.
func routeTo(prefix string, route document) document {
	if p, err := netip.ParsePrefix(prefix); err == nil && p.Addr().Is6() {
		route["destinationIpv6CidrBlock"] = prefix
		return route
	}
	route["destinationCidrBlock"] = prefix
	return route
}

// routeTable is the id of a transit gateway's only route table.
func (n *network) routeTable() string { return "tgw-rtb-" + n.ID[len("tgw-"):] }

// searchRoutes lists what a transit gateway's route table has from Direct Connect
// gateways. Other filters than the attachment's type are not looked at.
func (c ec2) searchRoutes(_ context.Context, who caller, in searchRoutesInput) (routesFound, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	g := c.hanging(func(n *network) bool {
		return n.Kind == kindTransitGateway && n.routeTable() == in.table && n.Account == who.account && n.Region == who.region
	})
	if g == nil {
		return routesFound{}, ec2Error("InvalidRouteTableID.NotFound", "Transit Gateway Route Table %s was deleted or does not exist.", quoteName(in.table))
	}
	found := routesFound{routes: []any{}}
	for _, prefix := range c.learnedBy(g.ID) {
		found.routes = append(found.routes, document{"destinationCidrBlock": prefix, "type": "propagated", "state": "active",
			"transitGatewayAttachments": []any{document{"resourceType": "direct-connect-gateway", "resourceId": c.associated(g.ID).Gateway}}})
	}
	return found, nil
}

// routesFound is what a search found.
type routesFound struct{ routes []any }

func (r routesFound) document() document {
	return document{"routeSet": r.routes, "additionalRoutesAvailable": false}
}

type searchRoutesInput struct{ table string }

func readSearchRoutes(r *reader) searchRoutesInput {
	return searchRoutesInput{table: r.required("TransitGatewayRouteTableId", anyString)}
}

// CreateVPC seeds a VPC with a virtual private gateway attached to it, whose
// routes its main route table takes, and returns their ids. Both have the name as
// a tag. It panics on a range that is not one.
func (c *Cloud) CreateVPC(region, name, cidr string) (vpc, vpnGateway string) {
	netip.MustParsePrefix(cidr)
	tags := map[string]string{"Name": name}
	c.mu.Lock()
	defer c.mu.Unlock()
	who := caller{account: c.cfg.AccountID, region: region}
	v := c.addNetwork(who, network{Kind: kindVPC, State: stateAvailable, CIDR: cidr}, tags)
	g := c.addNetwork(who, network{Kind: kindVPNGateway, State: stateAvailable, ASN: defaultASN, VPC: v.ID, Attached: stateAttached}, tags)
	c.addNetwork(who, network{Kind: kindRouteTable, State: stateAvailable, CIDR: cidr, VPC: v.ID, Propagating: []string{g.ID}}, nil)
	return v.ID, g.ID
}

// CreateTransitGateway seeds an available transit gateway and returns its id. ASN
// 0 means Amazon's default.
func (c *Cloud) CreateTransitGateway(region string, asn int64) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	who := caller{account: c.cfg.AccountID, region: region}
	return c.addNetwork(who, network{Kind: kindTransitGateway, State: stateAvailable, ASN: orDefault(asn, defaultASN)}, nil).ID
}
