package attachment

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	domain "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/attachment"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/googleend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/values"
)

// toAttachment makes the domain's attachment of the model. before is the model
// that the state holds, nil when there is none: a gateway that it had and m has
// not is replaced.
func toAttachment(ctx context.Context, acc *service.Accounts, m, before *model, h host) (domain.Attachment, error) {
	a := domain.Attachment{Marker: link.Marker{Name: m.Name.ValueString(), Owner: acc.Owner}, LinkUp: h.up}
	if m.AWS != nil {
		amazon, err := acc.AWS(ctx)
		if err != nil {
			return a, fmt.Errorf("configuring AWS: %w", err)
		}
		config := m.AWS.config()
		var part domain.Part
		if before != nil && before.AWS != nil && before.AWS.GatewayID.ValueString() != config.Peer {
			part.Old = awsend.NewAssociation(amazon, before.AWS.config())
			config.Replaces = before.AWS.GatewayID.ValueString()
		}
		part.Side = awsend.NewAssociation(amazon, config)
		a.Parts = append(a.Parts, part)
	}
	if m.Google != nil {
		google, err := acc.Google(ctx)
		if err != nil {
			return a, fmt.Errorf("configuring Google Cloud: %w", err)
		}
		a.Parts = append(a.Parts, domain.Part{Side: googleend.AttachmentSide(google, m.Google.config(m, h))})
	}
	return a, nil
}

func (a *awsModel) config() awsend.AttachmentConfig {
	return awsend.AttachmentConfig{
		Region: a.Region.ValueString(), GatewayID: a.DXGatewayID.ValueString(), GatewayAccount: a.DXGatewayOwner.ValueString(),
		Peer: a.GatewayID.ValueString(), PeerAccount: a.GatewayOwner.ValueString(),
		AllowedPrefixes: values.Texts(a.Allowed), ConnectionARN: a.ConnectionARN.ValueString(),
	}
}

func (g *googleModel) config(m *model, h host) googleend.AttachmentConfig {
	transport := ""
	if t, ok := h.found.Google.Detail.(googleend.Transport); ok {
		transport = t.ID
	}
	return googleend.AttachmentConfig{
		Name: m.Name.ValueString(), Project: g.Project.ValueString(), Region: g.Region.ValueString(),
		Network: g.Network.ValueString(), PeeringNetwork: g.PeeringNetwork.ValueString(),
		Hub: g.Hub.ValueString(), Transport: transport,
		ImportCustomRoutes: g.Import.ValueBool(), ExportCustomRoutes: g.Export.ValueBool(),
		StackType: g.StackType.ValueString(), AdvertisedRoutes: h.routes,
	}
}

// refs are what the state knows of the parts.
func (m *model) refs() []domain.Ref {
	var refs []domain.Ref
	if m.AWS != nil {
		refs = append(refs, domain.Ref{ID: m.AWS.AssociationID.ValueString()})
	}
	if m.Google != nil {
		refs = append(refs, domain.Ref{ID: m.Google.AttachmentID.ValueString()})
	}
	return refs
}

// want is how far an apply goes.
func (m *model) want() domain.Want { return domain.Want{Asked: m.WaitFor.ValueString() == waitAsked} }

// fromView puts into the model what both clouds report.
func (m *model) fromView(a domain.Attachment, v domain.View, routes []domain.Routes) {
	for i, part := range a.Parts {
		var r domain.Routes
		if i < len(routes) {
			r = routes[i]
		}
		if part.Side.Descriptor().Cloud == cloudAWS {
			m.AWS.fromSight(v[i], r)
		} else {
			m.Google.fromSight(v[i], r)
		}
	}
	m.Pairing = pairingValue(domain.Pair(a, v, routes))
	m.ID = types.StringValue(attachmentID(m.Interconnect.ValueString(), m.Name.ValueString()))
}

func (a *awsModel) fromSight(s domain.Sight, r domain.Routes) {
	a.AssociationID, a.State = values.Text(s.ID), types.StringValue(word(s))
	if d, ok := s.Detail.(*awsend.AssociationDetail); ok && d != nil {
		a.Allowed = samePrefixes(a.Allowed, d.AllowedPrefixes)
	}
	if a.Allowed.IsUnknown() {
		a.Allowed = types.SetNull(types.StringType)
	}
	a.Region, a.DXGatewayID, a.ConnectionARN = settle(a.Region), settle(a.DXGatewayID), settle(a.ConnectionARN)
	a.Offered, a.Learned = prefixList(r.Offers), learnedList(r)
}

func (g *googleModel) fromSight(s domain.Sight, r domain.Routes) {
	g.AttachmentID, g.State, g.StateDetails = values.Text(s.ID), types.StringValue(word(s)), values.Text(s.Why)
	g.MTU = types.Int64Null()
	if d, ok := s.Detail.(googleend.PeeringDetail); ok && d.MTU != 0 {
		g.MTU = types.Int64Value(int64(d.MTU))
		g.Import, g.Export = types.BoolValue(d.ImportCustomRoutes), types.BoolValue(d.ExportCustomRoutes)
	}
	for _, v := range []*types.String{&g.Project, &g.Region, &g.Network, &g.Hub, &g.PeeringNetwork, &g.StackType} {
		*v = settle(*v)
	}
	g.Offered, g.Learned = prefixList(r.Offers), learnedList(r)
}

// learnedList is what was learned; null where that cannot be seen.
func learnedList(r domain.Routes) types.List {
	if !r.Known {
		return types.ListNull(types.StringType)
	}
	return prefixList(r.Learned)
}

// word is a part's state in its cloud's own word.
func word(s domain.Sight) string {
	if s.Raw == "" {
		return string(domain.Absent)
	}
	return s.Raw
}

// pairingValue is the computed pairing.
func pairingValue(p domain.Pairing) types.Object {
	prefixes := make([]attr.Value, len(p.Prefixes))
	for i, one := range p.Prefixes {
		learned := types.BoolNull()
		if one.Known {
			learned = types.BoolValue(one.Learned)
		}
		prefixes[i] = types.ObjectValueMust(prefixType().AttrTypes, map[string]attr.Value{
			"prefix": types.StringValue(one.Prefix.String()), "offered_by": types.StringValue(one.From), "learned": learned,
		})
	}
	return types.ObjectValueMust(pairingType().AttrTypes, map[string]attr.Value{
		"status": types.StringValue(string(p.Status)), "summary": types.StringValue(p.Summary),
		"prefixes": types.ListValueMust(prefixType(), prefixes),
	})
}
