package awsend

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/directconnect"
	dxtypes "github.com/aws/aws-sdk-go-v2/service/directconnect/types"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/attachment"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
)

// associationStates are AWS's (Direct Connect service model,
// DirectConnectGatewayAssociationState). One that is disassociated is gone.
var associationStates = map[dxtypes.DirectConnectGatewayAssociationState]attachment.State{
	dxtypes.DirectConnectGatewayAssociationStateAssociating:    attachment.Making,
	dxtypes.DirectConnectGatewayAssociationStateAssociated:     attachment.Up,
	dxtypes.DirectConnectGatewayAssociationStateUpdating:       attachment.Changing,
	dxtypes.DirectConnectGatewayAssociationStateDisassociating: attachment.Removing,
	dxtypes.DirectConnectGatewayAssociationStateDisassociated:  attachment.Absent,
}

// Look finds the association by the two gateways that it joins: AWS lets them be
// joined once only. The mark is read where the id is not the one asked for.
func (a *Association) Look(ctx context.Context, ref attachment.Ref) (attachment.Sight, error) {
	if a.forgotten {
		return attachment.Sight{State: attachment.Absent}, nil
	}
	r, err := a.region(ctx)
	if err != nil {
		return attachment.Sight{}, err
	}
	all, err := r.associationsOf(ctx, a.config.GatewayID)
	if err != nil {
		return attachment.Sight{}, err
	}
	seen := attachment.Sight{State: attachment.Absent}
	for _, one := range all {
		if peerOf(&one) == a.config.Peer && one.AssociationState != dxtypes.DirectConnectGatewayAssociationStateDisassociated {
			seen = sightOf(&one)
		}
	}
	if seen, err = a.lookAround(ctx, r, seen); err != nil {
		return seen, err
	}
	// Where the connection, which carries the mark, is not ours, the gateway
	// is, and nobody else can have associated it.
	seen.Ours = a.config.ConnectionARN == "" || a.config.watches()
	if seen.State == attachment.Absent || seen.Ours || seen.ID == ref.ID || seen.ID == "" {
		return seen, nil
	}
	tags, err := r.tagsOf(ctx, a.config.ConnectionARN)
	seen.Mark = attachmentMark(tags[tagAttachment+a.config.Peer])
	return seen, err
}

// lookAround looks for what the association waits for, while there is none or
// where another account has a say in it.
func (a *Association) lookAround(ctx context.Context, r *region, seen attachment.Sight) (attachment.Sight, error) {
	switch {
	case a.config.watches() && seen.State == attachment.Absent:
		return attachment.Sight{State: attachment.Asked, Raw: "not attached", Why: fmt.Sprintf(
			"Cloud WAN has not attached core network %s to Direct Connect gateway %s: it is attached there, as a Direct Connect gateway attachment.", a.config.Peer, a.config.GatewayID)}, nil
	case !a.proposes() && (!a.accepts() || seen.State != attachment.Absent):
		return seen, nil
	}
	p, err := r.proposal(ctx, a.config)
	if err != nil {
		return seen, err
	}
	switch {
	case p == nil && a.accepts():
		return attachment.Sight{State: attachment.Asked, Raw: "not proposed", Why: fmt.Sprintf(
			"account %s has not proposed to associate %s with Direct Connect gateway %s.", a.config.PeerAccount, a.config.Peer, a.config.GatewayID)}, nil
	case p == nil || a.accepts():
		return seen, nil
	}
	return proposed(p), nil
}

// proposed is a proposal of ours that waits for its answer.
func proposed(p *dxtypes.DirectConnectGatewayAssociationProposal) attachment.Sight {
	id := aws.ToString(p.ProposalId)
	d := &AssociationDetail{Proposal: id, AllowedPrefixes: prefixesFromAPI(p.RequestedAllowedPrefixesToDirectConnectGateway)}
	if g := p.AssociatedGateway; g != nil {
		d.Peer, d.PeerKind, d.PeerAccount, d.PeerRegion = aws.ToString(g.Id), string(g.Type), aws.ToString(g.OwnerAccount), aws.ToString(g.Region)
	}
	return attachment.Sight{
		Ref: attachment.Ref{ID: id}, State: attachment.Asked, Raw: "proposal " + string(p.ProposalState), Detail: d,
		Why: fmt.Sprintf("account %s has not accepted proposal %s.", aws.ToString(p.DirectConnectGatewayOwnerAccount), id),
	}
}

// sightOf is an association in our words. A word that AWS adds later counts as
// Changing: it is waited for, and Raw keeps the word.
func sightOf(a *dxtypes.DirectConnectGatewayAssociation) attachment.Sight {
	state, ok := associationStates[a.AssociationState]
	if !ok {
		state = attachment.Changing
	}
	return attachment.Sight{
		Ref: attachment.Ref{ID: aws.ToString(a.AssociationId)}, State: state, Raw: string(a.AssociationState),
		Why: aws.ToString(a.StateChangeError), Detail: associationDetail(a),
	}
}

// Associations are all that a Direct Connect gateway is associated with, in AWS's
// order, apart from what has ended. Their Detail is an *AssociationDetail. Errors
// are *cloud.Error.
func (a *Account) Associations(ctx context.Context, region, gateway string) ([]attachment.Sight, error) {
	r, err := a.region(ctx, region)
	if err != nil {
		return nil, err
	}
	all, err := r.associationsOf(ctx, gateway)
	if err != nil {
		return nil, err
	}
	var seen []attachment.Sight
	for i := range all {
		if s := sightOf(&all[i]); s.State != attachment.Absent {
			seen = append(seen, s)
		}
	}
	return seen, nil
}

// associationsOf are a Direct Connect gateway's associations, also those that
// end.
func (r *region) associationsOf(ctx context.Context, gateway string) ([]dxtypes.DirectConnectGatewayAssociation, error) {
	return r.associationsWith(ctx, &directconnect.DescribeDirectConnectGatewayAssociationsInput{DirectConnectGatewayId: &gateway}, gateway)
}

// associationsWith are the associations that a request asks for.
func (r *region) associationsWith(ctx context.Context, in *directconnect.DescribeDirectConnectGatewayAssociationsInput, object string) ([]dxtypes.DirectConnectGatewayAssociation, error) {
	var all []dxtypes.DirectConnectGatewayAssociation
	for {
		out, err := r.associations.DescribeDirectConnectGatewayAssociations(ctx, in)
		if err = translate(ctx, "list the associations of", object, err); cloud.IsNotFound(err) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		all = append(all, out.DirectConnectGatewayAssociations...)
		if aws.ToString(out.NextToken) == "" {
			return all, nil
		}
		in.NextToken = out.NextToken
	}
}

// proposal is the proposal between two gateways that waits for an answer, or
// nil.
func (r *region) proposal(ctx context.Context, c AttachmentConfig) (*dxtypes.DirectConnectGatewayAssociationProposal, error) {
	in := &directconnect.DescribeDirectConnectGatewayAssociationProposalsInput{DirectConnectGatewayId: &c.GatewayID, AssociatedGatewayId: &c.Peer}
	for {
		out, err := r.associations.DescribeDirectConnectGatewayAssociationProposals(ctx, in)
		if err = translate(ctx, "list the association proposals of", c.GatewayID, err); err != nil {
			return nil, err
		}
		for _, p := range out.DirectConnectGatewayAssociationProposals {
			if p.ProposalState == dxtypes.DirectConnectGatewayAssociationProposalStateRequested {
				return &p, nil
			}
		}
		if aws.ToString(out.NextToken) == "" {
			return nil, nil
		}
		in.NextToken = out.NextToken
	}
}
