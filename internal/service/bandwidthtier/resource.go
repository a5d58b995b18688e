package bandwidthtier

import (
	"context"
	"errors"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/inventory"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/noun"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/values"
)

// TypeName is what users write.
const TypeName = "crosscloud_bandwidth_tier"

// Default timeouts.
const (
	changeTimeout = 60 * time.Minute
	readTimeout   = 5 * time.Minute
)

var (
	_ resource.ResourceWithConfigure   = (*Resource)(nil)
	_ resource.ResourceWithModifyPlan  = (*Resource)(nil)
	_ resource.ResourceWithImportState = (*Resource)(nil)
	_ resource.ResourceWithIdentity    = (*Resource)(nil)
)

// Resource is crosscloud_bandwidth_tier.
type Resource struct{ noun.Resource }

// New makes the resource.
func New() resource.Resource {
	return &Resource{noun.Resource{Type: TypeName}}
}

// Create notes the bandwidth that the link has, and changes it.
func (r *Resource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	ctx, cancel := noun.Within(ctx, plan.Timeouts.Create, changeTimeout, &resp.Diagnostics)
	defer cancel()
	resp.Diagnostics.Append(r.claim(&plan, &model{})...)
	if resp.Diagnostics.HasError() {
		return
	}

	f, err := r.Accounts.Links().Find(ctx, plan.Interconnect.ValueString())
	if err != nil {
		resp.Diagnostics.Append(atInterconnect(err))
		return
	}
	if plan.Previous.IsUnknown() {
		plan.Previous = values.Text(before(f).String())
	}
	store := func(f inventory.Found) {
		kept, found := plan, model{Bandwidth: plan.Bandwidth, Previous: plan.Previous}
		found.price(f)
		found.about(f)
		found.report(f)
		kept.settle(&found)
		resp.Diagnostics.Append(noun.Keep(ctx, &resp.State, resp.Identity, &kept)...)
	}
	// Save before anything is changed: from here on there is something to go
	// back to.
	store(f)
	f, diags := r.resize(ctx, f, plan.Bandwidth.Speed(), plan.previous())
	resp.Diagnostics.Append(diags...)
	store(f)
}

// Read looks at both ends.
func (r *Resource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	ctx, cancel := noun.Within(ctx, state.Timeouts.Read, readTimeout, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	f, err := r.Accounts.Links().Find(ctx, state.Interconnect.ValueString())
	_, missing := errors.AsType[*inventory.MissingError](err)
	_, alone := errors.AsType[*inventory.AloneError](err)
	switch {
	case missing:
		resp.Diagnostics.AddWarning("The link is gone", err.Error()+", and so there is no bandwidth to own.\n\nWhat to do: Apply again once the link is there, or remove this resource from the configuration.")
		resp.State.RemoveResource(ctx)
	case alone:
		resp.Diagnostics.AddWarning("The link has lost an end", err.Error()+"\n\nWhat to do: Repair the link first; until then its bandwidth is as it was last seen.")
	case err != nil:
		resp.Diagnostics.Append(atInterconnect(err))
		return
	default:
		state.about(f)
		state.report(f)
		if state.Previous.IsNull() && f.AWS.Remembered != 0 {
			state.Previous = values.Text(f.AWS.Remembered.String())
		}
		state.price(f)
		resp.Diagnostics.Append(resp.State.Set(ctx, &state)...)
	}
	resp.Diagnostics.Append(resp.Identity.Set(ctx, state.Identity())...)
}

// Update changes the bandwidth in place.
func (r *Resource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	ctx, cancel := noun.Within(ctx, plan.Timeouts.Update, changeTimeout, &resp.Diagnostics)
	defer cancel()
	resp.Diagnostics.Append(r.claim(&plan, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if plan.Bandwidth.Speed() != state.Bandwidth.Speed() {
		f, err := r.Accounts.Links().Find(ctx, plan.Interconnect.ValueString())
		if err != nil {
			resp.Diagnostics.Append(atInterconnect(err))
			return
		}
		f, diags := r.resize(ctx, f, plan.Bandwidth.Speed(), 0)
		resp.Diagnostics.Append(diags...)
		if diags.HasError() {
			// What both ends report now, so that the next plan sees it.
			plan.report(f)
			plan.price(f)
		}
	}
	plan.settle(&state)
	resp.Diagnostics.Append(noun.Keep(ctx, &resp.State, resp.Identity, &plan)...)
}

// Delete gives the link its earlier bandwidth back, or leaves it.
func (r *Resource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	ctx, cancel := noun.Within(ctx, state.Timeouts.Delete, changeTimeout, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	f, err := r.Accounts.Links().Find(ctx, state.Interconnect.ValueString())
	_, missing := errors.AsType[*inventory.MissingError](err)
	_, alone := errors.AsType[*inventory.AloneError](err)
	switch {
	case missing:
		return
	case alone || err == nil && !whole(f):
		// Nothing of it can be resized, so nothing of it can be restored.
		resp.Diagnostics.Append(r.forget(ctx, f)...)
		return
	case err != nil:
		resp.Diagnostics.Append(atInterconnect(err))
		return
	}
	if back := state.previous(); state.OnDestroy.ValueString() != keep {
		if back == 0 {
			resp.Diagnostics.AddAttributeWarning(path.Root("previous_bandwidth"), "The earlier bandwidth is not known",
				"The link keeps the bandwidth that it has, "+f.AWS.Bandwidth.String()+", because what it had before is not known.\n\nWhat to do: Set the bandwidth that is wanted at the link.")
		} else {
			restored, diags := r.resize(ctx, f, back, 0)
			resp.Diagnostics.Append(hint(diags, back)...)
			if diags.HasError() {
				return
			}
			f = restored
		}
	}
	resp.Diagnostics.Append(r.forget(ctx, f)...)
}

// hint adds the way out to what keeps a destroy from going back.
func hint(diags diag.Diagnostics, back bandwidth.Bandwidth) diag.Diagnostics {
	var hinted diag.Diagnostics
	for _, d := range diags {
		if d.Severity() == diag.SeverityError {
			d = diag.NewAttributeErrorDiagnostic(path.Root("on_destroy"), d.Summary(), d.Detail()+
				"\n\nThis destroy was to go back to "+back.String()+`. To leave the bandwidth as it is instead, set on_destroy = "keep", apply, and destroy again.`)
		}
		hinted.Append(d)
	}
	return hinted
}

// ImportState takes over the bandwidth of a link by any of the link's names.
func (r *Resource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	name := req.ID
	if name == "" && req.Identity != nil {
		var i identity
		resp.Diagnostics.Append(req.Identity.Get(ctx, &i)...)
		name = i.Interconnect.ValueString()
	}
	if resp.Diagnostics.HasError() {
		return
	}
	f, err := r.Accounts.Links().Find(ctx, name)
	if err != nil {
		resp.Diagnostics.Append(diagnose("The bandwidth cannot be imported", err))
		return
	}
	m := model{
		Interconnect: types.StringValue(name), Bandwidth: values.NewBandwidth(f.AWS.Bandwidth), OnDestroy: types.StringValue(restore),
		Previous: values.Text(f.AWS.Remembered.String()), Timeouts: values.NoTimeouts(),
	}
	m.about(f)
	m.report(f)
	m.price(f)
	resp.Diagnostics.Append(noun.Keep(ctx, &resp.State, resp.Identity, &m)...)
}

// reporter writes progress to the log.
type reporter struct{}

// Saved has nothing to keep: the ids are known from the start.
func (reporter) Saved(context.Context, link.View) {}

// Progress logs what is being done, with both ends' states and bandwidths.
func (reporter) Progress(ctx context.Context, doing string, v link.View) {
	aws, google := v[inventory.SideAWS], v[inventory.SideGoogle]
	tflog.Info(ctx, doing, map[string]any{
		"aws_state": aws.Raw, "aws_bandwidth": aws.Bandwidth.String(), "google_state": google.Raw, "google_bandwidth": google.Bandwidth.String(),
	})
}
