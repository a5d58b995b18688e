package coordinator

import (
	"bytes"
	"cmp"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator/api"
)

// SnapshotVersion is the version of the form that Snapshot writes, and the only
// one that Restore reads.
const SnapshotVersion = 1

// snapshot is a Node's state. Interconnects that nothing ever happened to are
// not in it: configuration makes them. Times are RFC 3339 with nanoseconds.
type snapshot struct {
	Side          string              `json:"side"`
	Version       int                 `json:"version"`
	Pages         []byte              `json:"pages"`
	Interconnects []savedInterconnect `json:"interconnects"`
	Connections   []savedConnection   `json:"connections"`
	// Spent are the fingerprints of keys that were used up, in hexadecimal.
	Spent    []string     `json:"spent,omitempty"`
	Issues   []savedIssue `json:"issues,omitempty"`
	Comments int          `json:"comments,omitempty"`
}

type savedInterconnect struct {
	Environment  string                `json:"environment"`
	Interconnect string                `json:"interconnect"`
	State        api.InterconnectState `json:"state"`
	Channels     []savedChannel        `json:"channels"`
}

type savedChannel struct {
	ID         string                 `json:"id"`
	Disabled   bool                   `json:"disabled,omitempty"`
	Refuses    bool                   `json:"refuses,omitempty"`
	Keys       []savedKey             `json:"keys,omitempty"`
	Events     []api.MaintenanceEvent `json:"events,omitempty"`
	PeerEvents []api.MaintenanceEvent `json:"peerEvents,omitempty"`
	PeerAdmin  api.AdminState         `json:"peerAdmin,omitempty"`
}

type savedKey struct {
	ID      string    `json:"id"`
	CAK     string    `json:"cak"`
	CKN     string    `json:"ckn"`
	Started time.Time `json:"started"`
	Active  bool      `json:"active,omitempty"`
}

type savedConnection struct {
	Environment  string         `json:"environment"`
	Interconnect string         `json:"interconnect"`
	ID           string         `json:"id"`
	Key          string         `json:"key"`
	Mbps         int            `json:"mbps"`
	Created      time.Time      `json:"created"`
	Negotiates   bool           `json:"negotiates,omitempty"`
	Uncertain    bool           `json:"uncertain,omitempty"`
	Done         bool           `json:"done,omitempty"`
	Sent         bool           `json:"sent,omitempty"`
	Heard        bool           `json:"heard,omitempty"`
	Told         bool           `json:"told,omitempty"`
	Alone        time.Time      `json:"alone,omitzero"`
	Features     []savedFeature `json:"features"`
}

type savedFeature struct {
	ID      string  `json:"id"`
	Channel string  `json:"channel"`
	Config  savedL3 `json:"config"`
	Final   bool    `json:"final,omitempty"`
}

type savedIssue struct {
	api.Issue
	ID       string         `json:"id"`
	Comments []savedComment `json:"comments,omitempty"`
}

type savedComment struct {
	api.Comment
	Number int `json:"number"`
}

// Snapshot is the Node's whole state as JSON, versioned, for Restore. A change
// of bandwidth that is being agreed counts as made. It holds activation keys,
// MACsec keys and BGP passwords in clear: they open nothing but a sandbox.
// Whoever wants both sides at one moment holds both first.
func (n *Node) Snapshot() ([]byte, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	s := snapshot{Side: n.cfg.Self.ID, Version: SnapshotVersion, Pages: n.pages.secret, Comments: n.comments}
	for _, q := range *n.quads.Load() {
		if saved, touched := q.save(); touched {
			s.Interconnects = append(s.Interconnects, saved)
		}
	}
	slices.SortFunc(s.Interconnects, func(a, b savedInterconnect) int {
		return cmp.Or(cmp.Compare(a.Environment, b.Environment), cmp.Compare(a.Interconnect, b.Interconnect))
	})
	for _, l := range n.links {
		s.Connections = append(s.Connections, l.save())
	}
	slices.SortFunc(s.Connections, func(a, b savedConnection) int {
		return cmp.Or(cmp.Compare(a.Environment, b.Environment), cmp.Compare(a.ID, b.ID))
	})
	for f := range n.spent {
		s.Spent = append(s.Spent, hex.EncodeToString(f[:]))
	}
	slices.Sort(s.Spent)
	for _, id := range slices.Sorted(maps.Keys(n.issues)) {
		saved := savedIssue{Issue: n.issues[id].Issue, ID: id}
		for _, c := range n.issues[id].comments {
			saved.Comments = append(saved.Comments, savedComment{c.Comment, c.number})
		}
		s.Issues = append(s.Issues, saved)
	}
	raw, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("writing the snapshot of %s's coordinator: %w", n.cfg.Self.ID, err)
	}
	return raw, nil
}

// save is the interconnect without its connections, and whether anything of it
// differs from a new one.
func (q *quad) save() (saved savedInterconnect, touched bool) {
	saved = savedInterconnect{Environment: q.environment, Interconnect: q.interconnect, State: q.state}
	touched = q.state != api.InterconnectActive
	for _, c := range q.channels {
		kept := savedChannel{
			ID: c.id, Disabled: c.disabled, Refuses: c.refuses,
			Events: c.events, PeerEvents: c.peerEvents, PeerAdmin: c.peerAdmin,
		}
		for _, k := range c.keys {
			kept.Keys = append(kept.Keys, savedKey{k.id, k.cak, k.ckn, k.started, k.active})
		}
		touched = touched || c.disabled || c.refuses || len(c.keys)+len(c.events)+len(c.peerEvents) > 0 || c.peerAdmin != api.AdminEnabled
		saved.Channels = append(saved.Channels, kept)
	}
	return saved, touched
}

// save is the connection with its features, by channel.
func (l *link) save() savedConnection {
	saved := savedConnection{
		Environment: l.quad.environment, Interconnect: l.quad.interconnect, ID: l.id, Key: l.key, Mbps: l.mbps,
		Created: l.created, Negotiates: l.negotiates, Uncertain: l.uncertain,
		Done: l.done, Sent: l.sent, Heard: l.heard, Told: l.told, Alone: l.alone,
	}
	for _, c := range l.quad.channels {
		if f := l.on(c); f != nil {
			saved.Features = append(saved.Features, savedFeature{f.id, c.id, saveL3(f.config), f.final})
		}
	}
	return saved
}

// Hold waits for what the Node does of its own accord, and lets it begin nothing
// until release is called. What its cloud and its peer ask is done meanwhile.
func (n *Node) Hold() (release func()) { return n.gate.Hold() }

// Restore puts the Node where a snapshot of the same side was taken, and takes
// up what was under way. What does not fit the configuration is refused, and
// leaves the Node as it was.
func (n *Node) Restore(raw []byte) error {
	install, err := n.Prepare(raw)
	if err != nil {
		return err
	}
	install()
	return nil
}

// Prepare is the part of Restore that can fail; install is the rest. Nothing is
// changed before it is called.
func (n *Node) Prepare(raw []byte) (install func(), err error) {
	state, err := n.read(raw)
	if err != nil {
		return nil, fmt.Errorf("restoring %s's coordinator: %w", n.cfg.Self.ID, err)
	}
	return func() {
		n.mu.Lock()
		defer n.mu.Unlock()
		n.pages = pager{secret: state.pages}
		n.quads.Store(&state.quads)
		n.links, n.spent, n.issues, n.comments = state.links, state.spent, state.issues, state.comments
		for _, l := range n.links {
			if !l.told || l.ready() != l.sent {
				n.announceSoon(l)
			}
		}
	}, nil
}

// restored is what a snapshot holds, as a Node has it.
type restored struct {
	pages    []byte
	quads    quads
	links    map[linkKey]*link
	spent    map[fingerprint]struct{}
	issues   map[string]*issue
	comments int
}

// read checks a snapshot and makes a Node's state of it.
func (n *Node) read(raw []byte) (restored, error) {
	var s snapshot
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&s); err != nil {
		return restored{}, err
	}
	switch {
	case s.Version != SnapshotVersion:
		return restored{}, fmt.Errorf("the snapshot has version %d, not %d", s.Version, SnapshotVersion)
	case s.Side != n.cfg.Self.ID:
		return restored{}, fmt.Errorf("the snapshot is of %q", s.Side)
	case len(s.Pages) == 0:
		return restored{}, errors.New("the snapshot has no paging secret")
	}
	out := restored{
		pages: s.Pages, quads: newQuads(n.cfg), links: make(map[linkKey]*link, len(s.Connections)),
		spent: make(map[fingerprint]struct{}, len(s.Spent)), issues: map[string]*issue{}, comments: s.Comments,
	}
	for _, saved := range s.Interconnects {
		if err := out.interconnect(saved); err != nil {
			return restored{}, err
		}
	}
	for _, saved := range s.Connections {
		if err := out.connection(saved); err != nil {
			return restored{}, err
		}
	}
	for _, text := range s.Spent {
		sum, err := hex.DecodeString(text)
		if err != nil || len(sum) != len(fingerprint{}) {
			return restored{}, fmt.Errorf("%q is not a key's fingerprint", text)
		}
		out.spent[fingerprint(sum)] = struct{}{}
	}
	for _, saved := range s.Issues {
		i := &issue{Issue: saved.Issue}
		for _, c := range saved.Comments {
			i.comments = append(i.comments, numberedComment{c.Comment, c.Number})
		}
		out.issues[saved.ID] = i
	}
	return out, nil
}

// interconnect restores what had happened to an interconnect.
func (r *restored) interconnect(saved savedInterconnect) error {
	q, ok := r.quads[quadKey{saved.Environment, saved.Interconnect}]
	if !ok {
		return fmt.Errorf("interconnect %q of environment %q is not configured", saved.Interconnect, saved.Environment)
	}
	q.state = saved.State
	for _, kept := range saved.Channels {
		c := q.channel(kept.ID)
		if c == nil {
			return fmt.Errorf("interconnect %q has no channel %q", saved.Interconnect, kept.ID)
		}
		c.disabled, c.refuses = kept.Disabled, kept.Refuses
		c.events, c.peerEvents, c.peerAdmin = kept.Events, kept.PeerEvents, kept.PeerAdmin
		for _, k := range kept.Keys {
			c.keys = append(c.keys, &macsecKey{k.ID, k.CAK, k.CKN, k.Started, k.Active})
		}
	}
	return nil
}

// connection restores a connection and what it reserves.
func (r *restored) connection(saved savedConnection) error {
	q, ok := r.quads[quadKey{saved.Environment, saved.Interconnect}]
	if !ok {
		return fmt.Errorf("connection %q is on interconnect %q of environment %q, which is not configured", saved.ID, saved.Interconnect, saved.Environment)
	}
	l := &link{
		id: saved.ID, quad: q, key: saved.Key, mbps: saved.Mbps, created: saved.Created,
		negotiates: saved.Negotiates, uncertain: saved.Uncertain, features: make(map[string]*feature, len(saved.Features)),
		done: saved.Done, sent: saved.Sent, heard: saved.Heard, told: saved.Told, alone: saved.Alone,
	}
	q.reservedMbps += l.mbps
	for _, kept := range saved.Features {
		c := q.channel(kept.Channel)
		if c == nil {
			return fmt.Errorf("connection %q uses channel %q, which interconnect %q does not have", saved.ID, kept.Channel, saved.Interconnect)
		}
		config, err := kept.Config.restore()
		if err != nil {
			return fmt.Errorf("feature %q of connection %q: %w", kept.ID, saved.ID, err)
		}
		f := &feature{id: kept.ID, channel: c, config: config}
		l.add(f)
		f.final = kept.Final
	}
	r.links[linkKey{saved.Environment, saved.ID}] = l
	return nil
}
