package interconnect

import (
	"context"

	"github.com/aws/smithy-go/middleware"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect/types"
)

// UpdateConnection changes description, bandwidth or both. The partner must
// agree to another bandwidth. (AWS service model.)
func (c *Client) UpdateConnection(ctx context.Context, params *UpdateConnectionInput, optFns ...func(*Options)) (*UpdateConnectionOutput, error) {
	return invoke(ctx, c, operation[UpdateConnectionInput, UpdateConnectionOutput]{
		name: "UpdateConnection",
		required: func(in *UpdateConnectionInput, r *requirements) {
			r.need("Identifier", in.Identifier != nil)
		},
		token:    func(in *UpdateConnectionInput) **string { return &in.ClientToken },
		toWire:   (*UpdateConnectionInput).toWire,
		fromWire: connectionOutputFromWire[UpdateConnectionOutput],
		metadata: func(out *UpdateConnectionOutput) *middleware.Metadata { return &out.ResultMetadata },
	}, params, optFns)
}

// UpdateConnectionInput is the input of UpdateConnection.
type UpdateConnectionInput struct {
	// Identifier of the connection, "mcc-" or "lmcc-" and eight characters; not
	// its ARN. Required.
	Identifier *string
	// Bandwidth is the new bandwidth, as AWS writes it, "10Gbps".
	Bandwidth *string
	// ClientToken makes a repeated call the same call. A random one is used if nil.
	ClientToken *string
	// Description is the new description.
	Description *string
}

func (in *UpdateConnectionInput) toWire() (any, error) {
	return struct {
		Identifier  *string `json:"identifier,omitzero"`
		Bandwidth   *string `json:"bandwidth,omitzero"`
		ClientToken *string `json:"clientToken,omitzero"`
		Description *string `json:"description,omitzero"`
	}{
		Identifier:  in.Identifier,
		Bandwidth:   in.Bandwidth,
		ClientToken: in.ClientToken,
		Description: in.Description,
	}, nil
}

// UpdateConnectionOutput is the output of UpdateConnection.
type UpdateConnectionOutput struct {
	// Connection as it is now.
	Connection *types.Connection

	// ResultMetadata is about the call: request id, attempts.
	ResultMetadata middleware.Metadata
}
