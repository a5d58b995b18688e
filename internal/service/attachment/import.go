package attachment

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	domain "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/attachment"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/values"
)

// ImportState imports an attachment by its id, with the gateway's id behind it
// where the attachment was not made by this provider.
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
		id = attachmentID(i.Interconnect.ValueString(), i.Name.ValueString())
	}
	m, err := r.imported(ctx, id)
	if err != nil {
		resp.Diagnostics.Append(service.Diagnose("The attachment cannot be imported", err))
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, m.Identity())...)
}

// parseID takes an id apart; the gateway may be missing.
func parseID(id string) (interconnect, name, gateway string, err error) {
	interconnect, rest, ok := strings.Cut(id, separator)
	name, gateway, _ = strings.Cut(rest, "/")
	if !ok || interconnect == "" || name == "" || gateway != "" && !gatewayID.MatchString(gateway) {
		return "", "", "", fmt.Errorf("%q names no attachment: give <interconnect>/attachments/<name>, "+
			"or <interconnect>/attachments/<name>/<gateway id> for an association that was made elsewhere", id)
	}
	return interconnect, name, gateway, nil
}

// imported is the model of an attachment that was found.
func (r *Resource) imported(ctx context.Context, id string) (*model, error) {
	interconnect, name, gateway, err := parseID(id)
	if err != nil {
		return nil, err
	}
	h, err := findHost(ctx, r.Accounts, interconnect, true, true)
	if err != nil {
		return nil, err
	}
	if gateway == "" {
		if gateway, err = r.marked(ctx, h, name); err != nil {
			return nil, err
		}
	}
	m := blank(interconnect, name)
	if gateway != "" {
		m.AWS = &awsModel{GatewayID: types.StringValue(gateway), Allowed: types.SetNull(types.StringType)}
	}
	if !h.found.Google.State.Gone() && h.found.Google.State != "" {
		m.Google = &googleModel{Import: types.BoolValue(true), Export: types.BoolValue(true)}
	}
	if err := m.locate(h); err != nil {
		return nil, err
	}
	a, view, err := r.seen(ctx, m, h)
	if err != nil {
		return nil, err
	}
	routes, err := r.driver(nil).Routes(ctx, a, view)
	if err != nil {
		return nil, err
	}
	m.fromView(a, view, routes)
	return m, nil
}

// seen looks at the parts and leaves out of the model those that are not there,
// or have another name.
func (r *Resource) seen(ctx context.Context, m *model, h host) (domain.Attachment, domain.View, error) {
	a, err := toAttachment(ctx, r.Accounts, m, nil, h)
	if err != nil {
		return a, nil, err
	}
	view, err := r.driver(nil).Observe(ctx, a, nil)
	if err != nil {
		return a, nil, err
	}
	var parts []domain.Part
	var kept domain.View
	for i, part := range a.Parts {
		s, onGoogle := view[i], part.Side.Descriptor().Cloud == cloudGoogle
		if onGoogle && !s.Ours && s.State != domain.Absent && s.Mark.Name != m.Name.ValueString() {
			return a, nil, fmt.Errorf("the network is peered with the transport's under the name %q: import the attachment by that name", lastPart(s.ID))
		}
		switch {
		case s.State != domain.Absent && s.ID != "":
			parts, kept = append(parts, part), append(kept, s)
		case onGoogle:
			m.Google = nil
		default:
			m.AWS = nil
		}
	}
	if len(parts) == 0 {
		return a, nil, fmt.Errorf("the link %s has no attachment %q: its connection carries no mark of that name, and its network is not peered under it", m.Interconnect.ValueString(), m.Name.ValueString())
	}
	a.Parts = parts
	return a, kept, nil
}

// marked is the gateway of the attachment of a name, by the marks on the link's
// connection; empty when there is none.
func (r *Resource) marked(ctx context.Context, h host, name string) (string, error) {
	d, ok := h.found.AWS.Detail.(*awsend.Detail)
	if !ok || d == nil {
		return "", nil
	}
	amazon, err := r.Accounts.AWS(ctx)
	if err != nil {
		return "", err
	}
	gateways, err := amazon.Attached(ctx, h.found.AWS.Site.Region, d.ARN)
	return gateways[name], err
}

// blank is a model that is being imported.
func blank(interconnect, name string) *model {
	return &model{
		Name: types.StringValue(name), Interconnect: types.StringValue(interconnect), WaitFor: types.StringValue(waitAttached),
		Pairing: types.ObjectNull(pairingType().AttrTypes), Timeouts: values.NoTimeouts(),
	}
}
