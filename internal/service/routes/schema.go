package routes

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/attachment"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/inventory"
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
	named := stringvalidator.LengthAtLeast(1)
	alone := func(others ...string) validator.String {
		var paths []path.Expression
		for _, o := range others {
			paths = append(paths, path.MatchRoot(o))
		}
		return stringvalidator.ConflictsWith(paths...)
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "The routes of links: which prefixes each end offers to the other, which it has learned from the other, and whether the other end says the same. " +
			"Everything that hangs on a link counts, whoever attached it. All filters that are given apply.\n\n" +
			"Google shows what the peering of a transport imports into the transport's region (`networks.listPeeringRoutes`), and of a transport on a hub only what it advertises. " +
			"AWS shows what the Direct Connect gateway is associated with, and the route tables behind it: those of a VPC that lead to its virtual private gateway, or a transit gateway's. " +
			"It shows them by gateway, so links that share a Direct Connect gateway list each other's prefixes as well. Where an end cannot show something, `notes` says why.",
		Attributes: map[string]schema.Attribute{
			"interconnect": only("Only this link: "+inventory.NameForms+", such as the `id` of a `crosscloud_interconnect`. Then nothing is listed, and the link must exist.",
				named, alone("project", "aws_regions")),
			"project": only("Google Cloud project whose transports are listed. Default: the provider's.", values.Project()),
			"aws_regions": schema.SetAttribute{
				ElementType: types.StringType, Optional: true, MarkdownDescription: "AWS regions whose connections are listed. Default: every region that Google's locations are joined with.",
				Validators: []validator.Set{setvalidator.SizeAtLeast(1), setvalidator.ValueStringsAre(values.AWSRegion())},
			},
			"name":      only("Only the links of this name.", named),
			"transport": only("Only the link of this transport: its id or its full name.", named),
			"network":   only("Only links whose transport serves this VPC network: its name, full name or URL.", named),
			"end":       only("Only routes that this end shows: `aws` or `google`.", stringvalidator.OneOf("aws", "google")),
			"direction": only("Only routes of this direction: `offered` or `learned`.", stringvalidator.OneOf(directions()...)),
			"prefix":    only("Only routes of exactly this prefix.", values.Prefix()),
			"within":    only("Only routes that lie within this prefix.", values.Prefix()),
			"covering":  only("Only routes that this address, or this prefix, lies within.", values.AddressOrPrefix()),
			"matched": schema.BoolAttribute{
				Optional: true, MarkdownDescription: "Only routes of which the other end says the same (`true`), or does not (`false`). Those of which that is not known are in neither.",
			},
			"prefixes": schema.ListAttribute{
				ElementType: types.StringType, Computed: true, MarkdownDescription: "The prefixes of `routes`, in order, each once: for firewall rules and security groups.",
			},
			"routes": schema.ListNestedAttribute{
				Computed: true, MarkdownDescription: "The routes, by link, end, direction and prefix.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"interconnect": text("The link, by the `id` that `crosscloud_interconnects` gives it."),
					"end":          text("End that shows the route, `aws` or `google`."),
					"direction":    text("`offered`: the end tells the other of the prefix. `learned`: the end has the prefix from the other."),
					"prefix":       text("Prefix in CIDR notation."),
					"via":          text("Next hop: on AWS the gateway that is associated with the link's Direct Connect gateway; on Google the peering with the transport's network, the transport's spoke, or the transport where neither exists."),
					"matched": schema.BoolAttribute{
						Computed: true, MarkdownDescription: "Whether the other end says the same: that it offers what this end has learned, or has learned what this end offers, or a prefix around it. Null where that is not to be seen.",
					},
				}},
			},
			"notes": schema.ListNestedAttribute{
				Computed: true, MarkdownDescription: "Why an end does not show all of its routes, or has not learned any.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"interconnect": text("The link."),
					"end":          text("The end, `aws` or `google`."),
					"via":          text("What hangs there, as in `routes`; null where it is the end itself."),
					"reason":       text("The reason, in a sentence."),
				}},
			},
		},
	}
}

func directions() []string {
	var words []string
	for _, d := range attachment.Directions() {
		words = append(words, string(d))
	}
	return words
}
