package attachment

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

var _ resource.ResourceWithValidateConfig = (*Resource)(nil)

// ValidateConfig refuses what no single attribute shows.
func (r *Resource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var c model
	if diags := req.Config.Get(ctx, &c); diags.HasError() {
		// A whole part that is not known yet: there is nothing to compare.
		return
	}
	if c.AWS == nil && c.Google == nil {
		resp.Diagnostics.AddError("Nothing to attach", "An attachment has a part on AWS, on Google, or on both. Give aws, google, or both; google = {} is enough for that end.")
	}
	if a := c.AWS; a != nil {
		at := path.Root("aws")
		if strings.HasPrefix(a.GatewayID.ValueString(), "tgw-") && a.Allowed.IsNull() {
			resp.Diagnostics.AddAttributeError(at.AtName("allowed_prefixes"), "A transit gateway needs allowed_prefixes",
				"They are what AWS offers to Google: without them AWS refuses the association, or offers nothing. Name the prefixes of the VPCs behind the transit gateway.")
		}
		if strings.HasPrefix(a.GatewayID.ValueString(), "core-network-") && !a.Allowed.IsNull() {
			resp.Diagnostics.AddAttributeError(at.AtName("allowed_prefixes"), "Not for a core network",
				"What a core network offers follows from its policy and its segments. Leave allowed_prefixes out.")
		}
		if !a.DXGatewayID.IsNull() && a.DXGatewayOwner.IsNull() {
			resp.Diagnostics.AddAttributeError(at.AtName("direct_connect_gateway_id"), "Only for another account's gateway",
				"The link's own Direct Connect gateway is looked up from the link. Leave direct_connect_gateway_id out, or give direct_connect_gateway_owner_account_id too.")
		}
	}
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
