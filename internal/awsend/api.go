package awsend

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect"
)

// interconnectAPI is what is used of the AWS Interconnect client.
type interconnectAPI interface {
	connectionReader
	connectionWriter
	ListEnvironments(context.Context, *interconnect.ListEnvironmentsInput, ...func(*interconnect.Options)) (*interconnect.ListEnvironmentsOutput, error)
	ListAttachPoints(context.Context, *interconnect.ListAttachPointsInput, ...func(*interconnect.Options)) (*interconnect.ListAttachPointsOutput, error)
	DescribeConnectionProposal(context.Context, *interconnect.DescribeConnectionProposalInput, ...func(*interconnect.Options)) (*interconnect.DescribeConnectionProposalOutput, error)
}

type connectionReader interface {
	GetConnection(context.Context, *interconnect.GetConnectionInput, ...func(*interconnect.Options)) (*interconnect.GetConnectionOutput, error)
	ListConnections(context.Context, *interconnect.ListConnectionsInput, ...func(*interconnect.Options)) (*interconnect.ListConnectionsOutput, error)
}

type connectionWriter interface {
	CreateConnection(context.Context, *interconnect.CreateConnectionInput, ...func(*interconnect.Options)) (*interconnect.CreateConnectionOutput, error)
	AcceptConnectionProposal(context.Context, *interconnect.AcceptConnectionProposalInput, ...func(*interconnect.Options)) (*interconnect.AcceptConnectionProposalOutput, error)
	UpdateConnection(context.Context, *interconnect.UpdateConnectionInput, ...func(*interconnect.Options)) (*interconnect.UpdateConnectionOutput, error)
	DeleteConnection(context.Context, *interconnect.DeleteConnectionInput, ...func(*interconnect.Options)) (*interconnect.DeleteConnectionOutput, error)
	TagResource(context.Context, *interconnect.TagResourceInput, ...func(*interconnect.Options)) (*interconnect.TagResourceOutput, error)
	UntagResource(context.Context, *interconnect.UntagResourceInput, ...func(*interconnect.Options)) (*interconnect.UntagResourceOutput, error)
}

// gatewayAPI is what is used of the Direct Connect client.
type gatewayAPI interface {
	DescribeDirectConnectGateways(context.Context, *directconnect.DescribeDirectConnectGatewaysInput, ...func(*directconnect.Options)) (*directconnect.DescribeDirectConnectGatewaysOutput, error)
}

// associationAPI is what attachments use of the Direct Connect client.
type associationAPI interface {
	gatewayAPI
	DescribeDirectConnectGatewayAssociations(context.Context, *directconnect.DescribeDirectConnectGatewayAssociationsInput, ...func(*directconnect.Options)) (*directconnect.DescribeDirectConnectGatewayAssociationsOutput, error)
	CreateDirectConnectGatewayAssociation(context.Context, *directconnect.CreateDirectConnectGatewayAssociationInput, ...func(*directconnect.Options)) (*directconnect.CreateDirectConnectGatewayAssociationOutput, error)
	UpdateDirectConnectGatewayAssociation(context.Context, *directconnect.UpdateDirectConnectGatewayAssociationInput, ...func(*directconnect.Options)) (*directconnect.UpdateDirectConnectGatewayAssociationOutput, error)
	DeleteDirectConnectGatewayAssociation(context.Context, *directconnect.DeleteDirectConnectGatewayAssociationInput, ...func(*directconnect.Options)) (*directconnect.DeleteDirectConnectGatewayAssociationOutput, error)
	proposalAPI
}

// proposalAPI is for associations across accounts.
type proposalAPI interface {
	DescribeDirectConnectGatewayAssociationProposals(context.Context, *directconnect.DescribeDirectConnectGatewayAssociationProposalsInput, ...func(*directconnect.Options)) (*directconnect.DescribeDirectConnectGatewayAssociationProposalsOutput, error)
	CreateDirectConnectGatewayAssociationProposal(context.Context, *directconnect.CreateDirectConnectGatewayAssociationProposalInput, ...func(*directconnect.Options)) (*directconnect.CreateDirectConnectGatewayAssociationProposalOutput, error)
	AcceptDirectConnectGatewayAssociationProposal(context.Context, *directconnect.AcceptDirectConnectGatewayAssociationProposalInput, ...func(*directconnect.Options)) (*directconnect.AcceptDirectConnectGatewayAssociationProposalOutput, error)
	DeleteDirectConnectGatewayAssociationProposal(context.Context, *directconnect.DeleteDirectConnectGatewayAssociationProposalInput, ...func(*directconnect.Options)) (*directconnect.DeleteDirectConnectGatewayAssociationProposalOutput, error)
}

// networkAPI is what attachments use of the EC2 client. All of it only reads.
type networkAPI interface {
	DescribeVpnGateways(context.Context, *ec2.DescribeVpnGatewaysInput, ...func(*ec2.Options)) (*ec2.DescribeVpnGatewaysOutput, error)
	DescribeTransitGateways(context.Context, *ec2.DescribeTransitGatewaysInput, ...func(*ec2.Options)) (*ec2.DescribeTransitGatewaysOutput, error)
	DescribeVpcs(context.Context, *ec2.DescribeVpcsInput, ...func(*ec2.Options)) (*ec2.DescribeVpcsOutput, error)
	DescribeRouteTables(context.Context, *ec2.DescribeRouteTablesInput, ...func(*ec2.Options)) (*ec2.DescribeRouteTablesOutput, error)
	SearchTransitGatewayRoutes(context.Context, *ec2.SearchTransitGatewayRoutesInput, ...func(*ec2.Options)) (*ec2.SearchTransitGatewayRoutesOutput, error)
}

// identityAPI is what is used of the STS client.
type identityAPI interface {
	GetCallerIdentity(context.Context, *sts.GetCallerIdentityInput, ...func(*sts.Options)) (*sts.GetCallerIdentityOutput, error)
}

// pager is one of the client's paginators.
type pager[Out any] interface {
	HasMorePages() bool
	NextPage(context.Context, ...func(*interconnect.Options)) (*Out, error)
}

// pages gathers what every page of a list holds.
func pages[Out, Item any](ctx context.Context, p pager[Out], items func(*Out) []Item) ([]Item, error) {
	var all []Item
	for p.HasMorePages() {
		out, err := p.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		all = append(all, items(out)...)
	}
	return all, nil
}
