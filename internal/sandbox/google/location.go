package google

import (
	"maps"
	"slices"
	"strings"
)

// Locations without transports, so that a client has to look at the features:
// the global one, and a region that no other cloud is joined to.
const (
	globalLocation    = "global"
	unpairedRegion    = "us-central1"
	featureTransports = "TRANSPORTS"
)

// everywhere stands for all locations in a list call.
const everywhere = "-"

// locations lists every location's id in order.
func (c *Cloud) locations() []string {
	all := slices.Collect(maps.Keys(c.profiles))
	for _, extra := range []string{globalLocation, unpairedRegion} {
		if !slices.Contains(all, extra) {
			all = append(all, extra)
		}
	}
	slices.Sort(all)
	return all
}

// checkLocation refuses a location that does not exist, or that has no
// transports. Inferred, both codes.
func (c *Cloud) checkLocation(p project, location string) *apiError {
	switch {
	case !slices.Contains(c.locations(), location):
		return missing("projects/" + p.id + "/locations/" + location)
	case len(c.profiles[location]) == 0:
		return refuse(invalidArgument, "Location '%s' does not support transports.", location)
	}
	return nil
}

// reach lists the locations that a list call covers and the names of those that
// cannot be reached. The lock is held.
func (c *Cloud) reach(k *call) (locations, unreachable []string, fail *apiError) {
	if k.location != everywhere {
		switch {
		case !slices.Contains(c.locations(), k.location):
			return nil, nil, refuse(permissionDenied, "Permission denied on 'locations/%s' (or it may not exist).", k.location)
		case c.dark[k.location]:
			return nil, nil, refuse(unavailable, "The location '%s' is currently unreachable.", k.location)
		}
		return []string{k.location}, nil, nil
	}
	for _, location := range c.locations() {
		if c.dark[location] {
			unreachable = append(unreachable, k.projectName()+"/locations/"+location)
			continue
		}
		locations = append(locations, location)
	}
	return locations, unreachable, nil
}

// holds says whether a name lies in the call's location, or in its project when
// the call asks for all locations.
func (k *call) holds(name string) bool {
	if k.location == everywhere {
		return strings.HasPrefix(name, k.projectName()+"/locations/")
	}
	return strings.HasPrefix(name, k.parent()+"/")
}

// locationResource is a location on the wire (discovery document, Location and
// LocationMetadata).
type locationResource struct {
	Name       string            `json:"name"`
	LocationID string            `json:"locationId"`
	Labels     map[string]string `json:"labels,omitempty"`
	Metadata   locationMetadata  `json:"metadata"`
}

type locationMetadata struct {
	Type             string   `json:"@type"`
	LocationFeatures []string `json:"locationFeatures,omitempty"`
}

// locationResource writes a location as a project sees it.
func (c *Cloud) locationResource(p project, id string, v version) locationResource {
	r := locationResource{
		Name: "projects/" + p.id + "/locations/" + id, LocationID: id,
		Metadata: locationMetadata{Type: v.typeURL("LocationMetadata")},
	}
	if id != globalLocation {
		r.Labels = map[string]string{"cloud.googleapis.com/region": id}
		r.Metadata.LocationFeatures = []string{"SITE_TO_CLOUD_SPOKES"}
	}
	if len(c.profiles[id]) > 0 {
		r.Metadata.LocationFeatures = append(r.Metadata.LocationFeatures, featureTransports)
	}
	return r
}

// getLocation answers locations.get.
func (c *Cloud) getLocation(k *call) (any, *apiError) {
	if !slices.Contains(c.locations(), k.location) {
		return nil, missing(k.parent())
	}
	return c.locationResource(k.project, k.location, k.version), nil
}

// listLocations answers locations.list.
func (c *Cloud) listLocations(k *call) (any, *apiError) {
	l, fail := readListing(k.query, k.projectName()+"/locations", "pageSize", maxPage, "name", "locationId")
	if fail != nil {
		return nil, fail
	}
	var all []locationResource
	for _, id := range c.locations() {
		all = append(all, c.locationResource(k.project, id, k.version))
	}
	locations, next := page(l, all, func(r locationResource) string { return r.Name }, func(r locationResource, field string) string {
		if field == "name" {
			return r.Name
		}
		return r.LocationID
	})
	return struct {
		Locations     []locationResource `json:"locations,omitempty"`
		NextPageToken string             `json:"nextPageToken,omitempty"`
	}{locations, next}, nil
}
