package attachment

import (
	"context"
	"errors"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	domain "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/attachment"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/values"
)

// ModifyPlan makes the plan exact: nothing unknown that will not change, repair
// of what drifted, and the checks that can be made before anything is made.
func (r *Resource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		return
	}
	var plan, config model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if values.Known(plan.Interconnect, plan.Name) {
		plan.ID = types.StringValue(attachmentID(plan.Interconnect.ValueString(), plan.Name.ValueString()))
	}
	var state *model
	if !req.State.Raw.IsNull() {
		state = &model{}
		resp.Diagnostics.Append(req.State.Get(ctx, state)...)
		if resp.Diagnostics.HasError() {
			return
		}
	}
	resp.Diagnostics.Append(r.plan(ctx, &plan, &config, state)...)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)
	}
}

// plan fills in the plan. state is nil for an attachment that is to be made.
func (r *Resource) plan(ctx context.Context, plan, config, state *model) diag.Diagnostics {
	replaced := state != nil && (!plan.Name.Equal(state.Name) || !plan.Interconnect.Equal(state.Interconnect))
	if state == nil || replaced {
		return r.check(ctx, plan, nil)
	}
	plan.keepComputed(state, config)
	if !plan.differs(state) && !state.needsRepair(plan) {
		return nil
	}
	plan.forget(state, config)
	return r.check(ctx, plan, state)
}

// check looks up the link and compares the configuration with both clouds. A
// link that does not exist yet, or a gateway that is not known yet, postpones it
// until the apply: then it is made before anything else.
func (r *Resource) check(ctx context.Context, plan, state *model) diag.Diagnostics {
	var diags diag.Diagnostics
	if r.Accounts == nil || !values.Known(plan.Interconnect, plan.Name) {
		return diags
	}
	h, err := findHost(ctx, r.Accounts, plan.Interconnect.ValueString(), plan.AWS != nil, plan.Google != nil)
	if err != nil {
		if _, said := errors.AsType[*cloud.Error](err); said {
			r.Accounts.Tell(service.Checked{Err: err})
			diags.Append(service.Diagnose("The link cannot be looked up", err))
		}
		return diags
	}
	located := plan.clone()
	if err := located.locate(h); err != nil {
		diags.Append(service.Diagnose("The link cannot be looked up", err))
		return diags
	}
	*plan = *located
	if plan.AWS != nil && !values.Known(plan.AWS.GatewayID) {
		return diags
	}
	a, err := toAttachment(ctx, r.Accounts, plan, state, h)
	if err != nil {
		diags.Append(service.Diagnose("The clouds cannot be reached", err))
		return diags
	}
	found, err := r.driver(nil).Check(ctx, a, true)
	if err != nil {
		r.Accounts.Tell(service.Checked{Err: err})
		diags.Append(service.Diagnose("The attachment cannot be checked", err))
		return diags
	}
	r.Accounts.Tell(service.Checked{Looks: found.Looks, Findings: found.Findings})
	return service.Findings(found.Findings)
}

// keepComputed takes over from the state all that the user does not write.
func (m *model) keepComputed(state, config *model) {
	m.ID, m.Pairing = state.ID, state.Pairing
	if a, s := m.AWS, state.AWS; a != nil && s != nil {
		a.Region, a.ConnectionARN, a.AssociationID, a.State, a.Offered, a.Learned = s.Region, s.ConnectionARN, s.AssociationID, s.State, s.Offered, s.Learned
		if config.AWS.DXGatewayID.IsNull() {
			a.DXGatewayID = s.DXGatewayID
		}
		if config.AWS.Allowed.IsNull() || !a.Allowed.IsUnknown() && slices.Equal(canonical(values.Texts(a.Allowed)), canonical(values.Texts(s.Allowed))) {
			a.Allowed = s.Allowed
		}
	}
	if g, s := m.Google, state.Google; g != nil && s != nil {
		given := *g
		*g = *s
		g.Import, g.Export = given.Import, given.Export
	}
}

// forget marks unknown what an apply will change.
func (m *model) forget(state, config *model) {
	m.Pairing = types.ObjectUnknown(pairingType().AttrTypes)
	unknown := types.ListUnknown(types.StringType)
	if a := m.AWS; a != nil {
		a.State, a.AssociationID, a.Offered, a.Learned = types.StringUnknown(), types.StringUnknown(), unknown, unknown
		if config.AWS.Allowed.IsNull() && (state.AWS == nil || !a.GatewayID.Equal(state.AWS.GatewayID)) {
			a.Allowed = types.SetUnknown(types.StringType)
		}
	}
	if g := m.Google; g != nil {
		g.AttachmentID, g.State, g.StateDetails, g.MTU = types.StringUnknown(), types.StringUnknown(), types.StringUnknown(), types.Int64Unknown()
		g.Offered, g.Learned = unknown, unknown
	}
}

// differs says that an apply would have something to tell the clouds.
func (m *model) differs(state *model) bool {
	a, s := m.AWS, state.AWS
	g, t := m.Google, state.Google
	if (a == nil) != (s == nil) || (g == nil) != (t == nil) {
		return true
	}
	if a != nil && (!a.GatewayID.Equal(s.GatewayID) || !a.GatewayOwner.Equal(s.GatewayOwner) || !a.DXGatewayID.Equal(s.DXGatewayID) ||
		!a.DXGatewayOwner.Equal(s.DXGatewayOwner) || !a.Allowed.Equal(s.Allowed)) {
		return true
	}
	return g != nil && (!g.Import.Equal(t.Import) || !g.Export.Equal(t.Export))
}

// needsRepair says that a part is gone, differs, or still has to be agreed to.
// That routes are missing cannot be repaired from here.
func (m *model) needsRepair(plan *model) bool {
	switch m.status() {
	case domain.Lost, domain.Diverged:
		return true
	case domain.Awaiting:
		return plan.WaitFor.ValueString() == waitAttached
	}
	return false
}
