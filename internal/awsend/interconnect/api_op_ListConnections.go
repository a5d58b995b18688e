package interconnect

import (
	"context"

	"github.com/aws/smithy-go/middleware"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect/types"
)

// ListConnections lists one page of the connections of the account in the
// region that match all filters. (AWS service model.)
func (c *Client) ListConnections(ctx context.Context, params *ListConnectionsInput, optFns ...func(*Options)) (*ListConnectionsOutput, error) {
	return invoke(ctx, c, operation[ListConnectionsInput, ListConnectionsOutput]{
		name:     "ListConnections",
		toWire:   (*ListConnectionsInput).toWire,
		fromWire: listConnectionsFromWire,
		metadata: func(out *ListConnectionsOutput) *middleware.Metadata { return &out.ResultMetadata },
	}, params, optFns)
}

// ListConnectionsInput is the input of ListConnections.
type ListConnectionsInput struct {
	// AttachPoint keeps connections that hang on it.
	AttachPoint types.AttachPoint
	// EnvironmentId keeps connections through it.
	EnvironmentId *string
	// MaxResults is the most items of a page, 1 to 100.
	MaxResults *int32
	// NextToken of the page before.
	NextToken *string
	// Provider keeps connections to it.
	Provider types.Provider
	// State keeps connections in it.
	State types.ConnectionState
}

func (in *ListConnectionsInput) toWire() (any, error) {
	attachPoint, err := attachPointToWire(in.AttachPoint)
	if err != nil {
		return nil, err
	}
	provider, err := providerToWire(in.Provider)
	if err != nil {
		return nil, err
	}
	return struct {
		pageWire
		AttachPoint   unionToWire           `json:"attachPoint,omitzero"`
		EnvironmentID *string               `json:"environmentId,omitzero"`
		Provider      unionToWire           `json:"provider,omitzero"`
		State         types.ConnectionState `json:"state,omitzero"`
	}{
		pageWire:      pageWire{MaxResults: in.MaxResults, NextToken: in.NextToken},
		AttachPoint:   attachPoint,
		EnvironmentID: in.EnvironmentId,
		Provider:      provider,
		State:         in.State,
	}, nil
}

// ListConnectionsOutput is the output of ListConnections.
type ListConnectionsOutput struct {
	// Connections of this page.
	Connections []types.ConnectionSummary
	// NextToken of the next page, or nil on the last.
	NextToken *string

	// ResultMetadata is about the call: request id, attempts.
	ResultMetadata middleware.Metadata
}

func listConnectionsFromWire(body []byte) (*ListConnectionsOutput, error) {
	wire, err := bodyFromWire[struct {
		Connections []connectionSummaryWire `json:"connections"`
		NextToken   *string                 `json:"nextToken"`
	}](body)
	if err != nil {
		return nil, err
	}
	connections, err := listFromWire("connections", wire.Connections)
	if err != nil {
		return nil, err
	}
	return &ListConnectionsOutput{Connections: connections, NextToken: wire.NextToken}, nil
}

// ListConnectionsAPIClient is what a ListConnectionsPaginator calls.
type ListConnectionsAPIClient interface {
	ListConnections(context.Context, *ListConnectionsInput, ...func(*Options)) (*ListConnectionsOutput, error)
}

var _ ListConnectionsAPIClient = (*Client)(nil)

// ListConnectionsPaginatorOptions are the options of a ListConnectionsPaginator.
type ListConnectionsPaginatorOptions struct {
	// Limit is the most items of a page, 1 to 100. 0 leaves it to the service.
	Limit int32
	// StopOnDuplicateToken ends the list if the service answers with the token
	// it was asked with.
	StopOnDuplicateToken bool
}

// ListConnectionsPaginator goes through the pages of ListConnections. It is for
// one goroutine.
type ListConnectionsPaginator struct {
	pages paginator[ListConnectionsInput, ListConnectionsOutput]
}

// NewListConnectionsPaginator starts at the first page, or at
// params.NextToken. params is copied.
func NewListConnectionsPaginator(client ListConnectionsAPIClient, params *ListConnectionsInput, optFns ...func(*ListConnectionsPaginatorOptions)) *ListConnectionsPaginator {
	return &ListConnectionsPaginator{newPaginator(page[ListConnectionsInput, ListConnectionsOutput]{
		token:  func(in *ListConnectionsInput) **string { return &in.NextToken },
		limit:  func(in *ListConnectionsInput) **int32 { return &in.MaxResults },
		follow: func(out *ListConnectionsOutput) *string { return out.NextToken },
	}, client.ListConnections, params, optFns)}
}

// HasMorePages says whether NextPage has another page.
func (p *ListConnectionsPaginator) HasMorePages() bool { return p.pages.hasMorePages() }

// NextPage reads the next page. After an error it can be called again for the
// same page.
func (p *ListConnectionsPaginator) NextPage(ctx context.Context, optFns ...func(*Options)) (*ListConnectionsOutput, error) {
	return p.pages.nextPage(ctx, optFns)
}
