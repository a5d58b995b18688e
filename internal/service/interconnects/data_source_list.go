package interconnects

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/inventory"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/noun"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/values"
)

// ManyTypeName is what users write for all links.
const ManyTypeName = "crosscloud_interconnects"

var _ datasource.DataSourceWithConfigure = (*Many)(nil)

// Many is the data source crosscloud_interconnects.
type Many struct{ noun.DataSource }

// NewMany makes the data source of all links.
func NewMany() datasource.DataSource {
	return &Many{noun.DataSource{Type: ManyTypeName}}
}

// listModel is the data source of all links as Terraform holds it.
type listModel struct {
	Project       types.String     `tfsdk:"project"`
	AWSRegions    types.Set        `tfsdk:"aws_regions"`
	GoogleRegions types.Set        `tfsdk:"google_regions"`
	Name          types.String     `tfsdk:"name"`
	NamePrefix    types.String     `tfsdk:"name_prefix"`
	Owner         types.String     `tfsdk:"owner"`
	SharedID      types.String     `tfsdk:"shared_id"`
	Statuses      types.Set        `tfsdk:"statuses"`
	Kinds         types.Set        `tfsdk:"kinds"`
	Bandwidth     values.Bandwidth `tfsdk:"bandwidth"`
	GatewayID     types.String     `tfsdk:"direct_connect_gateway_id"`
	Tags          types.Map        `tfsdk:"tags"`
	Network       types.String     `tfsdk:"network"`
	Hub           types.String     `tfsdk:"hub"`
	Labels        types.Map        `tfsdk:"labels"`
	IDs           []types.String   `tfsdk:"ids"`
	Interconnects []linkModel      `tfsdk:"interconnects"`
}

// Read lists both clouds and joins what they say.
func (d *Many) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m listModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	all, err := d.Accounts.Links().All(ctx, inventory.Scope{Project: m.Project.ValueString(), AWSRegions: values.Texts(m.AWSRegions)})
	if err != nil {
		resp.Diagnostics.Append(service.Diagnose("The links cannot be listed", located(err)))
		return
	}
	filter := m.filter()
	m.IDs, m.Interconnects = []types.String{}, []linkModel{}
	for _, s := range all {
		if filter.Matches(s) {
			found := toModel(s)
			m.IDs, m.Interconnects = append(m.IDs, found.ID), append(m.Interconnects, found)
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

// located turns a field of an end into the argument that it is here.
func located(err error) error {
	return service.Located(err, map[string]string{"AWS region": ".aws_regions", "Google project": ".project"})
}
