package interconnect

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/values"
)

// Syntax of what users name in the two clouds.
var (
	awsRegion    = regexp.MustCompile(`^[a-z]{2}(-[a-z]+)+-[0-9]{1,2}$`)
	googleRegion = regexp.MustCompile(`^[a-z]+-[a-z]+[0-9]{1,2}$`)
	awsAccount   = regexp.MustCompile(`^[0-9]{12}$`)
	anyRegion    = regexp.MustCompile(`^[a-z]{2,}(-[a-z]+)+-?[0-9]{1,2}$`)
	uuid         = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)
	project      = regexp.MustCompile(`^([a-z0-9.-]+:)?[a-z][-a-z0-9]{4,28}[a-z0-9]$`)
	resourceName = regexp.MustCompile(`^(https://[a-z0-9.:-]+/[a-z]+/v[a-z0-9]+/|https://[a-z0-9.:-]+/v[a-z0-9]+/)?(projects/[a-z0-9.:-]+/global/(networks|hubs)/|projects/[a-z0-9.:-]+/locations/global/hubs/)?[a-z]([-a-z0-9]{0,61}[a-z0-9])?$`)
)

// milestones are the values of wait_for.
func milestones() []string {
	var words []string
	for _, m := range link.Milestones() {
		words = append(words, string(m))
	}
	return words
}

// Schema is what users write.
func (r *Resource) Schema(ctx context.Context, _ resourceSchemaRequest, resp *resourceSchemaResponse) {
	resp.Schema = schema.Schema{
		Version: schemaVersion,
		MarkdownDescription: "One private link between AWS and Google Cloud: an AWS Interconnect connection and a Google " +
			"Partner Cross-Cloud Interconnect transport, made, changed and removed together. The activation key passes from one " +
			"cloud to the other inside the provider and is never in the plan, the state or a log.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Identifies the link: the transport's full name, `projects/<project>/locations/<region>/transports/<name>`, known at plan. Where only `aws` is given: the connection's ARN, known once it exists.",
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"name": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Name of the link: the transport's id, and the marker on both ends. 1 to 63 lower-case letters, digits and hyphens (RFC 1035). A change replaces the link.",
				Validators:          []validator.String{values.Name()},
				PlanModifiers:       []planmodifier.String{unlessImported()},
			},
			"description": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "Description of both ends: letters, digits, spaces, hyphens and underscores. Default: the name. Changed in place.",
				Validators:          []validator.String{values.Description()},
			},
			"bandwidth": schema.StringAttribute{
				CustomType: values.BandwidthType{},
				Optional:   true, Computed: true,
				MarkdownDescription: "Bandwidth of the link: " + bandwidth.Syntax + ". Equal values are equal in any spelling. Both clouds must sell it for the pair of regions. " +
					"Changed in place, at one end: the clouds carry it to the other. Without it, the link is created at the smallest tier that both ends sell, and its bandwidth is then left alone.",
			},
			"initiator": schema.StringAttribute{
				Optional: true, Computed: true,
				Default:             stringdefault.StaticString(cloudAWS),
				MarkdownDescription: "The end that issues the activation key: `aws` (default) or `google`. A change replaces the link.",
				Validators:          []validator.String{stringvalidator.OneOf(cloudAWS, cloudGoogle)},
				PlanModifiers:       []planmodifier.String{unlessImported()},
			},
			"aws":    awsSchema(),
			"google": googleSchema(),
			"peer":   peerSchema(),
			"activation_key_wo": schema.StringAttribute{
				Optional: true, WriteOnly: true, Sensitive: true,
				MarkdownDescription: "The activation key that the other team's end has issued, where the only end given here is the acceptor. " +
					"It is used once, to make the end, and is never in the plan, the state or a log: give it from an ephemeral value. " +
					"Account, bandwidth, environment and what `peer` says are compared before it is redeemed. Needed until the end exists.",
				Validators: []validator.String{
					stringvalidator.LengthBetween(1, activation.MaxLength),
					stringvalidator.AlsoRequires(path.MatchRoot("activation_key_wo_version")),
				},
			},
			"activation_key_wo_version": schema.Int64Attribute{
				Optional:            true,
				MarkdownDescription: "Version of `activation_key_wo`, which Terraform cannot compare: raise it with a key of a new link. A change replaces this end.",
				Validators:          []validator.Int64{int64validator.AtLeast(0)},
			},
			"wait_for": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "How far an apply waits: `available` (default: every end that is given here is up), `paired` (both clouds know of each other and are provisioning), " +
					"or `requested` (every end that is given here exists). Where the only end is the initiator, the default is `requested`: the apply does not wait for the other team.",
				Validators: []validator.String{stringvalidator.OneOf(milestones()...)},
			},
			"on_incomplete": schema.StringAttribute{
				Optional: true, Computed: true,
				Default: stringdefault.StaticString(incompleteWarn),
				MarkdownDescription: "What a creation does when its time runs out while both ends are joined and still provisioning. `warn` (default): the link is kept, with a warning, and the next apply goes on waiting. " +
					"Of a link with one end, so is an initiator that waits for the other team, and an acceptor whatever it fails of after it has redeemed the key, which opens one link, once. " +
					"`error`: the creation fails; Terraform then marks the link as tainted, and the next apply destroys it and makes another.",
				Validators: []validator.String{stringvalidator.OneOf(incompleteWarn, incompleteError)},
			},
			"deletion_protection": schema.BoolAttribute{
				Optional: true, Computed: true,
				Default:             booldefault.StaticBool(false),
				MarkdownDescription: "While true, the link is not destroyed or replaced. Default: false.",
			},
			"timeouts": timeouts.Attributes(ctx, timeouts.Opts{
				Create: true, Read: true, Update: true, Delete: true,
				CreateDescription: timeoutText("the creation", createTimeout.String()),
				ReadDescription:   timeoutText("reading both ends", readTimeout.String()),
				UpdateDescription: timeoutText("a change", updateTimeout.String()),
				DeleteDescription: timeoutText("the removal of both ends", deleteTimeout.String()),
			}),
			"shared_id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "The UUID that both clouds give the link. It proves that two ends are one link.",
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"environment_id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "AWS's id of the environment: the pair of regions that the clouds have joined.",
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"remote_profile": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Google's id of the environment: the remote transport profile.",
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"pairing": pairingSchema(),
			"cost": values.CostResource("What the link costs. " + values.CostOf + " Known when the link is planned, so that a plan shows what a change of `bandwidth` makes of it. " +
				"Prices that change, and another distance tier of AWS, show after a refresh and are never a change to apply."),
		},
	}
}

// unlessImported asks for a replacement where the state knows what it was: of an
// AWS end that was imported alone, neither a name that it is not marked with nor,
// once it is up, the end that issued the key.
func unlessImported() planmodifier.String {
	const says = "A change replaces the link."
	return stringplanmodifier.RequiresReplaceIf(func(_ context.Context, req planmodifier.StringRequest, resp *stringplanmodifier.RequiresReplaceIfFuncResponse) {
		resp.RequiresReplace = !req.StateValue.IsNull()
	}, says, says)
}

func peerSchema() schema.Attribute {
	return schema.SingleNestedAttribute{
		Optional:            true,
		MarkdownDescription: "The other end, where only one of `aws` and `google` is given because the other belongs to another team.",
		Attributes: map[string]schema.Attribute{
			"account": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "AWS account id or Google Cloud project id of the other team. Required where the end given here is the initiator: only this account can redeem the activation key. " +
					"A change then replaces the end.",
				Validators: []validator.String{stringvalidator.LengthBetween(1, 255)},
			},
			"region": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Region of the other end, in its cloud's spelling. Needed where the region of this end is joined with several. " +
					"For an initiator a change replaces the end; for an acceptor the key must come from there, where the cloud says.",
				Validators: []validator.String{values.Matching(anyRegion, `a region, such as "us-east-1" or "us-east4"`)},
			},
			"shared_id": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "The other team's `shared_id`. Where it is given, the activation key must be of that link.",
				Validators:          []validator.String{values.Matching(uuid, "a UUID")},
			},
		},
	}
}

func timeoutText(what, fallback string) string {
	return fmt.Sprintf("Longest time for %s, such as \"30m\" or \"2h\". Default: %s.", what, fallback)
}

// replaced is a plan modifier list for what cannot be changed in place.
func replaced() []planmodifier.String {
	return []planmodifier.String{stringplanmodifier.UseStateForUnknown(), stringplanmodifier.RequiresReplace()}
}

// kept is a computed attribute that does not change while the link lives.
func kept(description string) schema.StringAttribute {
	return schema.StringAttribute{
		Computed: true, MarkdownDescription: description,
		PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
	}
}

func awsSchema() schema.Attribute {
	return schema.SingleNestedAttribute{
		Optional:            true,
		MarkdownDescription: "The AWS end: an AWS Interconnect connection. Left out where it belongs to another team.",
		Attributes: map[string]schema.Attribute{
			"region": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "AWS region, such as `us-east-1`. Default: the provider's. A change replaces the link.",
				Validators:          []validator.String{values.Matching(awsRegion, `an AWS region, such as "us-east-1"`)},
				PlanModifiers:       replaced(),
			},
			"direct_connect_gateway_id": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Id (a UUID) of the Direct Connect gateway that the link attaches to, in the same account. It outlives the link. A change replaces the link.",
				Validators:          []validator.String{values.Matching(uuid, `the UUID of a Direct Connect gateway, such as "5f294f92-bafb-4011-916d-9b0bdexample" has`)},
				PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"tags": schema.MapAttribute{
				ElementType: types.StringType, Optional: true,
				MarkdownDescription: "Tags of the connection. Changed in place; tags of others are left alone.",
				Validators:          []validator.Map{values.Tags()},
			},
			"tags_all": schema.MapAttribute{
				ElementType: types.StringType, Computed: true,
				MarkdownDescription: "`tags` and the provider's `default_tags` together.",
			},
			"connection_id": kept("Id of the connection, such as `mcc-1a2b3c4d`."),
			"arn":           kept("ARN of the connection."),
			"account_id":    kept("AWS account of the connection."),
			"state": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "State in AWS's word: `requested`, `pending`, `available`, `updating`, `down`, `deleting`, `deleted`, `failed`; `absent` when AWS does not know the connection any more.",
			},
			"billing_tier": schema.Int64Attribute{
				Computed:            true,
				MarkdownDescription: "AWS's distance tier, 0 to 8. AWS changes it by itself when routes reach further.",
			},
		},
	}
}

func googleSchema() schema.Attribute {
	fixed := func(description, initial string, allowed ...string) schema.StringAttribute {
		return schema.StringAttribute{
			Optional: true, Computed: true, Default: stringdefault.StaticString(initial),
			MarkdownDescription: description + " A change replaces the link.",
			Validators:          []validator.String{stringvalidator.OneOf(allowed...)},
			PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
		}
	}
	hubOnly := func(description string) schema.BoolAttribute {
		return schema.BoolAttribute{
			Optional: true, Computed: true, Default: booldefault.StaticBool(false),
			MarkdownDescription: description + " Only with `hub`. Default: false. A change replaces the link.",
			PlanModifiers:       []planmodifier.Bool{boolplanmodifier.RequiresReplace()},
		}
	}
	return schema.SingleNestedAttribute{
		Optional:            true,
		MarkdownDescription: "The Google end: a Partner Cross-Cloud Interconnect transport. Left out where it belongs to another team. Exactly one of `network` and `hub` is given.",
		Attributes: map[string]schema.Attribute{
			"project": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "Google Cloud project id. Default: the provider's. A change replaces the link.",
				Validators:          []validator.String{values.Matching(project, `a project id: 6 to 30 lower-case letters, digits and hyphens, beginning with a letter`)},
				PlanModifiers:       replaced(),
			},
			"region": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "Google Cloud region, such as `us-east4`. Default: the provider's. A change replaces the link.",
				Validators:          []validator.String{values.Matching(googleRegion, `a Google Cloud region, such as "us-east4"`)},
				PlanModifiers:       replaced(),
			},
			"network": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "VPC network that the transport serves: its name, `projects/<project>/global/networks/<name>` or its URL. A change replaces the link.",
				Validators: []validator.String{
					values.Matching(resourceName, "the name, full name or URL of a VPC network"),
					stringvalidator.ExactlyOneOf(path.MatchRelative().AtParent().AtName("hub")),
				},
				PlanModifiers: []planmodifier.String{sameResource{}},
			},
			"hub": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Network Connectivity Center hub, in the same project, that the transport joins instead of one network: its name or full name. A change replaces the link.",
				Validators:          []validator.String{values.Matching(resourceName, "the name or full name of a Network Connectivity Center hub")},
				PlanModifiers:       []planmodifier.String{sameResource{}},
			},
			"advertised_routes": schema.SetAttribute{
				ElementType: types.StringType, Optional: true,
				MarkdownDescription: "IPv4 and IPv6 prefixes that Google advertises to AWS, without host bits. AWS takes at most 1,000 of each. Changed in place.",
				Validators:          []validator.Set{setvalidator.SizeBetween(1, 2_000), values.Prefixes()},
			},
			"stack_type":  fixed("`IPV4_ONLY` (default) or `IPV4_IPV6`.", "IPV4_ONLY", "IPV4_ONLY", "IPV4_IPV6"),
			"auto_accept": hubOnly("Accept the peering and the spokes that come with the transport without a further step."),
			"psc_routing": hubOnly("Make a routing VPC spoke on the hub for Private Service Connect."),
			"labels": schema.MapAttribute{
				ElementType: types.StringType, Optional: true,
				MarkdownDescription: "Labels of the transport. Changed in place; labels of others are left alone.",
				Validators:          []validator.Map{values.Labels()},
			},
			"labels_all": schema.MapAttribute{
				ElementType: types.StringType, Computed: true,
				MarkdownDescription: "`labels` and the provider's `default_labels` together.",
			},
			"transport_id": kept("Full name of the transport."),
			"state": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "State in Google's word: `CREATING`, `PENDING_KEY`, `PENDING_CONFIG`, `ACTIVE`, `DELETING`, `DEPROVISIONED`, `SUSPENDED`; `absent` when Google does not know the transport any more.",
			},
			"peering_network": kept("Network that Google made for the link, to be peered with `network`."),
			"mtu_limit": schema.Int64Attribute{
				Computed:            true,
				MarkdownDescription: "Largest packet, in bytes, that the transport carries.",
			},
		},
	}
}

func pairingSchema() schema.Attribute {
	statuses := make([]string, 0, 8)
	for _, s := range link.Statuses(cloudAWS, cloudGoogle) {
		statuses = append(statuses, "`"+string(s)+"`")
	}
	return schema.SingleNestedAttribute{
		Computed:            true,
		MarkdownDescription: "What comparing both ends says.",
		Attributes: map[string]schema.Attribute{
			"status":  schema.StringAttribute{Computed: true, MarkdownDescription: "One of " + strings.Join(statuses, ", ") + "."},
			"summary": schema.StringAttribute{Computed: true, MarkdownDescription: "The status in a sentence that names the end at fault."},
			"differences": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "Fields in which the ends differ.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"field":  schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the field."},
					"aws":    schema.StringAttribute{Computed: true, MarkdownDescription: "Value at the AWS end."},
					"google": schema.StringAttribute{Computed: true, MarkdownDescription: "Value at the Google end."},
				}},
			},
		},
	}
}
