package bandwidthtier

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/inventory"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/values"
)

// Schema is what users write.
func (r *Resource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	kept := func(description string) schema.StringAttribute {
		return schema.StringAttribute{
			Computed: true, MarkdownDescription: description,
			PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
		}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "The bandwidth of a link, owned apart from the link: by another pipeline, or on a schedule. It is written at one end, and an apply is done when both ends report it. " +
			"The link itself must not set `bandwidth`; a configuration in which both do is refused. Two configurations that both set it cannot be told from what the clouds say: each of them plans to change it back.",
		Attributes: map[string]schema.Attribute{
			"id": kept("The transport's full name."),
			"interconnect": schema.StringAttribute{
				Required: true,
				MarkdownDescription: "The link: the `id` of a `crosscloud_interconnect`, or another name of it, which is " + inventory.NameForms +
					". Both ends have to be seen with the provider's credentials. Another link replaces this resource.",
				Validators:    []validator.String{stringvalidator.LengthAtLeast(1)},
				PlanModifiers: []planmodifier.String{sameLink{}},
			},
			"bandwidth": schema.StringAttribute{
				CustomType: values.BandwidthType{}, Required: true,
				MarkdownDescription: "Bandwidth that the link is to have: " + bandwidth.Syntax + ". Both clouds must sell it for the link's environment. Changed in place.",
			},
			"on_destroy": schema.StringAttribute{
				Optional: true, Computed: true, Default: stringdefault.StaticString(restore),
				MarkdownDescription: "What a destroy does: `restore` (default) gives the link the bandwidth back that it had before, `keep` leaves it as it is. " +
					"A link that is gone, or that has lost an end, is left alone either way.",
				Validators: []validator.String{stringvalidator.OneOf(keep, restore)},
			},
			"previous_bandwidth": kept("Bandwidth that the link had before this resource. It is also noted on the connection, in the tag `crosscloud:previous-bandwidth`, before anything is changed, " +
				"so that it survives a create that is killed. It cannot be had where the tag could not be written (`interconnect:TagResource` denied, which is warned of) and the create was killed, " +
				"nor for a link that was imported without the tag: it is then null, and a destroy leaves the bandwidth alone."),
			"shared_id":     kept("The UUID that both clouds give the link."),
			"connection_id": kept("Id of the AWS connection."),
			"transport_id":  kept("Full name of the Google transport."),
			"aws_bandwidth": schema.StringAttribute{
				Computed: true, MarkdownDescription: "Bandwidth that AWS reports.",
			},
			"google_bandwidth": schema.StringAttribute{
				Computed: true, MarkdownDescription: "Bandwidth that Google reports.",
			},
			"cost": values.CostResource("What the link costs at `bandwidth`. " + values.CostOf),
			"monthly_change": schema.NumberAttribute{
				Computed:            true,
				MarkdownDescription: "How much more the link costs in a month at `bandwidth` than at `previous_bandwidth`; negative where it costs less. Null where one of the two prices, or the earlier bandwidth, is unknown.",
			},
			"timeouts": timeouts.Attributes(ctx, timeouts.Opts{
				Create: true, Read: true, Update: true, Delete: true,
				CreateDescription: timeoutText("the change", changeTimeout),
				ReadDescription:   timeoutText("reading both ends", readTimeout),
				UpdateDescription: timeoutText("the change", changeTimeout),
				DeleteDescription: timeoutText("going back to the earlier bandwidth", changeTimeout),
			}),
		},
	}
}

func timeoutText(what string, fallback time.Duration) string {
	return fmt.Sprintf("Longest time for %s, such as \"30m\" or \"2h\". Default: %s.", what, fallback)
}

// IdentitySchema is what identifies the resource apart from its state.
func (r *Resource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"interconnect": identityschema.StringAttribute{RequiredForImport: true, Description: "A name of the link, as in the argument of the same name."},
	}}
}

// sameLink replaces the resource when another link is named, and not when the
// same one is named by its URL rather than by its name.
type sameLink struct{}

var _ planmodifier.String = sameLink{}

// Description of the modifier.
func (sameLink) Description(context.Context) string {
	return "Another link replaces the resource; another spelling of the same name does not."
}

// MarkdownDescription of the modifier.
func (s sameLink) MarkdownDescription(ctx context.Context) string { return s.Description(ctx) }

// PlanModifyString asks for a replacement.
func (sameLink) PlanModifyString(_ context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse) {
	if req.State.Raw.IsNull() || req.Plan.Raw.IsNull() || req.PlanValue.Equal(req.StateValue) {
		return
	}
	before, err := inventory.ParseName(req.StateValue.ValueString())
	after, afterErr := inventory.ParseName(req.PlanValue.ValueString())
	resp.RequiresReplace = err != nil || afterErr != nil || before != after
}
