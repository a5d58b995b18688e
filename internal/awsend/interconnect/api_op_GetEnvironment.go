package interconnect

import (
	"context"
	"fmt"

	"github.com/aws/smithy-go/middleware"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect/types"
)

// GetEnvironment reads an environment. (AWS service model.)
func (c *Client) GetEnvironment(ctx context.Context, params *GetEnvironmentInput, optFns ...func(*Options)) (*GetEnvironmentOutput, error) {
	return invoke(ctx, c, operation[GetEnvironmentInput, GetEnvironmentOutput]{
		name: "GetEnvironment",
		required: func(in *GetEnvironmentInput, r *requirements) {
			r.need("Id", in.Id != nil)
		},
		toWire:   (*GetEnvironmentInput).toWire,
		fromWire: getEnvironmentFromWire,
		metadata: func(out *GetEnvironmentOutput) *middleware.Metadata { return &out.ResultMetadata },
	}, params, optFns)
}

// GetEnvironmentInput is the input of GetEnvironment.
type GetEnvironmentInput struct {
	// Id of the environment. Required.
	Id *string
}

func (in *GetEnvironmentInput) toWire() (any, error) {
	return struct {
		ID *string `json:"id,omitzero"`
	}{
		ID: in.Id,
	}, nil
}

// GetEnvironmentOutput is the output of GetEnvironment.
type GetEnvironmentOutput struct {
	// Environment that was asked for. Required.
	Environment *types.Environment

	// ResultMetadata is about the call: request id, attempts.
	ResultMetadata middleware.Metadata
}

func getEnvironmentFromWire(body []byte) (*GetEnvironmentOutput, error) {
	wire, err := bodyFromWire[struct {
		Environment *environmentWire `json:"environment"`
	}](body)
	if err != nil {
		return nil, err
	}
	out := new(GetEnvironmentOutput)
	if wire.Environment != nil {
		environment, err := wire.Environment.fromWire()
		if err != nil {
			return nil, fmt.Errorf("environment: %w", err)
		}
		out.Environment = &environment
	}
	return out, nil
}
