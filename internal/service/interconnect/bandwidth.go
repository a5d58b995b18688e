package interconnect

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/values"
)

// wanted is want, with the bandwidth only where the configuration sets it. Else
// the plan's is what the link is made with, and no change of anybody's is undone.
func (m *model) wanted(config *model) link.Want {
	w := m.want()
	if config.Bandwidth.IsNull() {
		w.Bandwidth, w.CreateBandwidth = 0, w.Bandwidth
	}
	return w
}

// keepPlanned keeps the bandwidth that the plan told where the configuration
// sets none: an engine takes no other for an answer, and the next refresh shows
// what somebody else has made of it.
func (m *model) keepPlanned(planned values.Bandwidth, config *model) {
	if config.Bandwidth.IsNull() && !planned.IsUnknown() && !planned.IsNull() {
		m.Bandwidth = planned
	}
}

// leavesAlone says that the ends differ in nothing but a bandwidth that the
// configuration does not set, so that there is nothing to repair here.
func (m *model) leavesAlone(config *model) bool {
	if !config.Bandwidth.IsNull() || m.status() != link.Diverged {
		return false
	}
	all, ok := m.Pairing.Attributes()["differences"].(types.List)
	if !ok || len(all.Elements()) == 0 {
		return false
	}
	for _, d := range all.Elements() {
		o, ok := d.(types.Object)
		if !ok || !o.Attributes()["field"].Equal(types.StringValue("bandwidth")) {
			return false
		}
	}
	return true
}

// claimBandwidth claims the link's bandwidth where the configuration sets it,
// and refuses to where another resource does.
func (r *Resource) claimBandwidth(m, config *model) diag.Diagnostics {
	var diags diag.Diagnostics
	if r.Accounts == nil {
		return diags
	}
	if config.Bandwidth.IsNull() {
		r.Accounts.Claims.Release(m.claim(), m.names()...)
		return diags
	}
	if held := r.Accounts.Claims.Bandwidth(m.claim(), service.Claim{}, m.names()...); held != nil {
		diags.AddAttributeError(path.Root("bandwidth"), "Another resource sets the bandwidth of this link",
			fmt.Sprintf("The link %s sets bandwidth, and a %s sets it to %s: they would undo each other's change with every apply.\n\nAttribute: bandwidth\n\n"+
				"What exists now: Nothing was changed.\n\nWhat to do: Remove bandwidth here, which then leaves it to the other resource, or remove that one.", m.Name.ValueString(), held.By, held.Detail))
	}
	return diags
}

// claim is the resource's word that it sets the bandwidth.
func (m *model) claim() service.Claim {
	return service.Claim{By: TypeName, Detail: m.Name.ValueString()}
}

// names are the names that the link goes by, as far as they are known.
func (m *model) names() []string {
	names := []string{m.ID.ValueString()}
	if m.AWS != nil {
		names = append(names, m.AWS.ARN.ValueString())
		if values.Known(m.AWS.Region, m.AWS.ConnectionID) {
			names = append(names, m.AWS.Region.ValueString()+"/"+m.AWS.ConnectionID.ValueString())
		}
	}
	if m.Google != nil {
		names = append(names, m.Google.TransportID.ValueString())
	}
	return names
}
