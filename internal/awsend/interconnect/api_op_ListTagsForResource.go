package interconnect

import (
	"context"

	"github.com/aws/smithy-go/middleware"
)

// ListTagsForResource reads the tags of a connection. (AWS service model.)
func (c *Client) ListTagsForResource(ctx context.Context, params *ListTagsForResourceInput, optFns ...func(*Options)) (*ListTagsForResourceOutput, error) {
	return invoke(ctx, c, operation[ListTagsForResourceInput, ListTagsForResourceOutput]{
		name: "ListTagsForResource",
		required: func(in *ListTagsForResourceInput, r *requirements) {
			r.need("Arn", in.Arn != nil)
		},
		toWire:   (*ListTagsForResourceInput).toWire,
		fromWire: listTagsForResourceFromWire,
		metadata: func(out *ListTagsForResourceOutput) *middleware.Metadata { return &out.ResultMetadata },
	}, params, optFns)
}

// ListTagsForResourceInput is the input of ListTagsForResource.
type ListTagsForResourceInput struct {
	// Arn of the connection. Required.
	Arn *string
}

func (in *ListTagsForResourceInput) toWire() (any, error) {
	return struct {
		ARN *string `json:"arn,omitzero"`
	}{
		ARN: in.Arn,
	}, nil
}

// ListTagsForResourceOutput is the output of ListTagsForResource.
type ListTagsForResourceOutput struct {
	// Tags of the connection.
	Tags map[string]string

	// ResultMetadata is about the call: request id, attempts.
	ResultMetadata middleware.Metadata
}

func listTagsForResourceFromWire(body []byte) (*ListTagsForResourceOutput, error) {
	wire, err := bodyFromWire[struct {
		Tags map[string]string `json:"tags"`
	}](body)
	if err != nil {
		return nil, err
	}
	return &ListTagsForResourceOutput{Tags: wire.Tags}, nil
}
