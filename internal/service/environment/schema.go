package environment

import (
	"context"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/values"
)

// Schema is what users write.
func (d *DataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The pairs of regions that AWS and Google have joined: what both clouds say of each, side by side, and the bandwidths that both sell.",
		Attributes: map[string]schema.Attribute{
			"project": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Google Cloud project to ask as. Default: the provider's.",
				Validators:          []validator.String{values.Matching(regexp.MustCompile(`^([a-z0-9.-]+:)?[a-z][-a-z0-9]{4,28}[a-z0-9]$`), "a project id")},
			},
			"aws_region": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Only environments of this AWS region.",
				Validators:          []validator.String{values.Matching(regexp.MustCompile(`^[a-z]{2}(-[a-z]+)+-[0-9]{1,2}$`), `an AWS region, such as "us-east-1"`)},
			},
			"google_region": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Only environments of this Google Cloud region.",
				Validators:          []validator.String{values.Matching(regexp.MustCompile(`^[a-z]+-[a-z]+[0-9]{1,2}$`), `a Google Cloud region, such as "us-east4"`)},
			},
			"bandwidth": schema.StringAttribute{
				CustomType:          values.BandwidthType{},
				Optional:            true,
				MarkdownDescription: "Only environments in which both clouds sell this bandwidth now.",
			},
			"environments": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The environments, by AWS region and Google region.",
				NestedObject:        schema.NestedAttributeObject{Attributes: environmentAttributes()},
			},
		},
	}
}

func environmentAttributes() map[string]schema.Attribute {
	text := func(description string) schema.StringAttribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: description}
	}
	list := func(description string) schema.ListAttribute {
		return schema.ListAttribute{ElementType: types.StringType, Computed: true, MarkdownDescription: description}
	}
	return map[string]schema.Attribute{
		"aws_region":         text("AWS region."),
		"google_region":      text("Google Cloud region."),
		"environment_id":     text("AWS's id of the environment; null when AWS does not list it."),
		"remote_profile":     text("Google's id of it, the remote transport profile; null when Google does not list it."),
		"aws_state":          text("AWS's word: `available`, `limited` or `unavailable`."),
		"google_order_state": text("Google's word: `OPEN` or `CLOSED`."),
		"open":               schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether a link can be ordered now, as both clouds say."},
		"bandwidths":         list("Bandwidths that both sell now, smallest first."),
		"aws_bandwidths":     list("Bandwidths that AWS sells now."),
		"google_bandwidths":  list("Bandwidths that Google sells."),
		"key_flow":           text("Who may issue the activation key, in Google's word: `INPUT_ONLY` (AWS), `OUTPUT_ONLY` (Google) or `INPUT_OR_OUTPUT` (either)."),
		"sla":                text("Google's service level: `HIGH` is 99.9 %, `MAXIMUM` 99.99 %."),
		"activation_page":    text("Page at the partner that takes activation keys, where AWS names one."),
	}
}
