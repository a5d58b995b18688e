package interconnects

import (
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/inventory"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/values"
)

// filter is the filters that are given.
func (m *listModel) filter() inventory.Filter {
	return inventory.Filter{
		Name: m.Name.ValueString(), NamePrefix: m.NamePrefix.ValueString(), Owner: m.Owner.ValueString(), SharedID: m.SharedID.ValueString(),
		AWSRegions: values.Texts(m.AWSRegions), GoogleRegions: values.Texts(m.GoogleRegions), Statuses: values.Texts(m.Statuses), Kinds: values.Texts(m.Kinds),
		Bandwidth: m.Bandwidth.Speed(), GatewayID: m.GatewayID.ValueString(), Tags: wanted(m.Tags),
		Network: m.Network.ValueString(), Hub: m.Hub.ValueString(), Labels: wanted(m.Labels),
	}
}

// wanted is a map of strings.
func wanted(m types.Map) map[string]string {
	out := map[string]string{}
	for k, v := range m.Elements() {
		if s, ok := v.(types.String); ok {
			out[k] = s.ValueString()
		}
	}
	return out
}
