package functions

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/inventory"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/values"
)

// parseInterconnectID takes a link's name apart.
type parseInterconnectID struct{}

var _ function.Function = parseInterconnectID{}

// parsedID is what it returns.
type parsedID struct {
	Cloud        types.String `tfsdk:"cloud"`
	Region       types.String `tfsdk:"region"`
	Project      types.String `tfsdk:"project"`
	Name         types.String `tfsdk:"name"`
	AccountID    types.String `tfsdk:"account_id"`
	ConnectionID types.String `tfsdk:"connection_id"`
}

// Metadata names it.
func (parseInterconnectID) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "parse_interconnect_id"
}

// Definition is its signature.
func (parseInterconnectID) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "The parts of a link's name",
		MarkdownDescription: "Takes the name of a link apart, in each form that `crosscloud_interconnect` is imported by and that names one end. It asks no cloud.\n\n" +
			"Returns an object: `cloud` (`aws` or `google`: whose end is named), `region` (in that cloud's spelling), `project` and `name` (of a transport; null for a connection), " +
			"`connection_id` and `account_id` (of a connection; null for a transport, and `account_id` is null where the name does not say it). What names no link is an error.",
		Parameters: []function.Parameter{function.StringParameter{
			Name: "id", MarkdownDescription: "The name of one end: the transport's full name or URL, the connection's ARN, or `<aws region>/<connection id>`.",
		}},
		Return: function.ObjectReturn{AttributeTypes: map[string]attr.Type{
			"cloud": types.StringType, "region": types.StringType, "project": types.StringType,
			"name": types.StringType, "account_id": types.StringType, "connection_id": types.StringType,
		}},
	}
}

// Run computes it.
func (parseInterconnectID) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var id string
	if resp.Error = req.Arguments.Get(ctx, &id); resp.Error != nil {
		return
	}
	n, err := inventory.ParseName(id)
	if err != nil {
		resp.Error = function.NewArgumentFuncError(0, err.Error()+".")
		return
	}
	parsed := parsedID{Region: types.StringValue(n.Region)}
	if n.OfAWS() {
		parsed.Cloud, parsed.ConnectionID, parsed.AccountID = types.StringValue("aws"), types.StringValue(n.ConnectionID), values.Text(n.AccountID)
	} else {
		parsed.Cloud, parsed.Project, parsed.Name = types.StringValue("google"), types.StringValue(n.Project), types.StringValue(n.Transport)
	}
	resp.Error = resp.Result.Set(ctx, parsed)
}
