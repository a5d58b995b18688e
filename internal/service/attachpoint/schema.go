package attachpoint

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/values"
)

// Schema is what users write.
func (d *DataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	only := func(description string, by ...validator.String) schema.StringAttribute {
		return schema.StringAttribute{Optional: true, MarkdownDescription: description, Validators: by}
	}
	text := func(description string) schema.StringAttribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: description}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "What an AWS Interconnect connection can be attached to: the account's Direct Connect gateways that AWS takes for an environment with Google Cloud. " +
			"A gateway that exists and is not listed cannot take a connection there; `crosscloud_interconnect` refuses it at plan.",
		Attributes: map[string]schema.Attribute{
			"aws_region": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{values.AWSRegion()},
				MarkdownDescription: "AWS region. Default: the provider's.",
			},
			"google_region":  only("Only environments with this Google Cloud region.", values.GoogleRegion()),
			"environment_id": only("Only this environment, by AWS's id of it. Not together with `google_region`.", stringvalidator.LengthAtLeast(1), stringvalidator.ConflictsWith(path.MatchRoot("google_region"))),
			"id":             only("Only the attach point with this id.", stringvalidator.LengthAtLeast(1)),
			"name":           only("Only attach points of this name."),
			"name_prefix":    only("Only attach points whose name begins so.", stringvalidator.LengthAtLeast(1)),
			"type":           only("Only attach points of this type, such as `DirectConnectGateway`.", stringvalidator.LengthAtLeast(1)),
			"ids":            schema.ListAttribute{ElementType: types.StringType, Computed: true, MarkdownDescription: "The `id` of each attach point, in the same order."},
			"attach_points": schema.ListNestedAttribute{
				Computed: true, MarkdownDescription: "The attach points, by name.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"id":              text("Id of it: of a Direct Connect gateway, the UUID that `direct_connect_gateway_id` takes."),
					"name":            text("Name that its owner gave it."),
					"type":            text("Type of it: `DirectConnectGateway`."),
					"environment_ids": schema.ListAttribute{ElementType: types.StringType, Computed: true, MarkdownDescription: "AWS's ids of the environments that take it."},
				}},
			},
		},
	}
}
