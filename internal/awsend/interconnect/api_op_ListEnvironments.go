package interconnect

import (
	"context"

	"github.com/aws/smithy-go/middleware"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect/types"
)

// ListEnvironments lists one page of the environments whose connections land
// in the region, that match all filters. (AWS service model.)
func (c *Client) ListEnvironments(ctx context.Context, params *ListEnvironmentsInput, optFns ...func(*Options)) (*ListEnvironmentsOutput, error) {
	return invoke(ctx, c, operation[ListEnvironmentsInput, ListEnvironmentsOutput]{
		name:     "ListEnvironments",
		toWire:   (*ListEnvironmentsInput).toWire,
		fromWire: listEnvironmentsFromWire,
		metadata: func(out *ListEnvironmentsOutput) *middleware.Metadata { return &out.ResultMetadata },
	}, params, optFns)
}

// ListEnvironmentsInput is the input of ListEnvironments.
type ListEnvironmentsInput struct {
	// Location keeps environments there.
	Location *string
	// MaxResults is the most items of a page, 1 to 100.
	MaxResults *int32
	// NextToken of the page before.
	NextToken *string
	// Provider keeps environments to it.
	Provider types.Provider
}

func (in *ListEnvironmentsInput) toWire() (any, error) {
	provider, err := providerToWire(in.Provider)
	if err != nil {
		return nil, err
	}
	return struct {
		pageWire
		Location *string     `json:"location,omitzero"`
		Provider unionToWire `json:"provider,omitzero"`
	}{
		pageWire: pageWire{MaxResults: in.MaxResults, NextToken: in.NextToken},
		Location: in.Location,
		Provider: provider,
	}, nil
}

// ListEnvironmentsOutput is the output of ListEnvironments.
type ListEnvironmentsOutput struct {
	// Environments of this page. Required.
	Environments []types.Environment
	// NextToken of the next page, or nil on the last.
	NextToken *string

	// ResultMetadata is about the call: request id, attempts.
	ResultMetadata middleware.Metadata
}

func listEnvironmentsFromWire(body []byte) (*ListEnvironmentsOutput, error) {
	wire, err := bodyFromWire[struct {
		Environments []environmentWire `json:"environments"`
		NextToken    *string           `json:"nextToken"`
	}](body)
	if err != nil {
		return nil, err
	}
	environments, err := listFromWire("environments", wire.Environments)
	if err != nil {
		return nil, err
	}
	return &ListEnvironmentsOutput{Environments: environments, NextToken: wire.NextToken}, nil
}

// ListEnvironmentsAPIClient is what a ListEnvironmentsPaginator calls.
type ListEnvironmentsAPIClient interface {
	ListEnvironments(context.Context, *ListEnvironmentsInput, ...func(*Options)) (*ListEnvironmentsOutput, error)
}

var _ ListEnvironmentsAPIClient = (*Client)(nil)

// ListEnvironmentsPaginatorOptions are the options of a ListEnvironmentsPaginator.
type ListEnvironmentsPaginatorOptions struct {
	// Limit is the most items of a page, 1 to 100. 0 leaves it to the service.
	Limit int32
	// StopOnDuplicateToken ends the list if the service answers with the token
	// it was asked with.
	StopOnDuplicateToken bool
}

// ListEnvironmentsPaginator goes through the pages of ListEnvironments. It is for
// one goroutine.
type ListEnvironmentsPaginator struct {
	pages paginator[ListEnvironmentsInput, ListEnvironmentsOutput]
}

// NewListEnvironmentsPaginator starts at the first page, or at
// params.NextToken. params is copied.
func NewListEnvironmentsPaginator(client ListEnvironmentsAPIClient, params *ListEnvironmentsInput, optFns ...func(*ListEnvironmentsPaginatorOptions)) *ListEnvironmentsPaginator {
	return &ListEnvironmentsPaginator{newPaginator(page[ListEnvironmentsInput, ListEnvironmentsOutput]{
		token:  func(in *ListEnvironmentsInput) **string { return &in.NextToken },
		limit:  func(in *ListEnvironmentsInput) **int32 { return &in.MaxResults },
		follow: func(out *ListEnvironmentsOutput) *string { return out.NextToken },
	}, client.ListEnvironments, params, optFns)}
}

// HasMorePages says whether NextPage has another page.
func (p *ListEnvironmentsPaginator) HasMorePages() bool { return p.pages.hasMorePages() }

// NextPage reads the next page. After an error it can be called again for the
// same page.
func (p *ListEnvironmentsPaginator) NextPage(ctx context.Context, optFns ...func(*Options)) (*ListEnvironmentsOutput, error) {
	return p.pages.nextPage(ctx, optFns)
}
