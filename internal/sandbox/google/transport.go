package google

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
)

// States of a transport (discovery document, Transport.state).
const (
	StateCreating      = "CREATING"
	StatePendingConfig = "PENDING_CONFIG"
	StatePendingKey    = "PENDING_KEY"
	StateActive        = "ACTIVE"
	StateDeleting      = "DELETING"
	StateDeprovisioned = "DEPROVISIONED"
	StateSuspended     = "SUSPENDED"
)

// Stack types (discovery document, Transport.stackType).
const (
	ipv4Only = "IPV4_ONLY"
	ipv4IPv6 = "IPV4_IPV6"
)

// mtuLimit is the largest packet a transport carries, in bytes (Google product
// documentation: the peering network's MTU).
const mtuLimit = 8896

// networkRef names a VPC network. The zero value names none.
type networkRef struct {
	project project
	name    string
}

// String is the network's name with its project's id.
func (n networkRef) String() string { return n.with(n.project.id) }

// with is the network's name with the project written as ref.
func (n networkRef) with(ref string) string {
	if n.name == "" {
		return ""
	}
	return "projects/" + ref + "/global/networks/" + n.name
}

// transport is one transport: Google's half of a link. The lock guards it.
type transport struct {
	project  project
	location string
	id       string

	created, updated time.Time
	labels           map[string]string
	description      string
	profile          *profile // nil while it is still to be learnt from a key
	bandwidth        bandwidth.Bandwidth
	stackType        string
	network          networkRef
	hub              string // a hub's id
	advertisedRoutes []string
	remoteAccountID  string
	pscRouting       bool
	autoAccept       bool
	adminEnabled     bool
	peeringNetwork   string
	mtu              int

	// state is what the transport's own life says; suspended lies over it.
	state     string
	suspended bool
	down      bool
	// rejected: the hub's owner rejected the spokes.
	rejected bool
	// remoteRoutes are the prefixes that the other cloud offers.
	remoteRoutes []string
	// cached is the status last computed, for those who do not skip the cache.
	cached cachedStatus

	// issued is the key made here, provided the one brought from the other
	// cloud.
	issued, provided activation.Key
	sharedID         string
	// joined: both halves know of each other. verified: this half has finished
	// its work. notified: the other half has said that it has.
	joined, verified, notified bool

	// working is the operation that is changing the transport, if any;
	// peerChange says that the other cloud's change is under way.
	working    *operation
	peerChange bool
}

// parent is the name of the transport's location.
func (t *transport) parent() string { return "projects/" + t.project.id + "/locations/" + t.location }

// name is the transport's full name.
func (t *transport) name() string { return t.parent() + "/transports/" + t.id }

// shown is the state that callers see.
func (t *transport) shown() string {
	switch t.state {
	case StateActive, StatePendingConfig, StatePendingKey:
		if t.suspended {
			return StateSuspended
		}
	}
	return t.state
}

// environment is the open API's id of the region pair, or "" while it is not
// known.
func (t *transport) environment() string {
	if t.profile == nil {
		return ""
	}
	return t.profile.environment.ID
}

// changing says whether somebody is changing the transport.
func (t *transport) changing() bool { return t.working != nil || t.peerChange }

// transition changes a transport and records what its callers see of that. The
// lock is held.
func (c *Cloud) transition(t *transport, change func()) {
	from := t.shown()
	change()
	if to := t.shown(); to != from {
		c.transitions = append(c.transitions, Transition{Time: c.now(), Name: t.name(), SharedID: t.sharedID, From: from, To: to})
	}
}

// enter moves a transport to a state. The lock is held.
func (c *Cloud) enter(t *transport, state string) {
	c.transition(t, func() { t.state = state })
}

// drop takes a transport away. The lock is held.
func (c *Cloud) drop(t *transport) {
	c.enter(t, "")
	delete(c.transports, t.name())
}

// live says whether a transport is still the one under its name. The lock is
// held.
func (c *Cloud) live(t *transport) bool { return c.transports[t.name()] == t }

// byShared finds the transport of a link. The lock is held.
func (c *Cloud) byShared(id string) *transport {
	for _, t := range c.transports {
		if id != "" && strings.EqualFold(t.sharedID, id) {
			return t
		}
	}
	return nil
}

// transportNamed finds the transport that a call names. The lock is held.
func (c *Cloud) transportNamed(k *call) (*transport, *apiError) {
	name := named("transports")(k)
	if t, ok := c.transports[name]; ok {
		return t, nil
	}
	return nil, missing(name)
}

// transportResource is the transport on the wire (discovery document,
// Transport). Fields with their default value are left out.
type transportResource struct {
	Type                   string            `json:"@type,omitempty"`
	Name                   string            `json:"name"`
	CreateTime             string            `json:"createTime,omitempty"`
	UpdateTime             string            `json:"updateTime,omitempty"`
	Labels                 map[string]string `json:"labels,omitempty"`
	Description            string            `json:"description,omitempty"`
	RemoteProfile          string            `json:"remoteProfile,omitempty"`
	ProvidedActivationKey  string            `json:"providedActivationKey,omitempty"`
	GeneratedActivationKey string            `json:"generatedActivationKey,omitempty"`
	Bandwidth              string            `json:"bandwidth,omitempty"`
	StackType              string            `json:"stackType,omitempty"`
	State                  string            `json:"state,omitempty"`
	MTULimit               int               `json:"mtuLimit,omitempty"`
	Network                string            `json:"network,omitempty"`
	AdvertisedRoutes       []string          `json:"advertisedRoutes,omitempty"`
	RemoteAccountID        string            `json:"remoteAccountId,omitempty"`
	PeeringNetwork         string            `json:"peeringNetwork,omitempty"`
	Hub                    string            `json:"hub,omitempty"`
	PSCRoutingEnabled      bool              `json:"pscRoutingEnabled,omitempty"`
	AutoAccept             bool              `json:"autoAccept,omitempty"`
	AdminEnabled           bool              `json:"adminEnabled,omitempty"`
}

// resource writes the transport as get and list of a version show it. The lock
// is held.
func (c *Cloud) resource(t *transport, v version) transportResource {
	return c.resourceWith(t, v, func(p project) string { return p.id })
}

// response writes the transport as an operation carries it: references to other
// resources hold the project's number (recorded for sibling resources). The
// lock is held.
func (c *Cloud) response(t *transport, v version) transportResource {
	r := c.resourceWith(t, v, project.ref)
	r.Type = v.typeURL("Transport")
	return r
}

// resourceWith writes the transport; ref writes the project in references.
func (c *Cloud) resourceWith(t *transport, v version, ref func(project) string) transportResource {
	r := transportResource{
		Name: t.name(), CreateTime: stamp(t.created), UpdateTime: stamp(t.updated),
		Labels: maps.Clone(t.labels), Description: t.description,
		GeneratedActivationKey: t.visibleKey().Reveal(),
		Bandwidth:              t.bandwidth.Google(), StackType: t.stackType, State: t.shown(), MTULimit: t.mtu,
		Network: t.network.with(ref(t.network.project)), AdvertisedRoutes: slices.Clone(t.advertisedRoutes),
		RemoteAccountID: t.remoteAccountID, PeeringNetwork: t.peeringNetwork,
		PSCRoutingEnabled: t.pscRouting, AutoAccept: t.autoAccept,
	}
	if t.profile != nil {
		r.RemoteProfile = t.profile.name(ref(t.project))
	}
	if t.hub != "" {
		r.Hub = "projects/" + ref(t.project) + "/locations/global/hubs/" + t.hub
	}
	if v != v1 {
		r.AdminEnabled = t.adminEnabled
		if r.State == StateSuspended {
			r.State = "" // v1beta has no such state; that it is left out is inferred
		}
	}
	if c.switches.EchoProvidedKey {
		r.ProvidedActivationKey = t.provided.Reveal()
	}
	return r
}

// visibleKey is the issued key where callers may see it: while it waits to be
// redeemed, and afterwards if the profile does either flow (discovery document:
// "the generated key is still present after provisioning is finished").
func (t *transport) visibleKey() activation.Key {
	switch {
	case t.state == StatePendingKey:
		return t.issued
	case t.state == StateCreating || t.profile == nil || t.profile.flow != FlowInputOrOutput:
		return activation.Key{}
	}
	return t.issued
}
