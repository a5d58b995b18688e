package functions

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
)

// decodeActivationKey says what an activation key is for.
type decodeActivationKey struct{}

var _ function.Function = decodeActivationKey{}

// decodedKey is what it returns. The key itself is not part of it.
type decodedKey struct {
	Readable       types.Bool   `tfsdk:"readable"`
	Version        types.Int64  `tfsdk:"version"`
	SharedID       types.String `tfsdk:"shared_id"`
	EnvironmentURI types.String `tfsdk:"environment_uri"`
	Bandwidth      types.String `tfsdk:"bandwidth"`
	BandwidthMbps  types.Int64  `tfsdk:"bandwidth_mbps"`
	AccountID      types.String `tfsdk:"account_id"`
}

// Metadata names it.
func (decodeActivationKey) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "decode_activation_key"
}

// Definition is its signature.
func (decodeActivationKey) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "What an activation key is for",
		MarkdownDescription: "Reads an activation key of either cloud and says which link it opens. It asks no cloud, so it cannot tell whether the key is still good.\n\n" +
			"Returns an object: `readable` (whether the key is in the published format), `version` (of the format), `shared_id` (the UUID that both clouds give the link), " +
			"`environment_uri` (the environment at the end that redeems the key, as the clouds write it), `bandwidth` (in AWS's spelling), `bandwidth_mbps`, and " +
			"`account_id` (the AWS account or the Google Cloud project that may redeem it). A cloud may issue keys in another format: such a key is no error; " +
			"`readable` is false and everything else null.\n\n" +
			"The result holds neither the key nor a part of it that opens the link. Terraform marks it sensitive where the key is sensitive, and ephemeral where the key is ephemeral.",
		Parameters: []function.Parameter{function.StringParameter{
			Name: "activation_key", MarkdownDescription: "The key, as a cloud issued it. White space around it is ignored.",
		}},
		Return: function.ObjectReturn{AttributeTypes: map[string]attr.Type{
			"readable": types.BoolType, "version": types.Int64Type, "shared_id": types.StringType, "environment_uri": types.StringType,
			"bandwidth": types.StringType, "bandwidth_mbps": types.Int64Type, "account_id": types.StringType,
		}},
	}
}

// Run computes it.
func (decodeActivationKey) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var text string
	if resp.Error = req.Arguments.Get(ctx, &text); resp.Error != nil {
		return
	}
	resp.Error = resp.Result.Set(ctx, decode(activation.NewKey(text)))
}

// decode reads a key. One that cannot be read is not readable, and nothing of it
// is quoted.
func decode(key activation.Key) decodedKey {
	p, err := key.Decode()
	if err != nil {
		return decodedKey{Readable: types.BoolValue(false)}
	}
	return decodedKey{
		Readable: types.BoolValue(true), Version: types.Int64Value(int64(p.Version)),
		SharedID: types.StringValue(p.SharedID), EnvironmentURI: types.StringValue(p.EnvironmentURI),
		Bandwidth: types.StringValue(p.Bandwidth.String()), BandwidthMbps: types.Int64Value(int64(p.Bandwidth.InMbps())),
		AccountID: types.StringValue(p.AccountID),
	}
}
