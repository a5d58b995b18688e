package aws_test

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/directconnect"
	dxtypes "github.com/aws/aws-sdk-go-v2/service/directconnect/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/aws"
)

const dxRefusal = "DirectConnectClientException"

var dxPlainly = cmp.Options{
	cmpopts.IgnoreUnexported(dxtypes.DirectConnectGatewayAssociation{}, dxtypes.AssociatedGateway{}, dxtypes.AssociatedCoreNetwork{},
		dxtypes.RouteFilterPrefix{}, dxtypes.DirectConnectGatewayAssociationProposal{}),
	cmpopts.EquateEmpty(),
}

func prefixes(cidrs ...string) []dxtypes.RouteFilterPrefix {
	var out []dxtypes.RouteFilterPrefix
	for _, cidr := range cidrs {
		out = append(out, dxtypes.RouteFilterPrefix{Cidr: new(cidr)})
	}
	return out
}

// associate asks for an association.
func (s *stage) associate(region, gateway, peer string, allowed ...string) (string, error) {
	out, err := s.dx(mine, region).CreateDirectConnectGatewayAssociation(s.t.Context(), &directconnect.CreateDirectConnectGatewayAssociationInput{
		DirectConnectGatewayId: &gateway, GatewayId: &peer, AddAllowedPrefixesToDirectConnectGateway: prefixes(allowed...)})
	if err != nil {
		return "", err
	}
	return *out.DirectConnectGatewayAssociation.AssociationId, nil
}

// associations are those of a gateway.
func (s *stage) associations(gateway string) []dxtypes.DirectConnectGatewayAssociation {
	s.t.Helper()
	got, err := s.dx(mine, away).DescribeDirectConnectGatewayAssociations(s.t.Context(), // from anywhere
		&directconnect.DescribeDirectConnectGatewayAssociationsInput{DirectConnectGatewayId: &gateway})
	s.ok(err)
	return got.DirectConnectGatewayAssociations
}

func TestAssociationLife(t *testing.T) {
	s := newStage(t)
	dx := s.dx(mine, home)
	gateway, vgw := s.cloud.CreateGateway("gw", 0), s.vgw(mine, home, "10.1.0.0/16")
	id, err := s.associate(home, gateway, vgw)
	s.ok(err)
	want := dxtypes.DirectConnectGatewayAssociation{
		AssociationId: &id, AssociationState: "associating", DirectConnectGatewayId: &gateway,
		DirectConnectGatewayOwnerAccount: new(aws.DefaultAccountID), AllowedPrefixesToDirectConnectGateway: prefixes("10.1.0.0/16"),
		AssociatedGateway: &dxtypes.AssociatedGateway{Id: &vgw, OwnerAccount: new(aws.DefaultAccountID), Region: new(home), Type: "virtualPrivateGateway"},
		VirtualGatewayId:  &vgw, VirtualGatewayOwnerAccount: new(aws.DefaultAccountID),
		//nolint:staticcheck // Direct Connect still sends the deprecated member, and so does the sandbox.
		VirtualGatewayRegion: new(home),
	}
	check := func(what string) {
		t.Helper()
		if diff := cmp.Diff([]dxtypes.DirectConnectGatewayAssociation{want}, s.associations(gateway), dxPlainly); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
	}
	update := func(add, remove []dxtypes.RouteFilterPrefix) error {
		_, err := dx.UpdateDirectConnectGatewayAssociation(t.Context(), &directconnect.UpdateDirectConnectGatewayAssociationInput{
			AssociationId: &id, AddAllowedPrefixesToDirectConnectGateway: add, RemoveAllowedPrefixesToDirectConnectGateway: remove})
		return err
	}
	check("asked for")
	s.refused(update(prefixes("10.2.0.0/16"), nil), dxRefusal, "associating")
	s.settle()
	want.AssociationState = "associated"
	check("made")
	s.ok(update(prefixes("10.3.0.0/16", "2001:DB8::/32", "10.2.0.0/16"), prefixes("10.1.0.0/16")))
	want.AssociationState = "updating"
	check("being updated")
	s.refused(update(prefixes("10.9.0.0/16"), nil), dxRefusal, "updating")
	s.settle()
	want.AssociationState, want.AllowedPrefixesToDirectConnectGateway = "associated", prefixes("10.2.0.0/16", "10.3.0.0/16", "2001:db8::/32")
	check("updated")
	_, err = dx.DeleteDirectConnectGateway(t.Context(), &directconnect.DeleteDirectConnectGatewayInput{DirectConnectGatewayId: &gateway})
	s.refused(err, dxRefusal, id)
	for range 2 {
		_, err = dx.DeleteDirectConnectGatewayAssociation(t.Context(), &directconnect.DeleteDirectConnectGatewayAssociationInput{
			DirectConnectGatewayId: &gateway, VirtualGatewayId: &vgw})
		s.ok(err)
	}
	want.AssociationState = "disassociating"
	check("being deleted")
	s.settle()
	want.AssociationState = "disassociated"
	check("deleted")
	_, err = dx.DeleteDirectConnectGatewayAssociation(t.Context(), &directconnect.DeleteDirectConnectGatewayAssociationInput{AssociationId: &id})
	s.refused(err, dxRefusal, "does not exist")
	s.clock.Advance(linger)
	if got := s.associations(gateway); len(got) != 0 {
		t.Errorf("shown for too long: %v", got)
	}
	_, err = dx.DeleteDirectConnectGateway(t.Context(), &directconnect.DeleteDirectConnectGatewayInput{DirectConnectGatewayId: &gateway})
	s.ok(err)
}

func TestAssociationRefusals(t *testing.T) {
	s := newStage(t)
	gateway, vgw := s.cloud.CreateGateway("gw", 64600), s.vgw(mine, home, "10.1.0.0/16")
	tgw, sameASN := s.tgw(mine, home, 64700), s.tgw(mine, home, 64600)
	loose, err := s.ec2(mine, home).CreateVpnGateway(t.Context(), &ec2.CreateVpnGatewayInput{Type: "ipsec.1"})
	s.ok(err)
	s.settle()
	theirVGW := s.vgw(theirs, home, "10.5.0.0/16")
	tests := map[string]struct {
		region, gateway, peer string
		allowed               []string
		says                  string
	}{
		"unknown gateway":            {home, noSuchNumber, vgw, nil, "does not exist"},
		"unknown peer":               {home, gateway, unknownVGW, nil, "does not exist"},
		"peer of another account":    {home, gateway, theirVGW, nil, "does not exist"},
		"called in another region":   {away, gateway, vgw, nil, "does not exist"},
		"peer without a VPC":         {home, gateway, *loose.VpnGateway.VpnGatewayId, nil, "not attached"},
		"transit without prefixes":   {home, gateway, tgw, nil, "Allowed prefixes are required"},
		"transit with the same ASN":  {home, gateway, sameASN, []string{"10.0.0.0/8"}, "must differ"},
		"prefix that is none":        {home, gateway, vgw, []string{"ten"}, "CIDR"},
		"prefix with bits of a host": {home, gateway, vgw, []string{"10.1.2.3/8"}, "CIDR"},
		"no peer":                    {home, gateway, "", nil, "exactly one"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			inner := *s
			inner.t = t
			_, err := inner.associate(tc.region, tc.gateway, tc.peer, tc.allowed...)
			inner.refused(err, dxRefusal, tc.says)
		})
	}
	_, err = s.associate(home, gateway, vgw)
	s.ok(err)
	_, err = s.associate(home, gateway, vgw)
	s.refused(err, dxRefusal, "already associated")
	_, err = s.associate(home, s.cloud.CreateGateway("second", 0), vgw)
	s.refused(err, dxRefusal, "already associated")
	_, err = s.associate(home, gateway, tgw, "10.0.0.0/8")
	s.refused(err, dxRefusal, "both")
	second := s.cloud.CreateGateway("third", 64800)
	id, err := s.associate(home, second, tgw, "10.0.0.0/8")
	s.ok(err)
	_, err = s.associate(home, second, s.vgw(mine, home, "10.2.0.0/16"))
	s.refused(err, dxRefusal, "both")
	s.settle()
	_, err = s.dx(mine, home).UpdateDirectConnectGatewayAssociation(t.Context(), &directconnect.UpdateDirectConnectGatewayAssociationInput{
		AssociationId: &id, RemoveAllowedPrefixesToDirectConnectGateway: prefixes("10.0.0.0/8")})
	s.refused(err, dxRefusal, "Allowed prefixes are required")
	_, err = s.ec2(mine, home).DeleteTransitGateway(t.Context(), &ec2.DeleteTransitGatewayInput{TransitGatewayId: &tgw})
	s.refused(err, "IncorrectState", "DirectConnect Gateway Attachments")
	_, err = s.ec2(mine, home).DeleteVpnGateway(t.Context(), &ec2.DeleteVpnGatewayInput{VpnGatewayId: &vgw})
	s.refused(err, "IncorrectState", "in use")
	_, err = s.dx(mine, home).DescribeDirectConnectGatewayAssociations(t.Context(), &directconnect.DescribeDirectConnectGatewayAssociationsInput{})
	s.refused(err, dxRefusal, "at least one")
	_, err = s.dx(theirs, home).DeleteDirectConnectGatewayAssociation(t.Context(), &directconnect.DeleteDirectConnectGatewayAssociationInput{AssociationId: &id})
	s.refused(err, dxRefusal, "does not exist")
}

func TestAssociationLimits(t *testing.T) {
	tests := map[string]struct {
		limit int
		add   func(s *stage, gateway string, n int) error
	}{
		"virtual private gateways": {20, func(s *stage, gateway string, n int) error {
			_, err := s.associate(home, gateway, s.vgw(mine, home, fmt.Sprintf("10.%d.0.0/16", n)))
			return err
		}},
		"transit gateways": {6, func(s *stage, gateway string, n int) error {
			_, err := s.associate(home, gateway, s.tgw(mine, home, int64(65000+n)), fmt.Sprintf("10.%d.0.0/16", n))
			return err
		}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			s := newStage(t)
			gateway := s.cloud.CreateGateway("gw", 0)
			for n := range tc.limit {
				s.ok(tc.add(s, gateway, n))
			}
			s.refused(tc.add(s, gateway, tc.limit), dxRefusal, fmt.Sprintf("limit of %d %s", tc.limit, name))
		})
	}
}

func TestAssociationPaging(t *testing.T) {
	s := newStage(t)
	gateway := s.cloud.CreateGateway("gw", 0)
	var made, got []string
	for n := range 5 {
		id, err := s.associate(home, gateway, s.vgw(mine, home, fmt.Sprintf("10.%d.0.0/16", n)))
		s.ok(err)
		made = append(made, id)
	}
	in := &directconnect.DescribeDirectConnectGatewayAssociationsInput{DirectConnectGatewayId: &gateway, MaxResults: new(int32(2))}
	for {
		page, err := s.dx(mine, home).DescribeDirectConnectGatewayAssociations(t.Context(), in)
		s.ok(err)
		for _, a := range page.DirectConnectGatewayAssociations {
			got = append(got, *a.AssociationId)
		}
		if in.NextToken = page.NextToken; in.NextToken == nil {
			break
		}
	}
	if diff := cmp.Diff(made, got); diff != "" {
		t.Errorf("paged (-made +got):\n%s", diff)
	}
	in.NextToken = new("garbage")
	_, err := s.dx(mine, home).DescribeDirectConnectGatewayAssociations(t.Context(), in)
	s.refused(err, dxRefusal, "nextToken")
}

// propose asks the first account for an association with a gateway of the
// second.
func (s *stage) propose(gateway, peer string, add ...string) (string, error) {
	out, err := s.dx(theirs, home).CreateDirectConnectGatewayAssociationProposal(s.t.Context(), &directconnect.CreateDirectConnectGatewayAssociationProposalInput{
		DirectConnectGatewayId: &gateway, DirectConnectGatewayOwnerAccount: new(aws.DefaultAccountID), GatewayId: &peer,
		AddAllowedPrefixesToDirectConnectGateway: prefixes(add...)})
	if err != nil {
		return "", err
	}
	return *out.DirectConnectGatewayAssociationProposal.ProposalId, nil
}

func (s *stage) acceptProposal(who account, gateway, proposal, owner string, override ...string) error {
	_, err := s.dx(who, away).AcceptDirectConnectGatewayAssociationProposal(s.t.Context(), &directconnect.AcceptDirectConnectGatewayAssociationProposalInput{
		DirectConnectGatewayId: &gateway, ProposalId: &proposal, AssociatedGatewayOwnerAccount: &owner,
		OverrideAllowedPrefixesToDirectConnectGateway: prefixes(override...)})
	return err
}

func TestAssociationProposal(t *testing.T) {
	s := newStage(t)
	gateway, vgw := s.cloud.CreateGateway("gw", 0), s.vgw(theirs, home, "10.7.0.0/16")
	id, err := s.propose(gateway, vgw, "10.7.1.0/24", "10.7.0.0/24")
	s.ok(err)
	_, err = s.propose(gateway, vgw)
	s.refused(err, dxRefusal, "already exists")
	want := dxtypes.DirectConnectGatewayAssociationProposal{
		ProposalId: &id, ProposalState: "requested", DirectConnectGatewayId: &gateway, DirectConnectGatewayOwnerAccount: new(aws.DefaultAccountID),
		AssociatedGateway: &dxtypes.AssociatedGateway{Id: &vgw, OwnerAccount: new(other), Region: new(home), Type: "virtualPrivateGateway"},
		RequestedAllowedPrefixesToDirectConnectGateway: prefixes("10.7.0.0/24", "10.7.1.0/24"),
	}
	for _, who := range []account{mine, theirs} {
		got, err := s.dx(who, home).DescribeDirectConnectGatewayAssociationProposals(t.Context(), &directconnect.DescribeDirectConnectGatewayAssociationProposalsInput{ProposalId: &id})
		s.ok(err)
		if diff := cmp.Diff([]dxtypes.DirectConnectGatewayAssociationProposal{want}, got.DirectConnectGatewayAssociationProposals, dxPlainly); diff != "" {
			t.Errorf("proposal (-want +got):\n%s", diff)
		}
	}
	s.refused(s.acceptProposal(theirs, gateway, id, other), dxRefusal, "does not exist")
	s.refused(s.acceptProposal(mine, gateway, id, aws.DefaultAccountID), dxRefusal, "does not exist")
	s.ok(s.acceptProposal(mine, gateway, id, other, "10.7.0.0/25"))
	s.refused(s.acceptProposal(mine, gateway, id, other), dxRefusal, "accepted")
	s.settle()
	got := s.associations(gateway)
	if len(got) != 1 || got[0].AssociationState != "associated" || *got[0].AssociatedGateway.OwnerAccount != other {
		t.Fatalf("associations %v", got)
	}
	if diff := cmp.Diff(prefixes("10.7.0.0/25"), got[0].AllowedPrefixesToDirectConnectGateway, dxPlainly); diff != "" {
		t.Errorf("allowed prefixes (-want +got):\n%s", diff)
	}
	// A second proposal changes the prefixes of the association.
	id, err = s.propose(gateway, vgw, "10.7.9.0/24")
	s.ok(err)
	s.ok(s.acceptProposal(mine, gateway, id, other))
	s.settle()
	if diff := cmp.Diff(prefixes("10.7.0.0/25", "10.7.9.0/24"), s.associations(gateway)[0].AllowedPrefixesToDirectConnectGateway, dxPlainly); diff != "" {
		t.Errorf("allowed prefixes (-want +got):\n%s", diff)
	}
	s.clock.Advance(linger)
	left, err := s.dx(mine, home).DescribeDirectConnectGatewayAssociationProposals(t.Context(), &directconnect.DescribeDirectConnectGatewayAssociationProposalsInput{})
	s.ok(err)
	if len(left.DirectConnectGatewayAssociationProposals) != 0 {
		t.Errorf("an accepted proposal does not vanish: %v", left.DirectConnectGatewayAssociationProposals)
	}
}

func TestAssociationProposalDeleted(t *testing.T) {
	s := newStage(t)
	gateway, tgw := s.cloud.CreateGateway("gw", 0), s.tgw(theirs, home, 64999)
	_, err := s.propose(gateway, tgw)
	s.refused(err, dxRefusal, "Allowed prefixes are required")
	_, err = s.propose(noSuchNumber, tgw, "10.0.0.0/8")
	s.refused(err, dxRefusal, "does not exist")
	for _, who := range []account{mine, theirs} { // either side may
		id, err := s.propose(gateway, tgw, "10.0.0.0/8")
		s.ok(err)
		out, err := s.dx(who, home).DeleteDirectConnectGatewayAssociationProposal(t.Context(), &directconnect.DeleteDirectConnectGatewayAssociationProposalInput{ProposalId: &id})
		s.ok(err)
		if state := out.DirectConnectGatewayAssociationProposal.ProposalState; state != "deleted" {
			t.Errorf("state %s", state)
		}
		s.refused(s.acceptProposal(mine, gateway, id, other), dxRefusal, "deleted")
	}
}

func TestCoreNetworkAssociation(t *testing.T) {
	s := newStage(t)
	gateway := s.cloud.CreateGateway("gw", 0)
	id, err := s.cloud.AttachCoreNetwork(gateway, "core-network-0123")
	s.ok(err)
	s.settle()
	got := s.associations(gateway)
	want := []dxtypes.DirectConnectGatewayAssociation{{
		AssociationId: &id, AssociationState: "associated", DirectConnectGatewayId: &gateway, DirectConnectGatewayOwnerAccount: new(aws.DefaultAccountID),
		AssociatedCoreNetwork: &dxtypes.AssociatedCoreNetwork{Id: new("core-network-0123"), OwnerAccount: new(aws.DefaultAccountID), AttachmentId: got[0].AssociatedCoreNetwork.AttachmentId},
	}}
	if diff := cmp.Diff(want, got, dxPlainly); diff != "" {
		t.Errorf("association (-want +got):\n%s", diff)
	}
	_, err = s.dx(mine, home).DeleteDirectConnectGatewayAssociation(t.Context(), &directconnect.DeleteDirectConnectGatewayAssociationInput{AssociationId: &id})
	s.refused(err, dxRefusal, "Cloud WAN")
	_, err = s.dx(mine, home).UpdateDirectConnectGatewayAssociation(t.Context(), &directconnect.UpdateDirectConnectGatewayAssociationInput{AssociationId: &id})
	s.refused(err, dxRefusal, "Cloud WAN")
	s.ok(s.cloud.DetachCoreNetwork(id))
	s.settle()
	s.clock.Advance(linger)
	if left := s.associations(gateway); len(left) != 0 {
		t.Errorf("left over: %v", left)
	}
	if _, err := s.cloud.AttachCoreNetwork(noSuchNumber, "x"); err == nil {
		t.Error("a gateway that does not exist was attached")
	}
	if err := s.cloud.DetachCoreNetwork(id); err == nil {
		t.Error("an association that does not exist was detached")
	}
}

func TestGatewayAttachmentsAreNone(t *testing.T) {
	s := newStage(t)
	gateway := s.cloud.CreateGateway("gw", 0)
	got, err := s.dx(mine, home).DescribeDirectConnectGatewayAttachments(t.Context(), &directconnect.DescribeDirectConnectGatewayAttachmentsInput{DirectConnectGatewayId: &gateway})
	s.ok(err)
	if len(got.DirectConnectGatewayAttachments) != 0 {
		t.Errorf("attachments %v", got.DirectConnectGatewayAttachments)
	}
	_, err = s.dx(mine, home).DescribeDirectConnectGatewayAttachments(t.Context(), &directconnect.DescribeDirectConnectGatewayAttachmentsInput{})
	s.refused(err, dxRefusal, "directConnectGatewayId")
}
