package google

import (
	"fmt"
	"slices"
	"strings"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator"
)

// Key provisioning flows of a remote transport profile (discovery document,
// RemoteTransportProfile.flow).
const (
	// FlowInputOnly needs a key of the other cloud.
	FlowInputOnly = "INPUT_ONLY"
	// FlowOutputOnly issues keys and takes none.
	FlowOutputOnly = "OUTPUT_ONLY"
	// FlowInputOrOutput does either.
	FlowInputOrOutput = "INPUT_OR_OUTPUT"
)

// Order states of a remote transport profile (discovery document,
// RemoteTransportProfile.orderState).
const (
	orderOpen   = "OPEN"
	orderClosed = "CLOSED"
)

// profile is a remote transport profile: what can be ordered in a location. The
// lock guards it.
type profile struct {
	id          string
	location    string
	environment coordinator.Environment
	sizes       []bandwidth.Bandwidth
	flow        string
	orderState  string
}

// bandwidths are the values of the Bandwidth enum (discovery document); the
// first is the unspecified one.
func bandwidths() []string {
	return []string{
		"BANDWIDTH_UNSPECIFIED", "BPS_50M", "BPS_100M", "BPS_200M", "BPS_300M", "BPS_400M", "BPS_500M",
		"BPS_1G", "BPS_2G", "BPS_5G", "BPS_10G", "BPS_20G", "BPS_50G", "BPS_100G",
	}
}

// profilesOf makes one profile for each environment, by location. A size that
// Google's enum cannot write is not sold.
func profilesOf(environments []coordinator.Environment) map[string][]*profile {
	all := map[string][]*profile{}
	for _, e := range environments {
		p := &profile{
			id: "aws-" + e.AWSRegion, location: e.GoogleRegion, environment: e,
			flow: FlowInputOrOutput, orderState: orderOpen,
		}
		for _, size := range e.SizesMbps {
			if b := bandwidth.FromMbps(size); slices.Contains(bandwidths(), b.Google()) {
				p.sizes = append(p.sizes, b)
			}
		}
		all[e.GoogleRegion] = append(all[e.GoogleRegion], p)
	}
	return all
}

// takesKeys says whether a key may be input.
func (p *profile) takesKeys() bool { return p.flow != FlowOutputOnly }

// issuesKeys says whether a key is output.
func (p *profile) issuesKeys() bool { return p.flow != FlowInputOnly }

// name is the profile's name with the project written as ref, its id or its
// number.
func (p *profile) name(ref string) string {
	return "projects/" + ref + "/locations/" + p.location + "/remoteTransportProfiles/" + p.id
}

// profile finds a profile by location and id. The lock is held.
func (c *Cloud) profile(location, id string) (*profile, bool) {
	for _, p := range c.profiles[location] {
		if p.id == id {
			return p, true
		}
	}
	return nil, false
}

// profileFor finds the profile of an environment in a location. The lock is
// held.
func (c *Cloud) profileFor(location, environment string) (*profile, bool) {
	for _, p := range c.profiles[location] {
		if p.environment.ID == environment {
			return p, true
		}
	}
	return nil, false
}

// profileRef finds the profile that a transport names: a bare id, a resource
// name or a URL that ends in one. The lock is held.
func (c *Cloud) profileRef(owner project, location, ref string) (*profile, *apiError) {
	id := ref
	if at := strings.Index(ref, "projects/"); at >= 0 {
		var ok bool
		if id, ok = c.local(owner, ref[at:], "locations/"+location+"/remoteTransportProfiles/"); !ok {
			return nil, missing(ref[at:])
		}
	}
	if p, ok := c.profile(location, id); ok {
		return p, nil
	}
	return nil, missing("projects/" + owner.id + "/locations/" + location + "/remoteTransportProfiles/" + id)
}

// local takes the id out of a name that must lie in the owner's project and in
// the collection. The lock is held.
func (c *Cloud) local(owner project, name, collection string) (id string, ok bool) {
	ref, rest, _ := strings.Cut(strings.TrimPrefix(name, "projects/"), "/")
	p, found := c.project(ref)
	id, inside := strings.CutPrefix(rest, collection)
	return id, found && p == owner && inside && id != "" && !strings.Contains(id, "/")
}

// profileResource is the profile on the wire (discovery document,
// RemoteTransportProfile).
type profileResource struct {
	Name                string   `json:"name"`
	Description         string   `json:"description,omitempty"`
	Provider            string   `json:"provider"`
	ProviderSite        string   `json:"providerSite"`
	SupportedBandwidths []string `json:"supportedBandwidths,omitempty"`
	SLA                 string   `json:"sla"`
	Flow                string   `json:"flow"`
	OrderState          string   `json:"orderState"`
	DisplayName         string   `json:"displayName"`
	ProviderType        string   `json:"providerType,omitempty"` // v1beta has it
}

// provider is what Google calls the cloud on the other end.
const provider = "Amazon Web Services"

// resource writes the profile as a project sees it in a version. The lock is
// held.
func (p *profile) resource(owner project, v version) profileResource {
	r := profileResource{
		Name: p.name(owner.id), Provider: provider, ProviderSite: p.environment.AWSRegion,
		SLA: "HIGH", Flow: p.flow, OrderState: p.orderState,
		DisplayName: fmt.Sprintf("%s %s", provider, p.environment.AWSRegion),
	}
	if v != v1 {
		r.ProviderType = "CLOUD"
	}
	for _, b := range p.sizes {
		r.SupportedBandwidths = append(r.SupportedBandwidths, b.Google())
	}
	return r
}

// getProfile answers remoteTransportProfiles.get.
func (c *Cloud) getProfile(k *call) (any, *apiError) {
	c.mu.Lock()
	defer c.mu.Unlock()
	p, ok := c.profile(k.location, k.id)
	if !ok {
		return nil, missing(named("remoteTransportProfiles")(k))
	}
	return p.resource(k.project, k.version), nil
}

// listProfiles answers remoteTransportProfiles.list.
func (c *Cloud) listProfiles(k *call) (any, *apiError) {
	l, fail := readListing(k.query, k.parent()+"/remoteTransportProfiles", "pageSize", maxPage, "name", "provider", "providerSite", "orderState", "flow")
	if fail != nil {
		return nil, fail
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	locations, unreachable, fail := c.reach(k)
	if fail != nil {
		return nil, fail
	}
	var all []profileResource
	for _, location := range locations {
		for _, p := range c.profiles[location] {
			all = append(all, p.resource(k.project, k.version))
		}
	}
	profiles, next := page(l, all, func(p profileResource) string { return p.Name }, profileResource.field)
	return struct {
		RemoteTransportProfiles []profileResource `json:"remoteTransportProfiles,omitempty"`
		NextPageToken           string            `json:"nextPageToken,omitempty"`
		Unreachable             []string          `json:"unreachable,omitempty"`
	}{profiles, next, unreachable}, nil
}

// field reads the fields that a filter may name.
func (r profileResource) field(name string) string {
	switch name {
	case "name":
		return r.Name
	case "provider":
		return r.Provider
	case "providerSite":
		return r.ProviderSite
	case "orderState":
		return r.OrderState
	}
	return r.Flow
}
