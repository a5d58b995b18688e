package aws

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"slices"
)

// The ASNs a gateway may have on Amazon's side, and what it has when none is
// given (Direct Connect API reference, CreateDirectConnectGateway).
const (
	defaultASN                    = 64512
	lowestASN, highestASN         = 64512, 65534
	lowestLongASN, highestLongASN = 4_200_000_000, 4_294_967_294
)

// legalASN says whether a gateway's Amazon side may have an ASN: a private one.
func legalASN(asn int64) bool {
	return asn >= lowestASN && asn <= highestASN || asn >= lowestLongASN && asn <= highestLongASN
}

// mostTags is how many tags a gateway may have (AWS's general limit).
const mostTags = 50

// gatewayDetail is a gateway as it is at one moment.
type gatewayDetail struct {
	id     string
	fields document
}

func (g gatewayDetail) document() document { return document{"directConnectGateway": g.fields} }

func (g gatewayDetail) resource() string { return g.id }

// directConnect is the Cloud as its customers see it through Direct Connect.
type directConnect struct{ *Cloud }

// service is Direct Connect's gateways, what they are associated with, and their
// tags.
func (c directConnect) service() *service {
	s := &service{name: "directconnect", operations: map[string]operation{}, invalid: gatewayError, unknown: unknownOperation}
	handle(s, "CreateDirectConnectGateway", readCreateGateway, c.createGateway)
	handle(s, "DescribeDirectConnectGateways", readDescribeGateways, c.describeGateways)
	handle(s, "UpdateDirectConnectGateway", readUpdateGateway, c.updateGateway)
	handle(s, "DeleteDirectConnectGateway", readDeleteGateway, c.deleteGateway)
	handle(s, "CreateDirectConnectGatewayAssociation", readCreateAssociation, c.createAssociation)
	handle(s, "UpdateDirectConnectGatewayAssociation", readUpdateAssociation, c.updateAssociation)
	handle(s, "DeleteDirectConnectGatewayAssociation", readDeleteAssociation, c.deleteAssociation)
	handle(s, "DescribeDirectConnectGatewayAssociations", readDescribeAssociations, c.describeAssociations)
	handle(s, "CreateDirectConnectGatewayAssociationProposal", readCreateProposal, c.createProposal)
	handle(s, "AcceptDirectConnectGatewayAssociationProposal", readAcceptAssociation, c.acceptAssociation)
	handle(s, "DeleteDirectConnectGatewayAssociationProposal", readDeleteProposal, c.deleteProposal)
	handle(s, "DescribeDirectConnectGatewayAssociationProposals", readDescribeProposals, c.describeProposals)
	handle(s, "DescribeDirectConnectGatewayAttachments", readDescribeAttachments, c.describeAttachments)
	handle(s, "DescribeTags", readDescribeTags, c.describeGatewayTags)
	handle(s, "TagResource", readTagGateway, c.tagGateway)
	handle(s, "UntagResource", readUntagGateway, c.untagGateway)
	return s
}

func (c directConnect) createGateway(_ context.Context, who caller, in createGatewayInput) (gatewayDetail, error) {
	asn := int64(defaultASN)
	if in.asn != nil {
		asn = *in.asn
	}
	if !legalASN(asn) {
		return gatewayDetail{}, gatewayError("The Amazon side ASN must be in the range %d-%d or %d-%d.",
			lowestASN, highestASN, int64(lowestLongASN), int64(highestLongASN))
	}
	tags, err := mergeTags(nil, in.tags)
	if err != nil {
		return gatewayDetail{}, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	g := c.addGateway(who.account, in.name, asn, tags, gatewayPending)
	c.later(c.cfg.Timing.Operation, timer{Kind: timerGatewayReady, ID: g.id})
	return gatewayDetail{g.id, g.fields()}, nil
}

// describeGateways lists the account's gateways, or the one with an id: an
// unknown id is an empty list, not an error.
func (c directConnect) describeGateways(_ context.Context, who caller, in describeGatewaysInput) (listing, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var found []*gateway
	for _, g := range c.state.gateways {
		if g.account == who.account && (in.id == nil || *in.id == g.id) {
			found = append(found, g)
		}
	}
	slices.SortFunc(found, func(a, b *gateway) int { return cmp.Compare(a.order, b.order) })
	scope := pageScope("DescribeDirectConnectGateways", who.account, textScope(in.id))
	some, next, ok := cut(c.pages, found, (*gateway).key, in.page, scope)
	if !ok {
		return listing{}, gatewayError("The nextToken is not valid.")
	}
	return newListing("directConnectGateways", some, next, (*gateway).fields), nil
}

func (c directConnect) updateGateway(_ context.Context, who caller, in updateGatewayInput) (gatewayDetail, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	g, err := c.gatewayOf(who, in.id)
	if err != nil {
		return gatewayDetail{}, err
	}
	if g.state == gatewayDeleting {
		return gatewayDetail{}, gatewayError("Direct Connect Gateway %s is in state %s.", g.id, g.state)
	}
	g.name = in.name
	return gatewayDetail{g.id, g.fields()}, nil
}

// deleteGateway deletes a gateway on which nothing hangs any more. Which
// exception says so is inferred.
func (c directConnect) deleteGateway(_ context.Context, who caller, in deleteGatewayInput) (gatewayDetail, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	g, err := c.gatewayOf(who, in.id)
	if err != nil {
		return gatewayDetail{}, err
	}
	if conn := c.attached(g); conn != nil {
		return gatewayDetail{}, gatewayError("Direct Connect Gateway %s cannot be deleted: Interconnect connection %s (%s) is attached to it.", g.id, conn.id, conn.state)
	}
	if left := c.associationsOf(g.id); len(left) > 0 {
		return gatewayDetail{}, gatewayError("Direct Connect Gateway %s cannot be deleted: association %s (%s) with %s exists.", g.id, left[0].ID, left[0].State, left[0].Peer)
	}
	if g.state != gatewayDeleting {
		g.state = gatewayDeleting
		c.later(c.cfg.Timing.Deleting, timer{Kind: timerGatewayDeleted, ID: g.id})
	}
	return gatewayDetail{g.id, g.fields()}, nil
}

// gatewayByARN is the caller's gateway with an ARN. The lock must be held.
func (c *Cloud) gatewayByARN(who caller, arn string) (*gateway, error) {
	for _, g := range c.state.gateways {
		if g.account == who.account && g.state != gatewayDeleted && g.arn() == arn {
			return g, nil
		}
	}
	return nil, gatewayError("Resource %s does not exist.", quoteName(arn))
}

func (c directConnect) describeGatewayTags(_ context.Context, who caller, in describeTagsInput) (listing, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var found []*gateway
	for _, arn := range in.arns {
		g, err := c.gatewayByARN(who, arn)
		if err != nil {
			return listing{}, err
		}
		found = append(found, g)
	}
	return newListing("resourceTags", found, "", func(g *gateway) document {
		return document{"resourceArn": g.arn(), "tags": tagList(g.tags)}
	}), nil
}

// mergeTags adds tags to a map, which may be nil, and returns the new map. A key
// given twice or too many tags are refused.
func mergeTags(old map[string]string, add []dxTag) (map[string]string, error) {
	tags := map[string]string{}
	for _, t := range add {
		if _, twice := tags[t.key]; twice {
			return nil, &Error{"DuplicateTagKeysException", http.StatusBadRequest, "The tag key " + t.key + " was given more than once."}
		}
		tags[t.key] = t.value
	}
	all := map[string]string{}
	maps.Copy(all, old)
	maps.Copy(all, tags)
	if len(all) > mostTags {
		return nil, &Error{"TooManyTagsException", http.StatusBadRequest, "A resource may have at most 50 tags."}
	}
	return all, nil
}

func (c directConnect) tagGateway(_ context.Context, who caller, in tagGatewayInput) (empty, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	g, err := c.gatewayByARN(who, in.arn)
	if err != nil {
		return empty{}, err
	}
	tags, err := mergeTags(g.tags, in.tags)
	if err != nil {
		return empty{}, err
	}
	g.tags = tags
	return empty{}, nil
}

func (c directConnect) untagGateway(_ context.Context, who caller, in untagGatewayInput) (empty, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	g, err := c.gatewayByARN(who, in.arn)
	if err != nil {
		return empty{}, err
	}
	for _, key := range in.keys {
		delete(g.tags, key)
	}
	return empty{}, nil
}
