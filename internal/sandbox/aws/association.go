package aws

import (
	"cmp"
	"context"
	"net/netip"
	"slices"
)

// associationState is the state of a gateway association (Direct Connect service
// model, DirectConnectGatewayAssociationState).
type associationState string

const (
	associationAssociating    associationState = "associating"
	associationAssociated     associationState = "associated"
	associationUpdating       associationState = "updating"
	associationDisassociating associationState = "disassociating"
	associationDisassociated  associationState = "disassociated"
)

// The most associations of a kind that a Direct Connect gateway has (Direct
// Connect user guide; they cannot be raised).
const (
	mostVPNGateways     = 20
	mostTransitGateways = 6
)

// association joins a Direct Connect gateway to a virtual private gateway, a
// transit gateway or a core network of Cloud WAN.
type association struct {
	ID      string           `json:"id"`
	Order   int              `json:"order"`
	Gateway string           `json:"gateway"`
	Account string           `json:"account"`
	State   associationState `json:"state"`
	// Peer is the other gateway, or the core network, with its kind, owner and
	// region. A core network has no region.
	Peer        string      `json:"peer"`
	PeerKind    networkKind `json:"peerKind"`
	PeerAccount string      `json:"peerAccount"`
	PeerRegion  string      `json:"peerRegion,omitempty"`
	// Attachment is the Cloud WAN attachment of a core network.
	Attachment string `json:"attachment,omitempty"`
	// Prefixes are the allowed prefixes; Next those that an update under way
	// brings.
	Prefixes []string `json:"prefixes"`
	Next     []string `json:"next,omitempty"`
}

func (a *association) key() string { return orderKey(a.Order) }

// live says whether an association still joins anything.
func (a *association) live() bool { return a.State != associationDisassociated }

// fields is the association as Direct Connect writes it.
func (a *association) fields() document {
	doc := document{
		"associationId":                         a.ID,
		"associationState":                      string(a.State),
		"directConnectGatewayId":                a.Gateway,
		"directConnectGatewayOwnerAccount":      a.Account,
		"allowedPrefixesToDirectConnectGateway": prefixList(a.Prefixes),
	}
	switch a.PeerKind {
	case kindCoreNetwork:
		doc["associatedCoreNetwork"] = document{"id": a.Peer, "ownerAccount": a.PeerAccount, "attachmentId": a.Attachment}
		return doc
	case kindVPNGateway:
		doc["virtualGatewayId"] = a.Peer
		doc["virtualGatewayOwnerAccount"] = a.PeerAccount
		doc["virtualGatewayRegion"] = a.PeerRegion
	}
	doc["associatedGateway"] = associatedGateway(a.Peer, a.PeerKind, a.PeerAccount, a.PeerRegion)
	return doc
}

// associatedGateway is an AssociatedGateway.
func associatedGateway(id string, kind networkKind, account, region string) document {
	name := "virtualPrivateGateway"
	if kind == kindTransitGateway {
		name = "transitGateway"
	}
	return document{"id": id, "type": name, "ownerAccount": account, "region": region}
}

// prefixList is a RouteFilterPrefixList.
func prefixList(prefixes []string) []any {
	out := make([]any, 0, len(prefixes))
	for _, p := range prefixes {
		out = append(out, document{"cidr": p})
	}
	return out
}

// changePrefixes adds prefixes to a list and takes others out, in order.
func changePrefixes(old, add, remove []string) []string {
	set := slices.DeleteFunc(slices.Concat(old, add), func(p string) bool { return slices.Contains(remove, p) })
	slices.SortFunc(set, func(a, b string) int {
		return netip.MustParsePrefix(a).Compare(netip.MustParsePrefix(b))
	})
	return slices.Compact(set)
}

// associationDetail is an association as it is at one moment.
type associationDetail struct {
	id     string
	fields document
}

func (a associationDetail) document() document {
	return document{"directConnectGatewayAssociation": a.fields}
}

func (a associationDetail) resource() string { return a.id }

// associationsOf are a gateway's associations that are not over, oldest first.
// The lock must be held.
func (c *Cloud) associationsOf(gateway string) []*association {
	var found []*association
	for _, a := range c.state.associations {
		if a.Gateway == gateway && a.live() {
			found = append(found, a)
		}
	}
	slices.SortFunc(found, func(a, b *association) int { return cmp.Compare(a.Order, b.Order) })
	return found
}

// attachable says whether a gateway is a legal attach point for a connection in
// a region: not when it is associated with a transit gateway there and with one
// elsewhere (AWS user guide). The lock must be held.
func (c *Cloud) attachable(g *gateway, region string) bool {
	here, elsewhere := false, false
	for _, a := range c.associationsOf(g.id) {
		if a.PeerKind == kindTransitGateway {
			here = here || a.PeerRegion == region
			elsewhere = elsewhere || a.PeerRegion != region
		}
	}
	return !here || !elsewhere
}

// admitAssociation holds that a gateway may be associated with another. The lock
// must be held.
func (c *Cloud) admitAssociation(g *gateway, peer *network, prefixes []string) error {
	if g.state != gatewayAvailable {
		return gatewayError("Direct Connect Gateway %s is in state %s.", g.id, g.state)
	}
	if err := c.usablePeer(peer); err != nil {
		return err
	}
	if peer.Kind == kindTransitGateway {
		if len(prefixes) == 0 {
			return gatewayError("Allowed prefixes are required to associate transit gateway %s.", peer.ID)
		}
		if peer.ASN == g.asn {
			return gatewayError("The Amazon side ASN %d of Direct Connect Gateway %s must differ from that of transit gateway %s.", g.asn, g.id, peer.ID)
		}
	}
	if conn := c.attached(g); conn != nil && conn.region != peer.Region {
		return gatewayError("Direct Connect Gateway %s has Interconnect connection %s attached: only gateways in region %s may be associated with it.", g.id, conn.id, conn.region)
	}
	return c.roomFor(g, peer)
}

// usablePeer holds that a gateway in a VPC or a transit gateway is ready.
func (c *Cloud) usablePeer(peer *network) error {
	if peer.State != stateAvailable {
		return gatewayError("Gateway %s is in state %s.", peer.ID, peer.State)
	}
	if peer.Kind == kindVPNGateway && c.vpcOf(peer) == nil {
		return gatewayError("Virtual private gateway %s is not attached to a VPC.", peer.ID)
	}
	return nil
}

// roomFor holds the limits of a gateway's associations: their number, that the
// kinds do not mix, and that nothing is associated twice. A virtual private
// gateway has one Direct Connect gateway (Direct Connect user guide).
func (c *Cloud) roomFor(g *gateway, peer *network) error {
	count := map[networkKind]int{}
	for _, a := range c.state.associations {
		if !a.live() {
			continue
		}
		if a.Peer == peer.ID && (a.Gateway == g.id || peer.Kind == kindVPNGateway) {
			return gatewayError("Gateway %s is already associated with Direct Connect Gateway %s.", peer.ID, a.Gateway)
		}
		if a.Gateway == g.id {
			count[a.PeerKind]++
		}
	}
	switch {
	case peer.Kind == kindVPNGateway && count[kindTransitGateway] > 0, peer.Kind == kindTransitGateway && count[kindVPNGateway] > 0:
		return gatewayError("Direct Connect Gateway %s cannot be associated with both virtual private gateways and transit gateways.", g.id)
	case count[kindVPNGateway] >= mostVPNGateways:
		return gatewayError("Direct Connect Gateway %s has reached its limit of %d virtual private gateways.", g.id, mostVPNGateways)
	case count[kindTransitGateway] >= mostTransitGateways:
		return gatewayError("Direct Connect Gateway %s has reached its limit of %d transit gateways.", g.id, mostTransitGateways)
	}
	return nil
}

// associate makes an association. Where no prefixes are given for a virtual
// private gateway they are its VPC's (documentation of hashicorp/aws). The lock
// must be held.
func (c *Cloud) associate(g *gateway, peer *network, prefixes []string) *association {
	if len(prefixes) == 0 {
		prefixes = []string{c.vpcOf(peer).CIDR}
	}
	a := &association{
		ID: c.ids.uuid(), Order: c.next(), Gateway: g.id, Account: g.account, State: associationAssociating,
		Peer: peer.ID, PeerKind: peer.Kind, PeerAccount: peer.Account, PeerRegion: peer.Region,
		Prefixes: changePrefixes(nil, prefixes, nil),
	}
	c.state.associations[a.ID] = a
	c.later(c.cfg.Timing.Operation, timer{Kind: timerAssociationSettled, ID: a.ID})
	return a
}

// settleAssociation moves an association on. The lock must be held.
func (c *Cloud) settleAssociation(id string) {
	a := c.state.associations[id]
	if a == nil {
		return
	}
	switch a.State {
	case associationAssociating:
		a.State = associationAssociated
	case associationUpdating:
		a.State, a.Prefixes, a.Next = associationAssociated, a.Next, nil
	case associationDisassociating:
		a.State = associationDisassociated
		c.later(c.cfg.Timing.Lingering, timer{Kind: timerAssociationSettled, ID: a.ID})
	case associationDisassociated:
		delete(c.state.associations, id)
	}
	c.announce(a.Gateway)
}

// amend begins a change of an association's prefixes; until it is done the old
// ones are shown (inferred). The lock must be held.
func (c *Cloud) amend(a *association, prefixes []string) error {
	switch {
	case a.State != associationAssociated:
		return gatewayError("Direct Connect Gateway association %s is in state %s.", a.ID, a.State)
	case a.PeerKind == kindCoreNetwork:
		return gatewayError("Direct Connect Gateway association %s is managed by Cloud WAN.", a.ID)
	case len(prefixes) == 0 && a.PeerKind == kindTransitGateway:
		return gatewayError("Allowed prefixes are required for transit gateway %s.", a.Peer)
	}
	a.State, a.Next = associationUpdating, prefixes
	c.later(c.cfg.Timing.Update, timer{Kind: timerAssociationSettled, ID: a.ID})
	return nil
}

func (c directConnect) createAssociation(_ context.Context, who caller, in createAssociationInput) (associationDetail, error) {
	if (in.peer == "") == (in.virtualGateway == "") {
		return associationDetail{}, gatewayError("Give exactly one of gatewayId and virtualGatewayId.")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	g, err := c.gatewayOf(who, in.gateway)
	if err != nil {
		return associationDetail{}, err
	}
	peer, err := c.associable(who, cmp.Or(in.peer, in.virtualGateway))
	if err != nil {
		return associationDetail{}, err
	}
	if err := c.admitAssociation(g, peer, in.add); err != nil {
		return associationDetail{}, err
	}
	a := c.associate(g, peer, in.add)
	return associationDetail{a.ID, a.fields()}, nil
}

// associable is the caller's gateway with an id: a call reaches those of its own
// region alone (seen by users of hashicorp/aws). The lock must be held.
func (c *Cloud) associable(who caller, id string) (*network, error) {
	n, ok := c.state.networks[id]
	if !ok || n.Account != who.account || n.Region != who.region || n.State == stateDeleted ||
		n.Kind != kindVPNGateway && n.Kind != kindTransitGateway {
		return nil, gatewayError("Gateway %s does not exist in region %s.", quoteName(id), who.region)
	}
	return n, nil
}

// associationFor is the association that an update or a deletion names: either
// owner may ask. The lock must be held.
func (c *Cloud) associationFor(who caller, fits func(*association) bool) (*association, error) {
	for _, a := range c.state.associations {
		if (a.Account == who.account || a.PeerAccount == who.account) && a.live() && fits(a) {
			return a, nil
		}
	}
	return nil, gatewayError("The Direct Connect Gateway association does not exist.")
}

func (c directConnect) updateAssociation(_ context.Context, who caller, in updateAssociationInput) (associationDetail, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	a, err := c.associationFor(who, func(a *association) bool { return a.ID == in.id && a.Account == who.account })
	if err != nil {
		return associationDetail{}, err
	}
	if err := c.amend(a, changePrefixes(a.Prefixes, in.add, in.remove)); err != nil {
		return associationDetail{}, err
	}
	return associationDetail{a.ID, a.fields()}, nil
}

func (c directConnect) deleteAssociation(_ context.Context, who caller, in deleteAssociationInput) (associationDetail, error) {
	if in.id == "" && (in.gateway == "" || in.virtualGateway == "") {
		return associationDetail{}, gatewayError("Give associationId, or directConnectGatewayId and virtualGatewayId.")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	a, err := c.associationFor(who, func(a *association) bool {
		return (in.id == "" || a.ID == in.id) && (in.gateway == "" || a.Gateway == in.gateway) &&
			(in.virtualGateway == "" || a.Peer == in.virtualGateway)
	})
	switch {
	case err != nil:
		return associationDetail{}, err
	case a.PeerKind == kindCoreNetwork:
		return associationDetail{}, gatewayError("Direct Connect Gateway association %s is managed by Cloud WAN.", a.ID)
	case a.State == associationAssociating || a.State == associationUpdating:
		return associationDetail{}, gatewayError("Direct Connect Gateway association %s is in state %s.", a.ID, a.State)
	}
	c.disassociate(a)
	return associationDetail{a.ID, a.fields()}, nil
}

// disassociate begins the end of an association, once. The lock must be held.
func (c *Cloud) disassociate(a *association) {
	if a.State == associationDisassociating {
		return
	}
	a.State = associationDisassociating
	c.later(c.cfg.Timing.Deleting, timer{Kind: timerAssociationSettled, ID: a.ID})
}

// describeAssociations lists the associations that the caller owns an end of.
func (c directConnect) describeAssociations(_ context.Context, who caller, in describeAssociationsInput) (listing, error) {
	if in.id == nil && in.gateway == nil && in.peer == nil && in.virtualGateway == nil {
		return listing{}, gatewayError("Give at least one of associationId, associatedGatewayId, directConnectGatewayId and virtualGatewayId.")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	var found []*association
	for _, a := range c.state.associations {
		if (a.Account == who.account || a.PeerAccount == who.account) &&
			fits(in.id, a.ID) && fits(in.gateway, a.Gateway) && fits(in.peer, a.Peer) && fits(in.virtualGateway, a.Peer) {
			found = append(found, a)
		}
	}
	slices.SortFunc(found, func(a, b *association) int { return cmp.Compare(a.Order, b.Order) })
	scope := pageScope("DescribeDirectConnectGatewayAssociations", who.account,
		textScope(in.id), textScope(in.gateway), textScope(in.peer), textScope(in.virtualGateway))
	some, next, ok := cut(c.pages, found, (*association).key, in.page, scope)
	if !ok {
		return listing{}, gatewayError("The nextToken is not valid.")
	}
	return newListing("directConnectGatewayAssociations", some, next, (*association).fields), nil
}

// fits says whether a filter that may be left out lets a value pass.
func fits(filter *string, value string) bool { return filter == nil || *filter == value }
