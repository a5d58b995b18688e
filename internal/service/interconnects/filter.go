package interconnects

import (
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/googleend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/inventory"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

// matches says that a link is one of those asked for: it passes every filter
// that is given. A filter about one end passes no link without that end.
func (m *listModel) matches(s link.Seen) bool {
	aws, google := s.View[inventory.SideAWS], s.View[inventory.SideGoogle]
	for _, passes := range []bool{
		m.Name.IsNull() || s.Name == m.Name.ValueString(),
		strings.HasPrefix(s.Name, m.NamePrefix.ValueString()),
		m.Owner.IsNull() || ownedBy(m.Owner.ValueString(), aws, google),
		m.SharedID.IsNull() || strings.EqualFold(s.View.SharedID(), m.SharedID.ValueString()),
		among(m.AWSRegions, aws.Site.Region, google.PeerSite.Region),
		among(m.GoogleRegions, google.Site.Region, aws.PeerSite.Region),
		among(m.Statuses, string(link.Pair(s.Link, s.View).Status)),
		among(m.Kinds, string(inventory.KindOf(s))),
		m.Bandwidth.Speed() == 0 || aws.Bandwidth == m.Bandwidth.Speed() || google.Bandwidth == m.Bandwidth.Speed(),
		m.matchesAWS(aws),
		m.matchesGoogle(google),
	} {
		if !passes {
			return false
		}
	}
	return true
}

// matchesAWS holds the AWS end against the filters that are about it.
func (m *listModel) matchesAWS(o link.Observation) bool {
	if m.GatewayID.IsNull() && m.Tags.IsNull() {
		return true
	}
	d, ok := o.Detail.(*awsend.Detail)
	if !ok || d == nil {
		return false
	}
	return (m.GatewayID.IsNull() || strings.EqualFold(d.GatewayID, m.GatewayID.ValueString())) && carries(m.Tags, d.Tags, d.Foreign)
}

// matchesGoogle holds the Google end against the filters that are about it.
func (m *listModel) matchesGoogle(o link.Observation) bool {
	if m.Network.IsNull() && m.Hub.IsNull() && m.Labels.IsNull() {
		return true
	}
	d, ok := o.Detail.(googleend.Transport)
	return ok && named(m.Network, d.Network) && named(m.Hub, d.Hub) && carries(m.Labels, d.Labels)
}

// ownedBy says that an end carries the owner's marker. A label holds an owner in
// a form of its own.
func ownedBy(owner string, aws, google link.Observation) bool {
	return aws.Mark.Owner == owner && aws.ID != "" || google.ID != "" && google.Mark.Owner == googleend.OwnerLabel(owner)
}

// among says that a set holds one of the words, or is not given.
func among(set types.Set, words ...string) bool {
	if set.IsNull() {
		return true
	}
	return slices.ContainsFunc(texts(set), func(s string) bool { return s != "" && slices.Contains(words, s) })
}

// carries says that each of the wanted pairs is in one of the maps.
func carries(wanted types.Map, have ...map[string]string) bool {
	for k, v := range wanted.Elements() {
		if !slices.ContainsFunc(have, func(m map[string]string) bool {
			got, ok := m[k]
			return ok && types.StringValue(got).Equal(v)
		}) {
			return false
		}
	}
	return true
}

// named says that two spellings, of which one may be a bare name and the other a
// full name or URL, name one resource.
func named(wanted types.String, have string) bool {
	w, h := "/"+wanted.ValueString(), "/"+have
	return wanted.IsNull() || have != "" && (strings.HasSuffix(w, h) || strings.HasSuffix(h, w))
}

// texts are the strings of a set.
func texts(set types.Set) []string {
	var out []string
	for _, v := range set.Elements() {
		if s, ok := v.(types.String); ok {
			out = append(out, s.ValueString())
		}
	}
	slices.Sort(out)
	return out
}
