package google

import (
	"net/http"
	"strings"
	"time"
)

// What a VPC network has unless its maker says otherwise (discovery document,
// compute v1 Network and NetworkRoutingConfig).
const (
	defaultMTU      = 1460
	minMTU          = 1300
	maxMTU          = 8896
	regionalRouting = "REGIONAL"
	globalRouting   = "GLOBAL"
)

// maxResults is the largest page of a Compute Engine list (discovery document).
const maxResults = 500

// network is a VPC network. The lock guards it.
type network struct {
	ref         networkRef
	id          uint64
	created     time.Time
	description string
	autoSubnets bool
	mtu         int
	routing     string
	peerings    []*peering
	// ready: it is made. deleting: a delete operation is under way. seeded: the
	// owner of the sandbox made it.
	ready, deleting, seeded bool
}

// computeMissing is the 404 of a Compute Engine resource (text as recorded).
func computeMissing(name string) *apiError {
	return refuse(notFound, "The resource '%s' was not found", name)
}

// networkRef reads a reference to a network: a bare name, a name in a project,
// or a URL that ends in one. A bare name, and one that starts with "global",
// lie in the owner's project. The lock is held.
func (c *Cloud) networkRef(owner project, ref string) (networkRef, *apiError) {
	if at := strings.Index(ref, "projects/"); at >= 0 {
		projectID, name, ok := strings.Cut(strings.TrimPrefix(ref[at:], "projects/"), "/global/networks/")
		p, known := c.project(projectID)
		if !ok || !known || !nameForm.MatchString(name) {
			return networkRef{}, missing(ref[at:])
		}
		return networkRef{p, name}, nil
	}
	name := strings.TrimPrefix(ref, "global/networks/")
	if !nameForm.MatchString(name) {
		return networkRef{}, refuse(invalidArgument, "Invalid value for field 'transport.network': %q.", ref)
	}
	return networkRef{owner, name}, nil
}

// networkResource is a network on the wire (discovery document, compute v1
// Network).
type networkResource struct {
	Kind                  string        `json:"kind"`
	ID                    uint64        `json:"id,string"`
	CreationTimestamp     string        `json:"creationTimestamp"`
	Name                  string        `json:"name"`
	Description           string        `json:"description,omitempty"`
	SelfLink              string        `json:"selfLink"`
	AutoCreateSubnetworks bool          `json:"autoCreateSubnetworks"`
	RoutingConfig         routingConfig `json:"routingConfig"`
	MTU                   int           `json:"mtu"`
	FirewallOrder         string        `json:"networkFirewallPolicyEnforcementOrder"`

	Peerings []peeringResource `json:"peerings,omitempty"`
}

type routingConfig struct {
	RoutingMode string `json:"routingMode"`
}

// resource writes the network. The lock is held.
func (c *Cloud) networkResource(n *network) networkResource {
	return networkResource{
		Kind: "compute#network", ID: n.id, CreationTimestamp: computeStamp(n.created),
		Name: n.ref.name, Description: n.description, SelfLink: computeRoot + n.ref.String(),
		AutoCreateSubnetworks: n.autoSubnets, RoutingConfig: routingConfig{n.routing}, MTU: n.mtu,
		FirewallOrder: "AFTER_CLASSIC_FIREWALL", Peerings: c.peeringResources(n),
	}
}

// user is the name of the first transport that hangs on a network, else of a
// network that it is peered with, or "". The lock is held.
func (c *Cloud) user(n *network) string {
	first := ""
	for name, t := range c.transports {
		if t.network == n.ref && (first == "" || name < first) {
			first = name
		}
	}
	if first == "" && len(n.peerings) > 0 {
		return n.peerings[0].Peer
	}
	return first
}

// removeNetwork takes a network away unless something hangs on it. The lock is
// held.
func (c *Cloud) removeNetwork(n *network) *computeFailure {
	n.deleting = false
	if user := c.user(n); user != "" {
		return &computeFailure{
			code:    "RESOURCE_IN_USE_BY_ANOTHER_RESOURCE",
			message: "The network resource '" + n.ref.String() + "' is already being used by '" + user + "'",
			http:    http.StatusBadRequest,
		}
	}
	delete(c.networks, n.ref.String())
	return nil
}
