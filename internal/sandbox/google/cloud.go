package google

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator"
)

// Cloud is a simulated Google cloud. Make one with New; all methods may be
// called by several goroutines at once.
//
// The lock is never held while the other cloud is called: a step that needs the
// peer releases it, calls, takes it again and looks whether the world is still
// the one it left.
type Cloud struct {
	cfg Config
	mux *http.ServeMux

	// gate is passed while a step is taken.
	gate coordinator.Gate

	mu       sync.Mutex
	closed   bool
	steps    map[int]*step // by id: what is to happen
	lastStep int
	stalled  map[string]bool // states that transports do not leave
	quota    int             // transports in a region; negative is no limit
	switches Switches
	peer     coordinator.Server
	// telling is held, without the lock, while the other cloud is told routes.
	telling    sync.Mutex
	refusals   coordinator.Refusals
	projects   map[string]project // by id and by number
	profiles   map[string][]*profile
	dark       map[string]bool // locations that lists cannot reach
	transports map[string]*transport
	hubs       map[string]*hub
	networks   map[string]*network
	account    serviceAccount

	operations        map[string]*operation
	requests          requestLog[*operation]
	computeOperations map[string]*computeOperation
	computeRequests   requestLog[*computeOperation]

	transitions []Transition
}

// New makes a Cloud without any resource in it.
func New(cfg Config) *Cloud {
	cfg = cfg.withDefaults()
	c := &Cloud{
		cfg:               cfg,
		steps:             map[int]*step{},
		stalled:           map[string]bool{},
		quota:             cfg.TransportQuota,
		switches:          cfg.Switches,
		projects:          map[string]project{},
		profiles:          profilesOf(cfg.Environments),
		dark:              map[string]bool{},
		transports:        map[string]*transport{},
		hubs:              map[string]*hub{},
		networks:          map[string]*network{},
		account:           newServiceAccount(),
		operations:        map[string]*operation{},
		computeOperations: map[string]*computeOperation{},
	}
	for _, p := range cfg.Projects {
		c.addProject(p)
	}
	c.mux = c.routes()
	return c
}

// ServeHTTP answers the services: Network Connectivity under /v1/ and /v1beta/,
// Compute Engine under /compute/v1/, and the token endpoint at /token.
func (c *Cloud) ServeHTTP(w http.ResponseWriter, r *http.Request) { c.mux.ServeHTTP(w, r) }

// SetPeer names the other cloud. Until it is set, no activation key can be
// redeemed here.
func (c *Cloud) SetPeer(peer coordinator.Server) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.peer = c.refusals.Before(peer)
}

// Close ends all work under way: nothing that is still to happen will. Calls
// are answered as before.
func (c *Cloud) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
}

// now is the clock's time.
func (c *Cloud) now() time.Time { return c.cfg.Clock.Now() }

// random is n bytes of Config.Rand. The lock is held.
func (c *Cloud) random(n int) []byte {
	b := make([]byte, n)
	if _, err := io.ReadFull(c.cfg.Rand, b); err != nil {
		panic(fmt.Sprintf("the sandbox's source of randomness failed: %v", err))
	}
	return b
}

// hex is n random bytes as text. The lock is held.
func (c *Cloud) hex(n int) string { return hex.EncodeToString(c.random(n)) }

// number is a random positive id as Compute Engine hands them out. The lock is
// held.
func (c *Cloud) number() uint64 {
	const topBit = uint64(1) << 62
	return binary.BigEndian.Uint64(c.random(8))>>2 | topBit
}

// uuid is a random (version 4) UUID. The lock is held.
func (c *Cloud) uuid() string {
	b := c.random(16)
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	h := hex.EncodeToString(b)
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// operationID is an id in the form Google's operations have.
func (c *Cloud) operationID() string {
	h := c.hex(16)
	return fmt.Sprintf("operation-%d-%s-%s-%s", c.now().UnixMilli(), h[:13], h[13:21], h[21:29])
}
