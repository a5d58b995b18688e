package aws

import (
	"sync"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator"
)

// Cloud is a simulated AWS. It is an http.Handler for customers and a
// coordinator.Server for the other cloud. Use New.
type Cloud struct {
	cfg    Config
	ids    *ids
	routes []route
	pages  pager

	// gate is passed during a call to the peer.
	gate coordinator.Gate
	// telling is held while the partner is told routes.
	telling sync.Mutex

	// mu guards everything below. It is never held during a call to the peer,
	// to Config.Log or to Config.Intercept.
	// It guards Switches and Quotas in cfg too.
	mu       sync.Mutex
	peer     coordinator.Server
	refusals coordinator.Refusals
	stalls   map[stall]bool
	state    state
}

// state is all that a Cloud remembers.
type state struct {
	environments map[string]*environment // by AWS environment id
	connections  map[string]*connection  // by id
	gateways     map[string]*gateway     // by id
	associations map[string]*association // by id
	proposals    map[string]*associationProposal
	networks     map[string]*network // what EC2 has, by id
	tokens       map[tokenKey]*tokenUse
	timers       map[int]*timer // by number
	transitions  []Transition
	sequence     int // of creation, for a stable order in lists
}

var _ coordinator.Server = (*Cloud)(nil)

// New makes an empty AWS.
func New(cfg Config) *Cloud {
	cfg = cfg.withDefaults()
	c := &Cloud{cfg: cfg, ids: newIDs(cfg.Rand), stalls: map[stall]bool{}}
	c.pages = pager{secret: c.ids.bytes(32)}
	c.routes = c.services()
	c.state = newState(cfg)
	return c
}

// newState is the state of an empty cloud.
func newState(cfg Config) state {
	return state{
		environments: newEnvironments(cfg),
		connections:  map[string]*connection{},
		gateways:     map[string]*gateway{},
		associations: map[string]*association{},
		proposals:    map[string]*associationProposal{},
		networks:     map[string]*network{},
		tokens:       map[tokenKey]*tokenUse{},
		timers:       map[int]*timer{},
	}
}

// SetPeer gives the Cloud the other cloud. Until then proposals cannot be
// accepted, and what the other cloud should be told is not told.
func (c *Cloud) SetPeer(peer coordinator.Server) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.peer = peer
}

// partner is the other cloud, or nil. It refuses what it was told to refuse.
func (c *Cloud) partner() coordinator.Server {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.refusals.Before(c.peer)
}

// reach is the other cloud, for a request that cannot do without it.
func (c *Cloud) reach() (coordinator.Server, error) {
	if peer := c.partner(); peer != nil {
		return peer, nil
	}
	return nil, serverError("The partner cannot be reached.")
}

// next is the number of the next resource. The lock must be held.
func (c *Cloud) next() int {
	c.state.sequence++
	return c.state.sequence
}
