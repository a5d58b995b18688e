package interconnects

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/inventory"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/values"
)

// computed is a computed string.
func computed(description string) schema.StringAttribute {
	return schema.StringAttribute{Computed: true, MarkdownDescription: description}
}

// Schema is what users write for one link.
func (d *One) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := linkAttributes()
	for name, given := range map[string]schema.StringAttribute{
		"id":        {MarkdownDescription: "Name of the link that says which cloud and region: " + inventory.NameForms + "."},
		"shared_id": {MarkdownDescription: "The UUID that both clouds give the link.", Validators: []validator.String{values.UUID("a link")}},
		"name":      {MarkdownDescription: "Name of the link: the one that `crosscloud_interconnect` marked it with, or else the id of an end."},
	} {
		given.Optional, given.Computed = true, true
		given.MarkdownDescription += " Exactly one of `id`, `shared_id` and `name` is given."
		if name == "id" {
			given.Validators = append(given.Validators, stringvalidator.ExactlyOneOf(path.MatchRoot("id"), path.MatchRoot("shared_id"), path.MatchRoot("name")))
		}
		attributes[name] = given
	}
	attributes["project"] = projectArgument()
	attributes["aws_regions"] = regionsArgument("Only with `shared_id` and `name`: AWS regions to look in. Default: every region that Google's locations are joined with.", values.AWSRegion())
	resp.Schema = schema.Schema{
		MarkdownDescription: "One link between AWS and Google Cloud as both clouds list it, whoever made it. Where only one end is to be seen, the other is null, and `kind` and `pairing` say why.",
		Attributes:          attributes,
	}
}

func projectArgument() schema.StringAttribute {
	return schema.StringAttribute{
		Optional:            true,
		MarkdownDescription: "Google Cloud project whose transports are listed. Default: the provider's.",
		Validators:          []validator.String{values.Project()},
	}
}

func regionsArgument(description string, each validator.String) schema.SetAttribute {
	return schema.SetAttribute{
		ElementType: types.StringType, Optional: true, MarkdownDescription: description,
		Validators: []validator.Set{setvalidator.SizeAtLeast(1), setvalidator.ValueStringsAre(each)},
	}
}

// Schema is what users write for all links.
func (d *Many) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	only := func(description string, by ...validator.String) schema.StringAttribute {
		return schema.StringAttribute{Optional: true, MarkdownDescription: "Only " + description + ".", Validators: by}
	}
	pairs := func(description string) schema.MapAttribute {
		return schema.MapAttribute{ElementType: types.StringType, Optional: true, MarkdownDescription: description}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "All links between AWS and Google Cloud that either cloud lists to these credentials, whoever made them: both lists joined by the shared id. " +
			"Half-open links and orphaned ends are among them, each with its `kind` and its `pairing`. All filters that are given apply; a filter about one end leaves out links without that end.",
		Attributes: map[string]schema.Attribute{
			"project":                   projectArgument(),
			"aws_regions":               regionsArgument("Only links of these AWS regions; only they are asked. Default: every region that Google's locations are joined with.", values.AWSRegion()),
			"google_regions":            regionsArgument("Only links of these Google Cloud regions.", values.GoogleRegion()),
			"name":                      only("the links of this name"),
			"name_prefix":               only("links whose name begins so", stringvalidator.LengthAtLeast(1)),
			"owner":                     only("links that carry the marker of this owner, as `owner` of the provider gives it", stringvalidator.LengthAtLeast(1)),
			"shared_id":                 only("the link of this shared id", values.UUID("a link")),
			"statuses":                  wordsArgument("Only links whose pairing has one of these statuses: ", statuses()),
			"kinds":                     wordsArgument("Only links of these kinds: ", kinds()),
			"bandwidth":                 schema.StringAttribute{CustomType: values.BandwidthType{}, Optional: true, MarkdownDescription: "Only links of which an end reports this bandwidth, in any spelling."},
			"direct_connect_gateway_id": only("links on this Direct Connect gateway", values.UUID("a Direct Connect gateway")),
			"tags":                      pairs("Only links whose connection carries all of these tags."),
			"network":                   only("links whose transport serves this VPC network: its name, full name or URL", stringvalidator.LengthAtLeast(1)),
			"hub":                       only("links whose transport joins this Network Connectivity Center hub: its name or full name", stringvalidator.LengthAtLeast(1)),
			"labels":                    pairs("Only links whose transport carries all of these labels."),
			"ids": schema.ListAttribute{
				ElementType: types.StringType, Computed: true, MarkdownDescription: "The `id` of each link, in the same order.",
			},
			"interconnects": schema.ListNestedAttribute{
				Computed: true, MarkdownDescription: "The links, by name.",
				NestedObject: schema.NestedAttributeObject{Attributes: linkAttributes()},
			},
		},
	}
}

func statuses() []string {
	var words []string
	for _, s := range link.Statuses(cloudAWS, cloudGoogle) {
		words = append(words, string(s))
	}
	return words
}

func kinds() []string {
	var words []string
	for _, k := range inventory.Kinds() {
		words = append(words, string(k))
	}
	return words
}

func wordsArgument(description string, allowed []string) schema.SetAttribute {
	return regionsArgument(description+"`"+strings.Join(allowed, "`, `")+"`.", stringvalidator.OneOf(allowed...))
}

// linkAttributes are a link.
func linkAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":        computed("Identifies the link: the transport's full name, or the connection's ARN where no transport is to be seen. `crosscloud_interconnect` is imported by it."),
		"name":      computed("Name that the link is marked with, or else the id of an end."),
		"owner":     computed("Owner that the link is marked with; null when it has none. Where only the transport is to be seen, it is in the form of a label."),
		"shared_id": computed("The UUID that both clouds give the link; null when no end says it, or when the ends differ."),
		"kind": computed("How much of the link there is: `whole` (both ends), `half_open` (one end, whose activation key is not redeemed or which is still being made) " +
			"or `orphaned` (one end, whose partner is gone or not to be seen with these credentials)."),
		"initiator":      computed("The end that issued the activation key, `aws` or `google`; null where nothing tells."),
		"bandwidth":      computed("Bandwidth in AWS's spelling: the connection's, or else the transport's."),
		"bandwidth_mbps": schema.Int64Attribute{Computed: true, MarkdownDescription: "Bandwidth in megabits a second."},
		"pairing": schema.SingleNestedAttribute{
			Computed: true, MarkdownDescription: "What comparing both ends says.",
			Attributes: map[string]schema.Attribute{
				"status":  computed("One of `" + strings.Join(statuses(), "`, `") + "`."),
				"summary": computed("The status in a sentence that names the end at fault."),
				"remedy":  computed("What to do; null when there is nothing to do."),
				"differences": schema.ListNestedAttribute{
					Computed: true, MarkdownDescription: "Fields in which the ends differ.",
					NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
						"field": computed("Name of the field."), "aws": computed("Value at the AWS end."), "google": computed("Value at the Google end."),
					}},
				},
			},
		},
		"cost": values.CostDataSource("What the ends that are to be seen cost, each at its own bandwidth. " + values.CostOf),
		"aws": schema.SingleNestedAttribute{
			Computed: true, MarkdownDescription: "The AWS end, a connection; null when it is not to be seen.", Attributes: awsAttributes(),
		},
		"google": schema.SingleNestedAttribute{
			Computed: true, MarkdownDescription: "The Google end, a transport; null when it is not to be seen.", Attributes: googleAttributes(),
		},
	}
}

func awsAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"connection_id":             computed("Id of the connection."),
		"arn":                       computed("ARN of the connection."),
		"account_id":                computed("AWS account of the connection."),
		"region":                    computed("AWS region."),
		"state":                     computed("State in AWS's word."),
		"bandwidth":                 computed("Bandwidth that AWS reports."),
		"environment_id":            computed("AWS's id of the environment."),
		"direct_connect_gateway_id": computed("Direct Connect gateway that the connection attaches to."),
		"billing_tier":              schema.Int64Attribute{Computed: true, MarkdownDescription: "AWS's distance tier, 0 to 8; null until AWS has set it."},
		"description":               computed("Description of the connection."),
		"tags":                      schema.MapAttribute{ElementType: types.StringType, Computed: true, MarkdownDescription: "Tags of the connection, without the provider's own markers."},
	}
}

func googleAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"transport_id":      computed("Full name of the transport."),
		"project":           computed("Google Cloud project."),
		"region":            computed("Google Cloud region."),
		"state":             computed("State in Google's word."),
		"bandwidth":         computed("Bandwidth that Google reports."),
		"remote_profile":    computed("Google's id of the environment, the remote transport profile."),
		"network":           computed("VPC network that the transport serves; null when it joins a hub."),
		"hub":               computed("Network Connectivity Center hub that the transport joins; null when it serves a network."),
		"advertised_routes": schema.ListAttribute{ElementType: types.StringType, Computed: true, MarkdownDescription: "Prefixes that Google advertises to AWS."},
		"stack_type":        computed("`IPV4_ONLY` or `IPV4_IPV6`."),
		"auto_accept":       schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the hub accepts the transport's peering and spokes by itself."},
		"psc_routing":       schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the hub has a routing VPC spoke for Private Service Connect."},
		"peering_network":   computed("Network that Google made for the link, to be peered with `network`."),
		"mtu_limit":         schema.Int64Attribute{Computed: true, MarkdownDescription: "Largest packet, in bytes, that the transport carries; null until Google knows it."},
		"description":       computed("Description of the transport."),
		"labels":            schema.MapAttribute{ElementType: types.StringType, Computed: true, MarkdownDescription: "Labels of the transport, without the provider's own markers."},
	}
}
