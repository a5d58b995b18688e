package interconnects

import (
	"cmp"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/googleend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/inventory"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/values"
)

// Keys of the two clouds, as descriptors and configuration write them.
const (
	cloudAWS    = "aws"
	cloudGoogle = "google"
)

// linkModel is a link that was found.
type linkModel struct {
	ID            types.String  `tfsdk:"id"`
	Name          types.String  `tfsdk:"name"`
	Owner         types.String  `tfsdk:"owner"`
	SharedID      types.String  `tfsdk:"shared_id"`
	Kind          types.String  `tfsdk:"kind"`
	Initiator     types.String  `tfsdk:"initiator"`
	Bandwidth     types.String  `tfsdk:"bandwidth"`
	BandwidthMbps types.Int64   `tfsdk:"bandwidth_mbps"`
	Pairing       *pairingModel `tfsdk:"pairing"`
	AWS           *awsModel     `tfsdk:"aws"`
	Google        *googleModel  `tfsdk:"google"`
	Cost          types.Object  `tfsdk:"cost"`
}

// pairingModel is what comparing both ends says.
type pairingModel struct {
	Status      types.String      `tfsdk:"status"`
	Summary     types.String      `tfsdk:"summary"`
	Remedy      types.String      `tfsdk:"remedy"`
	Differences []differenceModel `tfsdk:"differences"`
}

// differenceModel is a field in which the ends differ.
type differenceModel struct {
	Field  types.String `tfsdk:"field"`
	AWS    types.String `tfsdk:"aws"`
	Google types.String `tfsdk:"google"`
}

// awsModel is the AWS end of a link.
type awsModel struct {
	ConnectionID  types.String `tfsdk:"connection_id"`
	ARN           types.String `tfsdk:"arn"`
	AccountID     types.String `tfsdk:"account_id"`
	Region        types.String `tfsdk:"region"`
	State         types.String `tfsdk:"state"`
	Bandwidth     types.String `tfsdk:"bandwidth"`
	EnvironmentID types.String `tfsdk:"environment_id"`
	GatewayID     types.String `tfsdk:"direct_connect_gateway_id"`
	BillingTier   types.Int64  `tfsdk:"billing_tier"`
	Description   types.String `tfsdk:"description"`
	Tags          types.Map    `tfsdk:"tags"`
}

// googleModel is the Google end of a link.
type googleModel struct {
	TransportID      types.String `tfsdk:"transport_id"`
	Project          types.String `tfsdk:"project"`
	Region           types.String `tfsdk:"region"`
	State            types.String `tfsdk:"state"`
	Bandwidth        types.String `tfsdk:"bandwidth"`
	RemoteProfile    types.String `tfsdk:"remote_profile"`
	Network          types.String `tfsdk:"network"`
	Hub              types.String `tfsdk:"hub"`
	AdvertisedRoutes types.List   `tfsdk:"advertised_routes"`
	StackType        types.String `tfsdk:"stack_type"`
	AutoAccept       types.Bool   `tfsdk:"auto_accept"`
	PSCRouting       types.Bool   `tfsdk:"psc_routing"`
	PeeringNetwork   types.String `tfsdk:"peering_network"`
	MTULimit         types.Int64  `tfsdk:"mtu_limit"`
	Description      types.String `tfsdk:"description"`
	Labels           types.Map    `tfsdk:"labels"`
}

// toModel is a link that was found, as Terraform holds it. Activation keys are
// not part of it.
func toModel(s link.Seen) linkModel {
	aws, google := s.View[inventory.SideAWS], s.View[inventory.SideGoogle]
	speed := cmp.Or(aws.Bandwidth, google.Bandwidth)
	m := linkModel{
		Name: types.StringValue(s.Name), Owner: values.Text(cmp.Or(aws.Mark.Owner, google.Mark.Owner)), SharedID: values.Text(s.View.SharedID()),
		Kind: types.StringValue(string(inventory.KindOf(s))), Initiator: values.Text(initiator(aws, google)),
		Bandwidth: values.Text(speed.String()), BandwidthMbps: number(speed.InMbps()), Pairing: toPairing(link.Pair(s.Link, s.View)),
		Cost: values.NewCost(inventory.Cost(aws, google, 0)),
	}
	if aws.ID != "" {
		m.AWS = toAWS(aws)
		m.ID = m.AWS.ARN
	}
	if google.ID != "" {
		m.Google = toGoogle(google)
		m.ID = m.Google.TransportID
	}
	return m
}

// initiator is the cloud that issued the key; empty where nothing tells. Only a
// transport that issued its own key names the other account.
func initiator(aws, google link.Observation) string {
	switch {
	case google.ID == "" && aws.State == link.AwaitingPeer:
		return cloudAWS
	case google.ID == "":
		return ""
	case google.PeerSite.Account != "" || google.State == link.AwaitingPeer:
		return cloudGoogle
	case google.SharedID != "":
		return cloudAWS
	}
	return ""
}

func toPairing(p link.Pairing) *pairingModel {
	m := &pairingModel{
		Status: types.StringValue(string(p.Status)), Summary: types.StringValue(p.Summary), Remedy: values.Text(p.Remedy), Differences: []differenceModel{},
	}
	for _, d := range p.Differences {
		m.Differences = append(m.Differences, differenceModel{types.StringValue(d.Field), values.Text(d.Values[cloudAWS]), values.Text(d.Values[cloudGoogle])})
	}
	return m
}

func toAWS(o link.Observation) *awsModel {
	m := &awsModel{
		ConnectionID: types.StringValue(o.ID), Region: values.Text(o.Site.Region), AccountID: values.Text(o.Site.Account), State: types.StringValue(o.Raw),
		Bandwidth: values.Text(o.Bandwidth.String()), EnvironmentID: values.Text(o.Environment), Tags: pairs(nil),
	}
	if d, ok := o.Detail.(*awsend.Detail); ok && d != nil {
		m.ARN, m.GatewayID, m.Description = values.Text(d.ARN), values.Text(d.GatewayID), values.Text(d.Description)
		if d.BillingTier != nil {
			m.BillingTier = types.Int64Value(int64(*d.BillingTier))
		}
		all := map[string]string{}
		maps.Copy(all, d.Foreign)
		maps.Copy(all, d.Tags)
		m.Tags = pairs(all)
	}
	return m
}

func toGoogle(o link.Observation) *googleModel {
	m := &googleModel{
		TransportID: types.StringValue(o.ID), Project: values.Text(o.Site.Account), Region: values.Text(o.Site.Region), State: types.StringValue(o.Raw),
		Bandwidth: values.Text(o.Bandwidth.String()), RemoteProfile: values.Text(o.Environment), Labels: pairs(nil), AdvertisedRoutes: list(nil),
	}
	if d, ok := o.Detail.(googleend.Transport); ok {
		m.Network, m.Hub, m.StackType, m.PeeringNetwork = values.Text(d.Network), values.Text(d.Hub), values.Text(d.StackType), values.Text(d.PeeringNetwork)
		m.AutoAccept, m.PSCRouting = types.BoolValue(d.AutoAccept), types.BoolValue(d.PSCRouting)
		m.AdvertisedRoutes, m.MTULimit, m.Description = list(d.AdvertisedRoutes), number(d.MTULimit), values.Text(d.Description)
		m.Labels = pairs(googleend.WithoutMarkers(d.Labels))
	}
	return m
}

// number is a number value, null when 0, which here always means "not said".
func number(n int) types.Int64 {
	if n == 0 {
		return types.Int64Null()
	}
	return types.Int64Value(int64(n))
}

func list(words []string) types.List {
	elements := make([]attr.Value, len(words))
	for i, w := range words {
		elements[i] = types.StringValue(w)
	}
	return types.ListValueMust(types.StringType, elements)
}

func pairs(of map[string]string) types.Map {
	elements := make(map[string]attr.Value, len(of))
	for k, v := range of {
		elements[k] = types.StringValue(v)
	}
	return types.MapValueMust(types.StringType, elements)
}
