package coordinator

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"time"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator/api"
)

// What an interconnect is made of. Four channels are the open API's quad; the
// sizes are inferred from links of 100 and 400 Gbps.
const (
	channelsOfQuad = 4
	memberGbps     = 400
	channelGbps    = 4 * memberGbps
	quadMbps       = channelGbps * 1000
	// enoughFeatures is how many final features make a connection usable
	// (Connection Coordinator API, Protocols).
	enoughFeatures = 3
)

// quadKey names an interconnect without saying who asks.
type quadKey struct{ environment, interconnect string }

// quads are all interconnects.
type quads map[quadKey]*quad

// quad is an interconnect.
type quad struct {
	quadKey
	env      Environment
	state    api.InterconnectState
	channels []*channel
	// reservedMbps is what its connections have together.
	reservedMbps int
	subnets      *subnetPool
}

// channel is one physical link of a quad.
type channel struct {
	id string
	// manager is the id of the provider that manages its MACsec keys and its
	// cross connects.
	manager           string
	disabled, refuses bool
	vlans             map[int]bool
	keys              []*macsecKey
	events            []api.MaintenanceEvent
	// peerEvents and peerAdmin are what the peer last said of the channel.
	peerEvents []api.MaintenanceEvent
	peerAdmin  api.AdminState
}

// adminState is the channel's state in the API.
func (c *channel) adminState() api.AdminState {
	if c.disabled {
		return api.AdminDisabled
	}
	return api.AdminEnabled
}

// macsecKey is a MACsec key of a channel.
type macsecKey struct {
	id, cak, ckn string
	started      time.Time
	active       bool
}

// linkKey names a connection without saying who asks.
type linkKey struct{ environment, id string }

// link is a connection as this side sees it.
type link struct {
	id      string
	quad    *quad
	key     string
	mbps    int
	created time.Time
	// negotiates says that this side chooses the features.
	negotiates bool
	// uncertain says that it is not known whether the peer has it.
	uncertain bool
	// updating says that a change of bandwidth is being agreed.
	updating bool
	features map[string]*feature
	// done says that our cloud has finished its work; sent that the peer took
	// notice of enough final features here; heard that we have seen enough of
	// them there; telling that our cloud is being told so, told that it was.
	done, sent, heard, telling, told bool
	// alone is since when one side has been seen not to have it; zero when
	// both have it.
	alone time.Time
}

// feature is the configuration of one channel.
type feature struct {
	id      string
	channel *channel
	config  api.L3BaseConfig
	final   bool
}

// ready says that enough features are final on this side.
func (l *link) ready() bool {
	n := 0
	for _, f := range l.features {
		if f.final {
			n++
		}
	}
	return n >= enoughFeatures
}

// verified says that both sides are ready and know it of each other.
func (l *link) verified() bool { return l.ready() && l.sent && l.heard }

// on is the link's feature on a channel, or nil.
func (l *link) on(c *channel) *feature {
	for _, f := range l.features {
		if f.channel == c {
			return f
		}
	}
	return nil
}

// fingerprint stands for a key that was used up, so that the key need not be
// kept.
type fingerprint [sha256.Size]byte

// issue is a problem that the peer reported.
type issue struct {
	api.Issue
	comments []numberedComment
}

// numberedComment is a comment and its place among all.
type numberedComment struct {
	api.Comment
	number int
}

// newQuads makes the interconnects of all environments. Both sides make the
// same: interconnects and the manager of each channel are agreed on when
// capacity is built.
func newQuads(cfg NodeConfig) quads {
	managers := []string{min(cfg.Self.ID, cfg.Peer.ID), max(cfg.Self.ID, cfg.Peer.ID)}
	all := quads{}
	for _, env := range cfg.Environments {
		for i := range cfg.Interconnects {
			q := &quad{
				quadKey: quadKey{env.ID, fmt.Sprintf("quad-%d", i+1)}, env: env,
				state: api.InterconnectActive, subnets: newSubnetPool(),
			}
			for c := range channelsOfQuad {
				q.channels = append(q.channels, &channel{
					id: fmt.Sprintf("channel-%d", c+1), manager: managers[c%2],
					vlans: map[int]bool{}, peerAdmin: api.AdminEnabled,
				})
			}
			all[q.quadKey] = q
		}
	}
	return all
}

// quad is an interconnect.
func (n *Node) quad(environment, interconnect string) (q *quad, ok bool) {
	q, ok = (*n.quads.Load())[quadKey{environment, interconnect}]
	return q, ok
}

// asked is the interconnect as the peer names it in its requests to us.
func (n *Node) asked(q *quad) api.Place {
	return api.Place{Provider: n.cfg.Peer.ID, Environment: q.environment, Interconnect: q.interconnect}
}

// asks is the interconnect as we name it in our requests to the peer.
func (n *Node) asks(q *quad) api.Place { return n.asked(q).For(n.cfg.Self.ID) }

// channel is a channel of the quad, or nil.
func (q *quad) channel(id string) *channel {
	for _, c := range q.channels {
		if c.id == id {
			return c
		}
	}
	return nil
}

// link is the connection, or a refusal with 404. The lock must be held.
func (n *Node) link(environment, id string) (*link, error) {
	l, ok := n.links[linkKey{environment, id}]
	if !ok {
		return nil, refuse(http.StatusNotFound, "connection %q does not exist in environment %q", id, environment)
	}
	return l, nil
}

// forget drops a connection with its features. The lock must be held.
func (n *Node) forget(l *link) {
	key := linkKey{l.quad.environment, l.id}
	if n.links[key] != l {
		return
	}
	for _, f := range l.features {
		l.release(f)
	}
	l.quad.reservedMbps -= l.mbps
	delete(n.links, key)
}

// spend makes sure that a connection's key is never good again. The lock must
// be held.
func (n *Node) spend(l *link) { n.spent[sha256.Sum256([]byte(l.key))] = struct{}{} }

// isSpent says whether a key was used up by a connection that is gone.
func (n *Node) isSpent(key string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	_, spent := n.spent[sha256.Sum256([]byte(key))]
	return spent
}
