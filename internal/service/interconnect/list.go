package interconnect

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/inventory"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/noun"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/values"
)

var _ list.ListResourceWithConfigure = (*List)(nil)

// List lists links for "terraform query", each with the identity that imports
// it.
type List struct{ Resource }

// NewList makes the list resource.
func NewList() list.ListResource {
	return &List{Resource{Resource: noun.Resource{Type: TypeName}}}
}

// listModel is the configuration of a list block.
type listModel struct {
	Project       types.String `tfsdk:"project"`
	AWSRegions    types.List   `tfsdk:"aws_regions"`
	GoogleRegions types.List   `tfsdk:"google_regions"`
	NamePrefix    types.String `tfsdk:"name_prefix"`
	Owner         types.String `tfsdk:"owner"`
	Statuses      types.List   `tfsdk:"statuses"`
	Kinds         types.List   `tfsdk:"kinds"`
}

// ListResourceConfigSchema is what users write in a list block.
func (l *List) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	some := func(description string, each validator.String) schema.ListAttribute {
		return schema.ListAttribute{
			ElementType: types.StringType, Optional: true, MarkdownDescription: description,
			Validators: []validator.List{listvalidator.SizeAtLeast(1), listvalidator.ValueStringsAre(each)},
		}
	}
	statuses, kinds := make([]string, 0, 8), make([]string, 0, 3)
	for _, s := range link.Statuses(cloudAWS, cloudGoogle) {
		statuses = append(statuses, string(s))
	}
	for _, k := range inventory.Kinds() {
		kinds = append(kinds, string(k))
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Links between AWS and Google Cloud that either cloud lists to these credentials, whoever made them, with the identity that imports them. " +
			"A half-open link or an orphaned end is listed as a link with one end.",
		Attributes: map[string]schema.Attribute{
			"project": schema.StringAttribute{
				Optional: true, MarkdownDescription: "Google Cloud project whose transports are listed. Default: the provider's.",
				Validators: []validator.String{values.Project()},
			},
			"aws_regions":    some("Only links of these AWS regions; only they are asked. Default: every region that Google's locations are joined with.", values.AWSRegion()),
			"google_regions": some("Only links of these Google Cloud regions.", values.GoogleRegion()),
			"name_prefix": schema.StringAttribute{
				Optional: true, MarkdownDescription: "Only links whose name begins so.",
				Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"owner": schema.StringAttribute{
				Optional: true, MarkdownDescription: "Only links that carry the marker of this owner, as `owner` of the provider gives it.",
				Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"statuses": some("Only links whose pairing has one of these statuses: `"+strings.Join(statuses, "`, `")+"`.", stringvalidator.OneOf(statuses...)),
			"kinds":    some("Only links of these kinds: `"+strings.Join(kinds, "`, `")+"`.", stringvalidator.OneOf(kinds...)),
		},
	}
}

// List lists both clouds and hands over each link as an import would find it.
func (l *List) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var m listModel
	if diags := req.Config.Get(ctx, &m); diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	all, err := l.Accounts.Links().All(ctx, inventory.Scope{Project: m.Project.ValueString(), AWSRegions: words(m.AWSRegions)})
	if err != nil {
		stream.Results = list.ListResultsStreamDiagnostics(diag.Diagnostics{service.Diagnose("The links cannot be listed", err)})
		return
	}
	filter := inventory.Filter{
		NamePrefix: m.NamePrefix.ValueString(), Owner: m.Owner.ValueString(), AWSRegions: words(m.AWSRegions),
		GoogleRegions: words(m.GoogleRegions), Statuses: words(m.Statuses), Kinds: words(m.Kinds),
	}
	var results []list.ListResult
	for _, s := range all {
		if int64(len(results)) == req.Limit {
			break
		}
		if filter.Matches(s) {
			results = append(results, l.result(ctx, req, s))
		}
	}
	stream.Results = func(push func(list.ListResult) bool) {
		for _, r := range results {
			if !push(r) {
				return
			}
		}
	}
}

// result is a link as an engine is told of it.
func (l *List) result(ctx context.Context, req list.ListRequest, s link.Seen) list.ListResult {
	result := req.NewListResult(ctx)
	result.DisplayName = s.Name
	found := inventory.Found{AWS: s.View[inventory.SideAWS], Google: s.View[inventory.SideGoogle]}
	for _, o := range []*link.Observation{&found.AWS, &found.Google} {
		if o.ID == "" {
			// As of another team: an end that is not there is not imported.
			*o = link.Observation{State: link.Unseen}
		}
	}
	m, err := l.imported(ctx, found)
	if err != nil {
		result.Diagnostics.Append(service.Diagnose("The link cannot be listed", err))
		return result
	}
	result.Diagnostics.Append(result.Identity.Set(ctx, m.Identity())...)
	if req.IncludeResource {
		result.Diagnostics.Append(result.Resource.Set(ctx, m)...)
	}
	return result
}

// words are the strings of a list.
func words(l types.List) []string {
	var out []string
	for _, v := range l.Elements() {
		if s, ok := v.(types.String); ok {
			out = append(out, s.ValueString())
		}
	}
	return out
}
