package awsend

import (
	"context"
	"regexp"

	"github.com/aws/aws-sdk-go-v2/service/directconnect"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/attachment"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

// associationBusy is how Direct Connect refuses a change while another is under
// way, and what exists already (inferred).
var associationBusy = regexp.MustCompile(`(?i)in state ['"]?(associating|updating|disassociating|requested|accepted)|already (exists|associated)`)

// changed translates what a call that changes an association returned. That it
// is busy, or exists already, is a conflict: looking again shows which.
func changed(ctx context.Context, attempt, object string, err error) error {
	err = translate(ctx, attempt, object, err)
	if e, ok := err.(*cloud.Error); ok && e.Kind == cloud.Invalid && associationBusy.MatchString(e.Message) { //nolint:errorlint // translate returns it bare
		e.Kind, e.Remedy = cloud.Conflict, remedy(&cloud.Error{Kind: cloud.Conflict}, nil)
	}
	return err
}

// Make marks the connection and begins the association: by the call for it, by a
// proposal to the other account, or by accepting the other account's.
func (a *Association) Make(ctx context.Context, m link.Marker) (attachment.Sight, error) {
	r, err := a.region(ctx)
	if err != nil {
		return attachment.Sight{}, err
	}
	if a.proposes() {
		return a.propose(ctx, r, nil)
	}
	if err := a.setMark(ctx, r, m); err != nil {
		return attachment.Sight{}, err
	}
	var seen attachment.Sight
	if a.accepts() {
		seen, err = a.accept(ctx, r)
	} else {
		seen, err = a.associate(ctx, r)
	}
	if err != nil && !cloud.Transient(err) && cloud.KindOf(err) != cloud.Unknown {
		a.clearMark(context.WithoutCancel(ctx), r)
	}
	return seen, err
}

func (a *Association) associate(ctx context.Context, r *region) (attachment.Sight, error) {
	out, err := r.associations.CreateDirectConnectGatewayAssociation(ctx, &directconnect.CreateDirectConnectGatewayAssociationInput{
		DirectConnectGatewayId: &a.config.GatewayID, GatewayId: &a.config.Peer,
		AddAllowedPrefixesToDirectConnectGateway: prefixesToAPI(a.config.allowed()),
	})
	const attempt = "associate the Direct Connect gateway with"
	if err = changed(ctx, attempt, a.config.Peer, err); err != nil {
		return attachment.Sight{}, err
	}
	if out.DirectConnectGatewayAssociation == nil {
		return attachment.Sight{}, incomplete(attempt, a.config.Peer, "the reply holds no association")
	}
	return sightOf(out.DirectConnectGatewayAssociation), nil
}

// accept accepts the other account's proposal, with our prefixes where some are
// configured.
func (a *Association) accept(ctx context.Context, r *region) (attachment.Sight, error) {
	p, err := r.proposal(ctx, a.config)
	if err != nil {
		return attachment.Sight{}, err
	}
	const attempt = "accept the association proposal for"
	if p == nil {
		return attachment.Sight{}, &cloud.Error{Kind: cloud.Conflict, End: endName, Attempt: attempt, Object: a.config.Peer, Message: "the proposal is gone"}
	}
	out, err := r.associations.AcceptDirectConnectGatewayAssociationProposal(ctx, &directconnect.AcceptDirectConnectGatewayAssociationProposalInput{
		DirectConnectGatewayId: &a.config.GatewayID, ProposalId: p.ProposalId, AssociatedGatewayOwnerAccount: &a.config.PeerAccount,
		OverrideAllowedPrefixesToDirectConnectGateway: prefixesToAPI(a.config.allowed()),
	})
	if err = changed(ctx, attempt, a.config.Peer, err); err != nil {
		return attachment.Sight{}, err
	}
	if out.DirectConnectGatewayAssociation == nil {
		return attachment.Sight{}, incomplete(attempt, a.config.Peer, "the reply holds no association")
	}
	return sightOf(out.DirectConnectGatewayAssociation), nil
}

// propose asks the owner of the Direct Connect gateway, for the association or
// for other prefixes of the one that is.
func (a *Association) propose(ctx context.Context, r *region, have *AssociationDetail) (attachment.Sight, error) {
	want := a.config.allowed()
	in := &directconnect.CreateDirectConnectGatewayAssociationProposalInput{
		DirectConnectGatewayId: &a.config.GatewayID, DirectConnectGatewayOwnerAccount: &a.config.GatewayAccount, GatewayId: &a.config.Peer,
		AddAllowedPrefixesToDirectConnectGateway: prefixesToAPI(want),
	}
	if have != nil {
		in.AddAllowedPrefixesToDirectConnectGateway = prefixesToAPI(without(want, have.AllowedPrefixes))
		in.RemoveAllowedPrefixesToDirectConnectGateway = prefixesToAPI(without(have.AllowedPrefixes, want))
	}
	out, err := r.associations.CreateDirectConnectGatewayAssociationProposal(ctx, in)
	const attempt = "propose the association with"
	if err = changed(ctx, attempt, a.config.GatewayID, err); err != nil {
		return attachment.Sight{}, err
	}
	if out.DirectConnectGatewayAssociationProposal == nil {
		return attachment.Sight{}, incomplete(attempt, a.config.GatewayID, "the reply holds no proposal")
	}
	return proposed(out.DirectConnectGatewayAssociationProposal), nil
}

// Amend changes the allowed prefixes in place.
func (a *Association) Amend(ctx context.Context, s attachment.Sight) (attachment.Sight, error) {
	r, err := a.region(ctx)
	if err != nil {
		return s, err
	}
	d, ok := s.Detail.(*AssociationDetail)
	if !ok {
		return s, incomplete("change the association", s.ID, "it was not read completely")
	}
	if a.proposes() {
		return a.propose(ctx, r, d)
	}
	want := a.config.allowed()
	out, err := r.associations.UpdateDirectConnectGatewayAssociation(ctx, &directconnect.UpdateDirectConnectGatewayAssociationInput{
		AssociationId:                               &s.ID,
		AddAllowedPrefixesToDirectConnectGateway:    prefixesToAPI(without(want, d.AllowedPrefixes)),
		RemoveAllowedPrefixesToDirectConnectGateway: prefixesToAPI(without(d.AllowedPrefixes, want)),
	})
	const attempt = "change the allowed prefixes of association"
	if err = changed(ctx, attempt, s.ID, err); err != nil {
		return s, err
	}
	if out.DirectConnectGatewayAssociation == nil {
		return s, incomplete(attempt, s.ID, "the reply holds no association")
	}
	return sightOf(out.DirectConnectGatewayAssociation), nil
}

// Remove begins the end of the association, or takes a proposal back. What Cloud
// WAN has made stays: it is only no longer looked at.
func (a *Association) Remove(ctx context.Context, s attachment.Sight) (attachment.Sight, error) {
	r, err := a.region(ctx)
	if err != nil {
		return s, err
	}
	if d, ok := s.Detail.(*AssociationDetail); ok && d.Proposal != "" {
		_, err := r.associations.DeleteDirectConnectGatewayAssociationProposal(ctx, &directconnect.DeleteDirectConnectGatewayAssociationProposalInput{ProposalId: &d.Proposal})
		return attachment.Sight{}, changed(ctx, "take back the association proposal", d.Proposal, err)
	}
	if a.config.watches() || s.ID == "" {
		a.forgotten = true
		return attachment.Sight{State: attachment.Absent}, nil
	}
	out, err := r.associations.DeleteDirectConnectGatewayAssociation(ctx, &directconnect.DeleteDirectConnectGatewayAssociationInput{AssociationId: &s.ID})
	if err = changed(ctx, "remove the association", s.ID, err); err != nil {
		return s, err
	}
	a.clearMark(ctx, r)
	if out.DirectConnectGatewayAssociation == nil {
		return attachment.Sight{Ref: attachment.Ref{ID: s.ID}, State: attachment.Removing}, nil
	}
	return sightOf(out.DirectConnectGatewayAssociation), nil
}

// Beside says whether the Direct Connect gateway may be associated with both
// gateways: not with two kinds, and not with more than it takes.
func (a *Association) Beside(ctx context.Context, old attachment.Side) (bool, error) {
	before, ok := old.(*Association)
	if !ok || before.config.GatewayID != a.config.GatewayID {
		return true, nil
	}
	r, err := a.region(ctx)
	if err != nil {
		return false, err
	}
	all, err := r.associationsOf(ctx, a.config.GatewayID)
	if err != nil {
		return false, err
	}
	return stands(all, kind(a.config.Peer), ""), nil
}

// stands says that one more association of a kind is allowed beside those that
// there are, an excepted gateway's left out.
func stands(all liveAssociations, k, except string) bool {
	mixed, count := all.beside(k, except)
	return !mixed && count < most(k)
}
