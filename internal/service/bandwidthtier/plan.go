package bandwidthtier

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/inventory"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/values"
)

// freeTier is the bandwidth of AWS's free tier (AWS user guide).
const freeTier = 500 * bandwidth.Mbps

// ModifyPlan makes the plan exact, refuses a link whose bandwidth somebody else
// sets, and checks that both clouds sell the bandwidth.
func (r *Resource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if r.Accounts == nil {
		return
	}
	var plan, state model
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if req.Plan.Raw.IsNull() {
		r.Accounts.Claims.Release(state.claim(), state.Interconnect.ValueString(), state.ID.ValueString())
		return
	}
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() || plan.Interconnect.IsUnknown() {
		return
	}
	resp.Diagnostics.Append(r.claim(&plan, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if req.State.Raw.IsNull() || len(resp.RequiresReplace) > 0 {
		resp.Diagnostics.Append(r.planCreate(ctx, &plan)...)
	} else {
		resp.Diagnostics.Append(r.planUpdate(ctx, &plan, &state)...)
	}
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)
	}
}

// claim refuses a link whose bandwidth another resource of this configuration
// sets.
func (r *Resource) claim(plan, state *model) diag.Diagnostics {
	var diags diag.Diagnostics
	if plan.Bandwidth.IsUnknown() {
		return diags
	}
	if held := r.Accounts.Claims.Bandwidth(plan.claim(), state.claim(), plan.Interconnect.ValueString(), plan.ID.ValueString()); held != nil {
		diags.Append(claimed(*held, plan))
	}
	return diags
}

// claim is the resource's word that it sets the bandwidth.
func (m *model) claim() service.Claim {
	return service.Claim{By: TypeName, Detail: m.Bandwidth.Speed().String()}
}

// claimed says who else sets the bandwidth.
func claimed(held service.Claim, plan *model) diag.Diagnostic {
	if held.By == TypeName {
		return diag.NewAttributeErrorDiagnostic(path.Root("interconnect"), "Two resources set the bandwidth of this link",
			fmt.Sprintf("Two resources %s are about the link %s: one sets %s, the other %s.\n\nAttribute: interconnect\n\n"+
				"What exists now: Nothing was changed.\n\nWhat to do: Leave one of the two.", TypeName, plan.Interconnect.ValueString(), held.Detail, plan.Bandwidth.Speed()))
	}
	return diag.NewAttributeErrorDiagnostic(path.Root("interconnect"), "The link sets its bandwidth itself",
		fmt.Sprintf("%s %q sets bandwidth, and this resource sets it too: they would undo each other's change with every apply.\n\nAttribute: interconnect\n\n"+
			"What exists now: Nothing was changed.\n\nWhat to do: Remove bandwidth from the %[1]s, which then leaves it to this resource, or remove this resource.", held.By, held.Detail))
}

// planCreate looks at the link, if there is one already.
func (r *Resource) planCreate(ctx context.Context, plan *model) diag.Diagnostics {
	var diags diag.Diagnostics
	for _, v := range []*types.String{&plan.ID, &plan.Previous, &plan.SharedID, &plan.ConnectionID, &plan.TransportID, &plan.AWSBandwidth, &plan.GoogleBandwidth} {
		*v = types.StringUnknown()
	}
	plan.unpriced()
	f, err := r.Accounts.Links().Find(ctx, plan.Interconnect.ValueString())
	if _, missing := errors.AsType[*inventory.MissingError](err); missing {
		// The same apply may make it first: creation looks again.
		return diags
	}
	if err != nil {
		diags.Append(atInterconnect(err))
		return diags
	}
	plan.about(f)
	plan.Previous = values.Text(before(f).String())
	plan.price(f)
	if !plan.Bandwidth.IsUnknown() {
		plan.AWSBandwidth, plan.GoogleBandwidth = values.Text(plan.Bandwidth.Speed().String()), values.Text(plan.Bandwidth.Speed().String())
		diags.Append(r.check(ctx, f, plan.Bandwidth.Speed())...)
	}
	return diags
}

// planUpdate plans a change of bandwidth.
func (r *Resource) planUpdate(ctx context.Context, plan, state *model) diag.Diagnostics {
	var diags diag.Diagnostics
	plan.ID, plan.Previous, plan.SharedID, plan.ConnectionID, plan.TransportID = state.ID, state.Previous, state.SharedID, state.ConnectionID, state.TransportID
	plan.AWSBandwidth, plan.GoogleBandwidth = state.AWSBandwidth, state.GoogleBandwidth
	// A price alone is no change to apply.
	plan.Cost, plan.MonthlyChange = state.Cost, state.MonthlyChange
	if plan.Bandwidth.IsUnknown() {
		plan.unpriced()
		plan.AWSBandwidth, plan.GoogleBandwidth = types.StringUnknown(), types.StringUnknown()
		return diags
	}
	if plan.Bandwidth.Speed() == state.Bandwidth.Speed() {
		return diags
	}
	plan.AWSBandwidth, plan.GoogleBandwidth = values.Text(plan.Bandwidth.Speed().String()), values.Text(plan.Bandwidth.Speed().String())
	f, err := r.Accounts.Links().Find(ctx, plan.Interconnect.ValueString())
	if err != nil {
		diags.Append(atInterconnect(err))
		return diags
	}
	plan.price(f)
	diags.Append(r.check(ctx, f, plan.Bandwidth.Speed())...)
	return diags
}

// check compares a bandwidth with what both clouds sell now. The one that the
// link has may have been withdrawn since.
func (r *Resource) check(ctx context.Context, f inventory.Found, b bandwidth.Bandwidth) diag.Diagnostics {
	var diags diag.Diagnostics
	if b == f.AWS.Bandwidth && b == f.Google.Bandwidth {
		return diags
	}
	tiers, err := r.Accounts.Links().Tiers(ctx, f)
	if err != nil {
		diags.Append(diagnose("The bandwidth cannot be checked", err))
		return diags
	}
	if tiers != nil && !slices.Contains(tiers, b) {
		diags.AddAttributeError(path.Root("bandwidth"), "The bandwidth is not sold",
			fmt.Sprintf("%s is not sold at both ends of the link; both sell %s.\n\nAttribute: bandwidth\n\n"+
				"What exists now: The link has %s. Nothing was changed.\n\nWhat to do: Choose a bandwidth that both clouds sell for this environment.", b, bandwidth.List(tiers), f.AWS.Bandwidth))
	}
	if f.AWS.Bandwidth == freeTier {
		diags.AddAttributeWarning(path.Root("bandwidth"), "The link may be in AWS's free tier",
			fmt.Sprintf("The link has %s, which is AWS's free tier for one link in a region with a provider. AWS does not resize such a link and says so only when it is asked to.\n\n"+
				"Attribute: bandwidth\n\nWhat to do: If the apply is refused, make the link anew at %s: give it bandwidth for that, or another name.", freeTier, b))
	}
	return diags
}

// atInterconnect is a diagnostic at the link's name.
func atInterconnect(err error) diag.Diagnostic {
	d := diagnose("The link cannot be read", err)
	if _, alone := errors.AsType[*inventory.AloneError](err); alone {
		return diag.NewAttributeErrorDiagnostic(path.Root("interconnect"), "Only one end of the link is to be seen",
			d.Detail()+"\n\nAttribute: interconnect\n\nWhat exists now: Nothing was changed.\n\n"+
				"What to do: Use credentials that see both ends, because a change is done only when both report it. A half-open link has to be completed first.")
	}
	return diag.NewAttributeErrorDiagnostic(path.Root("interconnect"), d.Summary(), d.Detail())
}
