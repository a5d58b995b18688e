package aws

import (
	"cmp"
	"context"
	"slices"
)

// proposalState is the state of an association proposal (Direct Connect service
// model, DirectConnectGatewayAssociationProposalState).
type proposalState string

const (
	proposalRequested proposalState = "requested"
	proposalAccepted  proposalState = "accepted"
	proposalDeleted   proposalState = "deleted"
)

// associationProposal is what the owner of a virtual private gateway or transit
// gateway asks of the owner of a Direct Connect gateway in another account.
type associationProposal struct {
	ID      string        `json:"id"`
	Order   int           `json:"order"`
	Gateway string        `json:"gateway"`
	Account string        `json:"account"`
	State   proposalState `json:"state"`
	// Peer is the proposer's gateway with its kind, owner and region.
	Peer        string      `json:"peer"`
	PeerKind    networkKind `json:"peerKind"`
	PeerAccount string      `json:"peerAccount"`
	PeerRegion  string      `json:"peerRegion"`
	// Existing and Requested are the allowed prefixes, before and after.
	Existing  []string `json:"existing,omitempty"`
	Requested []string `json:"requested,omitempty"`
}

func (p *associationProposal) key() string { return orderKey(p.Order) }

func (p *associationProposal) fields() document {
	return document{
		"proposalId":                                     p.ID,
		"proposalState":                                  string(p.State),
		"directConnectGatewayId":                         p.Gateway,
		"directConnectGatewayOwnerAccount":               p.Account,
		"associatedGateway":                              associatedGateway(p.Peer, p.PeerKind, p.PeerAccount, p.PeerRegion),
		"existingAllowedPrefixesToDirectConnectGateway":  prefixList(p.Existing),
		"requestedAllowedPrefixesToDirectConnectGateway": prefixList(p.Requested),
	}
}

// proposalDetail is a proposal as it is at one moment.
type proposalDetail struct {
	id     string
	fields document
}

func (p proposalDetail) document() document {
	return document{"directConnectGatewayAssociationProposal": p.fields}
}

func (p proposalDetail) resource() string { return p.id }

// existing is the association between two gateways, or nil. The lock must be
// held.
func (c *Cloud) existing(gateway, peer string) *association {
	for _, a := range c.associationsOf(gateway) {
		if a.Peer == peer {
			return a
		}
	}
	return nil
}

func (c directConnect) createProposal(_ context.Context, who caller, in createProposalInput) (proposalDetail, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	peer, err := c.associable(who, in.peer)
	if err != nil {
		return proposalDetail{}, err
	}
	g, err := c.gatewayOf(caller{account: in.account}, in.gateway)
	if err != nil {
		return proposalDetail{}, err
	}
	for _, p := range c.state.proposals {
		if p.State == proposalRequested && p.Gateway == g.id && p.Peer == peer.ID {
			return proposalDetail{}, gatewayError("Proposal %s for gateway %s and Direct Connect Gateway %s already exists.", p.ID, peer.ID, g.id)
		}
	}
	p := &associationProposal{
		ID: c.ids.uuid(), Order: c.next(), Gateway: g.id, Account: g.account, State: proposalRequested,
		Peer: peer.ID, PeerKind: peer.Kind, PeerAccount: peer.Account, PeerRegion: peer.Region,
	}
	if a := c.existing(g.id, peer.ID); a != nil {
		p.Existing = slices.Clone(a.Prefixes)
	}
	p.Requested = changePrefixes(p.Existing, in.add, in.remove)
	if peer.Kind == kindTransitGateway && len(p.Requested) == 0 {
		return proposalDetail{}, gatewayError("Allowed prefixes are required to associate transit gateway %s.", peer.ID)
	}
	c.state.proposals[p.ID] = p
	return proposalDetail{p.ID, p.fields()}, nil
}

// proposalFor is a proposal that waits for an answer and that the caller may
// see. The lock must be held.
func (c *Cloud) proposalFor(who caller, id string) (*associationProposal, error) {
	p, ok := c.state.proposals[id]
	if !ok || p.Account != who.account && p.PeerAccount != who.account {
		return nil, gatewayError("Direct Connect Gateway association proposal %s does not exist.", quoteName(id))
	}
	if p.State != proposalRequested {
		return nil, gatewayError("Direct Connect Gateway association proposal %s is in state %s.", p.ID, p.State)
	}
	return p, nil
}

// acceptAssociation joins the proposer's gateway to the caller's, or changes the
// prefixes if they are joined already. Overriding prefixes win over those asked
// for.
func (c directConnect) acceptAssociation(_ context.Context, who caller, in acceptAssociationInput) (associationDetail, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	g, err := c.gatewayOf(who, in.gateway)
	if err != nil {
		return associationDetail{}, err
	}
	p, err := c.proposalFor(who, in.proposal)
	if err != nil {
		return associationDetail{}, err
	}
	if p.Gateway != g.id || p.PeerAccount != in.peerAccount {
		return associationDetail{}, gatewayError("Direct Connect Gateway association proposal %s does not exist for Direct Connect Gateway %s and account %s.", p.ID, g.id, in.peerAccount)
	}
	prefixes := p.Requested
	if len(in.override) > 0 {
		prefixes = changePrefixes(nil, in.override, nil)
	}
	a := c.existing(g.id, p.Peer)
	if a != nil {
		err = c.amend(a, prefixes)
	} else {
		a, err = c.associateProposed(g, p, prefixes)
	}
	if err != nil {
		return associationDetail{}, err
	}
	c.endProposal(p, proposalAccepted)
	return associationDetail{a.ID, a.fields()}, nil
}

// associateProposed makes the association that a proposal asks for. The lock
// must be held.
func (c *Cloud) associateProposed(g *gateway, p *associationProposal, prefixes []string) (*association, error) {
	peer, err := c.associable(caller{account: p.PeerAccount, region: p.PeerRegion}, p.Peer)
	if err != nil {
		return nil, err
	}
	if err := c.admitAssociation(g, peer, prefixes); err != nil {
		return nil, err
	}
	return c.associate(g, peer, prefixes), nil
}

// endProposal answers a proposal; it is shown for a while after (seen by users
// of hashicorp/aws: an accepted proposal later vanishes). The lock must be held.
func (c *Cloud) endProposal(p *associationProposal, state proposalState) {
	p.State = state
	c.later(c.cfg.Timing.Lingering, timer{Kind: timerProposalForgotten, ID: p.ID})
}

func (c directConnect) deleteProposal(_ context.Context, who caller, in deleteProposalInput) (proposalDetail, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	p, err := c.proposalFor(who, in.proposal)
	if err != nil {
		return proposalDetail{}, err
	}
	c.endProposal(p, proposalDeleted)
	return proposalDetail{p.ID, p.fields()}, nil
}

func (c directConnect) describeProposals(_ context.Context, who caller, in describeProposalsInput) (listing, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var found []*associationProposal
	for _, p := range c.state.proposals {
		if (p.Account == who.account || p.PeerAccount == who.account) &&
			fits(in.proposal, p.ID) && fits(in.gateway, p.Gateway) && fits(in.peer, p.Peer) {
			found = append(found, p)
		}
	}
	slices.SortFunc(found, func(a, b *associationProposal) int { return cmp.Compare(a.Order, b.Order) })
	scope := pageScope("DescribeDirectConnectGatewayAssociationProposals", who.account, textScope(in.proposal), textScope(in.gateway), textScope(in.peer))
	some, next, ok := cut(c.pages, found, (*associationProposal).key, in.page, scope)
	if !ok {
		return listing{}, gatewayError("The nextToken is not valid.")
	}
	return newListing("directConnectGatewayAssociationProposals", some, next, (*associationProposal).fields), nil
}

// describeAttachments lists nothing: an attachment is a virtual interface, of
// which this cloud has none, and an Interconnect is not one (Direct Connect
// service model, DirectConnectGatewayAttachmentType).
func (c directConnect) describeAttachments(_ context.Context, _ caller, in describeAttachmentsInput) (listing, error) {
	switch {
	case in.gateway == nil && in.virtualInterface == nil:
		return listing{}, gatewayError("Give directConnectGatewayId, virtualInterfaceId or both.")
	case in.page.token != "":
		return listing{}, gatewayError("The nextToken is not valid.")
	}
	return listing{member: "directConnectGatewayAttachments", items: []any{}}, nil
}
