package routes

import (
	"context"
	"net/netip"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/attachment"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/inventory"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/noun"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/values"
)

// TypeName is what users write.
const TypeName = "crosscloud_routes"

// atOnce is how many links are asked for their routes at the same time.
const atOnce = 4

var _ datasource.DataSourceWithConfigure = (*DataSource)(nil)

// DataSource is crosscloud_routes.
type DataSource struct{ noun.DataSource }

// NewDataSource makes the data source.
func NewDataSource() datasource.DataSource {
	return &DataSource{noun.DataSource{Type: TypeName}}
}

// model is the data source as Terraform holds it.
type model struct {
	Interconnect types.String   `tfsdk:"interconnect"`
	Project      types.String   `tfsdk:"project"`
	AWSRegions   types.Set      `tfsdk:"aws_regions"`
	Name         types.String   `tfsdk:"name"`
	Transport    types.String   `tfsdk:"transport"`
	Network      types.String   `tfsdk:"network"`
	End          types.String   `tfsdk:"end"`
	Direction    types.String   `tfsdk:"direction"`
	Prefix       types.String   `tfsdk:"prefix"`
	Within       types.String   `tfsdk:"within"`
	Covering     types.String   `tfsdk:"covering"`
	Matched      types.Bool     `tfsdk:"matched"`
	Routes       []routeModel   `tfsdk:"routes"`
	Prefixes     []types.String `tfsdk:"prefixes"`
	Notes        []noteModel    `tfsdk:"notes"`
}

// routeModel is one route.
type routeModel struct {
	Interconnect types.String `tfsdk:"interconnect"`
	End          types.String `tfsdk:"end"`
	Direction    types.String `tfsdk:"direction"`
	Prefix       types.String `tfsdk:"prefix"`
	Via          types.String `tfsdk:"via"`
	Matched      types.Bool   `tfsdk:"matched"`
}

// noteModel says why an end does not show all of its routes.
type noteModel struct {
	Interconnect types.String `tfsdk:"interconnect"`
	End          types.String `tfsdk:"end"`
	Via          types.String `tfsdk:"via"`
	Reason       types.String `tfsdk:"reason"`
}

// Read asks both ends of each link for their routes.
func (d *DataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m model
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if err := d.read(ctx, &m); err != nil {
		err = service.Located(err, map[string]string{"AWS region": ".aws_regions", "Google project": ".project"})
		resp.Diagnostics.Append(service.Diagnose("The routes cannot be read", err))
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

// shown is what a link shows.
type shown struct {
	id     string
	routes []attachment.Route
	notes  []inventory.Note
}

// read reads the routes of the links that are asked for.
func (d *DataSource) read(ctx context.Context, m *model) error {
	links, err := d.links(ctx, m)
	if err != nil {
		return err
	}
	all, err := cloud.InAll(links, atOnce, func(s link.Seen) ([]shown, error) {
		routes, notes, err := d.Accounts.Links().Routes(ctx, s)
		return []shown{{inventory.ID(s), routes, notes}}, err
	})
	if err != nil {
		return err
	}
	m.fill(all)
	return nil
}

// links are the links that are asked for.
func (d *DataSource) links(ctx context.Context, m *model) ([]link.Seen, error) {
	clouds := d.Accounts.Links()
	var all []link.Seen
	if m.Interconnect.IsNull() {
		var err error
		all, err = clouds.All(ctx, inventory.Scope{Project: m.Project.ValueString(), AWSRegions: values.Texts(m.AWSRegions)})
		if err != nil {
			return nil, err
		}
	} else {
		one, err := clouds.One(ctx, m.Interconnect.ValueString())
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	filter := inventory.Filter{Name: m.Name.ValueString(), Transport: m.Transport.ValueString(), Network: m.Network.ValueString()}
	return slices.DeleteFunc(all, func(s link.Seen) bool { return !filter.Matches(s) }), nil
}

// fill puts what the links show into the model. Links are in the order of their
// names, and routes in the order of the domain.
func (m *model) fill(all []shown) {
	m.Routes, m.Notes = []routeModel{}, []noteModel{}
	var prefixes []netip.Prefix
	for _, s := range all {
		for _, r := range s.routes {
			if !m.matches(r) {
				continue
			}
			prefixes = append(prefixes, r.Prefix)
			m.Routes = append(m.Routes, routeModel{
				Interconnect: types.StringValue(s.id), End: types.StringValue(r.Cloud), Direction: types.StringValue(string(r.Direction)),
				Prefix: types.StringValue(r.Prefix.String()), Via: types.StringValue(r.Via), Matched: matched(r),
			})
		}
		for _, n := range s.notes {
			if m.End.IsNull() || m.End.ValueString() == n.Cloud {
				via := types.StringValue(n.Via)
				if n.Via == "" {
					via = types.StringNull()
				}
				m.Notes = append(m.Notes, noteModel{
					Interconnect: types.StringValue(s.id), End: types.StringValue(n.Cloud), Via: via, Reason: types.StringValue(n.Why),
				})
			}
		}
	}
	m.Prefixes = []types.String{}
	for _, p := range attachment.Sorted(prefixes) {
		m.Prefixes = append(m.Prefixes, types.StringValue(p.String()))
	}
}

// matched is what the other end says; null where that is not known.
func matched(r attachment.Route) types.Bool {
	if !r.Known {
		return types.BoolNull()
	}
	return types.BoolValue(r.Matched)
}

// matches holds a route against the filters that are given.
func (m *model) matches(r attachment.Route) bool {
	return (m.End.IsNull() || m.End.ValueString() == r.Cloud) &&
		(m.Direction.IsNull() || m.Direction.ValueString() == string(r.Direction)) &&
		(m.Matched.IsNull() || m.Matched.Equal(matched(r))) &&
		among(m.Prefix, func(p netip.Prefix) bool { return p == r.Prefix }) &&
		among(m.Within, func(p netip.Prefix) bool { return covers(p, r.Prefix) }) &&
		among(m.Covering, func(p netip.Prefix) bool { return covers(r.Prefix, p) })
}

// among holds a filter that is a prefix, or an address, which is the prefix of it
// alone. The schema has refused what is neither.
func among(filter types.String, fits func(netip.Prefix) bool) bool {
	if filter.IsNull() {
		return true
	}
	if p, err := netip.ParsePrefix(filter.ValueString()); err == nil {
		return fits(p)
	}
	a, err := netip.ParseAddr(filter.ValueString())
	return err == nil && fits(netip.PrefixFrom(a, a.BitLen()))
}

// covers says that one prefix lies within another.
func covers(wide, narrow netip.Prefix) bool {
	return wide.Bits() <= narrow.Bits() && wide.Overlaps(narrow)
}
