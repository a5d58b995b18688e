package attachpoint

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/noun"
)

// TypeName is what users write.
const TypeName = "crosscloud_attach_points"

// atOnce is how many environments are asked at the same time.
const atOnce = 8

var _ datasource.DataSourceWithConfigure = (*DataSource)(nil)

// DataSource is crosscloud_attach_points.
type DataSource struct{ noun.DataSource }

// NewDataSource makes the data source.
func NewDataSource() datasource.DataSource {
	return &DataSource{noun.DataSource{Type: TypeName}}
}

// model is the data source as Terraform holds it.
type model struct {
	AWSRegion     types.String   `tfsdk:"aws_region"`
	GoogleRegion  types.String   `tfsdk:"google_region"`
	EnvironmentID types.String   `tfsdk:"environment_id"`
	ID            types.String   `tfsdk:"id"`
	Name          types.String   `tfsdk:"name"`
	NamePrefix    types.String   `tfsdk:"name_prefix"`
	Type          types.String   `tfsdk:"type"`
	AttachPoints  []attachPoint  `tfsdk:"attach_points"`
	IDs           []types.String `tfsdk:"ids"`
}

// attachPoint is one attach point.
type attachPoint struct {
	ID             types.String   `tfsdk:"id"`
	Name           types.String   `tfsdk:"name"`
	Type           types.String   `tfsdk:"type"`
	EnvironmentIDs []types.String `tfsdk:"environment_ids"`
}

// Read asks each environment of the region for its attach points.
func (d *DataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m model
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if err := d.read(ctx, &m); err != nil {
		resp.Diagnostics.Append(service.Diagnose("The attach points cannot be read", service.Located(err, map[string]string{"AWS region": ".aws_region"})))
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

// offered is an attach point that an environment takes.
type offered struct {
	awsend.AttachPoint
	environment string
}

// read lists the attach points of the environments that are asked for.
func (d *DataSource) read(ctx context.Context, m *model) error {
	amazon, err := d.Accounts.AWS(ctx)
	if err != nil {
		return err
	}
	region := cmp.Or(m.AWSRegion.ValueString(), amazon.Region())
	environments, err := d.environments(ctx, amazon, region, m)
	if err != nil {
		return err
	}
	found, err := cloud.InAll(environments, atOnce, func(e string) ([]offered, error) {
		points, err := amazon.AttachPoints(ctx, region, e)
		all := make([]offered, len(points))
		for i, p := range points {
			all[i] = offered{p, e}
		}
		return all, err
	})
	if err != nil {
		return err
	}
	m.AWSRegion = types.StringValue(region)
	m.fill(found)
	return nil
}

// environments are the ids of the environments that are asked for.
func (d *DataSource) environments(ctx context.Context, amazon *awsend.Account, region string, m *model) ([]string, error) {
	if !m.EnvironmentID.IsNull() {
		return []string{m.EnvironmentID.ValueString()}, nil
	}
	all, err := amazon.Environments(ctx, region)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, e := range all {
		if e.Google() && (m.GoogleRegion.IsNull() || e.PeerRegion == m.GoogleRegion.ValueString()) {
			ids = append(ids, e.ID)
		}
	}
	return ids, nil
}

// fill puts the attach points into the model, each once, by name.
func (m *model) fill(found []offered) {
	at := map[string]int{}
	m.AttachPoints, m.IDs = []attachPoint{}, []types.String{}
	for _, o := range found {
		if !m.matches(o.AttachPoint) {
			continue
		}
		i, known := at[o.ID]
		if !known {
			i = len(m.AttachPoints)
			at[o.ID] = i
			m.AttachPoints = append(m.AttachPoints, attachPoint{
				ID: types.StringValue(o.ID), Name: types.StringValue(o.Name), Type: types.StringValue(o.Type),
			})
		}
		p := &m.AttachPoints[i]
		p.EnvironmentIDs = append(p.EnvironmentIDs, types.StringValue(o.environment))
	}
	slices.SortStableFunc(m.AttachPoints, func(a, b attachPoint) int {
		return cmp.Or(cmp.Compare(a.Name.ValueString(), b.Name.ValueString()), cmp.Compare(a.ID.ValueString(), b.ID.ValueString()))
	})
	for i := range m.AttachPoints {
		p := &m.AttachPoints[i]
		slices.SortFunc(p.EnvironmentIDs, func(a, b types.String) int { return cmp.Compare(a.ValueString(), b.ValueString()) })
		m.IDs = append(m.IDs, p.ID)
	}
}

// matches holds an attach point against the filters that are given.
func (m *model) matches(p awsend.AttachPoint) bool {
	return (m.ID.IsNull() || strings.EqualFold(p.ID, m.ID.ValueString())) &&
		(m.Name.IsNull() || p.Name == m.Name.ValueString()) &&
		strings.HasPrefix(p.Name, m.NamePrefix.ValueString()) &&
		(m.Type.IsNull() || p.Type == m.Type.ValueString())
}
