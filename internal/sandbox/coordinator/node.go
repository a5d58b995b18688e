package coordinator

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/clock"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator/api"
)

// SharedToken is the bearer token that two Nodes know each other by where none
// is configured. It opens nothing but a sandbox; real providers authenticate
// each other in ways that they agree on.
const SharedToken = "sandbox-coordinator-token"

// NodeConfig sets up a Node. Self and Peer are required.
type NodeConfig struct {
	// Self is the Node's own cloud, Peer the other one.
	Self, Peer Identity
	// Environments are the joined region pairs, the same on both sides; nil
	// means DefaultEnvironments.
	Environments []Environment
	// Interconnects is how many interconnects, of four channels each, an
	// environment has, the same on both sides; 0 means 4. One has VLANs for
	// 3070 connections.
	Interconnects int
	// Token is the bearer token, the same on both sides; empty means
	// SharedToken.
	Token string
	// Clock is the time that everything follows; nil means the machine's.
	Clock clock.Clock
	// Rand is where passwords and keys come from; nil means crypto/rand.
	Rand io.Reader
	// Log takes one record for each request of the peer; nil means no log. It is
	// called with no lock held, by many requests at once.
	Log func(Record)
	// NoSweep keeps connections that were never finalised, or that one side
	// alone has, for ever. The default deletes them after 7 days, as the open
	// API lets either provider do.
	NoSweep bool
}

// Record is one request of the peer in the log. It never holds a body, a query, a
// key or a token.
type Record struct {
	// Time is when the request came, on the Node's clock.
	Time time.Time
	// Method and Path are the request's.
	Method, Path string
	// Status is the HTTP status.
	Status int
	// Message is a refusal's; empty on success.
	Message string
	// Duration is the time the request took, on the Node's clock.
	Duration time.Duration
}

// withDefaults fills what was left out.
func (c NodeConfig) withDefaults() NodeConfig {
	if c.Environments == nil {
		c.Environments = DefaultEnvironments()
	}
	if c.Interconnects == 0 {
		c.Interconnects = 4
	}
	if c.Token == "" {
		c.Token = SharedToken
	}
	if c.Clock == nil {
		c.Clock = clock.Real{}
	}
	if c.Rand == nil {
		c.Rand = rand.Reader
	}
	return c
}

// Node is one cloud's side of the open API. It is an http.Handler for the other
// Node and a Server, the peer, for its own cloud. Make one with NewNode; it may
// be used by several goroutines at once.
type Node struct {
	cfg   NodeConfig
	mux   *http.ServeMux
	pages pager

	// ctx ends when the Node is closed, and all its calls with it.
	ctx    context.Context
	cancel context.CancelFunc
	work   sync.WaitGroup

	// gate is passed by what the Node does when its time has come.
	gate Gate
	// quads never change but by Restore, which replaces them all; what is in
	// them is guarded by mu.
	quads atomic.Pointer[quads]

	// mu guards everything below. It is never held during a call to the cloud
	// or to the peer.
	mu        sync.Mutex
	closed    bool
	cloud     Server
	client    *api.Client
	peerURL   string
	links     map[linkKey]*link
	spent     map[fingerprint]struct{}
	issues    map[string]*issue
	comments  int // ever made, for their ids
	stopSweep func()
}

var (
	_ Server       = (*Node)(nil)
	_ http.Handler = (*Node)(nil)
)

// NewNode makes a Node. It needs its cloud (SetCloud) and its peer (Connect)
// before it is of use.
func NewNode(cfg NodeConfig) *Node {
	cfg = cfg.withDefaults()
	n := &Node{
		cfg: cfg, links: map[linkKey]*link{},
		spent: map[fingerprint]struct{}{}, issues: map[string]*issue{},
	}
	n.quads.Store(new(newQuads(cfg)))
	n.ctx, n.cancel = context.WithCancel(context.Background())
	n.pages = pager{secret: n.random(32)}
	n.mux = n.routes()
	if !cfg.NoSweep {
		n.sweepLater()
	}
	return n
}

// SetCloud gives the Node its own cloud.
func (n *Node) SetCloud(cloud Server) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.cloud = cloud
}

// Connect gives the Node the base URL of the other Node.
func (n *Node) Connect(url string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.client != nil {
		n.client.Close()
	}
	n.client, n.peerURL = api.NewClient(url, n.cfg.Token), url
}

// Close ends everything under way and waits until it has ended. Calls are
// refused from then on.
func (n *Node) Close() {
	n.mu.Lock()
	n.closed = true
	client, stop := n.client, n.stopSweep
	n.mu.Unlock()
	n.cancel()
	if stop != nil {
		stop()
	}
	n.work.Wait()
	if client != nil {
		client.Close()
	}
}

// unavailable is the refusal of a Node that cannot answer now.
func unavailable(message string) *Error {
	return refuse(http.StatusServiceUnavailable, "%s", message)
}

// refuse makes a refusal.
func refuse(status int, format string, args ...any) *Error {
	return &Error{Status: status, Message: fmt.Sprintf(format, args...)}
}

// begin starts a piece of work that Close waits for. end must be called. The
// work goes on when whoever asked for it, a customer in the end, hangs up: two
// providers do not leave an agreement half made for that. Each call to the peer
// has a time limit of its own.
func (n *Node) begin(parent context.Context) (ctx context.Context, end func(), err error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.closed {
		return nil, nil, unavailable("the coordinator is closed")
	}
	n.work.Add(1)
	ctx, cancel := context.WithCancel(context.WithoutCancel(parent))
	stop := context.AfterFunc(n.ctx, cancel)
	return ctx, func() {
		stop()
		cancel()
		n.work.Done()
	}, nil
}

// after runs f once d has passed, unless the Node was closed. While the Node is
// held, f waits.
func (n *Node) after(d time.Duration, f func(context.Context)) (stop func()) {
	return n.cfg.Clock.AfterFunc(d, func() {
		defer n.gate.Pass()()
		ctx, end, err := n.begin(context.Background())
		if err != nil {
			return
		}
		defer end()
		f(ctx)
	})
}

// parties are the cloud and the peer's client, or a refusal where either is not
// known yet.
func (n *Node) parties() (Server, *api.Client, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.cloud == nil || n.client == nil {
		return nil, nil, unavailable("the coordinator has not met its cloud and its peer")
	}
	return n.cloud, n.client, nil
}

// random is count random bytes.
func (n *Node) random(count int) []byte {
	b := make([]byte, count)
	if _, err := io.ReadFull(n.cfg.Rand, b); err != nil {
		panic(fmt.Sprintf("the coordinator's source of randomness failed: %v", err))
	}
	return b
}

// hex is count random bytes as text.
func (n *Node) hex(count int) string { return hex.EncodeToString(n.random(count)) }
