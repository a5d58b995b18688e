package google

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
)

// snapshotVersion is the form of snapshots that this package writes, and the
// only one that it reads.
const snapshotVersion = 1

// snapshot is the whole state of a cloud as it is kept. Resources are named by
// their full names; times are absolute.
type snapshot struct {
	Version           int                    `json:"version"`
	Cloud             string                 `json:"cloud"`
	Taken             time.Time              `json:"taken"`
	Quota             int                    `json:"quota"`
	Stalled           []string               `json:"stalled,omitempty"`
	Dark              []string               `json:"dark,omitempty"`
	Profiles          []keptProfile          `json:"profiles"`
	Transports        []keptTransport        `json:"transports,omitempty"`
	Hubs              []keptHub              `json:"hubs,omitempty"`
	Networks          []keptNetwork          `json:"networks,omitempty"`
	Operations        []keptOperation        `json:"operations,omitempty"`
	Requests          map[string]keptAnswer  `json:"requests,omitempty"`
	ComputeOperations []keptComputeOperation `json:"computeOperations,omitempty"`
	ComputeRequests   map[string]keptAnswer  `json:"computeRequests,omitempty"`
	Steps             []keptStep             `json:"steps,omitempty"`
	Transitions       []Transition           `json:"transitions,omitempty"`
	Account           keptAccount            `json:"account,omitzero"`
}

// cloudName stands in a snapshot, so that the other cloud's is recognised.
const cloudName = "google"

type keptProfile struct {
	Location   string                `json:"location"`
	ID         string                `json:"id"`
	Sizes      []bandwidth.Bandwidth `json:"sizes"`
	Flow       string                `json:"flow"`
	OrderState string                `json:"orderState"`
}

type keptAnswer struct {
	At time.Time `json:"at"`
	Op string    `json:"op"`
}

type keptAccount struct {
	Key       string           `json:"key,omitempty"`
	Audiences []string         `json:"audiences,omitempty"`
	Grants    map[string]grant `json:"grants,omitempty"`
}

type keptTransport struct {
	Name             string              `json:"name"`
	Created          time.Time           `json:"created"`
	Updated          time.Time           `json:"updated"`
	Labels           map[string]string   `json:"labels,omitempty"`
	Description      string              `json:"description,omitempty"`
	Profile          string              `json:"profile,omitempty"`
	Bandwidth        bandwidth.Bandwidth `json:"bandwidth,omitempty"`
	StackType        string              `json:"stackType"`
	Network          string              `json:"network,omitempty"`
	Hub              string              `json:"hub,omitempty"`
	AdvertisedRoutes []string            `json:"advertisedRoutes,omitempty"`
	RemoteAccountID  string              `json:"remoteAccountId,omitempty"`
	PSCRouting       bool                `json:"pscRouting,omitempty"`
	AutoAccept       bool                `json:"autoAccept,omitempty"`
	AdminEnabled     bool                `json:"adminEnabled,omitempty"`
	PeeringNetwork   string              `json:"peeringNetwork,omitempty"`
	MTU              int                 `json:"mtu,omitempty"`
	State            string              `json:"state"`
	Suspended        bool                `json:"suspended,omitempty"`
	Down             bool                `json:"down,omitempty"`
	Rejected         bool                `json:"rejected,omitempty"`
	RemoteRoutes     []string            `json:"remoteRoutes,omitempty"`
	Issued           string              `json:"issued,omitempty"`
	Provided         string              `json:"provided,omitempty"`
	SharedID         string              `json:"sharedId,omitempty"`
	Joined           bool                `json:"joined,omitempty"`
	Verified         bool                `json:"verified,omitempty"`
	Notified         bool                `json:"notified,omitempty"`
	Working          string              `json:"working,omitempty"`
	PeerChange       bool                `json:"peerChange,omitempty"`
}

type keptHub struct {
	Project     string            `json:"project"`
	ID          string            `json:"id"`
	UID         string            `json:"uid"`
	Created     time.Time         `json:"created"`
	Updated     time.Time         `json:"updated"`
	Labels      map[string]string `json:"labels,omitempty"`
	Description string            `json:"description,omitempty"`
	Topology    string            `json:"topology"`
	ExportPSC   bool              `json:"exportPsc,omitempty"`
	State       string            `json:"state"`
}

type keptNetwork struct {
	Project     string     `json:"project"`
	Name        string     `json:"name"`
	ID          uint64     `json:"id,string"`
	Created     time.Time  `json:"created"`
	Description string     `json:"description,omitempty"`
	AutoSubnets bool       `json:"autoSubnets,omitempty"`
	MTU         int        `json:"mtu"`
	Routing     string     `json:"routing"`
	Peerings    []*peering `json:"peerings,omitempty"`
	Ready       bool       `json:"ready,omitempty"`
	Deleting    bool       `json:"deleting,omitempty"`
	Seeded      bool       `json:"seeded,omitempty"`
}

type keptOperation struct {
	Name        string          `json:"name"`
	Version     version         `json:"version"`
	Target      string          `json:"target"`
	Verb        string          `json:"verb"`
	Created     time.Time       `json:"created"`
	Ended       time.Time       `json:"ended,omitzero"`
	Done        bool            `json:"done,omitempty"`
	Failure     *keptFailure    `json:"failure,omitempty"`
	Response    json.RawMessage `json:"response,omitempty"`
	CancelAsked bool            `json:"cancelAsked,omitempty"`
	Cancellable bool            `json:"cancellable,omitempty"`
	Forgotten   bool            `json:"forgotten,omitempty"`
}

type keptFailure struct {
	Code    code              `json:"code"`
	Message string            `json:"message"`
	HTTP    int               `json:"http,omitempty"`
	Name    string            `json:"name,omitempty"`
	Details []json.RawMessage `json:"details,omitempty"`
}

type keptComputeOperation struct {
	Project  string    `json:"project"`
	Name     string    `json:"name"`
	ID       uint64    `json:"id,string"`
	Kind     string    `json:"kind"`
	Region   string    `json:"region,omitempty"`
	Target   string    `json:"target"`
	TargetID uint64    `json:"targetId,string"`
	Client   string    `json:"client,omitempty"`
	Inserted time.Time `json:"inserted"`
	Ended    time.Time `json:"ended,omitzero"`
	MTU      int       `json:"mtu,omitempty"`
	Routing  string    `json:"routing,omitempty"`
	Peering  *peering  `json:"peering,omitempty"`
	Warning  string    `json:"warning,omitempty"`
	Code     string    `json:"code,omitempty"`
	Message  string    `json:"message,omitempty"`
	HTTP     int       `json:"http,omitempty"`
}

type keptStep struct {
	Due       time.Time           `json:"due"`
	Do        deed                `json:"do"`
	Transport string              `json:"transport,omitempty"`
	Op        string              `json:"op,omitempty"`
	Edit      edit                `json:"edit,omitzero"`
	NewSize   bandwidth.Bandwidth `json:"newSize,omitempty"`
	Key       string              `json:"key,omitempty"`
	Fail      *keptFailure        `json:"fail,omitempty"`
	Size      bandwidth.Bandwidth `json:"size,omitempty"`
	Compute   string              `json:"compute,omitempty"`
	News      news                `json:"news,omitzero"`
	Parked    bool                `json:"parked,omitempty"`
}

// Snapshot is the whole state as versioned JSON: resources, operations, request
// ids, quotas, what is under way and when it is due, and the service account. It
// waits for a call to the other cloud that is being made. How the cloud behaves
// (Switches, timing, clock) is the owner's and not part of it.
//
// A snapshot holds activation keys and a private key: it is as secret as they
// are.
func (c *Cloud) Snapshot() ([]byte, error) {
	defer c.Hold()()
	return c.SnapshotHeld()
}

// Hold waits for calls to the other cloud that are being made, and has no step
// taken until release is called. Requests are answered meanwhile.
func (c *Cloud) Hold() (release func()) { return c.gate.Hold() }

// SnapshotHeld is Snapshot for those who hold the Cloud.
func (c *Cloud) SnapshotHeld() ([]byte, error) {
	c.mu.Lock()
	s := c.keep()
	c.mu.Unlock()
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		return nil, fmt.Errorf("writing a snapshot: %w", err)
	}
	// One line, without the break that Encode adds.
	return bytes.TrimSuffix(text.Bytes(), []byte{'\n'}), nil
}

// Restore replaces the whole state with that of a snapshot. What is under way
// goes on, and is due when it was due; what has come due meanwhile happens at
// once. It fails, and changes nothing, when the snapshot is of another version or
// cloud, or names a project or a profile that this cloud is not configured with.
func (c *Cloud) Restore(raw []byte) error {
	install, err := c.Prepare(raw)
	if err != nil {
		return err
	}
	defer c.Hold()()
	install()
	return nil
}

// Prepare is the part of Restore that can fail; install is the rest, for those
// who hold the Cloud. Nothing is changed before it is called.
func (c *Cloud) Prepare(raw []byte) (install func(), err error) {
	s, err := readSnapshot(raw)
	if err != nil {
		return nil, fmt.Errorf("reading a snapshot: %w", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	r := &restorer{c: c, transports: map[string]*transport{}, operations: map[string]*operation{}, compute: map[string]*computeOperation{}}
	if err := r.read(s); err != nil {
		return nil, fmt.Errorf("restoring a snapshot: %w", err)
	}
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		r.install(s)
	}, nil
}

// readSnapshot reads a snapshot of this cloud in the version that is known.
// Another version may have another form, so its number counts for more than what
// is wrong with the rest.
func readSnapshot(raw []byte) (snapshot, error) {
	var s snapshot
	err := json.Unmarshal(raw, &s)
	if err != nil && !json.Valid(raw) {
		return s, err
	}
	if s.Version != snapshotVersion || s.Cloud != cloudName {
		return s, fmt.Errorf("it is of cloud %q in version %d, want %q in version %d", s.Cloud, s.Version, cloudName, snapshotVersion)
	}
	return s, err
}
