package aws_test

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/aws"
)

// vpc makes a VPC that is ready.
func (s *stage) vpc(who account, region, cidr string) string {
	s.t.Helper()
	out, err := s.ec2(who, region).CreateVpc(s.t.Context(), &ec2.CreateVpcInput{CidrBlock: &cidr})
	s.ok(err)
	s.settle()
	return *out.Vpc.VpcId
}

// vgw makes a virtual private gateway, attached to a VPC of its own.
func (s *stage) vgw(who account, region, cidr string) string {
	s.t.Helper()
	vpc := s.vpc(who, region, cidr)
	c := s.ec2(who, region)
	out, err := c.CreateVpnGateway(s.t.Context(), &ec2.CreateVpnGatewayInput{Type: ec2types.GatewayTypeIpsec1})
	s.ok(err)
	s.settle()
	_, err = c.AttachVpnGateway(s.t.Context(), &ec2.AttachVpnGatewayInput{VpcId: &vpc, VpnGatewayId: out.VpnGateway.VpnGatewayId})
	s.ok(err)
	s.settle()
	return *out.VpnGateway.VpnGatewayId
}

// tgw makes a transit gateway that is ready.
func (s *stage) tgw(who account, region string, asn int64) string {
	s.t.Helper()
	out, err := s.ec2(who, region).CreateTransitGateway(s.t.Context(), &ec2.CreateTransitGatewayInput{
		Options: &ec2types.TransitGatewayRequestOptions{AmazonSideAsn: &asn}})
	s.ok(err)
	s.settle()
	return *out.TransitGateway.TransitGatewayId
}

func tagged(kind ec2types.ResourceType, key, value string) []ec2types.TagSpecification {
	return []ec2types.TagSpecification{{ResourceType: kind, Tags: []ec2types.Tag{{Key: &key, Value: &value}}}}
}

var plainly = cmp.Options{
	cmpopts.IgnoreUnexported(ec2types.Vpc{}, ec2types.VpcCidrBlockAssociation{}, ec2types.VpcCidrBlockState{}, ec2types.Tag{},
		ec2types.VpnGateway{}, ec2types.VpcAttachment{}, ec2types.TransitGateway{}, ec2types.TransitGatewayOptions{},
		ec2types.TransitGatewayVpcAttachment{}, ec2types.TransitGatewayVpcAttachmentOptions{},
		ec2types.RouteTable{}, ec2types.Route{}, ec2types.RouteTableAssociation{}, ec2types.RouteTableAssociationState{}, ec2types.PropagatingVgw{}),
	cmpopts.EquateEmpty(),
}

func TestVPCLife(t *testing.T) {
	s := newStage(t)
	c := s.ec2(mine, home)
	out, err := c.CreateVpc(t.Context(), &ec2.CreateVpcInput{CidrBlock: new("10.1.2.3/16"), TagSpecifications: tagged("vpc", "Name", "a <b> & c")})
	s.ok(err)
	want := ec2types.Vpc{
		VpcId: out.Vpc.VpcId, CidrBlock: new("10.1.0.0/16"), State: "pending", OwnerId: new(aws.DefaultAccountID),
		InstanceTenancy: "default", IsDefault: new(false), Tags: []ec2types.Tag{{Key: new("Name"), Value: new("a <b> & c")}},
		CidrBlockAssociationSet: []ec2types.VpcCidrBlockAssociation{{
			AssociationId: new("vpc-cidr-assoc-" + (*out.Vpc.VpcId)[4:]), CidrBlock: new("10.1.0.0/16"),
			CidrBlockState: &ec2types.VpcCidrBlockState{State: "associated"}}},
	}
	if diff := cmp.Diff(want, *out.Vpc, plainly); diff != "" {
		t.Errorf("created (-want +got):\n%s", diff)
	}
	s.settle()
	want.State = "available"
	got, err := c.DescribeVpcs(t.Context(), &ec2.DescribeVpcsInput{VpcIds: []string{*out.Vpc.VpcId}})
	s.ok(err)
	if diff := cmp.Diff([]ec2types.Vpc{want}, got.Vpcs, plainly); diff != "" {
		t.Errorf("described (-want +got):\n%s", diff)
	}
	_, err = c.DeleteVpc(t.Context(), &ec2.DeleteVpcInput{VpcId: out.Vpc.VpcId})
	s.ok(err)
	_, err = c.DescribeVpcs(t.Context(), &ec2.DescribeVpcsInput{VpcIds: []string{*out.Vpc.VpcId}})
	s.refused(err, "InvalidVpcID.NotFound", "does not exist")
	if left := s.cloud.Resources(); len(left) != 0 {
		t.Errorf("left over: %v", left)
	}
}

func TestVPNGatewayLife(t *testing.T) {
	s := newStage(t)
	c := s.ec2(mine, home)
	vpc, second := s.vpc(mine, home, "10.1.0.0/16"), s.vpc(mine, home, "10.2.0.0/16")
	out, err := c.CreateVpnGateway(t.Context(), &ec2.CreateVpnGatewayInput{Type: "ipsec.1", AmazonSideAsn: new(int64(4200000000)), TagSpecifications: tagged("vpn-gateway", "a", "")})
	s.ok(err)
	id := out.VpnGateway.VpnGatewayId
	attach := func(vpc string) error {
		_, err := c.AttachVpnGateway(t.Context(), &ec2.AttachVpnGatewayInput{VpnGatewayId: id, VpcId: &vpc})
		return err
	}
	detach := func(vpc string) error {
		_, err := c.DetachVpnGateway(t.Context(), &ec2.DetachVpnGatewayInput{VpnGatewayId: id, VpcId: &vpc})
		return err
	}
	remove := func() error {
		_, err := c.DeleteVpnGateway(t.Context(), &ec2.DeleteVpnGatewayInput{VpnGatewayId: id})
		return err
	}
	s.refused(attach(vpc), "IncorrectState", "pending")
	s.settle()
	s.refused(detach(vpc), "InvalidVpnGatewayAttachment.NotFound", vpc)
	s.ok(attach(vpc))
	s.refused(detach(vpc), "IncorrectState", "attaching")
	s.settle()
	s.ok(attach(vpc)) // again: nothing happens
	s.refused(attach(second), "VpnGatewayAttachmentLimitExceeded", vpc)
	want := ec2types.VpnGateway{VpnGatewayId: id, State: "available", Type: "ipsec.1", AmazonSideAsn: new(int64(4200000000)),
		Tags: []ec2types.Tag{{Key: new("a"), Value: new("")}}, VpcAttachments: []ec2types.VpcAttachment{{VpcId: &vpc, State: "attached"}}}
	got, err := c.DescribeVpnGateways(t.Context(), &ec2.DescribeVpnGatewaysInput{
		Filters: []ec2types.Filter{{Name: new("attachment.vpc-id"), Values: []string{"vpc-x", vpc}}}})
	s.ok(err)
	if diff := cmp.Diff([]ec2types.VpnGateway{want}, got.VpnGateways, plainly); diff != "" {
		t.Errorf("described (-want +got):\n%s", diff)
	}
	s.refused(remove(), "IncorrectState", "in use")
	_, err = c.DeleteVpc(t.Context(), &ec2.DeleteVpcInput{VpcId: &vpc})
	s.refused(err, "DependencyViolation", vpc)
	s.ok(detach(vpc))
	s.ok(detach(vpc))
	s.settle()
	s.ok(remove())
	s.ok(remove())
	s.settle()
	s.refused(remove(), "InvalidVpnGatewayID.NotFound", *id)
	got, err = c.DescribeVpnGateways(t.Context(), &ec2.DescribeVpnGatewaysInput{VpnGatewayIds: []string{*id}})
	s.ok(err)
	if state := got.VpnGateways[0].State; state != "deleted" {
		t.Errorf("state %s", state)
	}
	s.clock.Advance(linger)
	_, err = c.DescribeVpnGateways(t.Context(), &ec2.DescribeVpnGatewaysInput{VpnGatewayIds: []string{*id}})
	s.refused(err, "InvalidVpnGatewayID.NotFound", *id)
}

func TestRoutePropagation(t *testing.T) {
	s := newStage(t)
	c := s.ec2(mine, home)
	vgw, loose := s.vgw(mine, home, "10.1.0.0/16"), s.vgw(mine, home, "10.2.0.0/16")
	gateways, err := c.DescribeVpnGateways(t.Context(), &ec2.DescribeVpnGatewaysInput{VpnGatewayIds: []string{vgw}})
	s.ok(err)
	vpc := gateways.VpnGateways[0].VpcAttachments[0].VpcId
	table := func() ec2types.RouteTable {
		got, err := c.DescribeRouteTables(t.Context(), &ec2.DescribeRouteTablesInput{Filters: []ec2types.Filter{{Name: new("vpc-id"), Values: []string{*vpc}}}})
		s.ok(err)
		return got.RouteTables[0]
	}
	id := table().RouteTableId
	want := ec2types.RouteTable{RouteTableId: id, VpcId: vpc, OwnerId: new(aws.DefaultAccountID),
		Routes: []ec2types.Route{{DestinationCidrBlock: new("10.1.0.0/16"), GatewayId: new("local"), State: "active", Origin: "CreateRouteTable"}},
		Associations: []ec2types.RouteTableAssociation{{Main: new(true), RouteTableId: id, RouteTableAssociationId: new("rtbassoc-" + (*id)[4:]),
			AssociationState: &ec2types.RouteTableAssociationState{State: "associated"}}},
		PropagatingVgws: []ec2types.PropagatingVgw{{GatewayId: &vgw}}}
	enable := func(table, gateway string) error {
		_, err := c.EnableVgwRoutePropagation(t.Context(), &ec2.EnableVgwRoutePropagationInput{RouteTableId: &table, GatewayId: &gateway})
		return err
	}
	s.ok(enable(*id, vgw))
	s.ok(enable(*id, vgw))
	if diff := cmp.Diff(want, table(), plainly); diff != "" {
		t.Errorf("route table (-want +got):\n%s", diff)
	}
	s.refused(enable(*id, loose), "Gateway.NotAttached", loose)
	s.refused(enable("rtb-0", vgw), "InvalidRouteTableID.NotFound", "rtb-0")
	s.refused(enable(*id, unknownVGW), "InvalidVpnGatewayID.NotFound", unknownVGW)
	for range 2 {
		_, err = c.DisableVgwRoutePropagation(t.Context(), &ec2.DisableVgwRoutePropagationInput{RouteTableId: id, GatewayId: &vgw})
		s.ok(err)
	}
	if got := table().PropagatingVgws; len(got) != 0 {
		t.Errorf("propagating %v", got)
	}
	s.ok(enable(*id, vgw))
	_, err = c.DetachVpnGateway(t.Context(), &ec2.DetachVpnGatewayInput{VpnGatewayId: &vgw, VpcId: vpc})
	s.ok(err)
	if got := table().PropagatingVgws; len(got) != 0 {
		t.Errorf("propagating after the gateway was detached: %v", got)
	}
}

func TestTransitGatewayLife(t *testing.T) {
	s := newStage(t)
	c := s.ec2(mine, home)
	vpc := s.vpc(mine, home, "10.1.0.0/16")
	id := s.tgw(mine, home, 64513)
	attach := func() (*ec2.CreateTransitGatewayVpcAttachmentOutput, error) {
		return c.CreateTransitGatewayVpcAttachment(t.Context(), &ec2.CreateTransitGatewayVpcAttachmentInput{
			TransitGatewayId: &id, VpcId: &vpc, SubnetIds: []string{"subnet-0123456789abcdef0"}, TagSpecifications: tagged("transit-gateway-attachment", "a", "1")})
	}
	made, err := attach()
	s.ok(err)
	attachment := made.TransitGatewayVpcAttachment.TransitGatewayAttachmentId
	_, err = attach()
	s.refused(err, "DuplicateTransitGatewayAttachment", id)
	s.settle()
	want := ec2types.TransitGatewayVpcAttachment{
		TransitGatewayAttachmentId: attachment, TransitGatewayId: &id, VpcId: &vpc, VpcOwnerId: new(aws.DefaultAccountID), State: "available",
		SubnetIds: []string{"subnet-0123456789abcdef0"}, Tags: []ec2types.Tag{{Key: new("a"), Value: new("1")}},
		Options: &ec2types.TransitGatewayVpcAttachmentOptions{ApplianceModeSupport: "disable", DnsSupport: "enable", Ipv6Support: "disable"}}
	got, err := c.DescribeTransitGatewayVpcAttachments(t.Context(), &ec2.DescribeTransitGatewayVpcAttachmentsInput{
		Filters: []ec2types.Filter{{Name: new("transit-gateway-id"), Values: []string{id}}, {Name: new("tag:a"), Values: []string{"1"}}}})
	s.ok(err)
	if diff := cmp.Diff([]ec2types.TransitGatewayVpcAttachment{want}, got.TransitGatewayVpcAttachments, plainly); diff != "" {
		t.Errorf("attachment (-want +got):\n%s", diff)
	}
	remove := func() error {
		_, err := c.DeleteTransitGateway(t.Context(), &ec2.DeleteTransitGatewayInput{TransitGatewayId: &id})
		return err
	}
	s.refused(remove(), "IncorrectState", "has non-deleted VPC Attachments")
	_, err = c.DeleteVpc(t.Context(), &ec2.DeleteVpcInput{VpcId: &vpc})
	s.refused(err, "DependencyViolation", vpc)
	_, err = c.DeleteTransitGatewayVpcAttachment(t.Context(), &ec2.DeleteTransitGatewayVpcAttachmentInput{TransitGatewayAttachmentId: attachment})
	s.ok(err)
	s.settle()
	s.ok(remove())
	s.settle()
	shown, err := c.DescribeTransitGateways(t.Context(), &ec2.DescribeTransitGatewaysInput{TransitGatewayIds: []string{id}})
	s.ok(err)
	if g := shown.TransitGateways[0]; g.State != "deleted" || *g.Options.AmazonSideAsn != 64513 {
		t.Errorf("transit gateway %s with ASN %d", g.State, *g.Options.AmazonSideAsn)
	}
	s.refused(remove(), "InvalidTransitGatewayID.NotFound", id)
}

func TestEC2Refusals(t *testing.T) {
	s := newStage(t)
	vpc := s.vpc(mine, home, "10.1.0.0/16")
	subnets := []string{"subnet-0123456789abcdef0"}
	tests := map[string]struct {
		call       func(context.Context, *ec2.Client) error
		code, says string
	}{
		"range that is none": {func(ctx context.Context, c *ec2.Client) error {
			_, err := c.CreateVpc(ctx, &ec2.CreateVpcInput{CidrBlock: new("ten")})
			return err
		}, "InvalidParameterValue", "ten"},
		"range too wide": {func(ctx context.Context, c *ec2.Client) error {
			_, err := c.CreateVpc(ctx, &ec2.CreateVpcInput{CidrBlock: new("10.0.0.0/8")})
			return err
		}, "InvalidVpc.Range", "10.0.0.0/8"},
		"no range": {func(ctx context.Context, c *ec2.Client) error {
			_, err := c.CreateVpc(ctx, &ec2.CreateVpcInput{})
			return err
		}, "MissingParameter", "CidrBlock"},
		"ASN that is public": {func(ctx context.Context, c *ec2.Client) error {
			_, err := c.CreateVpnGateway(ctx, &ec2.CreateVpnGatewayInput{Type: "ipsec.1", AmazonSideAsn: new(int64(16509))})
			return err
		}, "InvalidParameterValue", "16509"},
		"type that is none": {func(ctx context.Context, c *ec2.Client) error {
			_, err := c.CreateVpnGateway(ctx, &ec2.CreateVpnGatewayInput{Type: "ipsec.2"})
			return err
		}, "InvalidParameterValue", "ipsec.1"},
		"tag of AWS's own": {func(ctx context.Context, c *ec2.Client) error {
			_, err := c.CreateVpnGateway(ctx, &ec2.CreateVpnGatewayInput{Type: "ipsec.1", TagSpecifications: tagged("vpn-gateway", "aws:x", "1")})
			return err
		}, "InvalidParameterValue", "aws:"},
		"unknown transit gateway": {func(ctx context.Context, c *ec2.Client) error {
			_, err := c.CreateTransitGatewayVpcAttachment(ctx, &ec2.CreateTransitGatewayVpcAttachmentInput{
				TransitGatewayId: new(unknownTGW), VpcId: &vpc, SubnetIds: subnets})
			return err
		}, "InvalidTransitGatewayID.NotFound", unknownTGW},
		"unknown attachment": {func(ctx context.Context, c *ec2.Client) error {
			_, err := c.DeleteTransitGatewayVpcAttachment(ctx, &ec2.DeleteTransitGatewayVpcAttachmentInput{TransitGatewayAttachmentId: new("tgw-attach-0")})
			return err
		}, "InvalidTransitGatewayAttachmentID.NotFound", "tgw-attach-0"},
		"filter that is none": {func(ctx context.Context, c *ec2.Client) error {
			_, err := c.DescribeVpcs(ctx, &ec2.DescribeVpcsInput{Filters: []ec2types.Filter{{Name: new("colour"), Values: []string{"red"}}}})
			return err
		}, "InvalidParameterValue", "colour"},
		"token that is none": {func(ctx context.Context, c *ec2.Client) error {
			_, err := c.DescribeVpcs(ctx, &ec2.DescribeVpcsInput{NextToken: new("x")})
			return err
		}, "InvalidNextToken", ""},
		"page too small": {func(ctx context.Context, c *ec2.Client) error {
			_, err := c.DescribeVpcs(ctx, &ec2.DescribeVpcsInput{MaxResults: new(int32(1))})
			return err
		}, "InvalidParameterValue", "MaxResults"},
		"dry run": {func(ctx context.Context, c *ec2.Client) error {
			_, err := c.DeleteVpc(ctx, &ec2.DeleteVpcInput{VpcId: &vpc, DryRun: new(true)})
			return err
		}, "DryRunOperation", "would have succeeded"},
		"operation that is none here": {func(ctx context.Context, c *ec2.Client) error {
			_, err := c.DescribeInstances(ctx, &ec2.DescribeInstancesInput{})
			return err
		}, "InvalidAction", "DescribeInstances"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			inner := *s
			inner.t = t
			inner.refused(tc.call(t.Context(), s.ec2(mine, home)), tc.code, tc.says)
		})
	}
	for name, c := range map[string]*ec2.Client{"another account": s.ec2(theirs, home), "another region": s.ec2(mine, away)} {
		_, err := c.DescribeVpcs(t.Context(), &ec2.DescribeVpcsInput{VpcIds: []string{vpc}})
		if s.refused(err, "InvalidVpcID.NotFound", vpc); t.Failed() {
			t.Fatalf("%s sees the VPC", name)
		}
	}
	_, err := s.ec2(account{mine.key, "wrong"}, home).DescribeVpcs(t.Context(), &ec2.DescribeVpcsInput{})
	s.refused(err, "AuthFailure", "credentials")
}

func TestEC2Paging(t *testing.T) {
	s := newStage(t)
	var made, got []string
	for range 12 {
		made = append(made, s.vpc(mine, home, "10.0.0.0/16"))
	}
	pages := ec2.NewDescribeVpcsPaginator(s.ec2(mine, home), &ec2.DescribeVpcsInput{MaxResults: new(int32(5))})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		s.ok(err)
		for _, vpc := range page.Vpcs {
			got = append(got, *vpc.VpcId)
		}
	}
	if diff := cmp.Diff(made, got); diff != "" {
		t.Errorf("paged (-made +got):\n%s", diff)
	}
}
