package google

import (
	"cmp"
	"slices"
)

// spoke is what a transport in hub mode hangs on its hub with. Nothing documents
// how it looks in the API: the enum of spoke types has no transports, and the
// message no field that names one. Inferred: one spoke in the transport's
// region, named after it, of no type; and with PSC routing a second one for the
// transport's network. Spokes in the hub's own project are accepted by
// themselves (Google product documentation), so a new one is ACTIVE.
//
// Spokes are derived from transports, never kept.
type spoke struct {
	transport *transport
	hub       *hub
	// routing: it is the spoke of the transport's network.
	routing bool
}

// spokes are those of a project's transports. The lock is held.
func (c *Cloud) spokes(p project) []spoke {
	var all []spoke
	for _, t := range c.transports {
		h := c.hubs[hubName(t.project, t.hub)]
		if t.project != p || h == nil || t.peeringNetwork == "" {
			continue
		}
		all = append(all, spoke{transport: t, hub: h})
		if t.pscRouting {
			all = append(all, spoke{transport: t, hub: h, routing: true})
		}
	}
	slices.SortFunc(all, func(a, b spoke) int { return cmp.Compare(a.name(), b.name()) })
	return all
}

// spokesOf are a hub's. The lock is held.
func (c *Cloud) spokesOf(h *hub) []spoke {
	return slices.DeleteFunc(c.spokes(h.project), func(s spoke) bool { return s.hub != h })
}

// name is the spoke's full name.
func (s spoke) name() string {
	name := s.transport.parent() + "/spokes/" + s.transport.id
	if s.routing {
		name += "-routing"
	}
	return name
}

// state is the spoke's.
func (s spoke) state() string {
	switch {
	case s.transport.state == StateDeleting:
		return hubDeleting
	case s.transport.rejected:
		return spokeInactive
	}
	return hubActive
}

// spokeResource is a spoke on the wire (discovery document, Spoke).
type spokeResource struct {
	Name             string         `json:"name"`
	CreateTime       string         `json:"createTime"`
	UpdateTime       string         `json:"updateTime"`
	Hub              string         `json:"hub"`
	Group            string         `json:"group"`
	LinkedVPCNetwork *linkedNetwork `json:"linkedVpcNetwork,omitempty"`
	State            string         `json:"state"`
	Reasons          []stateReason  `json:"reasons,omitempty"`
	SpokeType        string         `json:"spokeType,omitempty"`
}

type linkedNetwork struct {
	URI string `json:"uri"`
}

type stateReason struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// resource writes the spoke. In a star topology a transport joins the center
// group (Google product documentation). The lock is held.
func (s spoke) resource() spokeResource {
	group := "default"
	if s.hub.topology == topologyStar {
		group = "center"
	}
	r := spokeResource{
		Name: s.name(), CreateTime: stamp(s.transport.created), UpdateTime: stamp(s.transport.updated),
		Hub: s.hub.name(), Group: s.hub.name() + "/groups/" + group, State: s.state(),
	}
	if s.routing {
		r.SpokeType = "VPC_NETWORK"
		r.LinkedVPCNetwork = &linkedNetwork{computeRoot + s.transport.peeringNetwork}
	}
	if s.transport.rejected {
		r.Reasons = []stateReason{{"REJECTED", "The spoke was rejected by the hub's administrator."}}
	}
	return r
}

// spokeSummary counts a hub's spokes (discovery document, SpokeSummary).
type spokeSummary struct {
	SpokeTypeCounts  []spokeTypeCount  `json:"spokeTypeCounts,omitempty"`
	SpokeStateCounts []spokeStateCount `json:"spokeStateCounts,omitempty"`
}

type spokeTypeCount struct {
	SpokeType string `json:"spokeType"`
	Count     int    `json:"count,string"`
}

type spokeStateCount struct {
	State string `json:"state"`
	Count int    `json:"count,string"`
}

// summarise counts spokes; nil when there are none. The lock is held.
func summarise(spokes []spoke) *spokeSummary {
	if len(spokes) == 0 {
		return nil
	}
	var s spokeSummary
	for _, one := range spokes {
		r := one.resource()
		if i := slices.IndexFunc(s.SpokeStateCounts, func(n spokeStateCount) bool { return n.State == r.State }); i >= 0 {
			s.SpokeStateCounts[i].Count++
		} else {
			s.SpokeStateCounts = append(s.SpokeStateCounts, spokeStateCount{r.State, 1})
		}
		kind := cmp.Or(r.SpokeType, "SPOKE_TYPE_UNSPECIFIED")
		if i := slices.IndexFunc(s.SpokeTypeCounts, func(n spokeTypeCount) bool { return n.SpokeType == kind }); i >= 0 {
			s.SpokeTypeCounts[i].Count++
		} else {
			s.SpokeTypeCounts = append(s.SpokeTypeCounts, spokeTypeCount{kind, 1})
		}
	}
	return &s
}

// getSpoke answers spokes.get.
func (c *Cloud) getSpoke(k *call) (any, *apiError) {
	c.mu.Lock()
	defer c.mu.Unlock()
	name := named("spokes")(k)
	for _, s := range c.spokes(k.project) {
		if s.name() == name {
			return s.resource(), nil
		}
	}
	return nil, missing(name)
}

// listSpokes answers spokes.list: those of a location, or of all.
func (c *Cloud) listSpokes(k *call) (any, *apiError) {
	return c.spokePage(k, k.parent()+"/spokes", func(s spoke) bool {
		return k.holds(s.name()) && !c.dark[s.transport.location]
	})
}

// listHubSpokes answers hubs.listSpokes.
func (c *Cloud) listHubSpokes(k *call) (any, *apiError) {
	c.mu.Lock()
	h, fail := c.hubNamed(k)
	c.mu.Unlock()
	if fail != nil {
		return nil, fail
	}
	return c.spokePage(k, h.name(), func(s spoke) bool { return s.hub == h })
}

// spokePage answers with a page of the spokes that belong to a list.
func (c *Cloud) spokePage(k *call, scope string, belongs func(spoke) bool) (any, *apiError) {
	l, fail := readListing(k.query, scope, "pageSize", maxPage, "name", "hub")
	if fail != nil {
		return nil, fail
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	_, unreachable, fail := c.reach(k)
	if fail != nil {
		return nil, fail
	}
	var all []spokeResource
	for _, s := range c.spokes(k.project) {
		if belongs(s) {
			all = append(all, s.resource())
		}
	}
	spokes, next := page(l, all, func(r spokeResource) string { return r.Name }, func(r spokeResource, field string) string {
		if field == "hub" {
			return r.Hub
		}
		return r.Name
	})
	return struct {
		Spokes        []spokeResource `json:"spokes,omitempty"`
		NextPageToken string          `json:"nextPageToken,omitempty"`
		Unreachable   []string        `json:"unreachable,omitempty"`
	}{spokes, next, unreachable}, nil
}
