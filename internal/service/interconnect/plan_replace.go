package interconnect

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/values"
)

// planReplace plans a new link in the place of the state's.
func (r *Resource) planReplace(ctx context.Context, plan, config, state *model, resp *resource.ModifyPlanResponse) {
	plan.forgetEverything()
	if plan.alone() != state.alone() {
		resp.Diagnostics.Append(handOver())
	}
	if plan.accepts() {
		if config.Bandwidth.IsNull() {
			plan.Bandwidth = values.UnknownBandwidth()
		}
		resp.Diagnostics.Append(r.planKey(ctx, plan, config, state)...)
	}
	if state.DeletionProtection.ValueBool() {
		resp.Diagnostics.Append(protectedError("replaced"))
	} else if state.alone() != "" {
		resp.Diagnostics.Append(leftBehind(state))
	}
}

// planKey checks the key that a new end in the place of the state's is to redeem,
// before the old end is removed.
func (r *Resource) planKey(ctx context.Context, plan, config, state *model) diag.Diagnostics {
	key := config.key()
	switch {
	case config.ActivationKey.IsNull():
		return diag.Diagnostics{missingKey()}
	case key.IsZero() || r.Accounts == nil || !plan.checkable():
		return nil
	}
	l, err := toLink(ctx, r.Accounts, plan, nil)
	if err != nil {
		return diag.Diagnostics{service.Diagnose("The activation key cannot be checked", err)}
	}
	l.Key = key
	if !state.SharedID.IsNull() && !renewed(key, state) {
		return diag.Diagnostics{usedKey(state)}
	}
	offer, err := r.driver(nil).Offer(ctx, l, plan.want())
	if err != nil {
		return diag.Diagnostics{service.Diagnose("The activation key cannot be checked", err)}
	}
	plan.adoptOffer(offer)
	return nil
}

// sameResource replaces the link when another resource is named, and not when
// the same one is spelled in another way.
type sameResource struct{}

var _ planmodifier.String = sameResource{}

// Description of the modifier.
func (sameResource) Description(context.Context) string {
	return "Another resource replaces the link; another spelling does not."
}

// MarkdownDescription of the modifier.
func (s sameResource) MarkdownDescription(ctx context.Context) string { return s.Description(ctx) }

// PlanModifyString keeps the state's spelling or asks for a replacement.
func (sameResource) PlanModifyString(_ context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse) {
	switch {
	case req.State.Raw.IsNull() || req.Plan.Raw.IsNull():
	case req.ConfigValue.IsNull() && req.StateValue.IsNull():
	case values.Known(req.ConfigValue, req.StateValue) && sameName(req.ConfigValue.ValueString(), req.StateValue.ValueString()):
		resp.PlanValue = req.StateValue
	default:
		resp.RequiresReplace = true
	}
}
