package awsend

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/directconnect"
	dxtypes "github.com/aws/aws-sdk-go-v2/service/directconnect/types"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/attachment"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

// What AWS takes.
const (
	// A Direct Connect gateway has at most so many associations of a kind,
	// which cannot be raised (Direct Connect user guide, quotas).
	mostVPN, mostTransit = 20, 6
	// takesPrefixes is how many prefixes of a family a connection takes from
	// the other cloud (AWS Interconnect user guide, other considerations).
	takesPrefixes = 1000
	// linkMTU is what AWS sets a connection to, in bytes (the same).
	linkMTU = 8500
)

// most is how many associations of a kind a Direct Connect gateway takes. Core
// networks are not ours to associate.
func most(k string) int {
	if k == kindTransit {
		return mostTransit
	}
	return mostVPN
}

// liveAssociations are a Direct Connect gateway's associations.
type liveAssociations []dxtypes.DirectConnectGatewayAssociation

// beside says what one more association of a kind would stand beside: whether
// there are any of the kind that does not mix with it, and how many of its own.
// An excepted gateway's is left out.
func (all liveAssociations) beside(k, except string) (mixed bool, count int) {
	for i := range all {
		peer := peerOf(&all[i])
		if peer == except && except != "" || all[i].AssociationState == dxtypes.DirectConnectGatewayAssociationStateDisassociated {
			continue
		}
		switch kind(peer) {
		case k:
			count++
		case kindVPN, kindTransit:
			mixed = mixed || k == kindVPN || k == kindTransit
		}
	}
	return mixed, count
}

// attachmentCheck is one check and what it has read.
type attachmentCheck struct {
	config  AttachmentConfig
	gateway *dxtypes.DirectConnectGateway
	// all are the Direct Connect gateway's associations, and others those of
	// the gateway that is to be associated.
	all, others liveAssociations
	peer        peerFacts
	found       []link.Finding
}

// Check compares the configuration with what AWS has: the rules by which a
// Direct Connect gateway is associated, and what the network offers.
func (a *Association) Check(ctx context.Context, creating bool) (attachment.Facts, []link.Finding, error) {
	facts := attachment.Facts{Takes: takesPrefixes, MTU: linkMTU, MTUFixed: true}
	r, err := a.region(ctx)
	if err != nil {
		return facts, nil, err
	}
	c := &attachmentCheck{config: a.config}
	if err := c.gather(ctx, r); err != nil {
		return facts, nil, err
	}
	stands := slices.ContainsFunc(c.all, func(one dxtypes.DirectConnectGatewayAssociation) bool { return peerOf(&one) == a.config.Peer })
	if creating && !stands && !a.config.watches() {
		c.checkRules()
	}
	facts.Offers, facts.OffersField = c.peer.offers(a.config.allowed()), "allowed_prefixes"
	if a.config.watches() {
		facts.OffersField = ""
	}
	c.checkAllowed()
	return facts, c.found, nil
}

// gather makes the calls.
func (c *attachmentCheck) gather(ctx context.Context, r *region) error {
	var err error
	if c.all, err = r.associationsOf(ctx, c.config.GatewayID); err != nil {
		return err
	}
	if c.config.GatewayAccount == "" {
		out, err := r.associations.DescribeDirectConnectGateways(ctx, &directconnect.DescribeDirectConnectGatewaysInput{DirectConnectGatewayId: &c.config.GatewayID})
		if err = translate(ctx, "read the Direct Connect gateway", c.config.GatewayID, err); err != nil && !cloud.IsNotFound(err) {
			return err
		}
		if err == nil && len(out.DirectConnectGateways) > 0 {
			c.gateway = &out.DirectConnectGateways[0]
		}
	}
	if kind(c.config.Peer) == kindVPN && c.config.PeerAccount == "" {
		c.others, err = r.associationsWith(ctx, &directconnect.DescribeDirectConnectGatewayAssociationsInput{AssociatedGatewayId: &c.config.Peer}, c.config.Peer)
		if err != nil {
			return err
		}
	}
	c.peer, err = r.peerFacts(ctx, c.config)
	return err
}

// refuse adds a finding about the gateway.
func (c *attachmentCheck) refuse(k cloud.Kind, message, remedy string) {
	c.found = append(c.found, link.Finding{Err: &cloud.Error{
		Kind: k, End: endName, Field: "gateway_id", Attempt: "check the gateway", Object: c.config.Peer, Message: message, Remedy: remedy,
	}})
}

// warn adds a finding that stops nothing.
func (c *attachmentCheck) warn(field, message, remedy string) {
	c.found = append(c.found, link.Finding{Warning: true, Err: &cloud.Error{
		Kind: cloud.Precondition, End: endName, Field: field, Attempt: "check the gateway", Object: c.config.Peer, Message: message, Remedy: remedy,
	}})
}

// checkRules holds what AWS asks of a new association (AWS Interconnect user
// guide, pricing; Direct Connect user guide, Direct Connect gateways).
func (c *attachmentCheck) checkRules() {
	k, name := kind(c.config.Peer), kindName(kind(c.config.Peer))
	switch {
	case c.config.GatewayAccount == "" && c.gateway == nil:
		c.refuse(cloud.NotFound, fmt.Sprintf("the link's Direct Connect gateway %s does not exist in this account", c.config.GatewayID),
			"Check the credentials: the link and its Direct Connect gateway are in one account.")
	case c.peer.missing:
		c.refuse(cloud.NotFound, fmt.Sprintf("there is no %s %s in %s, the link's region: a Direct Connect gateway with an Interconnect takes gateways of that region only", name, c.config.Peer, c.config.Region),
			fmt.Sprintf("Use a gateway in %s. Networks of other regions reach the link by peering transit gateways with one in %s, or by Cloud WAN.", c.config.Region, c.config.Region))
	case c.peer.detached:
		c.refuse(cloud.Precondition, fmt.Sprintf("virtual private gateway %s is not attached to a VPC", c.config.Peer),
			"Attach it first (aws_vpn_gateway.vpc_id or aws_vpn_gateway_attachment) and let the attachment depend on that.")
	}
	if k == kindTransit && c.gateway != nil && c.peer.asn != 0 && c.peer.asn == aws.ToInt64(c.gateway.AmazonSideAsn) {
		c.refuse(cloud.Precondition, fmt.Sprintf("transit gateway %s and Direct Connect gateway %s have the same ASN, %d; AWS associates only different ones", c.config.Peer, c.config.GatewayID, c.peer.asn),
			"Give the transit gateway another ASN (amazon_side_asn), or use a link on a Direct Connect gateway that has another; a Direct Connect gateway cannot change its own.")
	}
	for i := range c.others {
		if id := aws.ToString(c.others[i].DirectConnectGatewayId); id != c.config.GatewayID && c.others[i].AssociationState != dxtypes.DirectConnectGatewayAssociationStateDisassociated {
			c.refuse(cloud.Precondition, fmt.Sprintf("virtual private gateway %s is associated with Direct Connect gateway %s already, and it has one at most", c.config.Peer, id),
				"Remove that association, or use another virtual private gateway.")
		}
	}
	c.checkRoom(k)
}

// checkRoom holds that kinds do not mix, and the limits. What is to be replaced
// makes room, after a gap.
func (c *attachmentCheck) checkRoom(k string) {
	name := kindName(k)
	mixed, count := c.all.beside(k, c.config.Replaces)
	switch {
	case mixed:
		c.refuse(cloud.Precondition, fmt.Sprintf("Direct Connect gateway %s is associated with the other kind of gateway (%s), and it does not mix virtual private gateways and transit gateways", c.config.GatewayID, strings.Join(c.all.peers(), ", ")),
			"Use the same kind as the others: a virtual private gateway's VPC can be attached to a transit gateway instead. Or give the link's Direct Connect gateway one kind only.")
	case count >= most(k):
		c.refuse(cloud.Quota, fmt.Sprintf("Direct Connect gateway %s has %d %ss associated, and takes %d; the limit cannot be raised", c.config.GatewayID, count, name, most(k)),
			"Gather VPCs behind a transit gateway, remove an association that is not needed, or use a link on another Direct Connect gateway.")
	case c.config.Replaces != "" && !stands(c.all, k, ""):
		c.warn("gateway_id", fmt.Sprintf("the association with %s must go before the one with %s can be made, because AWS does not allow both: the link has no path in between", c.config.Replaces, c.config.Peer),
			"Apply in a maintenance window: a new association takes several minutes.")
	}
}

// peers are the gateways that are associated.
func (all liveAssociations) peers() []string {
	var ids []string
	for i := range all {
		ids = append(ids, peerOf(&all[i]))
	}
	return ids
}

// checkAllowed warns of allowed prefixes that let none of the VPC's pass: for a
// virtual private gateway they are a filter, and must be as wide as the VPC's or
// wider (Direct Connect user guide, allowed prefixes).
func (c *attachmentCheck) checkAllowed() {
	allowed := c.config.allowed()
	if len(c.peer.cidrs) == 0 || len(allowed) == 0 {
		return
	}
	for _, cidr := range c.peer.cidrs {
		if len(passing(allowed, cidr)) == 0 {
			c.warn("allowed_prefixes", fmt.Sprintf("the VPC of %s has %s, and no allowed prefix is as wide: AWS does not offer it to the other cloud", c.config.Peer, cidr),
				fmt.Sprintf("Add %s, or a prefix around it. For a virtual private gateway the allowed prefixes are a filter on the VPC's own; narrower ones let nothing pass.", cidr))
		}
	}
}
