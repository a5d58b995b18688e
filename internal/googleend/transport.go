package googleend

import (
	"context"
	"strings"

	networkconnectivity "google.golang.org/api/networkconnectivity/v1"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

// Transport is what Google says of a transport beyond link.Observation; it is
// the observation's Detail. It holds no activation key. (Google discovery
// document, networkconnectivity v1.)
type Transport struct {
	// Name is the full resource name, and ID its last part.
	Name, ID string
	// Description that the user gave.
	Description string
	// Labels, with the markers among them.
	Labels map[string]string
	// RemoteProfile is the full name of the profile; empty when Google does not
	// say.
	RemoteProfile string
	// Network that is peered with the transport, or Hub that it is a spoke of,
	// as Google writes them.
	Network, Hub string
	// AdvertisedRoutes are the prefixes offered to the other cloud.
	AdvertisedRoutes []string
	// StackType is IPV4_ONLY or IPV4_IPV6.
	StackType string
	// AutoAccept and PSCRouting are of hub mode.
	AutoAccept, PSCRouting bool
	// PeeringNetwork is the network made for the peering with Network.
	PeeringNetwork string
	// MTULimit is the largest packet in bytes; 0 until Google knows it.
	MTULimit int
	// CreateTime and UpdateTime as Google writes them (RFC 3339).
	CreateTime, UpdateTime string
}

// states are Google's words (discovery document, networkconnectivity v1:
// Transport.state).
var states = map[string]link.State{
	"CREATING":       link.Creating,
	"PENDING_KEY":    link.AwaitingPeer,
	"PENDING_CONFIG": link.Joining,
	"ACTIVE":         link.Up,
	"DELETING":       link.Deleting,
	"DEPROVISIONED":  link.Deprovisioned,
	"SUSPENDED":      link.Suspended,
}

// stateOf translates a state. A word that Google has added since counts as
// Joining: neither up nor lost, so it is waited for; the word stays visible in
// Raw.
func stateOf(word string) link.State {
	if s, ok := states[word]; ok {
		return s
	}
	return link.Joining
}

// observe reads Google's form. The name is made from the place asked for, since
// Google may write the project's number for its id.
func observe(t *networkconnectivity.Transport, p place) link.Observation {
	region := regionOf(t.Name, p.region)
	name := TransportName(p.project, region, lastSegment(t.Name))
	speed, err := bandwidth.Parse(t.Bandwidth)
	if err != nil {
		// BANDWIDTH_UNSPECIFIED, or none.
		speed = 0
	}
	o := link.Observation{
		Ref:   link.Ref{ID: name},
		State: stateOf(t.State), Raw: t.State,
		SharedID:    sharedIDOf(t),
		Environment: lastSegment(t.RemoteProfile),
		Site:        link.Site{Account: p.project, Region: region},
		PeerSite:    link.Site{Account: t.RemoteAccountId, Region: siteOf(t.RemoteProfile)},
		Bandwidth:   speed,
		Redeemed:    activation.NewKey(t.ProvidedActivationKey),
		Mark:        markOf(t.Labels),
		Detail:      detailOf(t, name),
	}
	if o.State == link.AwaitingPeer {
		// Later the key is still shown where the profile allows both flows,
		// and is of no use (discovery document: INPUT_OR_OUTPUT).
		o.Key = activation.NewKey(t.GeneratedActivationKey)
	}
	return o
}

func detailOf(t *networkconnectivity.Transport, name string) Transport {
	return Transport{
		Name: name, ID: lastSegment(name), Description: t.Description, Labels: t.Labels,
		RemoteProfile: t.RemoteProfile, Network: t.Network, Hub: t.Hub,
		AdvertisedRoutes: t.AdvertisedRoutes, StackType: t.StackType,
		AutoAccept: t.AutoAccept, PSCRouting: t.PscRoutingEnabled,
		PeeringNetwork: t.PeeringNetwork, MTULimit: int(t.MtuLimit),
		CreateTime: t.CreateTime, UpdateTime: t.UpdateTime,
	}
}

// sharedIDOf is the shared id that a transport tells: by our label, by the key
// that it was made with, or by the key that it issued. A transport that redeemed
// a key may show a generated key all the same, which is not its link's; only the
// initiator has a remote account.
func sharedIDOf(t *networkconnectivity.Transport) string {
	if id := t.Labels[labelSharedID]; id != "" {
		return strings.ToLower(id)
	}
	if p, err := activation.NewKey(t.ProvidedActivationKey).Decode(); err == nil {
		return p.SharedID
	}
	if t.RemoteAccountId == "" || t.ProvidedActivationKey != "" {
		return ""
	}
	if p, err := activation.NewKey(t.GeneratedActivationKey).Decode(); err == nil {
		return p.SharedID
	}
	return ""
}

// siteOf is the other cloud's region in a profile's name, whose form is
// $provider-$site (discovery document: RemoteTransportProfile.name).
func siteOf(profile string) string {
	_, site, _ := strings.Cut(lastSegment(profile), "-")
	return site
}

// Transports are all transports of a region, or of all regions for "-". When
// some locations could not be reached, those that were seen are returned together
// with an error of kind Unavailable. Errors are *cloud.Error.
func (a *Account) Transports(ctx context.Context, project, region string) ([]link.Observation, error) {
	c, err := a.clients()
	if err != nil {
		return nil, err
	}
	p := place{project, region}
	var found []link.Observation
	var missing []string
	err = c.service.Projects.Locations.Transports.List(p.parent()).PageSize(pageSize).
		Pages(ctx, func(page *networkconnectivity.ListTransportsResponse) error {
			for _, t := range page.Transports {
				found = append(found, observe(t, p))
			}
			missing = append(missing, page.Unreachable...)
			return nil
		})
	if err == nil && len(missing) > 0 {
		return found, unreachable("list the transports of", p, missing)
	}
	return found, translate("list the transports of", p.parent(), err)
}

// read reads one transport; not found is State Absent.
func (a *Account) read(ctx context.Context, r link.Ref) (link.Observation, error) {
	project, region, _, err := ParseTransportName(r.ID)
	if err != nil {
		return link.Observation{}, &cloud.Error{Kind: cloud.Invalid, End: endName, Attempt: "read the transport", Message: err.Error()}
	}
	c, err := a.clients()
	if err != nil {
		return link.Observation{}, err
	}
	t, err := c.service.Projects.Locations.Transports.Get(r.ID).Context(ctx).Do()
	if err = translate("read the transport", r.ID, err); cloud.IsNotFound(err) {
		return link.Observation{Ref: link.Ref{ID: r.ID}, State: link.Absent}, nil
	}
	if err != nil {
		return link.Observation{}, err
	}
	return observe(t, place{project, region}), nil
}

// glance reads one transport out of the list that all share. The list may lag
// behind, so one that is not in it is read by itself.
func (a *Account) glance(ctx context.Context, r link.Ref) (link.Observation, error) {
	project, region, _, err := ParseTransportName(r.ID)
	if err != nil {
		return a.read(ctx, r)
	}
	listed, err := a.shared(ctx, place{project, region})
	for _, o := range listed {
		if o.ID == r.ID {
			return o, nil
		}
	}
	if err != nil {
		return link.Observation{}, err
	}
	return a.read(ctx, r)
}
