package interconnect

import (
	"context"
	"maps"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/googleend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/inventory"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service"
)

// ImportState imports a whole link by any of its names: the other end is found
// by the shared id.
func (r *Resource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	id := req.ID
	if id == "" && req.Identity != nil {
		var i identity
		resp.Diagnostics.Append(req.Identity.Get(ctx, &i)...)
		if resp.Diagnostics.HasError() {
			return
		}
		id = googleend.TransportName(i.Project.ValueString(), i.Region.ValueString(), i.Name.ValueString())
	}
	m, err := r.find(ctx, id)
	if err != nil {
		resp.Diagnostics.Append(service.Diagnose("The link cannot be imported", err))
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, m.identity())...)
}

// find is the model of a link that is named by one of its ends, or by both.
func (r *Resource) find(ctx context.Context, id string) (*model, error) {
	pair, err := r.accounts.Links().Find(ctx, id)
	if err != nil {
		return nil, err
	}
	return r.imported(ctx, pair)
}

// imported is the model of a link that was found.
func (r *Resource) imported(ctx context.Context, f inventory.Found) (*model, error) {
	project, region, name, err := googleend.ParseTransportName(f.Google.ID)
	if err != nil {
		return nil, err
	}
	m := blank()
	m.Name, m.Google.Project, m.Google.Region = types.StringValue(name), types.StringValue(project), types.StringValue(region)
	m.AWS.Region = types.StringValue(f.AWS.Site.Region)
	m.WaitFor, m.DeletionProtection = types.StringValue(string(link.Available)), types.BoolValue(false)
	m.OnIncomplete = types.StringValue(incompleteWarn)
	m.Initiator = types.StringValue(cloudAWS)
	if f.Google.PeerSite.Account != "" {
		// Only a transport that issued its own key names the other account.
		m.Initiator = types.StringValue(cloudGoogle)
	}
	if d, ok := f.AWS.Detail.(*awsend.Detail); ok {
		all := maps.Clone(d.Foreign)
		if all == nil {
			all = map[string]string{}
		}
		maps.Copy(all, d.Tags)
		m.AWS.TagsAll, m.AWS.Tags = toMap(all), own(all, r.accounts.DefaultTags)
		m.Description = types.StringValue(d.Description)
	}
	if d, ok := f.Google.Detail.(googleend.Transport); ok {
		labels := maps.Clone(d.Labels)
		maps.DeleteFunc(labels, func(k, _ string) bool { return strings.HasPrefix(k, "crosscloud-") })
		m.Google.LabelsAll, m.Google.Labels = toMap(labels), own(labels, r.accounts.DefaultLabels)
	}
	l, err := toLink(ctx, r.accounts, m, nil)
	if err != nil {
		return nil, err
	}
	var v link.View
	v[m.side(cloudAWS)], v[m.side(cloudGoogle)] = f.AWS, f.Google
	m.fromView(l, v)
	m.Google.Network, m.Google.Hub = short(m.Google.Network, project), short(m.Google.Hub, project)
	return m, nil
}

// short is the bare name of what is in the transport's own project.
func short(v types.String, project string) types.String {
	if v.IsNull() || projectOf(v.ValueString()) != project {
		return v
	}
	return types.StringValue(lastPart(v.ValueString()))
}

// own is what is not a default; null when that is nothing.
func own(all, defaults map[string]string) types.Map {
	rest := maps.Clone(all)
	maps.DeleteFunc(rest, func(k, v string) bool { d, ok := defaults[k]; return ok && d == v })
	if len(rest) == 0 {
		return types.MapNull(types.StringType)
	}
	return toMap(rest)
}

// nullTimeouts is the timeouts attribute when it is not given.
func nullTimeouts() timeouts.Value {
	return timeouts.Value{Object: types.ObjectNull(map[string]attr.Type{
		"create": types.StringType, "read": types.StringType, "update": types.StringType, "delete": types.StringType,
	})}
}
