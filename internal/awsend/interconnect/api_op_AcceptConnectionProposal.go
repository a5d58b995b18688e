package interconnect

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"

	"github.com/aws/smithy-go/middleware"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect/internal/redact"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect/types"
)

// AcceptConnectionProposal joins a link that was started at the partner, by
// redeeming the partner's activation key. Environment and bandwidth are those
// of the proposal. (AWS service model.)
func (c *Client) AcceptConnectionProposal(ctx context.Context, params *AcceptConnectionProposalInput, optFns ...func(*Options)) (*AcceptConnectionProposalOutput, error) {
	return invoke(ctx, c, operation[AcceptConnectionProposalInput, AcceptConnectionProposalOutput]{
		name: "AcceptConnectionProposal",
		required: func(in *AcceptConnectionProposalInput, r *requirements) {
			r.need("ActivationKey", in.ActivationKey != nil)
			r.need("AttachPoint", in.AttachPoint != nil)
		},
		token:    func(in *AcceptConnectionProposalInput) **string { return &in.ClientToken },
		secret:   func(in *AcceptConnectionProposalInput) *string { return in.ActivationKey },
		toWire:   (*AcceptConnectionProposalInput).toWire,
		fromWire: connectionOutputFromWire[AcceptConnectionProposalOutput],
		metadata: func(out *AcceptConnectionProposalOutput) *middleware.Metadata { return &out.ResultMetadata },
	}, params, optFns)
}

// AcceptConnectionProposalInput is the input of AcceptConnectionProposal. It holds an
// activation key, so it prints, marshals and logs without it.
type AcceptConnectionProposalInput struct {
	// ActivationKey from the partner, a secret. Required.
	ActivationKey *string
	// AttachPoint that the connection is to hang on. Required.
	AttachPoint types.AttachPoint
	// ClientToken makes a repeated call the same call. A random one is used if nil.
	ClientToken *string
	// Description of the connection, 1 to 255 letters, digits, blanks, "-" and "_".
	Description *string
	// Tags of the new connection.
	Tags map[string]string
}

// plainAcceptConnectionProposalInput is an AcceptConnectionProposalInput without its methods.
type plainAcceptConnectionProposalInput AcceptConnectionProposalInput

func (in AcceptConnectionProposalInput) withoutKey() plainAcceptConnectionProposalInput {
	p := plainAcceptConnectionProposalInput(in)
	p.ActivationKey = redact.Pointer(in.ActivationKey)
	return p
}

// String describes the input without its activation key.
func (in AcceptConnectionProposalInput) String() string {
	return redact.Describe("AcceptConnectionProposalInput", in.withoutKey())
}

// Format writes String for every verb.
func (in AcceptConnectionProposalInput) Format(f fmt.State, _ rune) { redact.Format(f, in) }

// LogValue is String.
func (in AcceptConnectionProposalInput) LogValue() slog.Value { return slog.StringValue(in.String()) }

// MarshalJSON marshals the fields, the activation key masked.
func (in AcceptConnectionProposalInput) MarshalJSON() ([]byte, error) {
	return json.Marshal(in.withoutKey())
}

func (in *AcceptConnectionProposalInput) toWire() (any, error) {
	attachPoint, err := attachPointToWire(in.AttachPoint)
	if err != nil {
		return nil, err
	}
	return struct {
		ActivationKey *string           `json:"activationKey,omitzero"`
		AttachPoint   unionToWire       `json:"attachPoint,omitzero"`
		ClientToken   *string           `json:"clientToken,omitzero"`
		Description   *string           `json:"description,omitzero"`
		Tags          map[string]string `json:"tags,omitzero"`
	}{
		ActivationKey: in.ActivationKey,
		AttachPoint:   attachPoint,
		ClientToken:   in.ClientToken,
		Description:   in.Description,
		Tags:          in.Tags,
	}, nil
}

// AcceptConnectionProposalOutput is the output of AcceptConnectionProposal.
type AcceptConnectionProposalOutput struct {
	// Connection that was created.
	Connection *types.Connection

	// ResultMetadata is about the call: request id, attempts.
	ResultMetadata middleware.Metadata
}
