package interconnect

import (
	"context"

	"github.com/aws/smithy-go/middleware"
)

// UntagResource removes tags of a connection. (AWS service model.)
func (c *Client) UntagResource(ctx context.Context, params *UntagResourceInput, optFns ...func(*Options)) (*UntagResourceOutput, error) {
	return invoke(ctx, c, operation[UntagResourceInput, UntagResourceOutput]{
		name: "UntagResource",
		required: func(in *UntagResourceInput, r *requirements) {
			r.need("Arn", in.Arn != nil)
			r.need("TagKeys", in.TagKeys != nil)
		},
		toWire:   (*UntagResourceInput).toWire,
		fromWire: noMembers[UntagResourceOutput],
		metadata: func(out *UntagResourceOutput) *middleware.Metadata { return &out.ResultMetadata },
	}, params, optFns)
}

// UntagResourceInput is the input of UntagResource.
type UntagResourceInput struct {
	// Arn of the connection. Required.
	Arn *string
	// TagKeys of the tags to remove. Required.
	TagKeys []string
}

func (in *UntagResourceInput) toWire() (any, error) {
	return struct {
		ARN     *string  `json:"arn,omitzero"`
		TagKeys []string `json:"tagKeys,omitzero"`
	}{
		ARN:     in.Arn,
		TagKeys: in.TagKeys,
	}, nil
}

// UntagResourceOutput is the output of UntagResource.
type UntagResourceOutput struct {
	// ResultMetadata is about the call: request id, attempts.
	ResultMetadata middleware.Metadata
}
