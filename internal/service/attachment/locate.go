package attachment

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/googleend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/inventory"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/values"
)

// host is the link that an attachment hangs on, as far as it can be seen.
type host struct {
	found inventory.Found
	// routes are the prefixes that the transport advertises.
	routes []string
	// up says that the link carries traffic.
	up bool
}

// findHost looks for the link. An end that is not ours to see is left Absent, and
// an end that neither names the link nor has a part is not looked for: there may
// be no credentials for it. A link that does not exist is a host without ends and
// an error.
func findHost(ctx context.Context, a *service.Accounts, interconnect string, aws, google bool) (host, error) {
	find := a.Links().Find
	if name, err := inventory.ParseName(interconnect); err == nil && (name.OfAWS() && !google || !name.OfAWS() && !aws) {
		find = a.Links().FindEnd
	}
	found, err := find(ctx, interconnect)
	if _, alone := errors.AsType[*inventory.AloneError](err); alone {
		err = nil
	}
	h := host{found: found, up: err == nil}
	for _, o := range []link.Observation{found.AWS, found.Google} {
		if o.State != "" && o.State != link.Unseen && !o.State.Gone() && o.State != link.Up && o.State != link.Updating {
			h.up = false
		}
	}
	if found.AWS.State.Gone() && found.Google.State.Gone() {
		h.up = false
	}
	if d, ok := found.Google.Detail.(googleend.Transport); ok {
		h.routes = d.AdvertisedRoutes
	}
	return h, err
}

// locate puts into the model what the link says: the gateway and the networks
// that are to be joined.
func (m *model) locate(h host) error {
	if m.AWS != nil {
		if err := m.AWS.locate(h); err != nil {
			return err
		}
	}
	if m.Google == nil {
		return nil
	}
	d, ok := h.found.Google.Detail.(googleend.Transport)
	if !ok {
		return unseen("Google", "transport", "Use credentials that see the transport's project, or leave google out: whoever owns the transport attaches that end.")
	}
	g := m.Google
	g.Project, g.Region = types.StringValue(h.found.Google.Site.Account), types.StringValue(h.found.Google.Site.Region)
	g.Network, g.Hub, g.StackType = values.Text(d.Network), values.Text(d.Hub), values.Text(d.StackType)
	g.PeeringNetwork = values.Text(d.PeeringNetwork)
	if d.Hub == "" && d.PeeringNetwork == "" {
		return unseen("Google", "transport's network", "The transport is still being made: have the link wait for \"paired\" or \"available\".")
	}
	return nil
}

func (a *awsModel) locate(h host) error {
	d, ok := h.found.AWS.Detail.(*awsend.Detail)
	switch {
	case ok && d != nil:
		a.Region, a.ConnectionARN = types.StringValue(h.found.AWS.Site.Region), types.StringValue(d.ARN)
		a.DXGatewayID = types.StringValue(d.GatewayID)
		return nil
	case values.Known(a.DXGatewayID, a.DXGatewayOwner):
		// Another account's link: its gateway is told, and its region is the
		// one that the transport, if ours, is joined with.
		a.ConnectionARN = types.StringNull()
		if r := h.found.Google.PeerSite.Region; r != "" {
			a.Region = types.StringValue(r)
		}
		return nil
	}
	return unseen("AWS", "connection", "Use credentials of the link's AWS account; or give direct_connect_gateway_id and direct_connect_gateway_owner_account_id, "+
		"so that the association is proposed to that account; or leave aws out.")
}

// unseen is the error of an end that an attachment needs and that is not there.
func unseen(end, object, remedy string) error {
	return &cloud.Error{
		Kind: cloud.Precondition, End: end, Field: ".interconnect", Attempt: "look up the link",
		Message: fmt.Sprintf("the link's %s is not to be seen", object), Remedy: remedy,
	}
}
