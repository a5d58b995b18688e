package interconnect

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

var _ resource.ResourceWithValidateConfig = (*Resource)(nil)

// ValidateConfig refuses what no single attribute shows.
func (r *Resource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var c model
	if diags := req.Config.Get(ctx, &c); diags.HasError() {
		// A whole end that is not known yet: there is nothing to compare.
		return
	}
	if g := c.Google; g != nil && g.Hub.IsNull() {
		for name, v := range map[string]types.Bool{"auto_accept": g.AutoAccept, "psc_routing": g.PSCRouting} {
			if v.ValueBool() {
				resp.Diagnostics.AddAttributeError(path.Root("google").AtName(name), "Only with a hub",
					name+" applies to a transport that joins a Network Connectivity Center hub. Give hub instead of network, or leave "+name+" out.")
			}
		}
	}
	resp.Diagnostics.Append(validateOneEnded(&c)...)
	resp.Diagnostics.Append(positive(ctx, &c)...)
}

// positive refuses timeouts that have passed before they begin.
func positive(ctx context.Context, c *model) diag.Diagnostics {
	var diags diag.Diagnostics
	for name, get := range map[string]func(context.Context, time.Duration) (time.Duration, diag.Diagnostics){
		"create": c.Timeouts.Create, "read": c.Timeouts.Read, "update": c.Timeouts.Update, "delete": c.Timeouts.Delete,
	} {
		// What is no duration at all, the attribute's own validator refuses.
		if d, ds := get(ctx, time.Minute); !ds.HasError() && d <= 0 {
			diags.AddAttributeError(path.Root("timeouts").AtName(name), "Invalid timeout", fmt.Sprintf("%s is not more than nothing: use a time such as \"30m\".", d))
		}
	}
	return diags
}
