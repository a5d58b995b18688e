package interconnects

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/inventory"
)

// filter is the filters that are given.
func (m *listModel) filter() inventory.Filter {
	return inventory.Filter{
		Name: m.Name.ValueString(), NamePrefix: m.NamePrefix.ValueString(), Owner: m.Owner.ValueString(), SharedID: m.SharedID.ValueString(),
		AWSRegions: texts(m.AWSRegions), GoogleRegions: texts(m.GoogleRegions), Statuses: texts(m.Statuses), Kinds: texts(m.Kinds),
		Bandwidth: m.Bandwidth.Speed(), GatewayID: m.GatewayID.ValueString(), Tags: wanted(m.Tags),
		Network: m.Network.ValueString(), Hub: m.Hub.ValueString(), Labels: wanted(m.Labels),
	}
}

// texts are the strings of a set.
func texts(set types.Set) []string {
	var out []string
	for _, v := range set.Elements() {
		if s, ok := v.(types.String); ok {
			out = append(out, s.ValueString())
		}
	}
	slices.Sort(out)
	return out
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
