package interconnect

import (
	"context"

	"github.com/aws/smithy-go/middleware"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect/types"
)

// GetConnection reads a connection. A deleted one can be read for a while, in
// the state "deleted". (AWS service model.)
func (c *Client) GetConnection(ctx context.Context, params *GetConnectionInput, optFns ...func(*Options)) (*GetConnectionOutput, error) {
	return invoke(ctx, c, operation[GetConnectionInput, GetConnectionOutput]{
		name: "GetConnection",
		required: func(in *GetConnectionInput, r *requirements) {
			r.need("Identifier", in.Identifier != nil)
		},
		toWire:   (*GetConnectionInput).toWire,
		fromWire: connectionOutputFromWire[GetConnectionOutput],
		metadata: func(out *GetConnectionOutput) *middleware.Metadata { return &out.ResultMetadata },
	}, params, optFns)
}

// GetConnectionInput is the input of GetConnection.
type GetConnectionInput struct {
	// Identifier of the connection, "mcc-" or "lmcc-" and eight characters; not
	// its ARN. Required.
	Identifier *string
}

func (in *GetConnectionInput) toWire() (any, error) {
	return struct {
		Identifier *string `json:"identifier,omitzero"`
	}{
		Identifier: in.Identifier,
	}, nil
}

// GetConnectionOutput is the output of GetConnection.
type GetConnectionOutput struct {
	// Connection that was asked for.
	Connection *types.Connection

	// ResultMetadata is about the call: request id, attempts.
	ResultMetadata middleware.Metadata
}
