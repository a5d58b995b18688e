package interconnect

import (
	"context"

	"github.com/aws/smithy-go/middleware"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect/types"
)

// ListAttachPoints lists one page of what the caller could attach a
// connection to in an environment. (AWS service model.)
func (c *Client) ListAttachPoints(ctx context.Context, params *ListAttachPointsInput, optFns ...func(*Options)) (*ListAttachPointsOutput, error) {
	return invoke(ctx, c, operation[ListAttachPointsInput, ListAttachPointsOutput]{
		name: "ListAttachPoints",
		required: func(in *ListAttachPointsInput, r *requirements) {
			r.need("EnvironmentId", in.EnvironmentId != nil)
		},
		toWire:   (*ListAttachPointsInput).toWire,
		fromWire: listAttachPointsFromWire,
		metadata: func(out *ListAttachPointsOutput) *middleware.Metadata { return &out.ResultMetadata },
	}, params, optFns)
}

// ListAttachPointsInput is the input of ListAttachPoints.
type ListAttachPointsInput struct {
	// EnvironmentId of the environment to go through, as ListEnvironments names it. Required.
	EnvironmentId *string
	// MaxResults is the most items of a page, 1 to 100.
	MaxResults *int32
	// NextToken of the page before.
	NextToken *string
}

func (in *ListAttachPointsInput) toWire() (any, error) {
	return struct {
		pageWire
		EnvironmentID *string `json:"environmentId,omitzero"`
	}{
		pageWire:      pageWire{MaxResults: in.MaxResults, NextToken: in.NextToken},
		EnvironmentID: in.EnvironmentId,
	}, nil
}

// ListAttachPointsOutput is the output of ListAttachPoints.
type ListAttachPointsOutput struct {
	// AttachPoints of this page. Required.
	AttachPoints []types.AttachPointDescriptor
	// NextToken of the next page, or nil on the last.
	NextToken *string

	// ResultMetadata is about the call: request id, attempts.
	ResultMetadata middleware.Metadata
}

func listAttachPointsFromWire(body []byte) (*ListAttachPointsOutput, error) {
	wire, err := bodyFromWire[struct {
		AttachPoints []attachPointDescriptorWire `json:"attachPoints"`
		NextToken    *string                     `json:"nextToken"`
	}](body)
	if err != nil {
		return nil, err
	}
	attachPoints, err := listFromWire("attachPoints", wire.AttachPoints)
	if err != nil {
		return nil, err
	}
	return &ListAttachPointsOutput{AttachPoints: attachPoints, NextToken: wire.NextToken}, nil
}

// ListAttachPointsAPIClient is what a ListAttachPointsPaginator calls.
type ListAttachPointsAPIClient interface {
	ListAttachPoints(context.Context, *ListAttachPointsInput, ...func(*Options)) (*ListAttachPointsOutput, error)
}

var _ ListAttachPointsAPIClient = (*Client)(nil)

// ListAttachPointsPaginatorOptions are the options of a ListAttachPointsPaginator.
type ListAttachPointsPaginatorOptions struct {
	// Limit is the most items of a page, 1 to 100. 0 leaves it to the service.
	Limit int32
	// StopOnDuplicateToken ends the list if the service answers with the token
	// it was asked with.
	StopOnDuplicateToken bool
}

// ListAttachPointsPaginator goes through the pages of ListAttachPoints. It is for
// one goroutine.
type ListAttachPointsPaginator struct {
	pages paginator[ListAttachPointsInput, ListAttachPointsOutput]
}

// NewListAttachPointsPaginator starts at the first page, or at
// params.NextToken. params is copied.
func NewListAttachPointsPaginator(client ListAttachPointsAPIClient, params *ListAttachPointsInput, optFns ...func(*ListAttachPointsPaginatorOptions)) *ListAttachPointsPaginator {
	return &ListAttachPointsPaginator{newPaginator(page[ListAttachPointsInput, ListAttachPointsOutput]{
		token:  func(in *ListAttachPointsInput) **string { return &in.NextToken },
		limit:  func(in *ListAttachPointsInput) **int32 { return &in.MaxResults },
		follow: func(out *ListAttachPointsOutput) *string { return out.NextToken },
	}, client.ListAttachPoints, params, optFns)}
}

// HasMorePages says whether NextPage has another page.
func (p *ListAttachPointsPaginator) HasMorePages() bool { return p.pages.hasMorePages() }

// NextPage reads the next page. After an error it can be called again for the
// same page.
func (p *ListAttachPointsPaginator) NextPage(ctx context.Context, optFns ...func(*Options)) (*ListAttachPointsOutput, error) {
	return p.pages.nextPage(ctx, optFns)
}
