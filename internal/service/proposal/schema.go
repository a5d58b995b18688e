package proposal

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/values"
)

// Schema is what users write.
func (r *Resource) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	says := func(description string) schema.StringAttribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: description}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "What AWS says of an activation key that Google Cloud has issued, before it is redeemed: DescribeConnectionProposal, which does not use the key up. " +
			"It is an ephemeral resource and not a data source because a data source keeps its arguments in the state, and the key is a secret: an ephemeral resource leaves nothing in the plan or the state. " +
			"Compare what it says in a `precondition` of the resource that redeems the key. (A `postcondition` here works too, but makes `terraform show -json` of Terraform 1.11 crash.)",
		Attributes: map[string]schema.Attribute{
			"activation_key": schema.StringAttribute{
				Required: true, Sensitive: true,
				MarkdownDescription: "The activation key. Give it by an ephemeral variable or another ephemeral resource, so that it is kept nowhere else either.",
				Validators:          []validator.String{stringvalidator.LengthBetween(1, activation.MaxLength)},
			},
			"aws_region": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{values.AWSRegion()},
				MarkdownDescription: "AWS region that the key is for. Default: the provider's.",
			},
			"bandwidth":      says("Bandwidth of the link that the key opens, in AWS's spelling."),
			"bandwidth_mbps": schema.Int64Attribute{Computed: true, MarkdownDescription: "The same in megabits a second."},
			"environment_id": says("AWS's id of the environment that the key is for."),
			"peer_region":    says("Google Cloud region at the other end."),
			"shared_id":      says("The UUID that both clouds give the link; null where the key is not in the published format."),
			"account_id":     says("AWS account that may redeem the key; null where the key is not in the published format."),
		},
	}
}
