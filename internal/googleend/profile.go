package googleend

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	networkconnectivity "google.golang.org/api/networkconnectivity/v1"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

// pageSize is how many resources a list asks for at a time; Google may send
// fewer.
const pageSize = 500

// Profile is what a location can be joined with: a remote transport profile
// (Google discovery document, networkconnectivity v1). It is Google's name of an
// environment.
type Profile struct {
	// ID is the last part of the resource name: "aws-us-east-1". It is what
	// link calls the environment.
	ID string
	// Name is the full resource name.
	Name string
	// Region is Google's location.
	Region string
	// Provider is the other cloud's name ("Amazon Web Services"), and Site its
	// region in its own spelling, or the facility that connections go through.
	Provider, Site string
	// DisplayName and Description are for people.
	DisplayName, Description string
	// Tiers that the profile supports, smallest first.
	Tiers []bandwidth.Bandwidth
	// Flow is Google's word for who may issue the key, and Flows the sides that
	// a transport may take. Empty Flows means that Google does not say.
	Flow  string
	Flows []link.Side
	// OrderState is Google's word for whether there is capacity to order, and
	// Open says that there is. A state that is not known counts as open.
	OrderState string
	Open       bool
	// SLA is Google's word: "HIGH" is 99.9 %, "MAXIMUM" 99.99 %.
	SLA string
}

// AWS says that the other cloud is AWS.
func (p Profile) AWS() bool {
	return p.Provider == "Amazon Web Services" || strings.HasPrefix(p.ID, "aws-")
}

// profileOf reads Google's form.
func profileOf(r *networkconnectivity.RemoteTransportProfile, region string) Profile {
	p := Profile{
		ID: lastSegment(r.Name), Name: r.Name, Region: regionOf(r.Name, region),
		Provider: r.Provider, Site: r.ProviderSite,
		DisplayName: r.DisplayName, Description: r.Description,
		Flow: r.Flow, OrderState: r.OrderState, Open: r.OrderState != "CLOSED",
		SLA: r.Sla,
	}
	for _, word := range r.SupportedBandwidths {
		if b, err := bandwidth.Parse(word); err == nil {
			p.Tiers = append(p.Tiers, b)
		}
	}
	slices.Sort(p.Tiers)
	switch r.Flow {
	case "INPUT_ONLY":
		p.Flows = []link.Side{link.Acceptor}
	case "OUTPUT_ONLY":
		p.Flows = []link.Side{link.Initiator}
	case "INPUT_OR_OUTPUT":
		p.Flows = []link.Side{link.Initiator, link.Acceptor}
	}
	return p
}

// listProfiles reads all pages.
func (a *Account) listProfiles(ctx context.Context, p place) ([]Profile, error) {
	c, err := a.clients()
	if err != nil {
		return nil, err
	}
	var profiles []Profile
	var missing []string
	err = c.service.Projects.Locations.RemoteTransportProfiles.List(p.parent()).PageSize(pageSize).
		Pages(ctx, func(page *networkconnectivity.ListRemoteTransportProfilesResponse) error {
			for _, r := range page.RemoteTransportProfiles {
				profiles = append(profiles, profileOf(r, p.region))
			}
			missing = append(missing, page.Unreachable...)
			return nil
		})
	if err == nil && len(missing) > 0 {
		return nil, unreachable("list the remote transport profiles of", p, missing)
	}
	return profiles, translate("list the remote transport profiles of", p.parent(), err)
}

// unreachable is the error of a list that lacks some locations.
func unreachable(attempt string, p place, missing []string) error {
	slices.Sort(missing)
	return &cloud.Error{
		Kind: cloud.Unavailable, End: endName, Attempt: attempt, Object: p.parent(),
		Message: "these locations could not be reached: " + strings.Join(slices.Compact(missing), ", "),
		Remedy:  "Try again later.",
	}
}

// Locations are the regions of a project in which transports are offered, in
// alphabetical order (Google discovery document, networkconnectivity v1:
// LocationMetadata.locationFeatures has TRANSPORTS). Errors are *cloud.Error.
func (a *Account) Locations(ctx context.Context, project string) ([]string, error) {
	c, err := a.clients()
	if err != nil {
		return nil, err
	}
	var regions []string
	err = c.service.Projects.Locations.List("projects/"+project).PageSize(pageSize).
		Pages(ctx, func(page *networkconnectivity.ListLocationsResponse) error {
			for _, l := range page.Locations {
				ok, err := offersTransports(l)
				if err != nil {
					return err
				}
				if ok {
					regions = append(regions, l.LocationId)
				}
			}
			return nil
		})
	slices.Sort(regions)
	return regions, translate("list the locations of", "projects/"+project, err)
}

// offersTransports reads a location's metadata. A location without any offers
// nothing.
func offersTransports(l *networkconnectivity.Location) (bool, error) {
	if len(l.Metadata) == 0 {
		return false, nil
	}
	var m networkconnectivity.LocationMetadata
	if err := json.Unmarshal(l.Metadata, &m); err != nil {
		return false, fmt.Errorf("reading the metadata of location %s: %w", l.LocationId, err)
	}
	return slices.Contains(m.LocationFeatures, "TRANSPORTS"), nil
}
