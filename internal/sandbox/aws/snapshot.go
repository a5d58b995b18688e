package aws

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
)

// SnapshotVersion is the version of the format that Snapshot writes, and the
// only one that Restore reads.
const SnapshotVersion = 1

// snapshot is the file format: one JSON object.
//
//   - cloud is "aws", version is SnapshotVersion; taken is the Cloud's time.
//   - sequence is the last number given to a resource or a timer. Resources
//     carry theirs as order.
//   - pages is the secret that paging tokens are made with, so that tokens go on
//     being good.
//   - environments are only what can change of them: state and sizes. All else
//     comes from Config, which must be the same.
//   - connections holds also those that are gone but that a client token still
//     answers with; these have gone set. Keys are in clear.
//   - gateways, associations, proposals and networks (of EC2) are as the API
//     shows them.
//   - tokens are the client tokens in use, each with the connection it made.
//   - timers are what will happen: kind and absolute time.
//   - transitions are the log of Transitions.
//
// Times are RFC 3339 with nanoseconds; bandwidths are in Mbps.
type snapshot struct {
	Cloud        string                 `json:"cloud"`
	Version      int                    `json:"version"`
	Taken        time.Time              `json:"taken"`
	Sequence     int                    `json:"sequence"`
	Pages        []byte                 `json:"pages"`
	Environments []savedEnvironment     `json:"environments"`
	Connections  []savedConnection      `json:"connections"`
	Gateways     []savedGateway         `json:"gateways"`
	Associations []*association         `json:"associations"`
	Proposals    []*associationProposal `json:"proposals"`
	Networks     []*network             `json:"networks"`
	Tokens       []savedToken           `json:"tokens"`
	Timers       []*timer               `json:"timers"`
	Transitions  []Transition           `json:"transitions"`
}

type savedEnvironment struct {
	ID        string                `json:"id"`
	State     EnvironmentState      `json:"state"`
	Available []bandwidth.Bandwidth `json:"available"`
	Supported []bandwidth.Bandwidth `json:"supported"`
}

type savedConnection struct {
	ID          string              `json:"id"`
	ARN         string              `json:"arn"`
	Order       int                 `json:"order"`
	Account     string              `json:"account"`
	Region      string              `json:"region"`
	Environment string              `json:"environment"`
	SharedID    string              `json:"sharedId"`
	Description string              `json:"description"`
	Size        bandwidth.Bandwidth `json:"size"`
	FreeTier    bool                `json:"freeTier,omitempty"`
	Gateway     string              `json:"gateway"`
	Tags        map[string]string   `json:"tags,omitempty"`
	State       State               `json:"state"`
	Key         string              `json:"key"`
	BillingTier int                 `json:"billingTier,omitempty"`
	Hidden      int                 `json:"hidden,omitempty"`
	Issued      bool                `json:"issued,omitempty"`
	KeyRevoked  bool                `json:"keyRevoked,omitempty"`
	Joined      bool                `json:"joined,omitempty"`
	Verified    bool                `json:"verified,omitempty"`
	Notified    bool                `json:"notified,omitempty"`
	PartnerGone bool                `json:"partnerGone,omitempty"`
	LinkDown    bool                `json:"linkDown,omitempty"`
	Learned     []string            `json:"learned,omitempty"`
	Gone        bool                `json:"gone,omitempty"`
}

type savedGateway struct {
	ID      string            `json:"id"`
	Name    string            `json:"name"`
	Order   int               `json:"order"`
	Account string            `json:"account"`
	ASN     int64             `json:"asn"`
	State   gatewayState      `json:"state"`
	Tags    map[string]string `json:"tags,omitempty"`
}

type savedToken struct {
	Account     string    `json:"account"`
	Region      string    `json:"region"`
	Operation   string    `json:"operation"`
	Token       string    `json:"token"`
	Fingerprint string    `json:"fingerprint"`
	Expires     time.Time `json:"expires"`
	// Connection is the order of the connection, which is never used again.
	Connection int `json:"connection"`
}

// Snapshot is the whole state as JSON, versioned: every resource, the client
// tokens, what will happen and when, and the transitions so far. The format is
// that of Restore; SnapshotVersion names it. It holds activation keys in clear:
// they open nothing but a sandbox, but a file with them is still for its owner's
// eyes alone. Switches, quotas and faults are settings, not state, and are not
// in it. A request that is being served counts as not made: an accepted
// connection that the partner has not joined yet is left out. Whoever wants both
// clouds at one moment holds both first.
func (c *Cloud) Snapshot() ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := snapshot{
		Cloud: "aws", Version: SnapshotVersion, Taken: c.cfg.Clock.Now(), Sequence: c.state.sequence, Pages: c.pages.secret,
		Associations: sorted(c.state.associations, func(a *association) int { return a.Order }),
		Proposals:    sorted(c.state.proposals, func(p *associationProposal) int { return p.Order }),
		Networks:     sorted(c.state.networks, func(n *network) int { return n.Order }),
		Timers:       sorted(c.state.timers, func(t *timer) int { return t.Number }),
		Transitions:  c.state.transitions,
	}
	for _, id := range slices.Sorted(maps.Keys(c.state.environments)) {
		env := c.state.environments[id]
		s.Environments = append(s.Environments, savedEnvironment{id, env.state, env.available, env.supported})
	}
	for _, g := range sorted(c.state.gateways, func(g *gateway) int { return g.order }) {
		s.Gateways = append(s.Gateways, savedGateway{g.id, g.name, g.order, g.account, g.asn, g.state, g.tags})
	}
	all := c.saveTokens(&s)
	for _, conn := range sorted(all, func(conn *connection) int { return conn.order }) {
		s.Connections = append(s.Connections, conn.save(c.state.connections[conn.id] != conn))
	}
	raw, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("writing the snapshot of the AWS sandbox: %w", err)
	}
	return raw, nil
}

// saveTokens saves the client tokens and returns all connections, by order: the
// living ones and those that only a token knows. The lock must be held.
func (c *Cloud) saveTokens(s *snapshot) map[int]*connection {
	all := make(map[int]*connection, len(c.state.connections))
	for _, conn := range c.state.connections {
		if conn.issued || conn.joined || conn.state != StatePending {
			all[conn.order] = conn
		}
	}
	for key, use := range c.state.tokens {
		if use.conn == nil {
			continue
		}
		all[use.conn.order] = use.conn
		s.Tokens = append(s.Tokens, savedToken{key.account, key.region, key.operation, key.token, use.fingerprint, use.expires, use.conn.order})
	}
	slices.SortFunc(s.Tokens, func(a, b savedToken) int {
		return cmp.Or(cmp.Compare(a.Connection, b.Connection), cmp.Compare(a.Operation, b.Operation), cmp.Compare(a.Token, b.Token))
	})
	return all
}

// sorted are a map's values by number.
func sorted[K comparable, V any](m map[K]V, number func(V) int) []V {
	return slices.SortedFunc(maps.Values(m), func(a, b V) int { return cmp.Compare(number(a), number(b)) })
}

func (conn *connection) save(gone bool) savedConnection {
	return savedConnection{
		ID: conn.id, ARN: conn.arn, Order: conn.order, Account: conn.account, Region: conn.region,
		Environment: conn.env.AWSEnvironmentID, SharedID: conn.sharedID, Description: conn.description,
		Size: conn.size, FreeTier: conn.freeTier, Gateway: conn.gateway, Tags: conn.tags, State: conn.state,
		Key: conn.key.Reveal(), BillingTier: conn.billingTier, Hidden: conn.hidden,
		Issued: conn.issued, KeyRevoked: conn.keyRevoked, Joined: conn.joined, Verified: conn.verified,
		Notified: conn.notified, PartnerGone: conn.partnerGone, LinkDown: conn.linkDown, Learned: conn.learned, Gone: gone,
	}
}

func (s savedConnection) load(env *environment) *connection {
	conn := &connection{
		id: s.ID, arn: s.ARN, order: s.Order, account: s.Account, region: s.Region, env: env, sharedID: s.SharedID,
		description: s.Description, size: s.Size, freeTier: s.FreeTier, gateway: s.Gateway, tags: s.Tags, state: s.State,
		key: activation.NewKey(s.Key), billingTier: s.BillingTier, hidden: s.Hidden,
		issued: s.Issued, keyRevoked: s.KeyRevoked, joined: s.Joined, verified: s.Verified, notified: s.Notified,
		partnerGone: s.PartnerGone, linkDown: s.LinkDown, learned: s.Learned,
	}
	if conn.tags == nil {
		conn.tags = map[string]string{}
	}
	return conn
}

// Restore replaces the whole state by that of a snapshot. The Cloud must have
// the Config of the one that made it. What was going to happen happens at the
// time it was going to, on this Cloud's clock; what that clock is past happens
// at once. A stall is not restored. It fails, and changes nothing, when the data
// is not a snapshot of an AWS sandbox in version SnapshotVersion, or names an
// environment that Config does not have.
func (c *Cloud) Restore(data []byte) error {
	install, err := c.Prepare(data)
	if err != nil {
		return err
	}
	install()
	return nil
}

// Hold waits for calls to the partner that are being made, and lets none be made
// until release is called. Requests that need none are answered meanwhile.
func (c *Cloud) Hold() (release func()) { return c.gate.Hold() }

// Prepare is the part of Restore that can fail; install is the rest. Nothing is
// changed before it is called.
func (c *Cloud) Prepare(data []byte) (install func(), err error) {
	cloud, version, err := snapshotKind(data)
	if err != nil {
		return nil, fmt.Errorf("restoring the AWS sandbox: %w", err)
	}
	if cloud != "aws" || version != SnapshotVersion {
		return nil, fmt.Errorf("restoring the AWS sandbox: the data is version %d of cloud %q, not version %d of %q",
			version, cloud, SnapshotVersion, "aws")
	}
	var s snapshot
	if err := json.Unmarshal(data, &s); err != nil {
		return nil, fmt.Errorf("restoring the AWS sandbox: %w", err)
	}
	loaded, err := s.load(c.cfg)
	if err != nil {
		return nil, fmt.Errorf("restoring the AWS sandbox: %w", err)
	}
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.state = loaded
		c.pages = pager{secret: s.Pages}
		c.resume()
	}, nil
}

// snapshotKind is what a snapshot says that it is. Snapshots say so first, so no
// more of them than that is read here.
func snapshotKind(data []byte) (cloud string, version int, err error) {
	d := json.NewDecoder(bytes.NewReader(data))
	if start, err := d.Token(); err != nil || start != json.Delim('{') {
		return "", 0, errors.New("the data is not a JSON object")
	}
	for d.More() && (cloud == "" || version == 0) {
		name, err := d.Token()
		if err != nil {
			return "", 0, err
		}
		var into any = &json.RawMessage{}
		switch name {
		case "cloud":
			into = &cloud
		case "version":
			into = &version
		}
		if err := d.Decode(into); err != nil {
			return "", 0, err
		}
	}
	return cloud, version, nil
}

// load makes a state of a snapshot.
func (s *snapshot) load(cfg Config) (state, error) {
	loaded := newState(cfg)
	loaded.sequence, loaded.transitions = s.Sequence, s.Transitions
	for _, e := range s.Environments {
		env, ok := loaded.environments[e.ID]
		if !ok {
			return state{}, fmt.Errorf("environment %q is not one of this cloud's", e.ID)
		}
		env.state, env.available, env.supported = e.State, e.Available, e.Supported
	}
	for _, g := range s.Gateways {
		tags := g.Tags
		if tags == nil {
			tags = map[string]string{}
		}
		loaded.gateways[g.ID] = &gateway{id: g.ID, name: g.Name, order: g.Order, account: g.Account, asn: g.ASN, state: g.State, tags: tags}
	}
	byOrder := make(map[int]*connection, len(s.Connections))
	for _, saved := range s.Connections {
		env, ok := loaded.environments[saved.Environment]
		if !ok {
			return state{}, fmt.Errorf("connection %s is in environment %q, which is not one of this cloud's", saved.ID, saved.Environment)
		}
		conn := saved.load(env)
		byOrder[conn.order] = conn
		if !saved.Gone {
			loaded.connections[conn.id] = conn
		}
	}
	if err := s.loadTokens(&loaded, byOrder); err != nil {
		return state{}, err
	}
	return loaded, s.loadRest(&loaded)
}

// loadTokens loads the client tokens; each first request has ended.
func (s *snapshot) loadTokens(loaded *state, byOrder map[int]*connection) error {
	ended := make(chan struct{})
	close(ended)
	for _, t := range s.Tokens {
		conn, ok := byOrder[t.Connection]
		if !ok {
			return fmt.Errorf("a client token of %s names connection number %d, which is not there", t.Operation, t.Connection)
		}
		loaded.tokens[tokenKey{t.Account, t.Region, t.Operation, t.Token}] = &tokenUse{
			fingerprint: t.Fingerprint, expires: t.Expires, done: ended, conn: conn}
	}
	return nil
}

// loadRest loads what is saved as it is.
func (s *snapshot) loadRest(loaded *state) error {
	for _, a := range s.Associations {
		if a == nil {
			return errors.New("an association is null")
		}
		loaded.associations[a.ID] = a
	}
	for _, p := range s.Proposals {
		if p == nil {
			return errors.New("a proposal is null")
		}
		loaded.proposals[p.ID] = p
	}
	for _, n := range s.Networks {
		if n == nil || n.Kind.names().prefix == "" {
			return errors.New("a network is null or of an unknown kind")
		}
		loaded.networks[n.ID] = n
	}
	for _, t := range s.Timers {
		if t == nil {
			return errors.New("a timer is null")
		}
		loaded.timers[t.Number] = t
	}
	return nil
}
