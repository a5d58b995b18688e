package aws

import (
	"maps"
	"net/http"
	"slices"
)

// networkKind is a kind of thing that EC2 has.
type networkKind string

const (
	kindVPC            networkKind = "vpc"
	kindRouteTable     networkKind = "route-table"
	kindVPNGateway     networkKind = "vpn-gateway"
	kindTransitGateway networkKind = "transit-gateway"
	kindAttachment     networkKind = "transit-gateway-attachment"
	// kindCoreNetwork is not EC2's but Cloud WAN's: it is only associated.
	kindCoreNetwork networkKind = "core-network"
)

// networkState is the state of something of EC2 (EC2 API reference: VpcState,
// VpnState, TransitGatewayState, TransitGatewayAttachmentState,
// AttachmentStatus).
type networkState string

const (
	statePending   networkState = "pending"
	stateAvailable networkState = "available"
	stateDeleting  networkState = "deleting"
	stateDeleted   networkState = "deleted"

	stateAttaching networkState = "attaching"
	stateAttached  networkState = "attached"
	stateDetaching networkState = "detaching"
)

// network is something of EC2 that a link's networks are made of.
type network struct {
	ID      string            `json:"id"`
	Kind    networkKind       `json:"kind"`
	Order   int               `json:"order"`
	Account string            `json:"account"`
	Region  string            `json:"region"`
	State   networkState      `json:"state"`
	Tags    map[string]string `json:"tags,omitempty"`

	// CIDR is a VPC's address range.
	CIDR string `json:"cidr,omitempty"`
	// ASN is that of a gateway's Amazon side.
	ASN int64 `json:"asn,omitempty"`
	// Description is a transit gateway's.
	Description string `json:"description,omitempty"`
	// VPC is what a virtual private gateway, an attachment or a route table
	// hangs on; Attached says how far the first of them is.
	VPC      string       `json:"vpc,omitempty"`
	Attached networkState `json:"attached,omitempty"`
	// TransitGateway and Subnets are an attachment's.
	TransitGateway string   `json:"transitGateway,omitempty"`
	Subnets        []string `json:"subnets,omitempty"`
	// Propagating are the virtual private gateways whose routes a route table
	// takes.
	Propagating []string `json:"propagating,omitempty"`
}

func (n *network) key() string { return orderKey(n.Order) }

// networkNames is what EC2 calls a kind: the beginning of its ids, and how it
// says that one does not exist.
type networkNames struct{ prefix, code, message string }

func (k networkKind) names() networkNames {
	return map[networkKind]networkNames{
		kindVPC:            {"vpc-", "InvalidVpcID.NotFound", "The vpc ID '%s' does not exist"},
		kindRouteTable:     {"rtb-", "InvalidRouteTableID.NotFound", "The routeTable ID '%s' does not exist"},
		kindVPNGateway:     {"vgw-", "InvalidVpnGatewayID.NotFound", "The vpnGateway ID '%s' does not exist"},
		kindTransitGateway: {"tgw-", "InvalidTransitGatewayID.NotFound", "Transit Gateway %s was deleted or does not exist."},
		kindAttachment:     {"tgw-attach-", "InvalidTransitGatewayAttachmentID.NotFound", "Transit Gateway Attachment %s was deleted or does not exist."},
	}[k]
}

// addNetwork makes something of EC2, which is ready after a while unless it is
// said to be available. The lock must be held.
func (c *Cloud) addNetwork(who caller, n network, tags map[string]string) *network {
	n.ID = n.Kind.names().prefix + c.ids.ec2()
	n.Order, n.Account, n.Region = c.next(), who.account, who.region
	n.Tags = maps.Clone(tags)
	c.state.networks[n.ID] = &n
	if n.State == statePending {
		c.settleLater(&n)
	}
	return &n
}

// settleLater moves something on after a while. The lock must be held.
func (c *Cloud) settleLater(n *network) {
	wait := c.cfg.Timing.Operation
	switch {
	case n.State == stateDeleting || n.Attached == stateDetaching:
		wait = c.cfg.Timing.Deleting
	case n.State == stateDeleted:
		wait = c.cfg.Timing.Lingering
	}
	c.later(wait, timer{Kind: timerNetworkSettled, ID: n.ID})
}

// settleNetwork moves something on. The lock must be held.
func (c *Cloud) settleNetwork(id string) {
	n := c.state.networks[id]
	switch {
	case n == nil:
	case n.State == statePending:
		n.State = stateAvailable
	case n.State == stateDeleting:
		n.State = stateDeleted
		c.settleLater(n)
	case n.State == stateDeleted:
		delete(c.state.networks, id)
	case n.Attached == stateAttaching:
		n.Attached = stateAttached
	case n.Attached == stateDetaching:
		n.Attached = ""
		n.VPC = ""
	}
	if a := c.associated(id); a != nil {
		c.announce(a.Gateway)
	}
}

// networkOf is the caller's thing of a kind with an id, unless it is deleted.
// The lock must be held.
func (c *Cloud) networkOf(who caller, kind networkKind, id string) (*network, error) {
	n, ok := c.state.networks[id]
	if !ok || n.Kind != kind || n.Account != who.account || n.Region != who.region || n.State == stateDeleted {
		names := kind.names()
		return nil, ec2Error(names.code, names.message, shorten(id))
	}
	return n, nil
}

// vpcOf is the VPC that a virtual private gateway is attached to, or nil. The
// lock must be held.
func (c *Cloud) vpcOf(gateway *network) *network {
	if gateway.Attached != stateAttached {
		return nil
	}
	return c.state.networks[gateway.VPC]
}

// hanging is something that is not deleted and that fits, or nil; the oldest
// one. The lock must be held.
func (c *Cloud) hanging(fits func(*network) bool) *network {
	var found *network
	for _, n := range c.state.networks {
		if n.State != stateDeleted && fits(n) && (found == nil || n.Order < found.Order) {
			found = n
		}
	}
	return found
}

// associated is an association, not over, of a gateway of EC2, or nil. The lock
// must be held.
func (c *Cloud) associated(id string) *association {
	for _, a := range c.state.associations {
		if a.Peer == id && a.live() {
			return a
		}
	}
	return nil
}

// ec2Error is a refusal of EC2's.
func ec2Error(code, format string, args ...any) *Error {
	e := clientError(format, args...)
	e.Code, e.Status = code, http.StatusBadRequest
	return e
}

// attributes are what filters compare, by the filter's name (EC2 API reference).
func (n *network) attributes() map[string][]string {
	all := map[string][]string{
		"owner-id": {n.Account},
		"state":    {string(n.State)},
		"tag-key":  slices.Sorted(maps.Keys(n.Tags)),
	}
	for key, value := range n.Tags {
		all["tag:"+key] = []string{value}
	}
	asn := []string{formatNumber(n.ASN)}
	switch n.Kind {
	case kindVPC:
		all["vpc-id"], all["cidr"], all["cidr-block-association.cidr-block"] = []string{n.ID}, []string{n.CIDR}, []string{n.CIDR}
		all["is-default"], all["isDefault"] = []string{"false"}, []string{"false"}
	case kindRouteTable:
		all["route-table-id"], all["vpc-id"] = []string{n.ID}, []string{n.VPC}
		all["association.main"], all["route.destination-cidr-block"] = []string{"true"}, []string{n.CIDR}
	case kindVPNGateway:
		all["vpn-gateway-id"], all["amazon-side-asn"], all["type"] = []string{n.ID}, asn, []string{vpnGatewayType}
		all["attachment.vpc-id"], all["attachment.state"] = nil, nil
		if n.VPC != "" {
			all["attachment.vpc-id"], all["attachment.state"] = []string{n.VPC}, []string{string(n.Attached)}
		}
	case kindTransitGateway:
		all["transit-gateway-id"], all["options.amazon-side-asn"] = []string{n.ID}, asn
	case kindAttachment:
		all["transit-gateway-attachment-id"], all["transit-gateway-id"], all["vpc-id"] = []string{n.ID}, []string{n.TransitGateway}, []string{n.VPC}
	}
	return all
}
