package google

import (
	"maps"
	"slices"
	"strings"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
)

// createTransport answers transports.create. The operation is answered at once;
// the transport can be read in state CREATING from then on.
func (c *Cloud) createTransport(k *call) (any, *apiError) {
	requestID := k.query.Get("requestId")
	if fail := checkRequestID(requestID); fail != nil {
		return nil, fail
	}
	body, fail := readTransport(k)
	if fail != nil {
		return nil, fail
	}
	request := requestKey("create", k.parent(), requestID)
	confirmed := false
	c.mu.Lock()
	defer c.mu.Unlock()
	for {
		if op, again := c.requests.find(c.now(), request); again {
			return op.resource(), nil
		}
		t, fail := c.draft(k, body)
		if fail != nil {
			return nil, fail
		}
		if c.switches.KeyErrorsSynchronous && !body.key().IsZero() && !confirmed {
			// The issuer is asked without the lock, so everything is looked at
			// again afterwards.
			if fail := c.confirmEarly(k.ctx, t, t.provided); fail != nil {
				return nil, fail
			}
			confirmed = true
			continue
		}
		return c.admitTransport(k, t, request), nil
	}
}

// draft makes the transport that a call asks for, without letting it exist yet.
// The lock is held.
func (c *Cloud) draft(k *call, b *transportBody) (*transport, *apiError) {
	if fail := c.checkLocation(k.project, k.location); fail != nil {
		return nil, fail
	}
	id := k.query.Get("transportId")
	if !nameForm.MatchString(id) {
		return nil, refuse(invalidArgument, "Invalid value for field 'transport_id': %q. Must be a match of regex '%s'", id, nameForm)
	}
	t := &transport{
		project: k.project, location: k.location, id: id, created: c.now(), updated: c.now(),
		labels: maps.Clone(b.labels), description: b.description, bandwidth: b.size(), stackType: b.stackType,
		advertisedRoutes: slices.Clone(b.advertisedRoutes), remoteAccountID: b.remoteAccountID,
		pscRouting: b.pscRouting, autoAccept: b.autoAccept, provided: b.key(),
		adminEnabled: b.adminEnabled || !b.present["admin_enabled"],
	}
	if t.stackType == "" {
		t.stackType = ipv4Only
	}
	for _, check := range []func(*transport, *transportBody) *apiError{c.vacant, c.attach, c.order, c.room} {
		if fail := check(t, b); fail != nil {
			return nil, fail
		}
	}
	return t, nil
}

// vacant checks that the name is free. The lock is held.
func (c *Cloud) vacant(t *transport, _ *transportBody) *apiError {
	if _, taken := c.transports[t.name()]; taken {
		return refuse(alreadyExists, "Resource '%s' already exists", t.name())
	}
	return nil
}

// attach finds what the transport hangs on: a network or a hub. The lock is
// held.
func (c *Cloud) attach(t *transport, b *transportBody) *apiError {
	switch {
	case b.network == "" && b.hub == "":
		return refuse(invalidArgument, "Either network or hub must be set.")
	case b.hub == "" && b.pscRouting:
		return refuse(invalidArgument, "psc_routing_enabled can only be set together with hub.")
	case b.hub != "" && b.network != "" && c.switches.RefuseNetworkWithHub:
		return refuse(invalidArgument, "network must be empty when hub is set.")
	}
	if b.hub != "" {
		hub, ok := c.hubRef(t.project, b.hub)
		if !ok {
			return refuse(invalidArgument, "Invalid hub %q: the hub must be in the same project as the Transport.", b.hub)
		}
		if h, ok := c.hubs[hubName(t.project, hub)]; !ok || h.state != hubActive {
			return missing(hubName(t.project, hub))
		}
		t.hub = hub
		return nil
	}
	var fail *apiError
	if t.network, fail = c.networkRef(t.project, b.network); fail != nil {
		return fail
	}
	if n, ok := c.networks[t.network.String()]; !ok || !n.ready {
		return missing(t.network.String())
	}
	return nil
}

// hubRef reads a hub's id out of a reference. The lock is held.
func (c *Cloud) hubRef(owner project, ref string) (id string, ok bool) {
	if strings.HasPrefix(ref, "projects/") {
		return c.local(owner, ref, "locations/global/hubs/")
	}
	return ref, !strings.Contains(ref, "/")
}

// order checks what the transport is to be: profile, size, account, key flow.
// What only the key says is checked when the key is. The lock is held.
func (c *Cloud) order(t *transport, b *transportBody) *apiError {
	withKey := !t.provided.IsZero()
	switch {
	case b.remoteProfile != "":
		var fail *apiError
		if t.profile, fail = c.profileRef(t.project, t.location, b.remoteProfile); fail != nil {
			return fail
		}
	case !withKey:
		return refuse(invalidArgument, "remote_profile must be set when no activation key is provided.")
	default:
		payload, err := t.provided.Decode()
		if err != nil {
			return nil
		}
		var found bool
		if t.profile, found = c.profileFor(t.location, environmentOf(payload)); !found {
			return nil
		}
	}
	switch {
	case t.profile.orderState == orderClosed:
		return c.noCapacity(t)
	case withKey && !t.profile.takesKeys():
		return refuse(invalidArgument, "The remote profile %q does not support an INPUT key flow.", t.profile.id)
	case t.bandwidth == 0 && !withKey:
		return refuse(invalidArgument, "bandwidth must be set when no activation key is provided.")
	case t.bandwidth != 0 && !slices.Contains(t.profile.sizes, t.bandwidth):
		return notSold(t.profile, t.bandwidth.Google())
	case t.remoteAccountID == "" && !withKey:
		return refuse(invalidArgument, "remote_account_id must be set when no activation key is provided.")
	}
	return nil
}

// notSold is the refusal of a size that the profile does not have. Inferred.
func notSold(p *profile, size string) *apiError {
	return refuse(invalidArgument, "Bandwidth %s is not supported by the remote profile %q.", size, p.id)
}

// noCapacity is the refusal of an order from a closed profile. The lock is held.
func (c *Cloud) noCapacity(t *transport) *apiError {
	fail := refuse(failedPrecondition, "The remote profile %q is not open for new orders.", t.profile.id)
	if c.switches.ClosedAsExhausted {
		fail.code = resourceExhausted
	}
	return fail
}

// room checks that the quota is not used up. The lock is held.
func (c *Cloud) room(t *transport, _ *transportBody) *apiError {
	used := 0
	for _, other := range c.transports {
		if other.project == t.project && other.location == t.location {
			used++
		}
	}
	if limit := c.quota; limit >= 0 && used >= limit {
		return overQuota(t.project, t.location, limit, c.switches.QuotaAsForbidden)
	}
	return nil
}

// admitTransport lets a draft exist and starts the operation that makes it. The
// lock is held.
func (c *Cloud) admitTransport(k *call, t *transport, request string) operationResource {
	c.transports[t.name()] = t
	c.enter(t, StateCreating)
	op := c.startOn(t, "create", k.version)
	op.cancellable = true
	if request != "" {
		c.requests.keep(c.now(), request, op)
	}
	if !c.switches.PerimeterBlocks {
		c.after(c.cfg.Timing.Operation, step{do: makeTheTransport, transport: t, op: op})
	}
	return op.resource()
}

// makeTransport does what a create operation is for: it offers a key, or
// redeems the one that was brought.
func (c *Cloud) makeTransport(t *transport, op *operation) {
	c.mu.Lock()
	if op.done {
		c.mu.Unlock()
		return
	}
	if c.switches.ServiceAgentMissing {
		c.failCreate(t, op, refuse(notFound, "Service account service-%d@gcp-sa-networkconnectivity.iam.gserviceaccount.com Not found.", t.project.number))
		c.mu.Unlock()
		return
	}
	if t.provided.IsZero() {
		c.offer(t, op)
		c.mu.Unlock()
		return
	}
	op.cancellable = false
	c.mu.Unlock()
	fail := c.join(t, t.provided)
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case op.done:
	case fail != nil:
		c.failCreate(t, op, fail)
	default:
		c.after(c.cfg.Timing.Provisioning/2, step{do: endTheJoin, transport: t, op: op})
	}
}

// offer ends a create operation with a transport that waits for a key to be
// redeemed at the other cloud, or to be brought from there. The lock is held.
func (c *Cloud) offer(t *transport, op *operation) {
	if t.profile.issuesKeys() {
		t.sharedID = c.uuid()
		t.issued = c.issue(t)
	}
	t.peeringNetwork = c.peeringNetwork()
	t.updated = c.now()
	c.enter(t, StatePendingKey)
	c.finish(t, op, nil, c.response(t, op.version))
	if ttl, ends := c.switches.keyTTL(); ends {
		c.after(ttl, step{do: expireTheKey, transport: t})
	}
}

// finishJoined ends a create operation whose key was redeemed.
func (c *Cloud) finishJoined(t *transport, op *operation) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if op.done || !c.live(t) || t.state != StateCreating {
		return
	}
	t.peeringNetwork = c.peeringNetwork()
	t.updated = c.now()
	if t.profile.flow == FlowInputOrOutput && t.remoteAccountID != "" {
		t.issued = c.issue(t)
	}
	c.enter(t, StatePendingConfig)
	c.finish(t, op, nil, c.response(t, op.version))
	c.settle(t)
}

// failCreate ends a create operation in failure; nothing of the transport
// remains. The lock is held.
func (c *Cloud) failCreate(t *transport, op *operation, fail *apiError) {
	c.finish(t, op, fail, nil)
	if c.live(t) {
		c.drop(t)
	}
}

// expire takes away a transport that nobody joined in time.
func (c *Cloud) expire(t *transport) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.live(t) || t.state != StatePendingKey {
		return
	}
	if op := t.working; op != nil {
		c.finish(t, op, refuse(aborted, "The resource '%s' was deleted because it was not activated in time", t.name()), nil)
	}
	t.issued = activation.Key{}
	c.drop(t)
}

// peeringNetwork makes the name of the tenant network that a VPC peers with, in
// the form that Google's how-to page shows. The lock is held.
func (c *Cloud) peeringNetwork() string {
	return "projects/k" + c.hex(8) + "p-tp/global/networks/transport-" + c.hex(8) + "-vpc"
}
