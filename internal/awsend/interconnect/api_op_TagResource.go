package interconnect

import (
	"context"

	"github.com/aws/smithy-go/middleware"
)

// TagResource sets tags of a connection. Other tags of it stay. (AWS service
// model.)
func (c *Client) TagResource(ctx context.Context, params *TagResourceInput, optFns ...func(*Options)) (*TagResourceOutput, error) {
	return invoke(ctx, c, operation[TagResourceInput, TagResourceOutput]{
		name: "TagResource",
		required: func(in *TagResourceInput, r *requirements) {
			r.need("Arn", in.Arn != nil)
			r.need("Tags", in.Tags != nil)
		},
		toWire:   (*TagResourceInput).toWire,
		fromWire: noMembers[TagResourceOutput],
		metadata: func(out *TagResourceOutput) *middleware.Metadata { return &out.ResultMetadata },
	}, params, optFns)
}

// TagResourceInput is the input of TagResource.
type TagResourceInput struct {
	// Arn of the connection. Required.
	Arn *string
	// Tags to set. Required.
	Tags map[string]string
}

func (in *TagResourceInput) toWire() (any, error) {
	return struct {
		ARN  *string           `json:"arn,omitzero"`
		Tags map[string]string `json:"tags,omitzero"`
	}{
		ARN:  in.Arn,
		Tags: in.Tags,
	}, nil
}

// TagResourceOutput is the output of TagResource.
type TagResourceOutput struct {
	// ResultMetadata is about the call: request id, attempts.
	ResultMetadata middleware.Metadata
}
