package google

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
)

// peeringBody is a request about a peering as a caller sends it: the message of
// addPeering, which also holds those of updatePeering and removePeering.
type peeringBody struct {
	name, peerNetwork string
	autoRoutes        bool
	// nested is the networkPeering.
	nested struct {
		name, network, stackType, strategy     string
		exchange, exportCustom, importCustom   bool
		auto, exportPublic, importPublic, held bool
		present                                map[string]bool
	}
}

// fields describes the message of a method.
func (b *peeringBody) fields(kind string) []field {
	nested := field{"networkPeering", b.readNested}
	switch kind {
	case updatesPeering:
		return []field{nested}
	case removesPeering:
		return []field{text("name", &b.name)}
	}
	return []field{text("name", &b.name), text("peerNetwork", &b.peerNetwork), flag("autoCreateRoutes", &b.autoRoutes), nested}
}

// readNested reads the nested message. Its faults are those of the outer one.
func (b *peeringBody) readNested(path string, raw json.RawMessage) *violation {
	n := &b.nested
	const enum = "google.cloud.compute.v1.NetworkPeering."
	fields := []field{
		text("name", &n.name), text("network", &n.network),
		flag("autoCreateRoutes", &n.auto), flag("exchangeSubnetRoutes", &n.exchange),
		flag("exportCustomRoutes", &n.exportCustom), flag("importCustomRoutes", &n.importCustom),
		flag("exportSubnetRoutesWithPublicIp", &n.exportPublic), flag("importSubnetRoutesWithPublicIp", &n.importPublic),
		choice("stackType", enum+"StackType", []string{"", ipv4Only, ipv4IPv6}, &n.stackType),
		choice("updateStrategy", enum+"UpdateStrategy", []string{"UNSPECIFIED", "INDEPENDENT", "CONSENSUS"}, &n.strategy),
		outputOnly("state"), outputOnly("stateDetails"), outputOnly("peerMtu"), outputOnly("connectionStatus"),
	}
	if raw[0] != '{' {
		return wrongType(path, "NetworkPeering", raw)
	}
	present, fail := decode(path, raw, fields)
	if fail != nil {
		return &violation{Field: path, Description: fail.message}
	}
	n.held, n.present = true, present
	return nil
}

// badField is the refusal of a field's value by Compute Engine.
func badField(name, value, why string) *apiError {
	return refuse(invalidArgument, "Invalid value for field '%s': '%s'. %s", name, value, why)
}

// addPeering answers networks.addPeering.
func (c *Cloud) addPeering(k *call) (any, *apiError) {
	return c.peeringCall(k, addsPeering, func(n *network, b *peeringBody) (*peering, *apiError) {
		in := b.nested
		p := &peering{
			Name: cmp.Or(in.name, b.name), ExportCustom: in.exportCustom, ImportCustom: in.importCustom,
			// The default of exporting routes with public addresses is true.
			ExportPublic: in.exportPublic || !in.present["export_subnet_routes_with_public_ip"], ImportPublic: in.importPublic,
			StackType: cmp.Or(in.stackType, ipv4Only), Strategy: cmp.Or(in.strategy, "INDEPENDENT"),
		}
		if !nameForm.MatchString(p.Name) {
			return nil, badField("name", p.Name, "Must be a match of regex '(?:[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?)'")
		}
		if !in.exchange && (in.held || !b.autoRoutes) {
			return nil, badField("networkPeering.exchangeSubnetRoutes", "false", "It must be true.")
		}
		var fail *apiError
		if p.Peer, fail = c.peerRef(n.ref.project, cmp.Or(in.network, b.peerNetwork)); fail != nil {
			return nil, fail
		}
		if p.Peer == n.ref.String() {
			return nil, badField("networkPeering.network", p.Peer, "A network cannot be peered with itself.")
		}
		if slices.ContainsFunc(n.peerings, func(q *peering) bool { return q.Name == p.Name || q.Peer == p.Peer }) {
			return nil, c.peeringTaken(n, p)
		}
		return p, nil
	})
}

// peeringTaken is the refusal of a name, or of a peer, that a network has
// already. Inferred. The lock is held.
func (c *Cloud) peeringTaken(n *network, p *peering) *apiError {
	fail := refuse(alreadyExists, "There is already a peering %q, or one with '%s', on network '%s'", p.Name, p.Peer, n.ref)
	if c.switches.DuplicatePeeringInvalid {
		fail.code = invalidArgument
	}
	return fail
}

// peerRef reads a reference to the network to peer with. It need not exist:
// nobody is told what there is in other projects. The lock is held.
func (c *Cloud) peerRef(owner project, ref string) (string, *apiError) {
	name := ref
	if at := strings.Index(ref, "projects/"); at >= 0 {
		name = ref[at:]
	} else if ref != "" {
		name = "projects/" + owner.id + "/global/networks/" + strings.TrimPrefix(ref, "global/networks/")
	}
	projectID, id, ok := strings.Cut(strings.TrimPrefix(name, "projects/"), "/global/networks/")
	if !ok || projectID == "" || strings.Contains(projectID, "/") || !nameForm.MatchString(id) {
		return "", badField("networkPeering.network", ref, "The URL is malformed.")
	}
	if p, known := c.project(projectID); known {
		return networkRef{p, id}.String(), nil
	}
	return name, nil
}

// updatePeering answers networks.updatePeering. Only whether custom routes are
// imported and exported can be changed (discovery document); the stack type too,
// which Google's product documentation has.
func (c *Cloud) updatePeering(k *call) (any, *apiError) {
	return c.peeringCall(k, updatesPeering, func(n *network, b *peeringBody) (*peering, *apiError) {
		p, fail := n.peering(b.nested.name)
		if fail != nil {
			return nil, fail
		}
		changed := *p
		if b.nested.present["export_custom_routes"] {
			changed.ExportCustom = b.nested.exportCustom
		}
		if b.nested.present["import_custom_routes"] {
			changed.ImportCustom = b.nested.importCustom
		}
		changed.StackType = cmp.Or(b.nested.stackType, p.StackType)
		return &changed, nil
	})
}

// removePeering answers networks.removePeering.
func (c *Cloud) removePeering(k *call) (any, *apiError) {
	return c.peeringCall(k, removesPeering, func(n *network, b *peeringBody) (*peering, *apiError) {
		return n.peering(b.name)
	})
}

// peering finds a network's peering by name. The lock is held.
func (n *network) peering(name string) (*peering, *apiError) {
	for _, p := range n.peerings {
		if p.Name == name {
			return p, nil
		}
	}
	return nil, refuse(notFound, "There is no peering %q on network '%s'", name, n.ref)
}

// peeringCall starts an operation on a peering. plan says what the peering is
// going to be, with the lock held.
func (c *Cloud) peeringCall(k *call, kind string, plan func(*network, *peeringBody) (*peering, *apiError)) (any, *apiError) {
	b := &peeringBody{}
	if _, fail := decode("resource", k.body, b.fields(kind)); fail != nil {
		return nil, fail
	}
	return c.changeNetwork(k, kind, func(n *network) (networkEdit, *apiError) {
		if c.peeringBusy(n.ref.String()) {
			return networkEdit{}, peeringInProgress()
		}
		p, fail := plan(n, b)
		if fail == nil && c.peeringBusy(p.Peer) {
			fail = peeringInProgress()
		}
		return networkEdit{peering: p}, fail
	})
}

// exchangedRoute is a route on the wire (discovery document, compute v1
// ExchangedPeeringRoute).
type exchangedRoute struct {
	DestRange     string `json:"destRange"`
	Type          string `json:"type"`
	NextHopRegion string `json:"nextHopRegion,omitempty"`
	Priority      int    `json:"priority"`
	Imported      bool   `json:"imported"`

	// key orders the routes of a list.
	key string
}

// listPeeringRoutes answers networks.listPeeringRoutes. INCOMING are the routes
// that links bring; a network of the sandbox has no custom routes of its own to
// export, so OUTGOING is empty.
func (c *Cloud) listPeeringRoutes(k *call) (any, *apiError) {
	name := scoped("networks")(k)
	direction, region, only := k.query.Get("direction"), k.query.Get("region"), k.query.Get("peeringName")
	l, fail := readListing(k.query, name+"/routes?"+direction+"&"+region+"&"+only, "maxResults", maxResults, "destRange", "type")
	if fail != nil {
		return nil, fail
	}
	if !slices.Contains([]string{"", "INCOMING", "OUTGOING"}, direction) {
		return nil, badField("direction", direction, "It must be INCOMING or OUTGOING.")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	n, fail := c.networkNamed(k)
	if fail != nil {
		return nil, fail
	}
	if only != "" {
		if _, fail := n.peering(only); fail != nil {
			return nil, fail
		}
	}
	var all []exchangedRoute
	for _, p := range n.peerings {
		if direction != "OUTGOING" && (only == "" || only == p.Name) {
			all = append(all, c.incoming(n, p, region)...)
		}
	}
	routes, next := page(l, all, func(r exchangedRoute) string { return r.key }, func(r exchangedRoute, field string) string {
		if field == "type" {
			return r.Type
		}
		return r.DestRange
	})
	return computeList[exchangedRoute]{
		Kind: "compute#exchangedPeeringRoutesList", ID: name, Items: routes,
		NextPageToken: next, SelfLink: computeRoot + name + "/listPeeringRoutes",
	}, nil
}

// incoming are the routes that a peering brings into a region: those of the link
// behind it, while that carries traffic and custom routes are imported. A
// network with regional routing has them in the transport's region alone. Each
// is there once for each path. The lock is held.
func (c *Cloud) incoming(n *network, p *peering, region string) []exchangedRoute {
	t := c.tenant(p.Peer)
	switch {
	case t == nil || !p.ImportCustom || c.peeringState(n, p).state != peeringActive:
		return nil
	case t.operational() != OperationalStatusActive:
		return nil
	case region != "" && region != t.location && n.routing != globalRouting:
		return nil
	}
	var all []exchangedRoute
	for _, prefix := range t.remoteRoutes {
		for path := range cmp.Or(c.switches.RoutePaths, defaultRoutePaths) {
			all = append(all, exchangedRoute{
				DestRange: prefix, Type: "DYNAMIC_PEERING_ROUTE", NextHopRegion: t.location, Imported: true,
				key: prefix + " " + p.Name + " " + string(rune('a'+path)),
			})
		}
	}
	return all
}
