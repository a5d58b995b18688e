package interconnect

import (
	"context"

	"github.com/aws/smithy-go/middleware"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect/types"
)

// DeleteConnection begins to delete a connection, and tells the partner. The
// partner's own half may have to be deleted there too. (AWS service model.)
func (c *Client) DeleteConnection(ctx context.Context, params *DeleteConnectionInput, optFns ...func(*Options)) (*DeleteConnectionOutput, error) {
	return invoke(ctx, c, operation[DeleteConnectionInput, DeleteConnectionOutput]{
		name: "DeleteConnection",
		required: func(in *DeleteConnectionInput, r *requirements) {
			r.need("Identifier", in.Identifier != nil)
		},
		token:    func(in *DeleteConnectionInput) **string { return &in.ClientToken },
		toWire:   (*DeleteConnectionInput).toWire,
		fromWire: connectionOutputFromWire[DeleteConnectionOutput],
		metadata: func(out *DeleteConnectionOutput) *middleware.Metadata { return &out.ResultMetadata },
	}, params, optFns)
}

// DeleteConnectionInput is the input of DeleteConnection.
type DeleteConnectionInput struct {
	// Identifier of the connection, "mcc-" or "lmcc-" and eight characters; not
	// its ARN. Required.
	Identifier *string
	// ClientToken makes a repeated call the same call. A random one is used if nil.
	ClientToken *string
}

func (in *DeleteConnectionInput) toWire() (any, error) {
	return struct {
		Identifier  *string `json:"identifier,omitzero"`
		ClientToken *string `json:"clientToken,omitzero"`
	}{
		Identifier:  in.Identifier,
		ClientToken: in.ClientToken,
	}, nil
}

// DeleteConnectionOutput is the output of DeleteConnection.
type DeleteConnectionOutput struct {
	// Connection that is being deleted. Required.
	Connection *types.Connection

	// ResultMetadata is about the call: request id, attempts.
	ResultMetadata middleware.Metadata
}
