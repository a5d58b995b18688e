package activationkey

import (
	"context"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/inventory"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/values"
)

// nameForm tells the names of ends from what names nothing; which end it is, the
// inventory finds out.
var nameForm = regexp.MustCompile(`^(arn:aws[a-z-]*:interconnect:\S+|projects/\S+/transports/\S+|[a-z]{2}(-[a-z]+)+-[0-9]{1,2}/\S+)$`)

// Schema is what users write.
func (r *Resource) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The activation key that the initiator of a link has issued, for the team that owns the other end. " +
			"It is read when it is needed and kept nowhere: not in the plan, not in the state. " +
			"Pass it on by a write-only attribute of a secrets manager, or by a provisioner. " +
			"A link whose ends are both in one `crosscloud_interconnect` needs none of this.",
		Attributes: map[string]schema.Attribute{
			"interconnect": schema.StringAttribute{
				Required: true,
				MarkdownDescription: "The end that issued the key: `google.transport_id` or `aws.arn` of a `crosscloud_interconnect`. Both are known only once the end exists, so the key is not asked for earlier. " +
					"Or another name of it: " + inventory.NameForms + ".",
				Validators: []validator.String{values.Matching(nameForm, inventory.NameForms)},
			},
			"activation_key": schema.StringAttribute{
				Computed: true, Sensitive: true,
				MarkdownDescription: "The activation key; null once it has been redeemed, or where the end has issued none.",
			},
			"pending": schema.BoolAttribute{
				Computed:            true,
				MarkdownDescription: "Whether the key waits to be redeemed.",
			},
			"state": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "State of the end in its cloud's word.",
			},
			"shared_id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "The UUID that both clouds give the link. It is no secret: the other team can give it as `peer.shared_id`, so that no other key is redeemed by mistake.",
			},
			"bandwidth": schema.StringAttribute{
				CustomType: values.BandwidthType{}, Computed: true,
				MarkdownDescription: "Bandwidth of the link.",
			},
			"account": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "AWS account id or Google Cloud project id that can redeem the key; null where there is no key or it does not say.",
			},
		},
	}
}
