package google

import (
	"cmp"
	"encoding/json"
)

// networkBody is a Network as a caller sends it.
type networkBody struct {
	name, description string
	autoSubnets       bool
	mtu               int
	routing           string
}

// fields describes the message. Fields that concern nothing a link needs are
// accepted and not kept.
func (b *networkBody) fields() []field {
	all := []field{
		text("name", &b.name),
		text("description", &b.description),
		flag("autoCreateSubnetworks", &b.autoSubnets),
		int32Value("mtu", &b.mtu),
		{"routingConfig", func(path string, raw json.RawMessage) *violation { return b.readRouting(path, raw) }},
	}
	for _, name := range []string{
		"IPv4Range", "additionalTags", "creationTimestamp", "enableUlaInternalIpv6", "firewallPolicy", "gatewayIPv4",
		"id", "internalIpv6Range", "kind", "networkFirewallPolicyEnforcementOrder", "networkProfile", "params",
		"peerings", "selfLink", "selfLinkWithId", "subnetworks",
	} {
		all = append(all, outputOnly(name))
	}
	return all
}

// readRouting reads the nested message. Its faults are those of the outer one.
func (b *networkBody) readRouting(path string, raw json.RawMessage) *violation {
	fields := []field{
		choice("routingMode", "google.cloud.compute.v1.NetworkRoutingConfig.RoutingMode", []string{"", globalRouting, regionalRouting}, &b.routing),
	}
	for _, name := range []string{
		"bgpAlwaysCompareMed", "bgpBestPathSelectionMode", "bgpInterRegionCost",
		"effectiveBgpAlwaysCompareMed", "effectiveBgpInterRegionCost",
	} {
		fields = append(fields, outputOnly(name))
	}
	if raw[0] != '{' {
		return wrongType(path, "NetworkRoutingConfig", raw)
	}
	if _, fail := decode(path, raw, fields); fail != nil {
		return &violation{Field: path, Description: fail.message}
	}
	return nil
}

// readNetwork reads a call's body and checks each field on its own.
func readNetwork(k *call) (*networkBody, *apiError) {
	b := &networkBody{}
	if _, fail := decode("resource", k.body, b.fields()); fail != nil {
		return nil, fail
	}
	if b.mtu != 0 && (b.mtu < minMTU || b.mtu > maxMTU) {
		return nil, refuse(invalidArgument, "Invalid value for field 'resource.mtu': '%d'. Must be between %d and %d, inclusive", b.mtu, minMTU, maxMTU)
	}
	return b, nil
}

// again is the operation that an earlier call with the same request id started.
// The lock is held.
func (c *Cloud) again(k *call, kind string) (op *computeOperation, requestID string, fail *apiError) {
	requestID = k.query.Get("requestId")
	if fail := checkRequestID(requestID); fail != nil {
		return nil, "", fail
	}
	op, _ = c.computeRequests.find(c.now(), requestKey(kind, k.project.id, requestID))
	return op, requestID, nil
}

// insertNetwork answers networks.insert.
func (c *Cloud) insertNetwork(k *call) (any, *apiError) {
	body, fail := readNetwork(k)
	if fail != nil {
		return nil, fail
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	earlier, requestID, fail := c.again(k, "insert")
	if fail != nil || earlier != nil {
		return answerCompute(earlier, fail)
	}
	if !nameForm.MatchString(body.name) {
		return nil, refuse(invalidArgument, "Invalid value for field 'resource.name': '%s'. Must be a match of regex '(?:[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?)'", body.name)
	}
	n := &network{
		ref: networkRef{k.project, body.name}, id: c.number(), created: c.now(), description: body.description,
		autoSubnets: body.autoSubnets, mtu: cmp.Or(body.mtu, defaultMTU), routing: cmp.Or(body.routing, regionalRouting),
	}
	if _, taken := c.networks[n.ref.String()]; taken {
		return nil, refuse(alreadyExists, "The resource '%s' already exists", n.ref)
	}
	c.networks[n.ref.String()] = n
	return c.startCompute("insert", n, requestID, networkEdit{}).resource(), nil
}

// answerCompute answers with an operation unless there is a failure. The lock is
// held.
func answerCompute(op *computeOperation, fail *apiError) (any, *apiError) {
	if fail != nil {
		return nil, fail
	}
	return op.resource(), nil
}

// networkNamed finds the network that a call names; one that is being made is
// not there yet. The lock is held.
func (c *Cloud) networkNamed(k *call) (*network, *apiError) {
	name := scoped("networks")(k)
	if n, ok := c.networks[name]; ok && n.ready {
		return n, nil
	}
	return nil, computeMissing(name)
}

// getNetwork answers networks.get.
func (c *Cloud) getNetwork(k *call) (any, *apiError) {
	c.mu.Lock()
	defer c.mu.Unlock()
	n, fail := c.networkNamed(k)
	if fail != nil {
		return nil, fail
	}
	return c.networkResource(n), nil
}

// listNetworks answers networks.list.
func (c *Cloud) listNetworks(k *call) (any, *apiError) {
	l, fail := readListing(k.query, scoped("networks")(k), "maxResults", maxResults, "name")
	if fail != nil {
		return nil, fail
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	var all []networkResource
	for _, n := range c.networks {
		if n.ref.project == k.project && n.ready {
			all = append(all, c.networkResource(n))
		}
	}
	byName := func(r networkResource) string { return r.Name }
	networks, next := page(l, all, byName, func(r networkResource, _ string) string { return r.Name })
	return computeList[networkResource]{
		Kind: "compute#networkList", ID: scoped("networks")(k), Items: networks,
		NextPageToken: next, SelfLink: computeRoot + scoped("networks")(k),
	}, nil
}

// patchNetwork answers networks.patch. Only the routing mode and the MTU can be
// changed.
func (c *Cloud) patchNetwork(k *call) (any, *apiError) {
	body, fail := readNetwork(k)
	if fail != nil {
		return nil, fail
	}
	return c.changeNetwork(k, "patch", func(*network) (networkEdit, *apiError) {
		return networkEdit{mtu: body.mtu, routing: body.routing}, nil
	})
}

// deleteNetwork answers networks.delete.
func (c *Cloud) deleteNetwork(k *call) (any, *apiError) {
	return c.changeNetwork(k, "delete", func(n *network) (networkEdit, *apiError) {
		n.deleting = true
		return networkEdit{}, nil
	})
}

// changeNetwork starts an operation on a network that exists. admit says what it
// is to do, with the lock held.
func (c *Cloud) changeNetwork(k *call, kind string, admit func(*network) (networkEdit, *apiError)) (any, *apiError) {
	c.mu.Lock()
	defer c.mu.Unlock()
	earlier, requestID, fail := c.again(k, kind)
	if fail != nil || earlier != nil {
		return answerCompute(earlier, fail)
	}
	n, fail := c.networkNamed(k)
	switch {
	case fail != nil:
		return nil, fail
	case n.deleting:
		return nil, refuse(failedPrecondition, "The resource '%s' is not ready", n.ref)
	}
	edit, fail := admit(n)
	if fail != nil {
		return nil, fail
	}
	return c.startCompute(kind, n, requestID, edit).resource(), nil
}
