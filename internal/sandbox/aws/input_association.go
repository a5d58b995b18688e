package aws

import (
	"fmt"
	"net/netip"
)

// readPrefixes reads a RouteFilterPrefixList. A prefix must be a network: no
// bits of the host may be set (inferred).
func readPrefixes(r *reader, name string) []string {
	var prefixes []string
	for i, item := range r.list(name) {
		path := fmt.Sprintf("%s.%d.member", r.at(name), i+1)
		doc, ok := item.(document)
		if !ok {
			r.wrongType(path, "a structure")
			continue
		}
		p := &reader{doc: doc, path: path, findings: r.findings}
		text := p.required("cidr", anyString)
		prefix, err := netip.ParsePrefix(text)
		if err != nil || prefix.Masked() != prefix {
			r.violated(path+".cidr", "Member must be a network in CIDR notation")
			continue
		}
		prefixes = append(prefixes, prefix.String())
	}
	return prefixes
}

// text is a string that may be left out: "" then.
func (r *reader) text(name string) string {
	if s := r.optional(name, anyString); s != nil {
		return *s
	}
	return ""
}

type createAssociationInput struct {
	gateway              string
	peer, virtualGateway string
	add                  []string
}

func (in createAssociationInput) resource() string { return in.gateway }

func readCreateAssociation(r *reader) createAssociationInput {
	return createAssociationInput{
		gateway:        r.required("directConnectGatewayId", anyString),
		peer:           r.text("gatewayId"),
		virtualGateway: r.text("virtualGatewayId"),
		add:            readPrefixes(r, "addAllowedPrefixesToDirectConnectGateway"),
	}
}

type updateAssociationInput struct {
	id          string
	add, remove []string
}

func (in updateAssociationInput) resource() string { return in.id }

func readUpdateAssociation(r *reader) updateAssociationInput {
	return updateAssociationInput{
		id:     r.text("associationId"),
		add:    readPrefixes(r, "addAllowedPrefixesToDirectConnectGateway"),
		remove: readPrefixes(r, "removeAllowedPrefixesToDirectConnectGateway"),
	}
}

type deleteAssociationInput struct{ id, gateway, virtualGateway string }

func (in deleteAssociationInput) resource() string { return in.id }

func readDeleteAssociation(r *reader) deleteAssociationInput {
	return deleteAssociationInput{
		id:             r.text("associationId"),
		gateway:        r.text("directConnectGatewayId"),
		virtualGateway: r.text("virtualGatewayId"),
	}
}

type describeAssociationsInput struct {
	id, gateway, peer, virtualGateway *string
	page                              page
}

func readDescribeAssociations(r *reader) describeAssociationsInput {
	return describeAssociationsInput{
		id:             r.optional("associationId", anyString),
		gateway:        r.optional("directConnectGatewayId", anyString),
		peer:           r.optional("associatedGatewayId", anyString),
		virtualGateway: r.optional("virtualGatewayId", anyString),
		page:           readDXPage(r),
	}
}

type createProposalInput struct {
	gateway, account, peer string
	add, remove            []string
}

func (in createProposalInput) resource() string { return in.gateway }

func readCreateProposal(r *reader) createProposalInput {
	return createProposalInput{
		gateway: r.required("directConnectGatewayId", anyString),
		account: r.required("directConnectGatewayOwnerAccount", anyString),
		peer:    r.required("gatewayId", anyString),
		add:     readPrefixes(r, "addAllowedPrefixesToDirectConnectGateway"),
		remove:  readPrefixes(r, "removeAllowedPrefixesToDirectConnectGateway"),
	}
}

type acceptAssociationInput struct {
	gateway, proposal, peerAccount string
	override                       []string
}

func (in acceptAssociationInput) resource() string { return in.proposal }

func readAcceptAssociation(r *reader) acceptAssociationInput {
	return acceptAssociationInput{
		gateway:     r.required("directConnectGatewayId", anyString),
		proposal:    r.required("proposalId", anyString),
		peerAccount: r.required("associatedGatewayOwnerAccount", anyString),
		override:    readPrefixes(r, "overrideAllowedPrefixesToDirectConnectGateway"),
	}
}

type deleteProposalInput struct{ proposal string }

func (in deleteProposalInput) resource() string { return in.proposal }

func readDeleteProposal(r *reader) deleteProposalInput {
	return deleteProposalInput{proposal: r.required("proposalId", anyString)}
}

type describeProposalsInput struct {
	proposal, gateway, peer *string
	page                    page
}

func readDescribeProposals(r *reader) describeProposalsInput {
	return describeProposalsInput{
		proposal: r.optional("proposalId", anyString),
		gateway:  r.optional("directConnectGatewayId", anyString),
		peer:     r.optional("associatedGatewayId", anyString),
		page:     readDXPage(r),
	}
}

type describeAttachmentsInput struct {
	gateway, virtualInterface *string
	page                      page
}

func readDescribeAttachments(r *reader) describeAttachmentsInput {
	return describeAttachmentsInput{
		gateway:          r.optional("directConnectGatewayId", anyString),
		virtualInterface: r.optional("virtualInterfaceId", anyString),
		page:             readDXPage(r),
	}
}
