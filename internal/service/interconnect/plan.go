package interconnect

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

// ModifyPlan makes the plan exact: defaults that the provider configuration
// gives, nothing unknown that will not change, repair of what drifted, and the
// checks that can be made before anything is spent.
func (r *Resource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		r.planDestroy(ctx, req, resp)
		return
	}
	var plan, config model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() || plan.AWS == nil && plan.Google == nil {
		return
	}
	resp.Diagnostics.Append(r.planDefaults(ctx, &plan, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if req.State.Raw.IsNull() {
		resp.Diagnostics.Append(r.planCreate(ctx, &plan, &config)...)
		plan.price(types.Int64Null())
	} else {
		var state model
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
		if state.halved() {
			resp.Diagnostics.Append(unread())
		}
		if resp.Diagnostics.HasError() {
			return
		}
		note, diags := req.Private.GetKey(ctx, strayKey)
		resp.Diagnostics.Append(diags...)
		r.planUpdate(ctx, &plan, &config, &state, isStray(note), resp)
		plan.planCost(&state)
	}
	resp.Diagnostics.Append(r.claimBandwidth(&plan, &config)...)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)
	}
}

// planDestroy refuses to plan the end of a protected link, and tells what becomes
// of an end that belongs to another team.
func (r *Resource) planDestroy(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if r.Accounts != nil {
		r.Accounts.Claims.Release(state.claim(), state.names()...)
	}
	switch {
	case resp.Diagnostics.HasError():
	case state.halved():
		resp.Diagnostics.Append(unread())
	case state.DeletionProtection.ValueBool():
		resp.Diagnostics.Append(protectedError("destroyed"))
	case state.alone() != "":
		resp.Diagnostics.Append(leftBehind(&state))
	}
}

func protectedError(what string) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("deletion_protection"), "The link is protected",
		fmt.Sprintf("The plan would have the link %s, and deletion_protection is true.\n\nWhat exists now: The link is as it was.\n\nWhat to do: Set deletion_protection to false and apply, then plan again.", what))
}

// planCreate checks a link that does not exist, and fills in what the checks
// tell.
func (r *Resource) planCreate(ctx context.Context, plan, config *model) diag.Diagnostics {
	if plan.accepts() && config.ActivationKey.IsNull() {
		return diag.Diagnostics{missingKey()}
	}
	if r.Accounts == nil || !plan.checkable() {
		return nil
	}
	found, diags := r.check(ctx, plan, config.key(), true)
	if diags.HasError() {
		return diags
	}
	plan.adoptTerms(found)
	if config.Bandwidth.IsUnknown() {
		// It is given, only not yet known: no default takes its place.
		plan.Bandwidth = config.Bandwidth
	}
	if plan.proposes() && plan.WaitFor.ValueString() != string(link.Requested) {
		diags.Append(waitWarning(plan))
	}
	if plan.Google != nil && plan.Google.AdvertisedRoutes.IsNull() && !plan.Google.Network.IsNull() {
		diags.AddAttributeWarning(path.Root("google").AtName("advertised_routes"), "Google advertises nothing to AWS",
			"Without advertised_routes AWS learns no prefix of the network, and nothing on AWS can reach it.\n\n"+
				"What to do: Name the prefixes of the subnets that AWS is to reach; auto-mode networks use 10.128.0.0/9.")
	}
	return diags
}

// planUpdate plans a change of a link that exists. It starts from the state, so
// that nothing is unknown but what an apply will change. stray says that an
// end is to be mended in what no attribute shows.
func (r *Resource) planUpdate(ctx context.Context, plan, config, state *model, stray bool, resp *resource.ModifyPlanResponse) {
	plan.keepComputed(state, config)
	strays := plan.strays(state)
	resp.RequiresReplace = append(resp.RequiresReplace, strays...)
	replaced := len(strays) > 0 || plan.replaces(state)
	if !replaced && state.status() == link.Broken && (!plan.accepts() || renewed(config.key(), state)) {
		replaced = true
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root("pairing"))
		resp.Diagnostics.AddWarning("The link is to be replaced", summaryOf(state)+
			"\n\nAn end that failed or lost its partner cannot be joined again, so the plan removes what is left of the link and makes a new one.")
	}
	if replaced {
		r.planReplace(ctx, plan, config, state, resp)
		return
	}
	if !plan.differs(state) && (!state.needsRepair(plan) || state.leavesAlone(config)) && !stray {
		return
	}
	plan.expectMore()
	if plan.Bandwidth.Speed() != state.Bandwidth.Speed() && plan.checkable() && r.Accounts != nil {
		_, diags := r.check(ctx, plan, activation.Key{}, false)
		resp.Diagnostics.Append(diags...)
	}
}
