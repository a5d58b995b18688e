package functions

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
)

// bandwidthMbps turns a bandwidth in any spelling into a number.
type bandwidthMbps struct{}

var _ function.Function = bandwidthMbps{}

// Metadata names it.
func (bandwidthMbps) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "bandwidth_mbps"
}

// Definition is its signature.
func (bandwidthMbps) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "A bandwidth in megabits a second",
		MarkdownDescription: "Reads a bandwidth in any spelling that either cloud uses and returns megabits a second (decimal: `\"1Gbps\"` is 1000), " +
			"so that bandwidths can be compared and added up. What is no bandwidth is an error.",
		Parameters: []function.Parameter{function.StringParameter{
			Name: "bandwidth", MarkdownDescription: "The bandwidth: " + bandwidth.Syntax + ".",
		}},
		Return: function.Int64Return{},
	}
}

// Run computes it.
func (bandwidthMbps) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var text string
	if resp.Error = req.Arguments.Get(ctx, &text); resp.Error != nil {
		return
	}
	b, err := bandwidth.Parse(text)
	if err != nil {
		resp.Error = function.NewArgumentFuncError(0, err.Error()+".")
		return
	}
	resp.Error = resp.Result.Set(ctx, int64(b.InMbps()))
}
