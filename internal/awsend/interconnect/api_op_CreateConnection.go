package interconnect

import (
	"context"

	"github.com/aws/smithy-go/middleware"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect/types"
)

// CreateConnection starts a link from the AWS end. The connection in the
// answer has an activation key, which must be brought to the partner to join
// the link (see types.Environment.ActivationPageUrl), and is in the state
// "requested" until then. (AWS service model.)
func (c *Client) CreateConnection(ctx context.Context, params *CreateConnectionInput, optFns ...func(*Options)) (*CreateConnectionOutput, error) {
	return invoke(ctx, c, operation[CreateConnectionInput, CreateConnectionOutput]{
		name: "CreateConnection",
		required: func(in *CreateConnectionInput, r *requirements) {
			r.need("AttachPoint", in.AttachPoint != nil)
			r.need("Bandwidth", in.Bandwidth != nil)
			r.need("EnvironmentId", in.EnvironmentId != nil)
		},
		token:    func(in *CreateConnectionInput) **string { return &in.ClientToken },
		toWire:   (*CreateConnectionInput).toWire,
		fromWire: connectionOutputFromWire[CreateConnectionOutput],
		metadata: func(out *CreateConnectionOutput) *middleware.Metadata { return &out.ResultMetadata },
	}, params, optFns)
}

// CreateConnectionInput is the input of CreateConnection.
type CreateConnectionInput struct {
	// AttachPoint that the connection is to hang on. Required.
	AttachPoint types.AttachPoint
	// Bandwidth as AWS writes it, "10Gbps". Required.
	Bandwidth *string
	// EnvironmentId of the environment to go through, as ListEnvironments names it. Required.
	EnvironmentId *string
	// ClientToken makes a repeated call the same call. A random one is used if nil.
	ClientToken *string
	// Description of the connection, 1 to 255 letters, digits, blanks, "-" and "_".
	Description *string
	// RemoteAccount is the customer at the partner, in the form that
	// types.Environment.RemoteIdentifierType asks.
	RemoteAccount types.RemoteAccountIdentifier
	// Tags of the new connection.
	Tags map[string]string
}

func (in *CreateConnectionInput) toWire() (any, error) {
	attachPoint, err := attachPointToWire(in.AttachPoint)
	if err != nil {
		return nil, err
	}
	remoteAccount, err := remoteAccountToWire(in.RemoteAccount)
	if err != nil {
		return nil, err
	}
	return struct {
		AttachPoint   unionToWire       `json:"attachPoint,omitzero"`
		Bandwidth     *string           `json:"bandwidth,omitzero"`
		EnvironmentID *string           `json:"environmentId,omitzero"`
		ClientToken   *string           `json:"clientToken,omitzero"`
		Description   *string           `json:"description,omitzero"`
		RemoteAccount unionToWire       `json:"remoteAccount,omitzero"`
		Tags          map[string]string `json:"tags,omitzero"`
	}{
		AttachPoint:   attachPoint,
		Bandwidth:     in.Bandwidth,
		EnvironmentID: in.EnvironmentId,
		ClientToken:   in.ClientToken,
		Description:   in.Description,
		RemoteAccount: remoteAccount,
		Tags:          in.Tags,
	}, nil
}

// CreateConnectionOutput is the output of CreateConnection.
type CreateConnectionOutput struct {
	// Connection that was created.
	Connection *types.Connection

	// ResultMetadata is about the call: request id, attempts.
	ResultMetadata middleware.Metadata
}
