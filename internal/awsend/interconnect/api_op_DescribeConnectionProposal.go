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

// DescribeConnectionProposal tells what an activation key of a partner stands
// for, without redeeming it. (AWS service model.)
func (c *Client) DescribeConnectionProposal(ctx context.Context, params *DescribeConnectionProposalInput, optFns ...func(*Options)) (*DescribeConnectionProposalOutput, error) {
	return invoke(ctx, c, operation[DescribeConnectionProposalInput, DescribeConnectionProposalOutput]{
		name: "DescribeConnectionProposal",
		required: func(in *DescribeConnectionProposalInput, r *requirements) {
			r.need("ActivationKey", in.ActivationKey != nil)
		},
		secret:   func(in *DescribeConnectionProposalInput) *string { return in.ActivationKey },
		toWire:   (*DescribeConnectionProposalInput).toWire,
		fromWire: describeConnectionProposalFromWire,
		metadata: func(out *DescribeConnectionProposalOutput) *middleware.Metadata { return &out.ResultMetadata },
	}, params, optFns)
}

// DescribeConnectionProposalInput is the input of DescribeConnectionProposal. It holds an
// activation key, so it prints, marshals and logs without it.
type DescribeConnectionProposalInput struct {
	// ActivationKey from the partner, a secret. Required.
	ActivationKey *string
}

// plainDescribeConnectionProposalInput is a DescribeConnectionProposalInput without its methods.
type plainDescribeConnectionProposalInput DescribeConnectionProposalInput

func (in DescribeConnectionProposalInput) withoutKey() plainDescribeConnectionProposalInput {
	p := plainDescribeConnectionProposalInput(in)
	p.ActivationKey = redact.Pointer(in.ActivationKey)
	return p
}

// String describes the input without its activation key.
func (in DescribeConnectionProposalInput) String() string {
	return redact.Describe("DescribeConnectionProposalInput", in.withoutKey())
}

// Format writes String for every verb.
func (in DescribeConnectionProposalInput) Format(f fmt.State, _ rune) { redact.Format(f, in) }

// LogValue is String.
func (in DescribeConnectionProposalInput) LogValue() slog.Value { return slog.StringValue(in.String()) }

// MarshalJSON marshals the fields, the activation key masked.
func (in DescribeConnectionProposalInput) MarshalJSON() ([]byte, error) {
	return json.Marshal(in.withoutKey())
}

func (in *DescribeConnectionProposalInput) toWire() (any, error) {
	return struct {
		ActivationKey *string `json:"activationKey,omitzero"`
	}{
		ActivationKey: in.ActivationKey,
	}, nil
}

// DescribeConnectionProposalOutput is the output of DescribeConnectionProposal.
type DescribeConnectionProposalOutput struct {
	// Bandwidth of the proposed connection. Required.
	Bandwidth *string
	// EnvironmentId that the connection would go through. Required.
	EnvironmentId *string
	// Location at the partner. Required.
	Location *string
	// Provider at the other end. Required.
	Provider types.Provider

	// ResultMetadata is about the call: request id, attempts.
	ResultMetadata middleware.Metadata
}

func describeConnectionProposalFromWire(body []byte) (*DescribeConnectionProposalOutput, error) {
	wire, err := bodyFromWire[struct {
		Bandwidth     *string       `json:"bandwidth"`
		EnvironmentID *string       `json:"environmentId"`
		Location      *string       `json:"location"`
		Provider      unionFromWire `json:"provider"`
	}](body)
	if err != nil {
		return nil, err
	}
	provider, err := providerFromWire(wire.Provider)
	if err != nil {
		return nil, err
	}
	return &DescribeConnectionProposalOutput{Bandwidth: wire.Bandwidth, EnvironmentId: wire.EnvironmentID, Location: wire.Location, Provider: provider}, nil
}
