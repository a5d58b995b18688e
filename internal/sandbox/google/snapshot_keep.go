package google

import (
	"maps"
	"slices"
)

// keep writes the whole state. The lock is held.
func (c *Cloud) keep() snapshot {
	s := snapshot{
		Version: snapshotVersion, Cloud: cloudName, Taken: c.now(), Quota: c.quota,
		Stalled: set(c.stalled), Dark: set(c.dark), Transitions: slices.Clone(c.transitions),
		Requests:        keepRequests(&c.requests, func(op *operation) string { return op.name }),
		ComputeRequests: keepRequests(&c.computeRequests, (*computeOperation).fullName),
		Account: keptAccount{
			Key: keyText(c.account.key), Audiences: set(c.account.audiences), Grants: maps.Clone(c.account.grants),
		},
	}
	for _, location := range slices.Sorted(maps.Keys(c.profiles)) {
		for _, p := range c.profiles[location] {
			s.Profiles = append(s.Profiles, keptProfile{Location: location, ID: p.id, Sizes: slices.Clone(p.sizes), Flow: p.flow, OrderState: p.orderState})
		}
	}
	for _, t := range inOrder(c.transports) {
		s.Transports = append(s.Transports, t.keep())
	}
	for _, h := range inOrder(c.hubs) {
		s.Hubs = append(s.Hubs, keptHub{
			Project: h.project.id, ID: h.id, UID: h.uid, Created: h.created, Updated: h.updated, Labels: maps.Clone(h.labels),
			Description: h.description, Topology: h.topology, ExportPSC: h.exportPSC, State: h.state,
		})
	}
	for _, n := range inOrder(c.networks) {
		s.Networks = append(s.Networks, n.keep())
	}
	for _, op := range inOrder(c.operations) {
		s.Operations = append(s.Operations, op.keep())
	}
	for _, op := range inOrder(c.computeOperations) {
		s.ComputeOperations = append(s.ComputeOperations, op.keep())
	}
	for _, step := range c.pendingSteps() {
		if step.transport == nil || c.live(step.transport) {
			s.Steps = append(s.Steps, step.keep())
		}
	}
	return s
}

// inOrder are a map's values, by key.
func inOrder[V any](m map[string]V) []V {
	all := make([]V, 0, len(m))
	for _, key := range slices.Sorted(maps.Keys(m)) {
		all = append(all, m[key])
	}
	return all
}

// set are the names that a map says yes to, in order.
func set(m map[string]bool) []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(m)) {
		if m[name] {
			names = append(names, name)
		}
	}
	return names
}

// keepRequests writes a log of request ids; name names an operation.
func keepRequests[T any](l *requestLog[T], name func(T) string) map[string]keptAnswer {
	kept := make(map[string]keptAnswer, len(l.answers))
	for key, a := range l.answers {
		kept[key] = keptAnswer{a.at, name(a.op)}
	}
	return kept
}

func (t *transport) keep() keptTransport {
	k := keptTransport{
		Name: t.name(), Created: t.created, Updated: t.updated, Labels: maps.Clone(t.labels), Description: t.description,
		Bandwidth: t.bandwidth, StackType: t.stackType, Network: t.network.String(), Hub: t.hub,
		AdvertisedRoutes: slices.Clone(t.advertisedRoutes), RemoteAccountID: t.remoteAccountID,
		PSCRouting: t.pscRouting, AutoAccept: t.autoAccept, AdminEnabled: t.adminEnabled,
		PeeringNetwork: t.peeringNetwork, MTU: t.mtu, State: t.state, Suspended: t.suspended, Down: t.down,
		Rejected: t.rejected, RemoteRoutes: slices.Clone(t.remoteRoutes),
		Issued: t.issued.Reveal(), Provided: t.provided.Reveal(), SharedID: t.sharedID,
		Joined: t.joined, Verified: t.verified, Notified: t.notified, PeerChange: t.peerChange,
	}
	if t.profile != nil {
		k.Profile = t.profile.id
	}
	if t.working != nil {
		k.Working = t.working.name
	}
	return k
}

func (n *network) keep() keptNetwork {
	return keptNetwork{
		Project: n.ref.project.id, Name: n.ref.name, ID: n.id, Created: n.created, Description: n.description,
		AutoSubnets: n.autoSubnets, MTU: n.mtu, Routing: n.routing, Peerings: slices.Clone(n.peerings),
		Ready: n.ready, Deleting: n.deleting, Seeded: n.seeded,
	}
}

func (op *operation) keep() keptOperation {
	return keptOperation{
		Name: op.name, Version: op.version, Target: op.target, Verb: op.verb, Created: op.created, Ended: op.ended,
		Done: op.done, Failure: op.failure.keep(), Response: op.response,
		CancelAsked: op.cancelAsked, Cancellable: op.cancellable, Forgotten: op.forgotten,
	}
}

func (e *apiError) keep() *keptFailure {
	if e == nil {
		return nil
	}
	k := &keptFailure{Code: e.code, Message: e.message, HTTP: e.http, Name: e.name}
	for _, detail := range e.details {
		k.Details = append(k.Details, encodeJSON(detail))
	}
	return k
}

func (op *computeOperation) keep() keptComputeOperation {
	k := keptComputeOperation{
		Project: op.project.id, Name: op.name, ID: op.id, Kind: op.kind, Region: op.region,
		Target: op.target.String(), TargetID: op.targetID, Client: op.client, Inserted: op.inserted, Ended: op.ended,
		MTU: op.edit.mtu, Routing: op.edit.routing, Peering: op.edit.peering, Warning: op.warning,
	}
	if f := op.failure; f != nil {
		k.Code, k.Message, k.HTTP = f.code, f.message, f.http
	}
	return k
}

func (s *step) keep() keptStep {
	k := keptStep{
		Due: s.due, Do: s.do, Edit: s.change.edit, NewSize: s.change.size, Key: s.change.key.Reveal(),
		Fail: s.fail.keep(), Size: s.size, News: s.news, Parked: s.parked,
	}
	if s.transport != nil {
		k.Transport = s.transport.name()
	}
	if s.op != nil {
		k.Op = s.op.name
	}
	if s.compute != nil {
		k.Compute = s.compute.fullName()
	}
	return k
}
