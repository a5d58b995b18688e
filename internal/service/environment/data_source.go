package environment

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/googleend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/noun"
)

// TypeName is what users write.
const TypeName = "crosscloud_environments"

var _ datasource.DataSourceWithConfigure = (*DataSource)(nil)

// DataSource is crosscloud_environments.
type DataSource struct{ noun.DataSource }

// NewDataSource makes the data source.
func NewDataSource() datasource.DataSource {
	return &DataSource{noun.DataSource{Type: TypeName}}
}

// Read asks both clouds and joins the answers.
func (d *DataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m model
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	pairs, err := d.pairs(ctx, &m)
	if err != nil {
		resp.Diagnostics.Append(service.Diagnose("The environments cannot be read", located(err)))
		return
	}
	m.Environments = []environmentModel{}
	for _, p := range pairs {
		if wanted := m.Bandwidth.Speed(); wanted == 0 || slices.Contains(p.tiers(), wanted) {
			m.Environments = append(m.Environments, p.toModel())
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

// pairs asks Google first: its locations lead to the AWS regions, and AWS has no
// call that lists the regions of the service.
func (d *DataSource) pairs(ctx context.Context, m *model) ([]pair, error) {
	google, err := d.Accounts.Google(ctx)
	if err != nil {
		return nil, err
	}
	amazon, err := d.Accounts.AWS(ctx)
	if err != nil {
		return nil, err
	}
	project := cmp.Or(m.Project.ValueString(), google.Project())
	if project == "" {
		return nil, &cloud.Error{
			Kind: cloud.Invalid, End: "Google", Field: ".project", Message: "there is no project to ask as",
			Remedy: "Set project here, in the provider's google block, or in GOOGLE_PROJECT.",
		}
	}
	locations := []string{m.GoogleRegion.ValueString()}
	if m.GoogleRegion.IsNull() {
		if locations, err = google.Locations(ctx, project); err != nil {
			return nil, err
		}
	}
	profiles, err := cloud.InAll(locations, atOnce, func(l string) ([]googleend.Profile, error) { return google.Profiles(ctx, project, l) })
	if err != nil {
		return nil, err
	}
	profiles = slices.DeleteFunc(profiles, func(p googleend.Profile) bool {
		return !p.AWS() || !m.AWSRegion.IsNull() && p.Site != m.AWSRegion.ValueString()
	})
	var regions []string
	if !m.AWSRegion.IsNull() {
		regions = append(regions, m.AWSRegion.ValueString())
	}
	for _, p := range profiles {
		regions = append(regions, p.Site)
	}
	slices.Sort(regions)
	environments, err := cloud.InAll(slices.Compact(regions), atOnce, func(r string) ([]awsend.Environment, error) { return amazon.Environments(ctx, r) })
	if err != nil {
		return nil, err
	}
	environments = slices.DeleteFunc(environments, func(e awsend.Environment) bool {
		return !m.GoogleRegion.IsNull() && e.PeerRegion != m.GoogleRegion.ValueString()
	})
	return join(environments, profiles), nil
}

// located turns a field of an end into the argument that it is here.
func located(err error) error {
	e, ok := errors.AsType[*cloud.Error](err)
	if !ok || e.Field != "region" {
		return err
	}
	here := *e
	here.Field = "." + strings.ToLower(e.End) + "_region"
	return &here
}

// atOnce is how many regions are asked at the same time.
const atOnce = 8
