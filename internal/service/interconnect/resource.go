package interconnect

import (
	"context"
	"errors"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/noun"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/values"
)

// TypeName is what users write.
const TypeName = "crosscloud_interconnect"

// Default timeouts. The clouds take about 13 minutes to provision a link and up
// to 5 to remove one (observed, 2026).
const (
	createTimeout = 60 * time.Minute
	readTimeout   = 5 * time.Minute
	updateTimeout = 60 * time.Minute
	deleteTimeout = 30 * time.Minute
)

// Requests and responses whose names are long.
type (
	resourceSchemaRequest    = resource.SchemaRequest
	resourceSchemaResponse   = resource.SchemaResponse
	resourceIdentityRequest  = resource.IdentitySchemaRequest
	resourceIdentityResponse = resource.IdentitySchemaResponse
)

var (
	_ resource.ResourceWithConfigure   = (*Resource)(nil)
	_ resource.ResourceWithModifyPlan  = (*Resource)(nil)
	_ resource.ResourceWithImportState = (*Resource)(nil)
	_ resource.ResourceWithIdentity    = (*Resource)(nil)
)

// Resource is crosscloud_interconnect.
type Resource struct {
	noun.Resource
	checks *recent
}

// New makes the resource's constructor. What the resources it makes remember,
// they remember together: the framework makes one for each call.
func New() func() resource.Resource {
	checks := &recent{}
	return func() resource.Resource { return &Resource{Resource: noun.Resource{Type: TypeName}, checks: checks} }
}

// driver makes the domain's driver; save, which may be nil, is called the moment
// a cloud has returned an id.
func (r *Resource) driver(save func(context.Context, link.View)) *link.Driver {
	return &link.Driver{Pace: r.Accounts.Pace, Reporter: &reporter{save: save}}
}

// Create makes the link, or completes or adopts one that carries its marker.
func (r *Resource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan, config model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	ctx, cancel := noun.Within(ctx, plan.Timeouts.Create, createTimeout, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}

	key, planned := config.key(), plan.Bandwidth
	found, diags := r.check(ctx, &plan, key, true)
	resp.Diagnostics.Append(errorsOnly(diags)...)
	if resp.Diagnostics.HasError() {
		return
	}
	plan.adoptTerms(found)
	l, err := toLink(ctx, r.Accounts, &plan, nil)
	if err != nil {
		resp.Diagnostics.Append(service.Diagnose("The link cannot be created", err))
		return
	}
	l.Key = key
	// Save before you wait: each id is in the response from the moment its
	// cloud returned it, whatever happens to this call afterwards.
	store := func(ctx context.Context, v link.View) diag.Diagnostics {
		if v[link.Initiator].ID == "" && v[link.Acceptor].ID == "" {
			return nil
		}
		kept := plan.clone()
		kept.fromView(l, v)
		kept.keepPlanned(planned, &config)
		kept.keepCost(plan.Cost)
		return noun.Keep(ctx, &resp.State, resp.Identity, kept)
	}
	view, err := r.driver(func(ctx context.Context, v link.View) { store(ctx, v) }).Converge(ctx, l, plan.wanted(&config), link.View{})
	if err != nil {
		var why diag.Diagnostic
		view, why = r.unfinished(ctx, l, &plan, view, err)
		resp.Diagnostics.Append(why)
	}
	resp.Diagnostics.Append(store(ctx, view)...)
	made := plan.clone()
	made.fromView(l, view)
	resp.Diagnostics.Append(tierNote(types.Int64Null(), made)...)
}

// Read looks at both ends and warns of what is not matched.
func (r *Resource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	ctx, cancel := noun.Within(ctx, state.Timeouts.Read, readTimeout, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}

	if state.halved() {
		whole, diags := r.complete(ctx, &state)
		resp.Diagnostics.Append(diags...)
		if resp.Diagnostics.HasError() {
			return
		}
		state = *whole
	}
	l, err := toLink(ctx, r.Accounts, &state, nil)
	if err != nil {
		resp.Diagnostics.Append(service.Diagnose("The link cannot be read", err))
		return
	}
	view, err := r.driver(nil).Observe(ctx, l, state.refs().Refs())
	if err != nil {
		resp.Diagnostics.Append(diagnose(err, &state, "The link cannot be read"))
		return
	}
	if l.Doubtful(view) {
		found, err := r.driver(nil).Confirm(ctx, l, state.refs().Refs())
		if e, ok := errors.AsType[*link.Error](err); err != nil && (!ok || e.Code != link.CodeExists) {
			resp.Diagnostics.Append(diagnose(err, &state, "The link cannot be read"))
			return
		}
		view = found
	}
	if view.Gone() {
		resp.Diagnostics.Append(goneWarning(&state))
		resp.Diagnostics.Append(noun.Drop(ctx, &resp.State, resp.Identity, &state)...)
		return
	}
	before := state.clone()
	resp.Diagnostics.Append(state.strayed(l, view)...)
	state.fromView(l, view)
	resp.Diagnostics.Append(billingNote(before, &state)...)
	if p := link.Pair(l, view); p.Status != link.Matched && !state.settled(p) {
		resp.Diagnostics.Append(pairingWarning(&state, p))
	}
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, strayKey, strayNote(r.strays(ctx, &state, view)))...)
	resp.Diagnostics.Append(noun.Keep(ctx, &resp.State, resp.Identity, &state)...)
}

// Update changes the link in place.
func (r *Resource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state, config model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	ctx, cancel := noun.Within(ctx, plan.Timeouts.Update, updateTimeout, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}

	l, err := toLink(ctx, r.Accounts, &plan, &state)
	if err != nil {
		resp.Diagnostics.Append(service.Diagnose("The link cannot be changed", err))
		return
	}
	note, diags := req.Private.GetKey(ctx, strayKey)
	resp.Diagnostics.Append(diags...)
	if !plan.differs(&state) && !state.needsRepair(&plan) && !isStray(note) {
		// Only what the clouds do not know changed: timeouts, protection.
		resp.Diagnostics.Append(noun.Keep(ctx, &resp.State, resp.Identity, &plan)...)
		return
	}
	planned, price := plan.Bandwidth, plan.Cost
	view, err := r.driver(nil).Converge(ctx, l, plan.wanted(&config), plan.refs())
	plan.fromView(l, view)
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, strayKey, strayNote(err != nil && isStray(note)))...)
	plan.keepPlanned(planned, &config)
	if err == nil {
		plan.keepCost(price)
		resp.Diagnostics.Append(tierNote(state.billingTier(), &plan)...)
	}
	resp.Diagnostics.Append(noun.Keep(ctx, &resp.State, resp.Identity, &plan)...)
	if err != nil {
		resp.Diagnostics.Append(diagnose(err, &plan, "The link was not changed as planned"))
		return
	}
	if p := link.Pair(l, view); p.Status != link.Matched && p.Status != link.Provisioning && !plan.settled(p) {
		resp.Diagnostics.Append(pairingWarning(&plan, p))
	}
}

// Delete removes both ends and verifies that they are gone.
func (r *Resource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	ctx, cancel := noun.Within(ctx, state.Timeouts.Delete, deleteTimeout, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	if state.DeletionProtection.ValueBool() {
		resp.Diagnostics.Append(protectedError("destroyed"))
		return
	}

	l, err := toLink(ctx, r.Accounts, &state, nil)
	if err != nil {
		resp.Diagnostics.Append(service.Diagnose("The link cannot be removed", err))
		return
	}
	if _, err := r.driver(nil).Teardown(ctx, l, state.refs()); err != nil {
		resp.Diagnostics.Append(diagnose(err, &state, "The link was not removed"))
	}
}

// clone is a copy whose ends may be changed.
func (m *model) clone() *model {
	c := *m
	if m.AWS != nil {
		c.AWS = new(*m.AWS)
	}
	if m.Google != nil {
		c.Google = new(*m.Google)
	}
	return &c
}

// errorsOnly drops warnings that the plan has shown already.
func errorsOnly(diags diag.Diagnostics) diag.Diagnostics {
	var errs diag.Diagnostics
	errs.Append(diags.Errors()...)
	return errs
}

// reporter passes ids on to be saved and writes progress to the log.
type reporter struct {
	save func(context.Context, link.View)
}

// Saved keeps the view.
func (r *reporter) Saved(ctx context.Context, v link.View) {
	if r.save != nil {
		r.save(ctx, v)
	}
}

// Progress logs what is being done, with both ends' states.
func (r *reporter) Progress(ctx context.Context, doing string, v link.View) {
	tflog.Info(ctx, doing, map[string]any{
		"initiator_id": v[link.Initiator].ID, "initiator_state": v[link.Initiator].Raw,
		"acceptor_id": v[link.Acceptor].ID, "acceptor_state": v[link.Acceptor].Raw,
	})
}

// unknowns of a model that is being imported.
func blank() *model {
	return &model{
		ID: types.StringNull(), Bandwidth: values.NewBandwidth(0), Pairing: types.ObjectNull(pairingType().AttrTypes), Cost: types.ObjectNull(values.CostType()),
		Timeouts: values.NoTimeouts(),
		AWS: &awsModel{
			Tags: types.MapNull(types.StringType), TagsAll: toMap(nil),
		},
		Google: &googleModel{
			AdvertisedRoutes: types.SetNull(types.StringType), Labels: types.MapNull(types.StringType), LabelsAll: toMap(nil),
		},
	}
}
