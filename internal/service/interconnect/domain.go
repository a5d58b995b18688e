package interconnect

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/googleend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/values"
)

// toLink makes the domain's link of the model. before is the model that the
// state holds, nil when there is none: tags and labels that it had and m has not
// are to be removed.
func toLink(ctx context.Context, a *service.Accounts, m, before *model) (link.Link, error) {
	l := link.Link{Marker: link.Marker{Name: m.Name.ValueString(), Owner: a.Owner}}
	if m.AWS != nil {
		end, err := awsEnd(ctx, a, m, before)
		if err != nil {
			return link.Link{}, fmt.Errorf("configuring AWS: %w", err)
		}
		l.Ends[m.side(cloudAWS)] = end
	}
	if m.Google != nil {
		end, err := googleEnd(ctx, a, m, before)
		if err != nil {
			return link.Link{}, fmt.Errorf("configuring Google Cloud: %w", err)
		}
		l.Ends[m.side(cloudGoogle)] = end
	}
	m.told(&l)
	return l, nil
}

// awsEnd makes the AWS end.
func awsEnd(ctx context.Context, a *service.Accounts, m, before *model) (link.End, error) {
	account, err := a.AWS(ctx)
	if err != nil {
		return nil, err
	}
	tags := claimed(m.AWS.TagsAll)
	var old map[string]string
	if before != nil && before.AWS != nil {
		old = claimed(before.AWS.TagsAll)
	}
	return awsend.New(account, awsend.Config{
		Name: m.Name.ValueString(), Owner: a.Owner, Region: m.AWS.Region.ValueString(), GatewayID: m.AWS.GatewayID.ValueString(),
		Description: m.description(), Tags: tags, Retired: retired(old, tags),
	}), nil
}

// googleEnd makes the Google end.
func googleEnd(ctx context.Context, a *service.Accounts, m, before *model) (link.End, error) {
	account, err := a.Google(ctx)
	if err != nil {
		return nil, err
	}
	labels := claimed(m.Google.LabelsAll)
	var old map[string]string
	if before != nil && before.Google != nil {
		old = claimed(before.Google.LabelsAll)
	}
	return googleend.New(account, googleend.Config{
		Name: m.Name.ValueString(), Owner: a.Owner, Project: m.Google.Project.ValueString(), Region: m.Google.Region.ValueString(),
		Network: m.Google.Network.ValueString(), Hub: m.Google.Hub.ValueString(),
		AdvertisedRoutes: values.Texts(m.Google.AdvertisedRoutes), StackType: m.Google.StackType.ValueString(),
		AutoAccept: m.Google.AutoAccept.ValueBool(), PSCRouting: m.Google.PSCRouting.ValueBool(),
		Labels: labels, RetiredLabels: retired(old, labels), Description: m.description(),
	}), nil
}

// description is the description with its default.
func (m *model) description() string {
	return cmp.Or(m.Description.ValueString(), m.Name.ValueString())
}

// order is the initiator's and the acceptor's cloud.
func (m *model) order() (initiator, acceptor string) {
	if m.Initiator.ValueString() == cloudGoogle {
		return cloudGoogle, cloudAWS
	}
	return cloudAWS, cloudGoogle
}

// side is the side that a cloud's end has.
func (m *model) side(cloud string) link.Side {
	if first, _ := m.order(); first == cloud {
		return link.Initiator
	}
	return link.Acceptor
}

// want is the form that the model asks for.
func (m *model) want() link.Want {
	w := link.Want{Bandwidth: m.Bandwidth.Speed(), Until: link.Milestone(m.WaitFor.ValueString()), SharedID: m.SharedID.ValueString()}
	w.Environment[m.side(cloudAWS)] = m.EnvironmentID.ValueString()
	w.Environment[m.side(cloudGoogle)] = m.RemoteProfile.ValueString()
	return w
}

// refs is a view that holds what the state knows of both ends.
func (m *model) refs() link.View {
	var v link.View
	if m.AWS != nil {
		v[m.side(cloudAWS)].ID = m.AWS.ConnectionID.ValueString()
	}
	if m.Google != nil {
		v[m.side(cloudGoogle)].ID = m.Google.TransportID.ValueString()
	}
	return v
}

// fromView puts into the model what both ends report. What the user wrote is
// kept where it means the same. Values that an end does not tell keep what the
// model has, if that is known.
func (m *model) fromView(l link.Link, v link.View) {
	aws, google := v[m.side(cloudAWS)], v[m.side(cloudGoogle)]
	if id := v.SharedID(); id != "" {
		m.SharedID = types.StringValue(id)
	}
	if m.AWS != nil {
		m.AWS.fromObservation(aws)
	}
	if m.Google != nil {
		m.Google.fromObservation(google)
	}
	m.descriptionFrom(aws, google)
	m.bandwidthFrom(aws, google)
	m.EnvironmentID = reported(aws.Environment, m.EnvironmentID)
	m.RemoteProfile = reported(lastPart(google.Environment), m.RemoteProfile)
	m.SharedID = settle(m.SharedID)
	m.Pairing = pairingValue(link.Pair(l, v))
	m.ID = settle(m.linkID())
	m.price(m.billingTier())
}

// linkID is the id of the link: the transport's name, or, where Google's end is
// not ours, the connection's ARN, which is known once it exists.
func (m *model) linkID() types.String {
	switch {
	case m.Google == nil:
		return m.AWS.ARN
	case values.Known(m.Google.Project, m.Google.Region, m.Name):
		return types.StringValue(m.transportName())
	}
	return types.StringUnknown()
}

// transportName is the transport's full name.
func (m *model) transportName() string {
	return googleend.TransportName(m.Google.Project.ValueString(), m.Google.Region.ValueString(), m.Name.ValueString())
}

// descriptionFrom takes the description that the ends have. Where they differ,
// and one has what the model has, the model keeps it: the other is to follow.
func (m *model) descriptionFrom(aws, google link.Observation) {
	var others []string
	for _, o := range []link.Observation{aws, google} {
		got, ok := descriptionOf(o)
		switch {
		case ok && got == m.Description.ValueString():
			return
		case ok:
			others = append(others, got)
		}
	}
	if len(others) > 0 {
		m.Description = types.StringValue(others[0])
	}
	m.Description = settle(m.Description)
}

func descriptionOf(o link.Observation) (string, bool) {
	switch d := o.Detail.(type) {
	case *awsend.Detail:
		return d.Description, d != nil
	case googleend.Transport:
		return d.Description, true
	}
	return "", false
}

// bandwidthFrom takes the bandwidth that the ends report, as descriptionFrom
// does: the AWS end's, where changes are made, if neither has the model's.
func (m *model) bandwidthFrom(aws, google link.Observation) {
	have := m.Bandwidth.Speed()
	first := aws.Bandwidth
	if first == 0 {
		first = google.Bandwidth
	}
	switch {
	case have != 0 && (aws.Bandwidth == have || google.Bandwidth == have):
	case first != 0:
		m.Bandwidth = values.NewBandwidth(first)
	case m.Bandwidth.IsUnknown():
		m.Bandwidth = values.NewBandwidth(0)
	}
}

func (a *awsModel) fromObservation(o link.Observation) {
	a.ConnectionID = reported(o.ID, a.ConnectionID)
	a.State = types.StringValue(word(o))
	d, ok := o.Detail.(*awsend.Detail)
	if !ok || d == nil {
		a.ARN, a.AccountID, a.BillingTier = settle(a.ARN), settle(a.AccountID), settleNumber(a.BillingTier)
		return
	}
	a.ARN, a.AccountID = types.StringValue(d.ARN), types.StringValue(d.AccountID)
	a.Region = reported(o.Site.Region, a.Region)
	a.BillingTier = types.Int64Null()
	if d.BillingTier != nil {
		a.BillingTier = types.Int64Value(int64(*d.BillingTier))
	}
	a.GatewayID = same(a.GatewayID, d.GatewayID, strings.EqualFold)
	all := maps.Clone(d.Foreign)
	if all == nil {
		all = map[string]string{}
	}
	maps.Copy(all, d.Tags)
	a.Tags, a.TagsAll = seen(a.Tags, all), seen(a.TagsAll, all)
}

func (g *googleModel) fromObservation(o link.Observation) {
	g.TransportID = reported(o.ID, g.TransportID)
	g.State = types.StringValue(word(o))
	d, ok := o.Detail.(googleend.Transport)
	if !ok {
		g.PeeringNetwork, g.MTULimit = settle(g.PeeringNetwork), settleNumber(g.MTULimit)
		return
	}
	g.Network = same(g.Network, d.Network, sameName)
	g.Hub = same(g.Hub, d.Hub, sameName)
	g.StackType = reported(d.StackType, g.StackType)
	g.AutoAccept, g.PSCRouting = types.BoolValue(d.AutoAccept), types.BoolValue(d.PSCRouting)
	g.PeeringNetwork = reported(d.PeeringNetwork, g.PeeringNetwork)
	g.MTULimit = types.Int64Null()
	if d.MTULimit != 0 {
		g.MTULimit = types.Int64Value(int64(d.MTULimit))
	}
	g.AdvertisedRoutes = routes(g.AdvertisedRoutes, d.AdvertisedRoutes)
	g.Labels, g.LabelsAll = seen(g.Labels, d.Labels), seen(g.LabelsAll, d.Labels)
}

// word is an end's state in its cloud's own word.
func word(o link.Observation) string {
	if o.Raw == "" {
		return string(link.Absent)
	}
	return o.Raw
}

// pairingValue is the computed pairing.
func pairingValue(p link.Pairing) types.Object {
	differences := make([]attr.Value, len(p.Differences))
	for i, d := range p.Differences {
		differences[i] = types.ObjectValueMust(differenceType().AttrTypes, map[string]attr.Value{
			"field": types.StringValue(d.Field), cloudAWS: values.Text(d.Values[cloudAWS]), cloudGoogle: values.Text(d.Values[cloudGoogle]),
		})
	}
	return types.ObjectValueMust(pairingType().AttrTypes, map[string]attr.Value{
		"status":      types.StringValue(string(p.Status)),
		"summary":     types.StringValue(p.Summary),
		"differences": types.ListValueMust(differenceType(), differences),
	})
}

// status is the pairing's status in a model; empty when there is none.
func (m *model) status() link.Status {
	s, ok := m.Pairing.Attributes()["status"].(types.String)
	if !ok {
		return ""
	}
	return link.Status(s.ValueString())
}
