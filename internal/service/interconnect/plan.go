package interconnect

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/values"
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
	if resp.Diagnostics.HasError() || plan.AWS == nil || plan.Google == nil {
		return
	}
	resp.Diagnostics.Append(r.planDefaults(ctx, &plan, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if req.State.Raw.IsNull() {
		resp.Diagnostics.Append(r.planCreate(ctx, &plan)...)
	} else {
		var state model
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
		if state.halved() {
			resp.Diagnostics.Append(unread())
		}
		if resp.Diagnostics.HasError() {
			return
		}
		r.planUpdate(ctx, &plan, &config, &state, resp)
	}
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)
	}
}

// planDestroy refuses to plan the end of a protected link.
func (r *Resource) planDestroy(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	switch {
	case resp.Diagnostics.HasError():
	case state.halved():
		resp.Diagnostics.Append(unread())
	case state.DeletionProtection.ValueBool():
		resp.Diagnostics.Append(protectedError("destroyed"))
	}
}

func protectedError(what string) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("deletion_protection"), "The link is protected",
		fmt.Sprintf("The plan would have the link %s, and deletion_protection is true.\n\nWhat exists now: The link is as it was.\n\nWhat to do: Set deletion_protection to false and apply, then plan again.", what))
}

// planDefaults fills what the provider configuration gives.
func (r *Resource) planDefaults(ctx context.Context, plan, config *model) diag.Diagnostics {
	var diags diag.Diagnostics
	if config.Description.IsNull() {
		plan.Description = plan.Name
	}
	if r.accounts == nil {
		return diags
	}
	var region, project, place string
	if needs(config.AWS.Region) {
		if a, err := r.accounts.AWS(ctx); err == nil {
			region = a.Region()
		}
		fill(&diags, &plan.AWS.Region, region, path.Root("aws").AtName("region"), "an AWS region",
			"Set it here, as region in the provider's aws block, in AWS_REGION, or in the AWS profile.")
	}
	if needs(config.Google.Project) || needs(config.Google.Region) {
		if g, err := r.accounts.Google(ctx); err == nil {
			project, place = g.Project(), g.Region()
		}
	}
	if needs(config.Google.Project) {
		fill(&diags, &plan.Google.Project, project, path.Root("google").AtName("project"), "a Google Cloud project",
			"Set it here, as project in the provider's google block, or in GOOGLE_PROJECT.")
	}
	if needs(config.Google.Region) {
		fill(&diags, &plan.Google.Region, place, path.Root("google").AtName("region"), "a Google Cloud region",
			"Set it here, as region in the provider's google block, or in GOOGLE_REGION.")
	}
	plan.AWS.TagsAll = merged(r.accounts.DefaultTags, plan.AWS.Tags)
	plan.Google.LabelsAll = merged(r.accounts.DefaultLabels, plan.Google.Labels)
	if known(plan.Google.Project, plan.Google.Region, plan.Name) {
		plan.ID = types.StringValue(plan.transportName())
	}
	return diags
}

// needs says that a place is left to the provider configuration.
func needs(v types.String) bool { return v.IsNull() }

// fill sets a place from the provider configuration, or says how to give one.
func fill(diags *diag.Diagnostics, v *types.String, fallback string, at path.Path, what, remedy string) {
	if fallback == "" {
		diags.AddAttributeError(at, "Missing "+at.String(), fmt.Sprintf("The link needs %s.\n\nWhat to do: %s", what, remedy))
		return
	}
	*v = types.StringValue(fallback)
}

// merged is the defaults with the user's on top; unknown while the user's are.
func merged(defaults map[string]string, own types.Map) types.Map {
	if own.IsUnknown() {
		return types.MapUnknown(types.StringType)
	}
	for _, v := range own.Elements() {
		if v.IsUnknown() {
			return types.MapUnknown(types.StringType)
		}
	}
	all := maps.Clone(defaults)
	if all == nil {
		all = map[string]string{}
	}
	maps.Copy(all, claimed(own))
	return toMap(all)
}

// known says that all values are known and set.
func known(vs ...types.String) bool {
	return !slices.ContainsFunc(vs, func(v types.String) bool { return v.IsUnknown() || v.IsNull() })
}

// checkable says that enough is known to ask the clouds: where both ends are.
// What else is unknown is checked before the creation.
func (m *model) checkable() bool {
	return known(m.Name, m.AWS.Region, m.Google.Project, m.Google.Region)
}

// planCreate checks a link that does not exist, and fills in what the checks
// tell.
func (r *Resource) planCreate(ctx context.Context, plan *model) diag.Diagnostics {
	if r.accounts == nil || !plan.checkable() {
		return nil
	}
	found, diags := r.check(ctx, plan, true)
	if diags.HasError() {
		return diags
	}
	plan.adoptTerms(found)
	if plan.Google.AdvertisedRoutes.IsNull() && !plan.Google.Network.IsNull() {
		diags.AddAttributeWarning(path.Root("google").AtName("advertised_routes"), "Google advertises nothing to AWS",
			"Without advertised_routes AWS learns no prefix of the network, and nothing on AWS can reach it.\n\n"+
				"What to do: Name the prefixes of the subnets that AWS is to reach; auto-mode networks use 10.128.0.0/9.")
	}
	return diags
}

// check runs the preflight and turns what it found into diagnostics. A check
// that passed a moment ago is not made again.
func (r *Resource) check(ctx context.Context, m *model, creating bool) (link.Preflight, diag.Diagnostics) {
	var diags diag.Diagnostics
	key := checkKey(m, creating)
	if c, ok := r.checks.get(key); ok {
		return c.found, c.diags
	}
	l, err := toLink(ctx, r.accounts, m, nil)
	if err != nil {
		diags.Append(service.Diagnose("The clouds cannot be reached", err))
		return link.Preflight{}, diags
	}
	found, err := r.driver(nil).Check(ctx, l, m.want(), creating)
	if err != nil {
		diags.Append(service.Diagnose("The link cannot be checked", err))
		return found, diags
	}
	diags = service.Findings(found.Findings)
	if !diags.HasError() {
		r.checks.put(key, checked{time.Now(), found, diags})
	}
	return found, diags
}

// adoptTerms fills in what a check has told: the environment on both ends, the
// account, and the smallest bandwidth that both sell where none is given.
func (m *model) adoptTerms(p link.Preflight) {
	aws, google := m.side(cloudAWS), m.side(cloudGoogle)
	for value, says := range map[*types.String]string{
		&m.EnvironmentID: p.Terms[aws].Environment,
		&m.RemoteProfile: lastPart(p.Terms[google].Environment),
		&m.AWS.AccountID: p.Sites[aws].Account,
	} {
		if value.IsUnknown() && says != "" {
			*value = types.StringValue(says)
		}
	}
	if m.Bandwidth.IsUnknown() && len(p.Tiers) > 0 {
		m.Bandwidth = values.NewBandwidth(p.Tiers[0])
	}
}

// planUpdate plans a change of a link that exists. It starts from the state, so
// that nothing is unknown but what an apply will change.
func (r *Resource) planUpdate(ctx context.Context, plan, config, state *model, resp *resource.ModifyPlanResponse) {
	plan.keepComputed(state, config)
	replaced := plan.replaces(state)
	if replaced {
		plan.forgetEverything()
	} else if state.status() == link.Broken {
		replaced = true
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root("pairing"))
		resp.Diagnostics.AddWarning("The link is to be replaced", summaryOf(state)+
			"\n\nAn end that failed or lost its partner cannot be joined again, so the plan removes what is left of the link and makes a new one.")
		plan.forgetEverything()
	}
	if replaced {
		if state.DeletionProtection.ValueBool() {
			resp.Diagnostics.Append(protectedError("replaced"))
		}
		return
	}
	if !plan.differs(state) && !state.needsRepair(plan) {
		return
	}
	plan.AWS.State, plan.Google.State = types.StringUnknown(), types.StringUnknown()
	plan.AWS.BillingTier, plan.Google.MTULimit = types.Int64Unknown(), types.Int64Unknown()
	plan.Pairing = types.ObjectUnknown(pairingType().AttrTypes)
	// What the state has not is what the link, when it was last looked at, was
	// not far enough to say.
	for _, v := range []*types.String{
		&plan.SharedID, &plan.EnvironmentID, &plan.RemoteProfile, &plan.AWS.ConnectionID, &plan.AWS.ARN, &plan.AWS.AccountID,
		&plan.Google.TransportID, &plan.Google.PeeringNetwork,
	} {
		if v.IsNull() {
			*v = types.StringUnknown()
		}
	}
	if plan.Bandwidth.Speed() != state.Bandwidth.Speed() && plan.checkable() && r.accounts != nil {
		_, diags := r.check(ctx, plan, false)
		resp.Diagnostics.Append(diags...)
	}
}

// keepComputed takes over from the state all that the user does not write, and
// the state's spelling of what means the same.
func (m *model) keepComputed(state, config *model) {
	m.ID, m.SharedID, m.EnvironmentID, m.RemoteProfile, m.Pairing = state.ID, state.SharedID, state.EnvironmentID, state.RemoteProfile, state.Pairing
	if config.Bandwidth.IsNull() || m.Bandwidth.Speed() == state.Bandwidth.Speed() && m.Bandwidth.Speed() != 0 {
		m.Bandwidth = state.Bandwidth
	}
	a, sa := m.AWS, state.AWS
	a.ConnectionID, a.ARN, a.AccountID, a.State, a.BillingTier = sa.ConnectionID, sa.ARN, sa.AccountID, sa.State, sa.BillingTier
	g, sg := m.Google, state.Google
	g.TransportID, g.State, g.PeeringNetwork, g.MTULimit = sg.TransportID, sg.State, sg.PeeringNetwork, sg.MTULimit
	if !g.AdvertisedRoutes.IsUnknown() && slices.Equal(canonical(texts(g.AdvertisedRoutes)), canonical(texts(sg.AdvertisedRoutes))) &&
		g.AdvertisedRoutes.IsNull() == sg.AdvertisedRoutes.IsNull() {
		g.AdvertisedRoutes = sg.AdvertisedRoutes
	}
}

// forgetEverything marks unknown what a new link will have of its own.
func (m *model) forgetEverything() {
	m.SharedID, m.EnvironmentID, m.RemoteProfile = types.StringUnknown(), types.StringUnknown(), types.StringUnknown()
	m.Pairing = types.ObjectUnknown(pairingType().AttrTypes)
	m.AWS.ConnectionID, m.AWS.ARN, m.AWS.AccountID, m.AWS.State = types.StringUnknown(), types.StringUnknown(), types.StringUnknown(), types.StringUnknown()
	m.AWS.BillingTier, m.Google.MTULimit = types.Int64Unknown(), types.Int64Unknown()
	m.Google.TransportID, m.Google.State, m.Google.PeeringNetwork = types.StringUnknown(), types.StringUnknown(), types.StringUnknown()
	m.ID = types.StringUnknown()
	if known(m.Google.Project, m.Google.Region, m.Name) {
		m.ID = types.StringValue(m.transportName())
	}
}

// replaces says that the plan changes what cannot be changed in place: what the
// schema marks so.
func (m *model) replaces(state *model) bool {
	a, sa, g, sg := m.AWS, state.AWS, m.Google, state.Google
	return !m.Name.Equal(state.Name) || !m.Initiator.Equal(state.Initiator) ||
		!a.Region.Equal(sa.Region) || !a.GatewayID.Equal(sa.GatewayID) ||
		!g.Project.Equal(sg.Project) || !g.Region.Equal(sg.Region) || !g.Network.Equal(sg.Network) || !g.Hub.Equal(sg.Hub) ||
		!g.StackType.Equal(sg.StackType) || !g.AutoAccept.Equal(sg.AutoAccept) || !g.PSCRouting.Equal(sg.PSCRouting)
}

// differs says that an apply would have something to tell the clouds.
func (m *model) differs(state *model) bool {
	return !m.Description.Equal(state.Description) || !m.Bandwidth.Equal(state.Bandwidth) ||
		!m.AWS.TagsAll.Equal(state.AWS.TagsAll) || !m.Google.LabelsAll.Equal(state.Google.LabelsAll) ||
		!m.Google.AdvertisedRoutes.Equal(state.Google.AdvertisedRoutes)
}

// needsRepair says that the link is not as far as it is to come, or that its
// ends differ. A link that is down cannot be repaired from here.
func (m *model) needsRepair(plan *model) bool {
	until := link.Milestone(plan.WaitFor.ValueString())
	switch m.status() {
	case link.Diverged:
		return true
	case link.Provisioning:
		return until == link.Available
	case link.StatusAwaiting(cloudAWS), link.StatusAwaiting(cloudGoogle):
		return true
	}
	return false
}

// summaryOf is the pairing's summary.
func summaryOf(m *model) string {
	s, _ := m.Pairing.Attributes()["summary"].(types.String)
	return s.ValueString()
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
	case known(req.ConfigValue, req.StateValue) && sameName(req.ConfigValue.ValueString(), req.StateValue.ValueString()):
		resp.PlanValue = req.StateValue
	default:
		resp.RequiresReplace = true
	}
}
