package google

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator"
)

// change is what a patch is going to do.
type change struct {
	// edit concerns this cloud alone.
	edit edit
	// size, when not zero, has to be agreed with the other cloud.
	size bandwidth.Bandwidth
	// key, when there is one, has to be redeemed.
	key activation.Key
}

// edit is what a patch does to the fields that no other cloud has to agree to.
// What is nil stays.
type edit struct {
	Labels           *map[string]string `json:"labels,omitempty"`
	Description      *string            `json:"description,omitempty"`
	AdvertisedRoutes *[]string          `json:"advertisedRoutes,omitempty"`
	StackType        *string            `json:"stackType,omitempty"`
	AdminEnabled     *bool              `json:"adminEnabled,omitempty"`
	// ExportPSC is a hub's.
	ExportPSC *bool `json:"exportPsc,omitempty"`
}

// apply does the edit to a transport. The lock is held.
func (e edit) apply(t *transport) {
	replace(&t.labels, e.Labels)
	replace(&t.description, e.Description)
	replace(&t.advertisedRoutes, e.AdvertisedRoutes)
	replace(&t.stackType, e.StackType)
	replace(&t.adminEnabled, e.AdminEnabled)
}

// replace puts another value in place, if there is one.
func replace[T any](old, value *T) {
	if value != nil {
		*old = *value
	}
}

// unknownPath is the refusal of a field that a mask may not name (text recorded
// from a simulation of sibling resources).
func unknownPath(path string) *apiError {
	return refuse(invalidArgument, "update_mask path %q not supported", path)
}

// patchTransport answers transports.patch.
func (c *Cloud) patchTransport(k *call) (any, *apiError) {
	requestID := k.query.Get("requestId")
	if fail := checkRequestID(requestID); fail != nil {
		return nil, fail
	}
	body, fail := readTransport(k)
	if fail != nil {
		return nil, fail
	}
	request := requestKey("update", named("transports")(k), requestID)
	confirmed := false
	c.mu.Lock()
	defer c.mu.Unlock()
	for {
		if op, again := c.requests.find(c.now(), request); again {
			return op.resource(), nil
		}
		t, fail := c.transportNamed(k)
		if fail != nil {
			return nil, fail
		}
		todo, fail := c.plan(t, body, k.query.Get("updateMask"))
		switch {
		case fail != nil:
			return nil, fail
		case t.changing() || t.state == StateDeleting:
			return nil, busy()
		case c.switches.KeyErrorsSynchronous && !todo.key.IsZero() && !confirmed:
			if fail := c.confirmEarly(k.ctx, t, todo.key); fail != nil {
				return nil, fail
			}
			confirmed = true
			continue
		}
		return c.admitPatch(k, t, todo, request), nil
	}
}

// plan checks a patch against the transport as it is. The lock is held.
func (c *Cloud) plan(t *transport, b *transportBody, mask string) (change, *apiError) {
	var todo change
	for _, path := range b.paths(mask) {
		if path == "admin_enabled" && b.version == v1 {
			return todo, unknownPath(path)
		}
		if fail := c.planField(t, b, path, &todo); fail != nil {
			return todo, fail
		}
	}
	return todo, nil
}

// paths are the fields that a patch overwrites: those of the mask, or without
// one those that the body sets to something (discovery document: "all fields
// present in the request will be overwritten"; a field of proto3 with its
// default value is not present). A star stands for all that can be changed.
func (b *transportBody) paths(mask string) []string {
	changeable := []string{"labels", "description", "bandwidth", "stack_type", "advertised_routes"}
	var paths []string
	switch mask {
	case "*":
		paths = changeable
		if b.version != v1 {
			paths = append(paths, "admin_enabled")
		}
	case "":
		for _, path := range slices.Sorted(maps.Keys(b.present)) {
			if b.holds(path) {
				paths = append(paths, path)
			}
		}
	default:
		for part := range strings.SplitSeq(mask, ",") {
			paths = append(paths, snake(strings.TrimSpace(part)))
		}
	}
	return paths
}

// holds says whether the body sets a field to something.
func (b *transportBody) holds(path string) bool {
	switch path {
	case "labels":
		return len(b.labels) > 0
	case "advertised_routes":
		return len(b.advertisedRoutes) > 0
	case "psc_routing_enabled":
		return b.pscRouting
	case "auto_accept":
		return b.autoAccept
	case "admin_enabled":
		return b.adminEnabled
	}
	word := map[string]string{
		"description": b.description, "remote_profile": b.remoteProfile, "provided_activation_key": b.providedKey,
		"bandwidth": b.bandwidth, "stack_type": b.stackType, "network": b.network,
		"remote_account_id": b.remoteAccountID, "hub": b.hub,
	}
	return word[path] != ""
}

// planField checks one field of a patch. The lock is held.
func (c *Cloud) planField(t *transport, b *transportBody, path string, todo *change) *apiError {
	switch path {
	case "labels":
		todo.edit.Labels = new(maps.Clone(b.labels))
	case "description":
		todo.edit.Description = &b.description
	case "advertised_routes":
		todo.edit.AdvertisedRoutes = new(slices.Clone(b.advertisedRoutes))
	case "admin_enabled":
		todo.edit.AdminEnabled = &b.adminEnabled
	case "stack_type":
		return c.planStackType(t, b, todo)
	case "bandwidth":
		return c.planBandwidth(t, b, todo)
	case "provided_activation_key":
		return planKey(t, b, todo)
	case "remote_profile", "network", "remote_account_id", "hub", "psc_routing_enabled", "auto_accept":
		if c.differs(t, b, path) {
			return refuse(invalidArgument, "Field %q is immutable and cannot be changed.", path)
		}
	default:
		if !slices.ContainsFunc(outputFields(), func(name string) bool { return snake(name) == path }) {
			return unknownPath(path)
		}
	}
	return nil
}

func (c *Cloud) planStackType(t *transport, b *transportBody, todo *change) *apiError {
	want := b.stackType
	if want == "" {
		want = ipv4Only
	}
	if want == t.stackType {
		return nil
	}
	if c.switches.StackTypePatch == Refuse {
		return unknownPath("stack_type")
	}
	todo.edit.StackType = &want
	return nil
}

func (c *Cloud) planBandwidth(t *transport, b *transportBody, todo *change) *apiError {
	size := b.size()
	switch {
	case size == t.bandwidth:
		return nil
	case c.switches.BandwidthPatch == Refuse:
		return unknownPath("bandwidth")
	case size == 0:
		return refuse(invalidArgument, "bandwidth must be set.")
	case t.profile != nil && !slices.Contains(t.profile.sizes, size):
		return notSold(t.profile, size.Google())
	case t.changing():
		return busy()
	case t.shown() != StateActive:
		return notReady(t.name())
	}
	todo.size = size
	return nil
}

// planKey permits a key to be brought once, while the transport waits for one
// (discovery document). The code is inferred.
func planKey(t *transport, b *transportBody, todo *change) *apiError {
	key := b.key()
	switch {
	case key == t.provided:
		return nil
	case t.shown() != StatePendingKey || !t.provided.IsZero() || key.IsZero():
		return refuse(failedPrecondition, "provided_activation_key can only be set once, while the Transport is in the PENDING_KEY state.")
	case !t.profile.takesKeys():
		return refuse(invalidArgument, "The remote profile %q does not support an INPUT key flow.", t.profile.id)
	}
	todo.key = key
	return nil
}

// differs says whether the body asks for another value of a field that cannot
// be changed. References are compared by what they name. The lock is held.
func (c *Cloud) differs(t *transport, b *transportBody, path string) bool {
	switch path {
	case "remote_profile":
		p, fail := c.profileRef(t.project, t.location, b.remoteProfile)
		return fail != nil || p != t.profile
	case "network":
		n, fail := c.networkRef(t.project, b.network)
		return b.network != t.network.String() && (fail != nil || n != t.network)
	case "remote_account_id":
		return b.remoteAccountID != t.remoteAccountID
	case "hub":
		hub, ok := c.hubRef(t.project, b.hub)
		return !ok || hub != t.hub
	case "psc_routing_enabled":
		return b.pscRouting != t.pscRouting
	}
	return b.autoAccept != t.autoAccept
}

// admitPatch starts the operation that carries a change out. The lock is held.
func (c *Cloud) admitPatch(k *call, t *transport, todo change, request string) operationResource {
	op := c.startOn(t, "update", k.version)
	if request != "" {
		c.requests.keep(c.now(), request, op)
	}
	switch {
	case !todo.key.IsZero():
		c.after(immediately, step{do: redeemTheKey, transport: t, op: op, change: todo})
	case todo.size != 0:
		c.after(immediately, step{do: askForTheSize, transport: t, op: op, change: todo})
	default:
		op.cancellable = true
		c.after(c.cfg.Timing.Operation, step{do: applyThePatch, transport: t, op: op, change: todo})
	}
	return op.resource()
}

// patchKey redeems the key that a patch brought.
func (c *Cloud) patchKey(t *transport, op *operation, todo change) {
	fail := c.join(t, todo.key)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.after(c.cfg.Timing.Operation, step{do: applyThePatch, transport: t, op: op, change: todo, fail: fail})
	if fail == nil && c.live(t) && t.state == StatePendingKey {
		if !t.issued.IsZero() {
			t.issued = c.issue(t) // the link has the other cloud's shared id now
		}
		c.enter(t, StatePendingConfig)
		c.settle(t)
	}
}

// patchSize asks the other cloud for another bandwidth, and applies it when
// that had the time it takes.
func (c *Cloud) patchSize(t *transport, op *operation, todo change) {
	c.mu.Lock()
	peer := c.peer
	want := coordinator.Connection{ID: t.sharedID, Environment: t.environment(), BandwidthMbps: todo.size.InMbps()}
	c.mu.Unlock()
	var fail *apiError
	if peer == nil {
		fail = peerFailed(nil)
	} else if _, err := peer.UpdateConnection(context.Background(), want); err != nil { // the caller has its answer
		fail = peerFailed(err)
	}
	wait := c.cfg.Timing.Update
	if fail != nil {
		wait = c.cfg.Timing.Operation
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.after(wait, step{do: applyThePatch, transport: t, op: op, change: todo, fail: fail})
}

// applyPatch ends an update operation: all of the change, or none of it.
func (c *Cloud) applyPatch(t *transport, op *operation, todo change, fail *apiError) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if op.done {
		return
	}
	if fail == nil && todo.size != 0 && t.state == StateDeprovisioned {
		fail = refuse(aborted, "The resource '%s' was deprovisioned by the remote provider", t.name())
	}
	if fail != nil {
		c.finish(t, op, fail, nil)
		return
	}
	todo.edit.apply(t)
	if todo.edit.AdvertisedRoutes != nil && t.verified {
		c.announce(t)
	}
	if todo.size != 0 {
		t.bandwidth = todo.size
	}
	t.updated = c.now()
	c.finish(t, op, nil, c.response(t, op.version))
}
