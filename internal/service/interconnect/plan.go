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

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
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
	if resp.Diagnostics.HasError() || plan.AWS == nil && plan.Google == nil {
		return
	}
	resp.Diagnostics.Append(r.planDefaults(ctx, &plan, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if req.State.Raw.IsNull() {
		resp.Diagnostics.Append(r.planCreate(ctx, &plan, &config)...)
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
	if r.accounts != nil {
		r.accounts.Claims.Release(state.claim(), state.names()...)
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

// planDefaults fills what the provider configuration gives.
func (r *Resource) planDefaults(ctx context.Context, plan, config *model) diag.Diagnostics {
	var diags diag.Diagnostics
	if config.Description.IsNull() {
		plan.Description = plan.Name
	}
	if config.WaitFor.IsNull() {
		plan.WaitFor = types.StringValue(string(plan.milestone()))
	}
	if plan.AWS == nil {
		plan.EnvironmentID = types.StringNull()
	}
	if plan.Google == nil {
		plan.RemoteProfile = types.StringNull()
	}
	if r.accounts == nil {
		return diags
	}
	if plan.AWS != nil {
		diags.Append(r.planAWS(ctx, plan.AWS, config.AWS)...)
	}
	if plan.Google != nil {
		diags.Append(r.planGoogle(ctx, plan.Google, config.Google)...)
		plan.ID = plan.linkID()
	}
	return diags
}

// planAWS fills what the provider configuration gives to the AWS end.
func (r *Resource) planAWS(ctx context.Context, plan, config *awsModel) diag.Diagnostics {
	var diags diag.Diagnostics
	if needs(config.Region) {
		var region string
		if a, err := r.accounts.AWS(ctx); err == nil {
			region = a.Region()
		}
		fill(&diags, &plan.Region, region, path.Root("aws").AtName("region"), "an AWS region",
			"Set it here, as region in the provider's aws block, in AWS_REGION, or in the AWS profile.")
	}
	plan.TagsAll = merged(r.accounts.DefaultTags, plan.Tags)
	return diags
}

// planGoogle fills what the provider configuration gives to the Google end.
func (r *Resource) planGoogle(ctx context.Context, plan, config *googleModel) diag.Diagnostics {
	var diags diag.Diagnostics
	var project, region string
	if needs(config.Project) || needs(config.Region) {
		if g, err := r.accounts.Google(ctx); err == nil {
			project, region = g.Project(), g.Region()
		}
	}
	if needs(config.Project) {
		fill(&diags, &plan.Project, project, path.Root("google").AtName("project"), "a Google Cloud project",
			"Set it here, as project in the provider's google block, or in GOOGLE_PROJECT.")
	}
	if needs(config.Region) {
		fill(&diags, &plan.Region, region, path.Root("google").AtName("region"), "a Google Cloud region",
			"Set it here, as region in the provider's google block, or in GOOGLE_REGION.")
	}
	plan.LabelsAll = merged(r.accounts.DefaultLabels, plan.Labels)
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
	return known(m.Name) && (m.AWS == nil || known(m.AWS.Region)) && (m.Google == nil || known(m.Google.Project, m.Google.Region))
}

// planCreate checks a link that does not exist, and fills in what the checks
// tell.
func (r *Resource) planCreate(ctx context.Context, plan, config *model) diag.Diagnostics {
	if plan.accepts() && config.ActivationKey.IsNull() {
		return diag.Diagnostics{missingKey()}
	}
	if r.accounts == nil || !plan.checkable() {
		return nil
	}
	found, diags := r.check(ctx, plan, config.key(), true)
	if diags.HasError() {
		return diags
	}
	plan.adoptTerms(found)
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

// check runs the preflight and turns what it found into diagnostics. A check
// that passed a moment ago is not made again.
func (r *Resource) check(ctx context.Context, m *model, key activation.Key, creating bool) (link.Preflight, diag.Diagnostics) {
	var diags diag.Diagnostics
	same := checkKey(m, key, creating)
	if c, ok := r.checks.get(same); ok {
		return c.found, c.diags
	}
	l, err := toLink(ctx, r.accounts, m, nil)
	if err != nil {
		diags.Append(service.Diagnose("The clouds cannot be reached", err))
		return link.Preflight{}, diags
	}
	l.Key = key
	found, err := r.driver(nil).Check(ctx, l, m.want(), creating)
	if err != nil {
		diags.Append(service.Diagnose("The link cannot be checked", err))
		return found, diags
	}
	diags = service.Findings(found.Findings)
	if !diags.HasError() {
		r.checks.put(same, checked{time.Now(), found, diags})
	}
	return found, diags
}

// adoptTerms fills in what a check has told: the environment on both ends, the
// account, and the smallest bandwidth that both sell where none is given. What
// another team's key opens is in the key.
func (m *model) adoptTerms(p link.Preflight) {
	aws, google := m.side(cloudAWS), m.side(cloudGoogle)
	adopt(&m.EnvironmentID, p.Terms[aws].Environment)
	adopt(&m.RemoteProfile, lastPart(p.Terms[google].Environment))
	if m.AWS != nil {
		adopt(&m.AWS.AccountID, p.Sites[aws].Account)
	}
	if m.accepts() {
		m.adoptOffer(p.Offer)
		return
	}
	if m.Bandwidth.IsUnknown() && len(p.Tiers) > 0 {
		m.Bandwidth = values.NewBandwidth(p.Tiers[0])
	}
}

// adoptOffer fills in what another team's key has told.
func (m *model) adoptOffer(o link.Offer) {
	adopt(&m.SharedID, o.SharedID)
	if m.AWS != nil {
		adopt(&m.EnvironmentID, o.Environment)
	}
	if m.Google != nil {
		adopt(&m.RemoteProfile, o.Environment)
	}
	if m.Bandwidth.IsUnknown() && o.Bandwidth != 0 {
		m.Bandwidth = values.NewBandwidth(o.Bandwidth)
	}
}

// adopt fills in what is not known yet.
func adopt(v *types.String, says string) {
	if v.IsUnknown() && says != "" {
		*v = types.StringValue(says)
	}
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
	if plan.Bandwidth.Speed() != state.Bandwidth.Speed() && plan.checkable() && r.accounts != nil {
		_, diags := r.check(ctx, plan, activation.Key{}, false)
		resp.Diagnostics.Append(diags...)
	}
}

// expectMore marks unknown what an apply of a change will tell: states, and what
// the state has not, because the link, when it was last looked at, was not far
// enough to say.
func (m *model) expectMore() {
	m.Pairing = types.ObjectUnknown(pairingType().AttrTypes)
	missing := []*types.String{&m.SharedID}
	if a := m.AWS; a != nil {
		a.State, a.BillingTier = types.StringUnknown(), types.Int64Unknown()
		missing = append(missing, &m.EnvironmentID, &a.ConnectionID, &a.ARN, &a.AccountID)
	}
	if g := m.Google; g != nil {
		g.State, g.MTULimit = types.StringUnknown(), types.Int64Unknown()
		missing = append(missing, &m.RemoteProfile, &g.TransportID, &g.PeeringNetwork)
	}
	for _, v := range missing {
		if v.IsNull() {
			*v = types.StringUnknown()
		}
	}
}

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
	case key.IsZero() || r.accounts == nil || !plan.checkable():
		return nil
	}
	l, err := toLink(ctx, r.accounts, plan, nil)
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

// keepComputed takes over from the state all that the user does not write, and
// the state's spelling of what means the same.
func (m *model) keepComputed(state, config *model) {
	m.ID, m.SharedID, m.EnvironmentID, m.RemoteProfile, m.Pairing = state.ID, state.SharedID, state.EnvironmentID, state.RemoteProfile, state.Pairing
	if config.Bandwidth.IsNull() || m.Bandwidth.Speed() == state.Bandwidth.Speed() && m.Bandwidth.Speed() != 0 {
		m.Bandwidth = state.Bandwidth
	}
	if a, sa := m.AWS, state.AWS; a != nil && sa != nil {
		a.ConnectionID, a.ARN, a.AccountID, a.State, a.BillingTier = sa.ConnectionID, sa.ARN, sa.AccountID, sa.State, sa.BillingTier
	}
	g, sg := m.Google, state.Google
	if g == nil || sg == nil {
		return
	}
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
	if a := m.AWS; a != nil {
		a.ConnectionID, a.ARN, a.AccountID, a.State = types.StringUnknown(), types.StringUnknown(), types.StringUnknown(), types.StringUnknown()
		a.BillingTier = types.Int64Unknown()
	} else {
		m.EnvironmentID = types.StringNull()
	}
	if g := m.Google; g != nil {
		g.TransportID, g.State, g.PeeringNetwork = types.StringUnknown(), types.StringUnknown(), types.StringUnknown()
		g.MTULimit = types.Int64Unknown()
	} else {
		m.RemoteProfile = types.StringNull()
	}
	m.ID = m.linkID()
}

// replaces says that the plan changes what cannot be changed in place: what the
// schema marks so.
func (m *model) replaces(state *model) bool {
	return !state.Name.IsNull() && !m.Name.Equal(state.Name) || !state.Initiator.IsNull() && !m.Initiator.Equal(state.Initiator) ||
		m.AWS.replaces(state.AWS) || m.Google.replaces(state.Google)
}

// replaces is model.replaces of one end; one that is there only once is another
// matter.
func (a *awsModel) replaces(state *awsModel) bool {
	return a != nil && state != nil && (!a.Region.Equal(state.Region) || !a.GatewayID.Equal(state.GatewayID))
}

func (g *googleModel) replaces(state *googleModel) bool {
	return g != nil && state != nil && (!g.Project.Equal(state.Project) || !g.Region.Equal(state.Region) ||
		!g.Network.Equal(state.Network) || !g.Hub.Equal(state.Hub) ||
		!g.StackType.Equal(state.StackType) || !g.AutoAccept.Equal(state.AutoAccept) || !g.PSCRouting.Equal(state.PSCRouting))
}

// differs says that an apply would have something to tell the clouds.
func (m *model) differs(state *model) bool {
	return !m.Name.Equal(state.Name) || !m.Description.Equal(state.Description) || !m.Bandwidth.Equal(state.Bandwidth) ||
		m.AWS != nil && !m.AWS.TagsAll.Equal(state.AWS.TagsAll) ||
		m.Google != nil && (!m.Google.LabelsAll.Equal(state.Google.LabelsAll) || !m.Google.AdvertisedRoutes.Equal(state.Google.AdvertisedRoutes))
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
		return m.alone() == "" || until != link.Requested
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
