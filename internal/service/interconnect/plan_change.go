package interconnect

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/values"
)

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
	if !g.AdvertisedRoutes.IsUnknown() && slices.Equal(canonical(values.Texts(g.AdvertisedRoutes)), canonical(values.Texts(sg.AdvertisedRoutes))) &&
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
