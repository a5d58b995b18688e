package google

import (
	"crypto/rsa"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
)

// restorer builds a cloud's state from a snapshot, beside the state that there
// is, so that a snapshot that cannot be read changes nothing. The cloud's lock
// is held throughout.
type restorer struct {
	c          *Cloud
	transports map[string]*transport
	operations map[string]*operation
	compute    map[string]*computeOperation
	hubs       map[string]*hub
	networks   map[string]*network
	steps      []*step
	requests   requestLog[*operation]
	computed   requestLog[*computeOperation]
	key        *rsa.PrivateKey
}

// read reads everything that can be wrong.
func (r *restorer) read(s snapshot) error {
	var err error
	if r.key, err = readKey(s.Account.Key); err != nil {
		return err
	}
	for _, read := range []func(snapshot) error{
		r.readProfiles, r.readOperations, r.readTransports, r.readHubs, r.readNetworks, r.readCompute, r.readSteps,
	} {
		if err := read(s); err != nil {
			return err
		}
	}
	if r.requests, err = readRequests(s.Requests, r.operations); err != nil {
		return err
	}
	r.computed, err = readRequests(s.ComputeRequests, r.compute)
	return err
}

// install puts what was read in place of what there is, and sets the clock for
// what is under way.
func (r *restorer) install(s snapshot) {
	c := r.c
	for _, old := range c.steps {
		if old.stop != nil {
			old.stop()
		}
	}
	c.steps = map[int]*step{}
	c.quota, c.stalled, c.dark = s.Quota, members(s.Stalled), members(s.Dark)
	c.transports, c.operations, c.computeOperations = r.transports, r.operations, r.compute
	c.hubs, c.networks = r.hubs, r.networks
	c.requests, c.computeRequests = r.requests, r.computed
	c.transitions = slices.Clone(s.Transitions)
	c.account.key, c.account.audiences, c.account.grants = r.key, members(s.Account.Audiences), map[string]grant{}
	maps.Copy(c.account.grants, s.Account.Grants)
	for _, kept := range s.Profiles {
		p, _ := c.profile(kept.Location, kept.ID) // readProfiles has found it
		p.sizes, p.flow, p.orderState = kept.Sizes, kept.Flow, kept.OrderState
	}
	for _, s := range r.steps {
		c.lastStep++
		s.id = c.lastStep
		if s.parked {
			c.steps[s.id] = s
			continue
		}
		c.arm(s)
	}
}

// members is the set of some names.
func members(names []string) map[string]bool {
	m := make(map[string]bool, len(names))
	for _, name := range names {
		m[name] = true
	}
	return m
}

// project finds a project of the snapshot.
func (r *restorer) project(ref string) (project, error) {
	p, ok := r.c.project(ref)
	if !ok {
		return p, fmt.Errorf("the sandbox has no project %q", ref)
	}
	return p, nil
}

func (r *restorer) readProfiles(s snapshot) error {
	for _, kept := range s.Profiles {
		if _, ok := r.c.profile(kept.Location, kept.ID); !ok {
			return fmt.Errorf("the sandbox has no remote transport profile %q in %q", kept.ID, kept.Location)
		}
	}
	return nil
}

func (r *restorer) readOperations(s snapshot) error {
	for _, k := range s.Operations {
		r.operations[k.Name] = &operation{
			name: k.Name, version: k.Version, target: k.Target, verb: k.Verb, created: k.Created, ended: k.Ended,
			done: k.Done, failure: k.Failure.read(), response: k.Response,
			cancelAsked: k.CancelAsked, cancellable: k.Cancellable, forgotten: k.Forgotten,
		}
	}
	return nil
}

func (k *keptFailure) read() *apiError {
	if k == nil {
		return nil
	}
	e := &apiError{code: k.Code, message: k.Message, http: k.HTTP, name: k.Name}
	for _, detail := range k.Details {
		e.details = append(e.details, detail)
	}
	return e
}

// network reads the name of a network; "" is none.
func (r *restorer) network(name string) (networkRef, error) {
	if name == "" {
		return networkRef{}, nil
	}
	projectID, id, _ := strings.Cut(strings.TrimPrefix(name, "projects/"), "/global/networks/")
	p, err := r.project(projectID)
	return networkRef{p, id}, err
}

func (r *restorer) readTransports(s snapshot) error {
	for _, k := range s.Transports {
		t, err := r.transport(k)
		if err != nil {
			return fmt.Errorf("transport %q: %w", k.Name, err)
		}
		r.transports[t.name()] = t
	}
	return nil
}

func (r *restorer) transport(k keptTransport) (*transport, error) {
	parts := strings.Split(k.Name, "/")
	if len(parts) != 6 {
		return nil, fmt.Errorf("the name is not one of a transport")
	}
	p, err := r.project(parts[1])
	if err != nil {
		return nil, err
	}
	t := &transport{
		project: p, location: parts[3], id: parts[5], created: k.Created, updated: k.Updated, labels: k.Labels,
		description: k.Description, bandwidth: k.Bandwidth, stackType: k.StackType, hub: k.Hub,
		advertisedRoutes: k.AdvertisedRoutes, remoteAccountID: k.RemoteAccountID,
		pscRouting: k.PSCRouting, autoAccept: k.AutoAccept, adminEnabled: k.AdminEnabled,
		peeringNetwork: k.PeeringNetwork, mtu: k.MTU, state: k.State, suspended: k.Suspended, down: k.Down,
		rejected: k.Rejected, remoteRoutes: k.RemoteRoutes,
		issued: activation.NewKey(k.Issued), provided: activation.NewKey(k.Provided), sharedID: k.SharedID,
		joined: k.Joined, verified: k.Verified, notified: k.Notified, peerChange: k.PeerChange,
	}
	if t.network, err = r.network(k.Network); err != nil {
		return nil, err
	}
	if k.Profile != "" {
		var ok bool
		if t.profile, ok = r.c.profile(t.location, k.Profile); !ok {
			return nil, fmt.Errorf("the sandbox has no remote transport profile %q in %q", k.Profile, t.location)
		}
	}
	if t.working, err = pick(r.operations, k.Working); err != nil {
		return nil, err
	}
	waits := t.state == StateCreating || t.state == StateDeleting
	if waits && t.working == nil || t.profile == nil && (t.state != StateCreating || t.provided.IsZero()) {
		return nil, fmt.Errorf("in state %q something that it needs is missing", t.state)
	}
	return t, nil
}

// pick finds what a snapshot names; nil when it names nothing.
func pick[T any](all map[string]*T, name string) (*T, error) {
	if name == "" {
		return nil, nil
	}
	if found, ok := all[name]; ok {
		return found, nil
	}
	return nil, fmt.Errorf("the snapshot names %q and does not hold it", name)
}

func (r *restorer) readHubs(s snapshot) error {
	r.hubs = map[string]*hub{}
	for _, k := range s.Hubs {
		p, err := r.project(k.Project)
		if err != nil {
			return fmt.Errorf("hub %q: %w", k.ID, err)
		}
		h := &hub{
			project: p, id: k.ID, uid: k.UID, created: k.Created, updated: k.Updated, labels: k.Labels,
			description: k.Description, topology: k.Topology, exportPSC: k.ExportPSC, state: k.State,
		}
		r.hubs[h.name()] = h
	}
	return nil
}

func (r *restorer) readNetworks(s snapshot) error {
	r.networks = map[string]*network{}
	for _, k := range s.Networks {
		p, err := r.project(k.Project)
		if err != nil {
			return fmt.Errorf("network %q: %w", k.Name, err)
		}
		if slices.Contains(k.Peerings, nil) {
			return fmt.Errorf("network %q: a peering is empty", k.Name)
		}
		n := &network{
			ref: networkRef{p, k.Name}, id: k.ID, created: k.Created, description: k.Description, autoSubnets: k.AutoSubnets,
			mtu: k.MTU, routing: k.Routing, peerings: k.Peerings, ready: k.Ready, deleting: k.Deleting, seeded: k.Seeded,
		}
		r.networks[n.ref.String()] = n
	}
	return nil
}

func (r *restorer) readCompute(s snapshot) error {
	for _, k := range s.ComputeOperations {
		p, err := r.project(k.Project)
		if err != nil {
			return fmt.Errorf("operation %q: %w", k.Name, err)
		}
		target, err := r.network(k.Target)
		if err != nil {
			return fmt.Errorf("operation %q: %w", k.Name, err)
		}
		if strings.HasSuffix(k.Kind, "Peering") && k.Peering == nil {
			return fmt.Errorf("operation %q: it is about no peering", k.Name)
		}
		op := &computeOperation{
			project: p, name: k.Name, id: k.ID, kind: k.Kind, region: k.Region, target: target, targetID: k.TargetID,
			client: k.Client, inserted: k.Inserted, ended: k.Ended, warning: k.Warning,
			edit: networkEdit{mtu: k.MTU, routing: k.Routing, peering: k.Peering}, finished: make(chan struct{}),
		}
		if k.Code != "" {
			op.failure = &computeFailure{code: k.Code, message: k.Message, http: k.HTTP}
		}
		if !op.ended.IsZero() {
			close(op.finished)
		}
		r.compute[op.fullName()] = op
	}
	return nil
}

func (r *restorer) readSteps(s snapshot) error {
	for _, k := range s.Steps {
		step := &step{
			due: k.Due, do: k.Do, fail: k.Fail.read(), size: k.Size, news: k.News, parked: k.Parked,
			change: change{edit: k.Edit, size: k.NewSize, key: activation.NewKey(k.Key)},
		}
		var errs [3]error
		step.transport, errs[0] = pick(r.transports, k.Transport)
		step.op, errs[1] = pick(r.operations, k.Op)
		step.compute, errs[2] = pick(r.compute, k.Compute)
		for _, err := range errs {
			if err != nil {
				return fmt.Errorf("step %q: %w", k.Do, err)
			}
		}
		if !step.whole() {
			return fmt.Errorf("step %q: something that it needs is missing", k.Do)
		}
		r.steps = append(r.steps, step)
	}
	return nil
}

// whole says whether a step has what its deed needs.
func (s *step) whole() bool {
	switch s.do {
	case makeTheTransport, endTheJoin, redeemTheKey, askForTheSize, applyThePatch, endTheDeletion:
		return s.transport != nil && s.op != nil
	case expireTheKey, verifyTheLink, takeTheSize:
		return s.transport != nil
	case endTheHubChange:
		return s.op != nil
	case endTheCompute:
		return s.compute != nil && s.compute.ended.IsZero()
	}
	return s.do == tellThePeer
}

// readRequests reads a log of request ids.
func readRequests[T any](kept map[string]keptAnswer, operations map[string]*T) (requestLog[*T], error) {
	l := requestLog[*T]{answers: make(map[string]answer[*T], len(kept))}
	for key, a := range kept {
		op, err := pick(operations, a.Op)
		if err != nil || op == nil {
			return l, fmt.Errorf("request %q: its operation is missing", key)
		}
		l.answers[key] = answer[*T]{a.At, op}
	}
	return l, nil
}
