package google

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator"
)

// SetRemoteRoutes says which prefixes the other cloud offers over a transport,
// in place of those it offered before. They appear in listPeeringRoutes while
// the transport carries traffic and its network's peering imports them. It fails
// when there is no such transport, or a prefix has bits behind it.
func (c *Cloud) SetRemoteRoutes(transportName string, prefixes ...netip.Prefix) error {
	var routes []string
	for _, p := range prefixes {
		if !p.IsValid() || p != p.Masked() {
			return fmt.Errorf("setting the remote routes of %q: %s is not a prefix", transportName, p)
		}
		routes = append(routes, p.String())
	}
	slices.Sort(routes)
	return c.control(transportName, func(t *transport) { t.remoteRoutes = slices.Compact(routes) })
}

// RejectSpokes has the owner of a transport's hub reject its spokes, or take
// them back. It fails when there is no such transport, or it has no hub.
func (c *Cloud) RejectSpokes(transportName string, rejected bool) error {
	inHub := false
	err := c.control(transportName, func(t *transport) {
		if inHub = t.hub != ""; inHub {
			t.rejected = rejected
		}
	})
	if err == nil && !inHub {
		return fmt.Errorf("the transport %q has no hub", transportName)
	}
	return err
}

// ExpireKey ends the time of a transport that waits for its key to be redeemed:
// what happens after Switches.KeyTTL happens now. It fails when there is no such
// transport, or it does not wait.
func (c *Cloud) ExpireKey(transportName string) error {
	var waits *transport
	err := c.control(transportName, func(t *transport) {
		if t.state == StatePendingKey {
			waits = t
		}
	})
	switch {
	case err != nil:
		return err
	case waits == nil:
		return fmt.Errorf("the transport %q does not wait for its key to be redeemed", transportName)
	}
	c.expire(waits)
	return nil
}

// Stall keeps transports in a state, or lets them go on: nothing that was to
// happen to one that is in that state happens, neither its own work nor an
// update's nor a deletion's, until the stall is lifted; then it happens at once.
// What the other cloud does to a transport is not kept back. It fails for what is
// no state.
func (c *Cloud) Stall(state string, stalled bool) error {
	states := []string{StateCreating, StatePendingConfig, StatePendingKey, StateActive, StateDeleting, StateDeprovisioned}
	if !slices.Contains(states, state) {
		return fmt.Errorf("transports cannot be kept in %q, only in %s", state, strings.Join(states, ", "))
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stalled[state] = stalled
	if stalled {
		return nil
	}
	for _, t := range c.transports {
		c.settle(t)
	}
	for _, s := range c.pendingSteps() {
		if s.parked && !c.stalled[s.transport.state] {
			s.parked = false
			c.arm(s)
		}
	}
	return nil
}

// SetTransportQuota sets how many transports a project may have in one region,
// for those that are still to be made. A negative number is no limit.
func (c *Cloud) SetTransportQuota(limit int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.quota = limit
}

// CreateHub makes a hub at once, with a mesh topology. It fails when the project
// is not known, the name is not valid, or it is taken.
func (c *Cloud) CreateHub(projectID, name string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	p, ok := c.project(projectID)
	switch {
	case !ok:
		return fmt.Errorf("the sandbox has no project %q", projectID)
	case !nameForm.MatchString(name):
		return fmt.Errorf("%q is not a valid name for a hub", name)
	}
	h := &hub{project: p, id: name, uid: c.uuid(), created: c.now(), updated: c.now(), topology: topologyMesh, state: hubActive}
	if _, taken := c.hubs[h.name()]; taken {
		return fmt.Errorf("the sandbox has a hub %q already", h.name())
	}
	c.hubs[h.name()] = h
	return nil
}

// SetPartnerRefusal makes the other cloud answer a call with a refusal, without
// being asked; nil lifts it (see coordinator.Refusals).
func (c *Cloud) SetPartnerRefusal(call coordinator.Call, refusal *coordinator.Error) error {
	return c.refusals.Set(call, refusal)
}

// PartnerDeletes lets Google hear that the other cloud's half of a link is being
// deleted, as the open API tells it. It fails when there is no such transport,
// or when it is not joined.
func (c *Cloud) PartnerDeletes(ctx context.Context, transportName string) error {
	var environment, shared string
	if err := c.control(transportName, func(t *transport) { environment, shared = t.profile.environment.ID, t.sharedID }); err != nil {
		return err
	}
	return c.DeleteConnection(ctx, environment, shared)
}
