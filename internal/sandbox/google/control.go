package google

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
)

// Operational statuses of a transport (names of the API's getStatus, which v1
// does not have).
const (
	OperationalStatusActive = "OPERATIONAL_STATUS_ACTIVE"
	OperationalStatusDown   = "OPERATIONAL_STATUS_DOWN"
)

// Kinds of resource.
const (
	// KindTransport is a transport.
	KindTransport = "transport"
	// KindNetwork is a VPC network made over the API.
	KindNetwork = "network"
	// KindSeededNetwork is a VPC network made with CreateNetwork.
	KindSeededNetwork = "seeded-network"
	// KindPeering is a network's side of a VPC Network Peering.
	KindPeering = "peering"
	// KindHub is a Network Connectivity Center hub.
	KindHub = "hub"
)

// Resource is something that exists in the cloud.
type Resource struct {
	// Kind is one of the kinds above.
	Kind string
	// Name is the full name, without a service.
	Name string
	// State is a transport's, a peering's or a hub's; SharedID a transport's.
	State, SharedID string
	// OperationalStatus is a transport's: whether it carries traffic.
	OperationalStatus string
}

// Resources lists everything that exists, by name: also what is being made or
// deleted.
func (c *Cloud) Resources() []Resource {
	c.mu.Lock()
	defer c.mu.Unlock()
	var all []Resource
	for name, t := range c.transports {
		all = append(all, Resource{
			Kind: KindTransport, Name: name, State: t.shown(), SharedID: t.sharedID, OperationalStatus: t.operational(),
		})
	}
	for name, n := range c.networks {
		kind := KindNetwork
		if n.seeded {
			kind = KindSeededNetwork
		}
		all = append(all, Resource{Kind: kind, Name: name})
		for _, p := range n.peerings {
			all = append(all, Resource{Kind: KindPeering, Name: name + "/peerings/" + p.Name, State: c.peeringState(n, p).state})
		}
	}
	for name, h := range c.hubs {
		all = append(all, Resource{Kind: KindHub, Name: name, State: h.state})
	}
	slices.SortFunc(all, func(a, b Resource) int { return cmp.Compare(a.Name, b.Name) })
	return all
}

// operational says whether the transport carries traffic: it is up, enabled, and
// its link is not cut. The lock is held.
func (t *transport) operational() string {
	if t.shown() == StateActive && !t.down && t.adminEnabled {
		return OperationalStatusActive
	}
	return OperationalStatusDown
}

// SetSwitches replaces the switches, for what happens from now on.
func (c *Cloud) SetSwitches(s Switches) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.switches = s
}

// SetLinkDown cuts the traffic of a transport, or restores it. The state of the
// API stays ACTIVE: v1 has no other; Resources shows the operational status. It
// fails when there is no such transport.
func (c *Cloud) SetLinkDown(transportName string, down bool) error {
	return c.control(transportName, func(t *transport) { t.down = down })
}

// Suspend suspends a transport, as Google does for abuse, or lifts that. It
// fails when there is no such transport.
func (c *Cloud) Suspend(transportName string, suspended bool) error {
	return c.control(transportName, func(t *transport) {
		c.transition(t, func() { t.suspended = suspended })
	})
}

// control changes a transport by its full name.
func (c *Cloud) control(name string, change func(*transport)) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	t, ok := c.transports[name]
	if !ok {
		return fmt.Errorf("the sandbox has no transport %q", name)
	}
	change(t)
	return nil
}

// SetProfileOrderState opens or closes a remote transport profile for orders. It
// fails when there is no such profile.
func (c *Cloud) SetProfileOrderState(location, profileID string, open bool) error {
	state := orderClosed
	if open {
		state = orderOpen
	}
	return c.controlProfile(location, profileID, func(p *profile) { p.orderState = state })
}

// SetProfileBandwidths says what a remote transport profile sells. It fails when
// there is no such profile, or a size that Google's enum cannot write.
func (c *Cloud) SetProfileBandwidths(location, profileID string, sizes ...bandwidth.Bandwidth) error {
	for _, size := range sizes {
		if !slices.Contains(bandwidths(), size.Google()) {
			return fmt.Errorf("google has no bandwidth %s; it has %s", size, strings.Join(bandwidths()[1:], ", "))
		}
	}
	return c.controlProfile(location, profileID, func(p *profile) { p.sizes = slices.Clone(sizes) })
}

// SetProfileFlow says which key flow a remote transport profile has: FlowInputOnly,
// FlowOutputOnly or FlowInputOrOutput. It fails for another one, and when there
// is no such profile.
func (c *Cloud) SetProfileFlow(location, profileID, flow string) error {
	if !slices.Contains([]string{FlowInputOnly, FlowOutputOnly, FlowInputOrOutput}, flow) {
		return fmt.Errorf("there is no key provisioning flow %q", flow)
	}
	return c.controlProfile(location, profileID, func(p *profile) { p.flow = flow })
}

// controlProfile changes a remote transport profile.
func (c *Cloud) controlProfile(location, id string, change func(*profile)) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	p, ok := c.profile(location, id)
	if !ok {
		return fmt.Errorf("the sandbox has no remote transport profile %q in %q", id, location)
	}
	change(p)
	return nil
}

// SetUnreachable makes a location one that lists cannot reach, or lifts that. A
// list over all locations then names it in "unreachable"; a list of the location
// itself answers 503.
func (c *Cloud) SetUnreachable(location string, unreachable bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.dark[location] = unreachable
}

// CreateNetwork makes a VPC network at once, in auto mode, as every new project
// has one. It fails when the project is not known, the name is not valid, or it
// is taken.
func (c *Cloud) CreateNetwork(projectID, name string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	p, ok := c.project(projectID)
	if !ok {
		return fmt.Errorf("the sandbox has no project %q", projectID)
	}
	if !nameForm.MatchString(name) {
		return fmt.Errorf("%q is not a valid name for a network", name)
	}
	n := &network{ref: networkRef{p, name}, id: c.number(), created: c.now(), autoSubnets: true, mtu: defaultMTU, routing: regionalRouting, ready: true, seeded: true}
	if _, taken := c.networks[n.ref.String()]; taken {
		return fmt.Errorf("the sandbox has a network %q already", n.ref)
	}
	c.networks[n.ref.String()] = n
	return nil
}

// SetNetworkMTU sets the MTU of a VPC network, in bytes (1300 to 8896; Google
// product documentation). It fails when there is no such network.
func (c *Cloud) SetNetworkMTU(projectID, name string, mtu int) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	p, _ := c.project(projectID)
	n, ok := c.networks[networkRef{p, name}.String()]
	switch {
	case !ok:
		return fmt.Errorf("the sandbox has no network %q in project %q", name, projectID)
	case mtu < 1300 || mtu > 8896:
		return fmt.Errorf("an MTU is 1300 to 8896 bytes, not %d", mtu)
	}
	n.mtu = mtu
	return nil
}
