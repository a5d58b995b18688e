package interconnects

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/inventory"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/noun"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/values"
)

// OneTypeName is what users write for one link.
const OneTypeName = "crosscloud_interconnect"

var _ datasource.DataSourceWithConfigure = (*One)(nil)

// One is the data source crosscloud_interconnect.
type One struct{ noun.DataSource }

// NewOne makes the data source of one link.
func NewOne() datasource.DataSource {
	return &One{noun.DataSource{Type: OneTypeName}}
}

// oneModel is the data source of one link as Terraform holds it.
type oneModel struct {
	linkModel
	Project    types.String `tfsdk:"project"`
	AWSRegions types.Set    `tfsdk:"aws_regions"`
}

// Read finds the link by the name that is given.
func (d *One) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m oneModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	seen, err := d.find(ctx, &m)
	if err != nil {
		resp.Diagnostics.Append(service.Diagnose("The link cannot be read", located(err)))
		return
	}
	asked := m.linkModel
	m.linkModel = toModel(seen)
	// What was asked for is kept as it was written: a data source may not
	// change its arguments.
	for to, from := range map[*types.String]types.String{&m.ID: asked.ID, &m.SharedID: asked.SharedID, &m.Name: asked.Name} {
		if !from.IsNull() {
			*to = from
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

// find finds the link by its id, its shared id or its name.
func (d *One) find(ctx context.Context, m *oneModel) (link.Seen, error) {
	clouds := d.Accounts.Links()
	if !m.ID.IsNull() {
		return clouds.One(ctx, m.ID.ValueString())
	}
	all, err := clouds.All(ctx, inventory.Scope{Project: m.Project.ValueString(), AWSRegions: values.Texts(m.AWSRegions)})
	if err != nil {
		return link.Seen{}, err
	}
	what, filter := "name "+m.Name.ValueString(), inventory.Filter{Name: m.Name.ValueString(), SharedID: m.SharedID.ValueString()}
	if !m.SharedID.IsNull() {
		what = "shared id " + m.SharedID.ValueString()
	}
	var found []link.Seen
	for _, s := range all {
		if filter.Matches(s) {
			found = append(found, s)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return link.Seen{}, &link.Error{
			Summary: "There is no such link", Detail: fmt.Sprintf("Neither AWS nor Google lists a link with the %s among the %d that they list to these credentials.", what, len(all)),
			Remedy: "Look at the data source crosscloud_interconnects without a filter, which shows all that there are; give project and aws_regions where the link is not in the provider's own.",
		}
	}
	ids := make([]string, len(found))
	for i, s := range found {
		ids[i] = toModel(s).ID.ValueString()
	}
	return link.Seen{}, &link.Error{
		Summary: "There are several such links", Detail: fmt.Sprintf("%d links have the %s: %s.", len(found), what, strings.Join(ids, ", ")),
		Remedy: "Name the one that is meant by its id.",
	}
}
