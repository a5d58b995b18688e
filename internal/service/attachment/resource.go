package attachment

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	domain "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/attachment"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/noun"
)

// TypeName is what users write.
const TypeName = "crosscloud_attachment"

// Default timeouts. An association takes minutes, and more than 15 of them at
// times (reported by users of hashicorp/aws).
const (
	createTimeout = 60 * time.Minute
	readTimeout   = 5 * time.Minute
	updateTimeout = 60 * time.Minute
	deleteTimeout = 60 * time.Minute
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

// Resource is crosscloud_attachment.
type Resource struct{ noun.Resource }

// New makes the resource.
func New() resource.Resource {
	return &Resource{noun.Resource{Type: TypeName}}
}

// driver makes the domain's driver; save, which may be nil, is called the moment
// a cloud has returned an id.
func (r *Resource) driver(save func(context.Context, domain.View)) *domain.Driver {
	return &domain.Driver{Pace: r.Accounts.Pace, Reporter: &reporter{save: save}}
}

// Create makes both parts, or completes or adopts what carries the mark.
func (r *Resource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	ctx, cancel := noun.Within(ctx, plan.Timeouts.Create, createTimeout, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}

	a, diags := r.prepare(ctx, &plan, nil)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	store := func(ctx context.Context, v domain.View, routes []domain.Routes) {
		kept := plan.clone()
		kept.fromView(a, v, routes)
		resp.Diagnostics.Append(noun.Keep(ctx, &resp.State, resp.Identity, kept)...)
	}
	// Save before you wait: each id is in the response from the moment its
	// cloud returned it, whatever happens to this call afterwards.
	view, err := r.driver(func(ctx context.Context, v domain.View) { store(ctx, v, nil) }).Converge(ctx, a, plan.want(), nil)
	if err != nil {
		if exists(view) {
			store(context.WithoutCancel(ctx), view, nil)
		}
		resp.Diagnostics.Append(diagnose(err, &plan, "The attachment was not created"))
		return
	}
	routes, diags := r.routes(ctx, a, view)
	resp.Diagnostics.Append(diags...)
	store(ctx, view, routes)
	resp.Diagnostics.Append(pairingWarning(&plan, domain.Pair(a, view, routes))...)
}

// exists says that a part has an id, so that there is something to keep.
func exists(v domain.View) bool {
	for _, s := range v {
		if s.ID != "" {
			return true
		}
	}
	return false
}

// prepare looks up the link, checks once more what only now is known, and makes
// the domain's attachment.
func (r *Resource) prepare(ctx context.Context, plan, before *model) (domain.Attachment, diag.Diagnostics) {
	var diags diag.Diagnostics
	h, err := findHost(ctx, r.Accounts, plan.Interconnect.ValueString(), plan.AWS != nil, plan.Google != nil)
	if err == nil {
		err = plan.locate(h)
	}
	if err != nil {
		diags.Append(service.Diagnose("The link cannot be looked up", err))
		return domain.Attachment{}, diags
	}
	a, err := toAttachment(ctx, r.Accounts, plan, before, h)
	if err != nil {
		diags.Append(service.Diagnose("The clouds cannot be reached", err))
		return a, diags
	}
	found, err := r.driver(nil).Check(ctx, a, true)
	if err != nil {
		diags.Append(service.Diagnose("The attachment cannot be checked", err))
		return a, diags
	}
	// Warnings have been shown by the plan, or are told by the pairing.
	all := service.Findings(found.Findings)
	diags.Append(all.Errors()...)
	return a, diags
}

// routes reads what both ends offer and have learned.
func (r *Resource) routes(ctx context.Context, a domain.Attachment, v domain.View) ([]domain.Routes, diag.Diagnostics) {
	var diags diag.Diagnostics
	routes, err := r.driver(nil).Routes(ctx, a, v)
	if err != nil {
		diags.AddWarning("The routes could not be read", err.Error())
		return nil, diags
	}
	return routes, diags
}

// Read looks at both parts and warns of what is not matched.
func (r *Resource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	ctx, cancel := noun.Within(ctx, state.Timeouts.Read, readTimeout, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}

	h, err := findHost(ctx, r.Accounts, state.Interconnect.ValueString(), state.AWS != nil, state.Google != nil)
	if err == nil {
		err = state.locate(h)
	}
	if err != nil {
		resp.Diagnostics.AddWarning("The attachment's link is not to be seen", err.Error()+
			"\n\nWhat exists now: The attachment is looked at by what the state knows of it.\n\nWhat to do: Apply again to make the link anew, or remove both from the configuration.")
	}
	a, err := toAttachment(ctx, r.Accounts, &state, nil, h)
	if err != nil {
		resp.Diagnostics.Append(service.Diagnose("The attachment cannot be read", err))
		return
	}
	view, err := r.driver(nil).Observe(ctx, a, state.refs())
	if err != nil {
		resp.Diagnostics.Append(diagnose(err, &state, "The attachment cannot be read"))
		return
	}
	if gone(view) {
		resp.Diagnostics.AddWarning("The attachment is gone",
			"No cloud knows the attachment "+state.Name.ValueString()+" any more: somebody has removed it.\n\nWhat to do: Apply again to make it anew, or remove it from the configuration.")
		resp.Diagnostics.Append(noun.Drop(ctx, &resp.State, resp.Identity, &state)...)
		return
	}
	routes, diags := r.routes(ctx, a, view)
	resp.Diagnostics.Append(diags...)
	p := domain.Pair(a, view, routes)
	state.fromView(a, view, routes)
	resp.Diagnostics.Append(pairingWarning(&state, p)...)
	resp.Diagnostics.Append(noun.Keep(ctx, &resp.State, resp.Identity, &state)...)
}

// gone says that no part is there any more.
func gone(v domain.View) bool {
	for _, s := range v {
		if s.State != domain.Absent {
			return false
		}
	}
	return true
}

// Update changes the parts in place, and replaces a gateway. When that fails, the
// state stays what it was: the next plan sees the same difference, and the next
// apply goes on from what exists.
func (r *Resource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	ctx, cancel := noun.Within(ctx, plan.Timeouts.Update, updateTimeout, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}

	if !plan.differs(&state) && !state.needsRepair(&plan) {
		// Only what the clouds do not know changed.
		resp.Diagnostics.Append(noun.Keep(ctx, &resp.State, resp.Identity, &plan)...)
		return
	}
	a, diags := r.prepare(ctx, &plan, &state)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(r.dropParts(ctx, &plan, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	view, err := r.driver(nil).Converge(ctx, a, plan.want(), keptRefs(&plan, &state))
	if err != nil {
		resp.Diagnostics.Append(diagnose(err, &plan, "The attachment was not changed as planned"))
		return
	}
	routes, diags := r.routes(ctx, a, view)
	resp.Diagnostics.Append(diags...)
	plan.fromView(a, view, routes)
	resp.Diagnostics.Append(noun.Keep(ctx, &resp.State, resp.Identity, &plan)...)
	resp.Diagnostics.Append(pairingWarning(&plan, domain.Pair(a, view, routes))...)
}

// dropParts removes the parts that the state has and the plan has not.
func (r *Resource) dropParts(ctx context.Context, plan, state *model) diag.Diagnostics {
	dropped := state.clone()
	if plan.AWS != nil {
		dropped.AWS = nil
	}
	if plan.Google != nil {
		dropped.Google = nil
	}
	if dropped.AWS == nil && dropped.Google == nil {
		return nil
	}
	return r.teardown(ctx, dropped)
}

// keptRefs are the refs of the plan's parts that the state knows.
func keptRefs(plan, state *model) []domain.Ref {
	var refs []domain.Ref
	if plan.AWS != nil {
		var ref domain.Ref
		if state.AWS != nil && state.AWS.GatewayID.Equal(plan.AWS.GatewayID) {
			ref.ID = state.AWS.AssociationID.ValueString()
		}
		refs = append(refs, ref)
	}
	if plan.Google != nil {
		var ref domain.Ref
		if state.Google != nil {
			ref.ID = state.Google.AttachmentID.ValueString()
		}
		refs = append(refs, ref)
	}
	return refs
}

// Delete removes both parts and verifies that they are gone. It needs no link:
// the state knows what the parts join.
func (r *Resource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	ctx, cancel := noun.Within(ctx, state.Timeouts.Delete, deleteTimeout, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(r.teardown(ctx, &state)...)
}

func (r *Resource) teardown(ctx context.Context, m *model) diag.Diagnostics {
	var diags diag.Diagnostics
	a, err := toAttachment(ctx, r.Accounts, m, nil, host{})
	if err != nil {
		diags.Append(service.Diagnose("The attachment cannot be removed", err))
		return diags
	}
	if _, err := r.driver(nil).Teardown(ctx, a, m.refs()); err != nil {
		diags.Append(diagnose(err, m, "The attachment was not removed"))
	}
	return diags
}

// reporter passes ids on to be saved and writes progress to the log.
type reporter struct {
	save func(context.Context, domain.View)
}

// Saved keeps the view.
func (r *reporter) Saved(ctx context.Context, v domain.View) {
	if r.save != nil && exists(v) {
		r.save(ctx, v)
	}
}

// Progress logs what is being done, with the parts' states.
func (r *reporter) Progress(ctx context.Context, doing string, v domain.View) {
	fields := map[string]any{}
	for i, s := range v {
		fields[[]string{"first", "second"}[i]] = s.ID + " " + word(s)
	}
	tflog.Info(ctx, doing, fields)
}
