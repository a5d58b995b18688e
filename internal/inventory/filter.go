package inventory

import (
	"slices"
	"strings"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/googleend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

// Filter picks links. What is empty lets every link pass; a part about one end
// lets no link pass that is without that end.
type Filter struct {
	// Name of the link, or how it begins.
	Name, NamePrefix string
	// Owner in whose name it is marked.
	Owner string
	// SharedID in any case of letters.
	SharedID string
	// AWSRegions and GoogleRegions, of an end or of what its partner says.
	AWSRegions, GoogleRegions []string
	// Statuses of the pairing, and Kinds: one of them.
	Statuses, Kinds []string
	// Bandwidth that an end reports.
	Bandwidth bandwidth.Bandwidth
	// GatewayID and Tags of the connection.
	GatewayID string
	Tags      map[string]string
	// Transport, Network or Hub, by any spelling, and Labels of the transport.
	Transport, Network, Hub string
	Labels                  map[string]string
}

// Matches says that a link passes.
func (f Filter) Matches(s link.Seen) bool {
	aws, google := s.View[SideAWS], s.View[SideGoogle]
	return (f.Name == "" || s.Name == f.Name) && strings.HasPrefix(s.Name, f.NamePrefix) &&
		(f.Owner == "" || ownedBy(f.Owner, aws, google)) &&
		(f.SharedID == "" || strings.EqualFold(s.View.SharedID(), f.SharedID)) &&
		among(f.AWSRegions, aws.Site.Region, google.PeerSite.Region) &&
		among(f.GoogleRegions, google.Site.Region, aws.PeerSite.Region) &&
		among(f.Statuses, string(link.Pair(s.Link, s.View).Status)) &&
		among(f.Kinds, string(KindOf(s))) &&
		(f.Bandwidth == 0 || aws.Bandwidth == f.Bandwidth || google.Bandwidth == f.Bandwidth) &&
		f.matchesAWS(aws) && f.matchesGoogle(google)
}

// matchesAWS holds the AWS end against what is about it.
func (f Filter) matchesAWS(o link.Observation) bool {
	if f.GatewayID == "" && len(f.Tags) == 0 {
		return true
	}
	d, ok := o.Detail.(*awsend.Detail)
	return ok && d != nil && (f.GatewayID == "" || strings.EqualFold(d.GatewayID, f.GatewayID)) && carries(f.Tags, d.Tags, d.Foreign)
}

// matchesGoogle holds the Google end against what is about it.
func (f Filter) matchesGoogle(o link.Observation) bool {
	if f.Transport == "" && f.Network == "" && f.Hub == "" && len(f.Labels) == 0 {
		return true
	}
	d, ok := o.Detail.(googleend.Transport)
	return ok && named(f.Transport, o.ID) && named(f.Network, d.Network) && named(f.Hub, d.Hub) && carries(f.Labels, d.Labels)
}

// ownedBy says that an end carries the owner's marker. A label holds an owner in
// a form of its own.
func ownedBy(owner string, aws, google link.Observation) bool {
	return aws.Mark.Owner == owner || google.Mark.Owner == googleend.OwnerLabel(owner)
}

// among says that one of the words is wanted, or that none is.
func among(wanted []string, words ...string) bool {
	return len(wanted) == 0 || slices.ContainsFunc(wanted, func(w string) bool { return w != "" && slices.Contains(words, w) })
}

// carries says that each of the wanted pairs is in one of the maps.
func carries(wanted map[string]string, have ...map[string]string) bool {
	for k, v := range wanted {
		if !slices.ContainsFunc(have, func(m map[string]string) bool {
			got, ok := m[k]
			return ok && got == v
		}) {
			return false
		}
	}
	return true
}

// named says that two spellings, of which one may be a bare name and the other a
// full name or URL, name one resource.
func named(wanted, have string) bool {
	return wanted == "" || have != "" && (strings.HasSuffix("/"+wanted, "/"+have) || strings.HasSuffix("/"+have, "/"+wanted))
}
