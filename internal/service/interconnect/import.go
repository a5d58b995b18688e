package interconnect

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/googleend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/inventory"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/values"
)

// ImportState imports a whole link by any of its names: the other end is found
// by the shared id. With aloneMark in front of the name, or an identity that says
// so, only the named end is imported.
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
		id = i.importID()
	}
	m, err := r.find(ctx, id)
	if err != nil {
		resp.Diagnostics.Append(service.Diagnose("The link cannot be imported", err))
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, m.Identity())...)
}

// importID is the id to import by that says the same as the identity.
func (i identity) importID() string {
	id := i.ARN.ValueString()
	if id == "" {
		id = googleend.TransportName(i.Project.ValueString(), i.Region.ValueString(), i.Name.ValueString())
	} else {
		i.Alone = types.BoolValue(true)
	}
	if i.Alone.ValueBool() {
		id = aloneMark + id
	}
	return id
}

// find is the model of the link, or of the end, that an id names.
func (r *Resource) find(ctx context.Context, id string) (*model, error) {
	if name, alone := strings.CutPrefix(id, aloneMark); alone {
		end, err := r.Accounts.Links().FindEnd(ctx, name)
		if err != nil {
			return nil, err
		}
		return r.imported(ctx, end)
	}
	pair, err := r.Accounts.Links().Find(ctx, id)
	if err != nil {
		if _, parsed := inventory.ParseName(id); parsed == nil {
			err = &link.Error{
				Summary: "The link cannot be imported", Err: err,
				Remedy: fmt.Sprintf("Where the other end belongs to another team, import this one alone, as %q.", aloneMark+id),
			}
		}
		return nil, err
	}
	return r.imported(ctx, pair)
}

// imported is the model of what was found. An end that is Unseen belongs to
// another team.
func (r *Resource) imported(ctx context.Context, f inventory.Found) (*model, error) {
	m := blank()
	if f.Google.State == link.Unseen {
		m.Google = nil
	} else if err := m.importGoogle(f.Google, r.Accounts.DefaultLabels); err != nil {
		return nil, err
	}
	if f.AWS.State == link.Unseen {
		m.AWS = nil
	} else {
		m.importAWS(f.AWS, r.Accounts.DefaultTags)
	}
	m.importInitiator(f)
	m.WaitFor, m.DeletionProtection = types.StringValue(string(m.milestone())), types.BoolValue(false)
	m.OnIncomplete = types.StringValue(incompleteWarn)
	l, err := toLink(ctx, r.Accounts, m, nil)
	if err != nil {
		return nil, err
	}
	var v link.View
	v[m.side(cloudAWS)], v[m.side(cloudGoogle)] = f.AWS, f.Google
	m.fromView(l, v)
	if g := m.Google; g != nil {
		g.Network, g.Hub = short(g.Network, g.Project.ValueString()), short(g.Hub, g.Project.ValueString())
	}
	return m, nil
}

// importInitiator sets the initiator where an end tells. An AWS end alone tells
// only while its key is not redeemed.
func (m *model) importInitiator(f inventory.Found) {
	m.Initiator = types.StringValue(cloudAWS)
	switch {
	case f.Google.PeerSite.Account != "":
		// Only a transport that issued its own key names the other account.
		m.Initiator = types.StringValue(cloudGoogle)
	case m.Google == nil && f.AWS.State != link.AwaitingPeer:
		m.Initiator = types.StringNull()
	}
	if m.proposes() && f.Google.PeerSite.Account != "" {
		m.Peer = &peerModel{Account: types.StringValue(f.Google.PeerSite.Account), Region: types.StringNull(), SharedID: types.StringNull()}
	}
}

// importAWS takes from a connection what fromView leaves to the configuration.
func (m *model) importAWS(o link.Observation, defaults map[string]string) {
	m.AWS.Region = types.StringValue(o.Site.Region)
	if m.Google == nil {
		m.Name = values.Text(o.Mark.Name)
	}
	d, ok := o.Detail.(*awsend.Detail)
	if !ok {
		return
	}
	all := maps.Clone(d.Foreign)
	if all == nil {
		all = map[string]string{}
	}
	maps.Copy(all, d.Tags)
	m.AWS.TagsAll, m.AWS.Tags = toMap(all), own(all, defaults)
	m.Description = types.StringValue(d.Description)
}

// importGoogle takes from a transport what fromView leaves to the configuration.
func (m *model) importGoogle(o link.Observation, defaults map[string]string) error {
	project, region, name, err := googleend.ParseTransportName(o.ID)
	if err != nil {
		return err
	}
	m.Name, m.Google.Project, m.Google.Region = types.StringValue(name), types.StringValue(project), types.StringValue(region)
	if d, ok := o.Detail.(googleend.Transport); ok {
		labels := maps.Clone(d.Labels)
		maps.DeleteFunc(labels, func(k, _ string) bool { return strings.HasPrefix(k, "crosscloud-") })
		m.Google.LabelsAll, m.Google.Labels = toMap(labels), own(labels, defaults)
		m.Description = values.Text(d.Description)
	}
	return nil
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
