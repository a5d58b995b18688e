package attachment

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	domain "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/attachment"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/values"
)

// Values of wait_for.
const (
	waitAttached = "attached"
	waitAsked    = "asked"
)

// linkName is a transport's full name, a connection's ARN, or its region and id.
const linkName = `(projects/[^/,]+/locations/[^/,]+/transports/[^/,]+|arn:aws[a-z-]*:interconnect:[^:,]+:[0-9]{12}:connection/l?mcc-[a-z0-9]{8}|[a-z0-9-]+/l?mcc-[a-z0-9]{8})`

// Syntax of what users name in the two clouds.
var (
	gatewayID = regexp.MustCompile(`^((vgw|tgw)-([0-9a-f]{8}|[0-9a-f]{17})|core-network-[0-9a-f]{17})$`)
	uuid      = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)
	account   = regexp.MustCompile(`^[0-9]{12}$`)
	// linkID is one of a link's names, or one of each end with a comma between.
	linkID = regexp.MustCompile(`^` + linkName + `(,` + linkName + `)?$`)
)

// Schema is what users write.
func (r *Resource) Schema(ctx context.Context, _ resourceSchemaRequest, resp *resourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Hangs networks on a link, so that routes pass from network to network: on AWS the association of the link's Direct Connect gateway " +
			"with a virtual private gateway, a transit gateway or a Cloud WAN core network; on Google the peering of the link's VPC network with the transport's network, or the spoke on its hub. " +
			"Gateway and networks are looked up from the link.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Identifies the attachment: `<interconnect>/attachments/<name>`. Known at plan where `interconnect` is.",
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"name": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Name of the attachment: the name of the peering on Google, and the mark on AWS. 1 to 63 lower-case letters, digits and hyphens (RFC 1035). A change replaces the attachment.",
				Validators:          []validator.String{values.Name()},
				PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"interconnect": schema.StringAttribute{
				Required: true,
				MarkdownDescription: "The link: `crosscloud_interconnect.<name>.id`. That is the transport's full name; the connection's ARN will do as well. " +
					"A change replaces the attachment.",
				Validators:    []validator.String{values.Matching(linkID, `the id of a crosscloud_interconnect, such as "projects/p/locations/us-east4/transports/ai-pipeline", or the ARN of its connection`)},
				PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"aws":    awsSchema(),
			"google": googleSchema(),
			"wait_for": schema.StringAttribute{
				Optional: true, Computed: true,
				Default: stringdefault.StaticString(waitAttached),
				MarkdownDescription: "How far an apply waits: `attached` (default: both parts stand), or `asked` (where somebody else has to agree, it is enough to have asked: " +
					"another account to the association, Cloud WAN to its attachment, a hub's administrator to the spoke).",
				Validators: []validator.String{stringvalidator.OneOf(waitAttached, waitAsked)},
			},
			"timeouts": timeouts.Attributes(ctx, timeouts.Opts{
				Create: true, Read: true, Update: true, Delete: true,
				CreateDescription: timeoutText("the creation", createTimeout.String()),
				ReadDescription:   timeoutText("reading both parts", readTimeout.String()),
				UpdateDescription: timeoutText("a change", updateTimeout.String()),
				DeleteDescription: timeoutText("the removal of both parts", deleteTimeout.String()),
			}),
			"pairing": pairingSchema(),
		},
	}
}

func timeoutText(what, fallback string) string {
	return fmt.Sprintf("Longest time for %s, such as \"30m\" or \"2h\". Default: %s.", what, fallback)
}

// told is a computed attribute.
func told(description string) schema.StringAttribute {
	return schema.StringAttribute{Computed: true, MarkdownDescription: description}
}

// prefixes is a computed list of prefixes.
func prefixes(description string) schema.ListAttribute {
	return schema.ListAttribute{ElementType: types.StringType, Computed: true, MarkdownDescription: description}
}

func awsSchema() schema.Attribute {
	return schema.SingleNestedAttribute{
		Optional: true,
		MarkdownDescription: "The AWS part: an association of the link's Direct Connect gateway. Leave it out where another team attaches that end. " +
			"To add or remove it later replaces nothing on Google.",
		Attributes: map[string]schema.Attribute{
			"gateway_id": schema.StringAttribute{
				Required: true,
				MarkdownDescription: "What the Direct Connect gateway is associated with: a virtual private gateway (`vgw-…`) that is attached to a VPC, a transit gateway (`tgw-…`), " +
					"or a Cloud WAN core network (`core-network-…`), whose association Cloud WAN makes and which is only waited for. It must be in the link's region. " +
					"Changed in place: the new association is made before the old one is removed, where AWS allows both.",
				Validators: []validator.String{values.Matching(gatewayID, `the id of a virtual private gateway, a transit gateway or a core network, such as "vgw-0123456789abcdef0"`)},
			},
			"gateway_owner_account_id": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "AWS account of `gateway_id` where that is not the link's: the association proposal that this account has made is waited for and accepted.",
				Validators: []validator.String{
					values.Matching(account, "an AWS account id of 12 digits"),
					stringvalidator.ConflictsWith(path.MatchRelative().AtParent().AtName("direct_connect_gateway_owner_account_id")),
				},
			},
			"direct_connect_gateway_id": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "The link's Direct Connect gateway. It is looked up from the link; give it only together with `direct_connect_gateway_owner_account_id`.",
				Validators:          []validator.String{values.Matching(uuid, "the UUID of a Direct Connect gateway")},
			},
			"direct_connect_gateway_owner_account_id": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "AWS account of the link where that is not the account of `gateway_id` and of the credentials: the association is proposed to it, and it has to accept.",
				Validators: []validator.String{
					values.Matching(account, "an AWS account id of 12 digits"),
					stringvalidator.AlsoRequires(path.MatchRelative().AtParent().AtName("direct_connect_gateway_id")),
				},
			},
			"allowed_prefixes": schema.SetAttribute{
				ElementType: types.StringType, Optional: true, Computed: true,
				MarkdownDescription: "Prefixes of the association. Required for a transit gateway: they are what AWS offers to Google. For a virtual private gateway they are a filter: " +
					"the VPC's own prefixes pass where one of these is as wide or wider; without it AWS takes the VPC's. Changed in place.",
				Validators: []validator.Set{setvalidator.SizeBetween(1, 1_000), values.Prefixes()},
			},
			"region":           told("AWS region of the link."),
			"connection_arn":   told("ARN of the link's connection. It carries a tag that says whose the association is. Null where the link is another account's."),
			"association_id":   told("Id of the association, or of the proposal while that waits for an answer."),
			"state":            told("State in AWS's word: `associating`, `associated`, `updating`, `disassociating`; `proposal requested` or `not proposed` while another account has to act; `not attached` while Cloud WAN has to; `absent`."),
			"offered_prefixes": prefixes("Prefixes that AWS offers to Google."),
			"learned_prefixes": prefixes("Prefixes that the network on AWS has learned from Google: those in the VPC's or the transit gateway's route tables. Null where they cannot be seen."),
		},
	}
}

func googleSchema() schema.Attribute {
	routes := func(description string) schema.BoolAttribute {
		return schema.BoolAttribute{
			Optional: true, Computed: true, Default: booldefault.StaticBool(true),
			MarkdownDescription: description + " Default: true. Changed in place.",
		}
	}
	return schema.SingleNestedAttribute{
		Optional: true,
		MarkdownDescription: "The Google part: the peering of the link's network with the network that Google made for the transport. Of a link with a hub, " +
			"it is the transport's spoke, which is only waited for. Leave it out where another team attaches that end; `google = {}` is enough to have it.",
		Attributes: map[string]schema.Attribute{
			"import_custom_routes": routes("Take AWS's prefixes, which come as custom routes, into the network."),
			"export_custom_routes": routes("Let the transport see the network's custom routes."),
			"project":              told("Google Cloud project of the link."),
			"region":               told("Google Cloud region of the link."),
			"network":              told("VPC network that is peered: the link's."),
			"hub":                  told("Hub that the transport is a spoke of: the link's."),
			"peering_network":      told("Network of the transport, with which the peering is."),
			"stack_type":           told("Stack type of the peering: the transport's."),
			"attachment_id":        told("Identifies the part: `projects/<project>/global/networks/<network>/peerings/<name>`, or the spoke's full name."),
			"state":                told("State in Google's word: `ACTIVE`, `INACTIVE`; `absent`."),
			"state_details":        told("What Google says about the state."),
			"mtu": schema.Int64Attribute{
				Computed:            true,
				MarkdownDescription: "Largest packet of the VPC network, in bytes. AWS carries 8500.",
			},
			"offered_prefixes": prefixes("Prefixes that Google offers to AWS: the link's `advertised_routes`."),
			"learned_prefixes": prefixes("Prefixes that the network on Google has learned from AWS, in the link's region. Null where they cannot be seen."),
		},
	}
}

func pairingSchema() schema.Attribute {
	var statuses []string
	for _, s := range domain.Statuses() {
		statuses = append(statuses, "`"+string(s)+"`")
	}
	return schema.SingleNestedAttribute{
		Computed:            true,
		MarkdownDescription: "What comparing both ends says.",
		Attributes: map[string]schema.Attribute{
			"status":  told("One of " + strings.Join(statuses, ", ") + "."),
			"summary": told("The status in a sentence that names the end at fault."),
			"prefixes": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "Every prefix that an end offers.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"prefix":     told("The prefix."),
					"offered_by": told("`aws` or `google`."),
					"learned":    schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the other end has it; null where that cannot be seen."},
				}},
			},
		},
	}
}

// IdentitySchema is what identifies an attachment.
func (r *Resource) IdentitySchema(_ context.Context, _ resourceIdentityRequest, resp *resourceIdentityResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"interconnect": identityschema.StringAttribute{RequiredForImport: true, Description: "The link: the transport's full name, or the connection's ARN."},
		"name":         identityschema.StringAttribute{RequiredForImport: true, Description: "Name of the attachment."},
	}}
}
