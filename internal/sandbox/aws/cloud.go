package aws

import (
	"context"
	"sync"
	"time"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator"
)

// Cloud is a simulated AWS. It is an http.Handler for customers and a
// coordinator.Server for the other cloud. Use New.
type Cloud struct {
	cfg    Config
	ids    *ids
	routes []route
	pages  pager

	// mu guards everything below. It is never held during a call to the peer,
	// to Config.Log or to Config.Intercept.
	mu    sync.Mutex
	peer  coordinator.Server
	state state
}

// state is all that a Cloud remembers.
type state struct {
	environments map[string]*environment // by AWS environment id
	connections  map[string]*connection  // by id
	gateways     map[string]*gateway     // by id
	tokens       map[tokenKey]*tokenUse
	transitions  []Transition
	sequence     int // of creation, for a stable order in lists
}

var _ coordinator.Server = (*Cloud)(nil)

// New makes an empty AWS.
func New(cfg Config) *Cloud {
	cfg = cfg.withDefaults()
	c := &Cloud{cfg: cfg, ids: newIDs(cfg.Rand)}
	c.pages = pager{secret: c.ids.bytes(32)}
	c.routes = c.services()
	c.state = state{
		environments: newEnvironments(cfg),
		connections:  map[string]*connection{},
		gateways:     map[string]*gateway{},
		tokens:       map[tokenKey]*tokenUse{},
	}
	return c
}

// SetPeer gives the Cloud the other cloud. Until then proposals cannot be
// accepted, and what the other cloud should be told is not told.
func (c *Cloud) SetPeer(peer coordinator.Server) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.peer = peer
}

// partner is the other cloud, or nil.
func (c *Cloud) partner() coordinator.Server {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.peer
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

// later runs f with the lock held, once d has passed.
func (c *Cloud) later(d time.Duration, f func()) {
	c.cfg.Clock.AfterFunc(d, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		f()
	})
}

// callTimeout bounds one call to the partner that no request waits for.
const callTimeout = 30 * time.Second

// tellPartner makes a call to the partner that no request waits for. A failure
// is tried again after 1, 2, 4, 8, 16 and 32 seconds (Connection Coordinator
// API: exponential backoff for up to 60 seconds), unless the partner does not
// know the connection. It may be called with or without the lock.
func (c *Cloud) tellPartner(call func(context.Context, coordinator.Server) error) {
	const longest = 32 * time.Second
	var attempt func(pause time.Duration)
	attempt = func(pause time.Duration) {
		peer := c.partner()
		if peer == nil {
			return
		}
		ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
		defer cancel()
		err := call(ctx, peer)
		if err == nil || coordinatorStatus(err) == statusUnknown || pause > longest {
			return
		}
		c.cfg.Clock.AfterFunc(pause, func() { attempt(2 * pause) })
	}
	c.cfg.Clock.AfterFunc(0, func() { attempt(time.Second) })
}
