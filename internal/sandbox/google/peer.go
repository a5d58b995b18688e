package google

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator"
)

// The Cloud is what the other cloud talks to. Nothing in this file calls the
// other cloud: what follows from a call is scheduled.
var _ coordinator.Server = (*Cloud)(nil)

// decline makes a refusal in the open API.
func decline(status int, format string, args ...any) *coordinator.Error {
	return &coordinator.Error{Status: status, Message: fmt.Sprintf(format, args...)}
}

// connection finds a link's transport. The lock is held.
func (c *Cloud) connection(environment, id string) (*transport, error) {
	t := c.byShared(id)
	if t == nil || t.environment() != "" && t.environment() != environment {
		return nil, decline(http.StatusNotFound, "connection %q does not exist in environment %q", id, environment)
	}
	return t, nil
}

// view is a transport as the other cloud sees it. The lock is held.
func (t *transport) view(environment string) coordinator.Connection {
	return coordinator.Connection{
		ID: t.sharedID, Environment: environment,
		BandwidthMbps: t.bandwidth.InMbps(), Verified: t.verified,
	}
}

// redeemable finds the transport that a key issued here still opens. The lock is
// held.
func (c *Cloud) redeemable(environment, encodedKey string) (*transport, bool) {
	p, err := activation.NewKey(encodedKey).Decode()
	if err != nil {
		return nil, false
	}
	t := c.byShared(p.SharedID)
	if t == nil || t.shown() != StatePendingKey || t.joined {
		return nil, false
	}
	issued, err := t.issued.Decode()
	return t, err == nil && issued == p && t.environment() == environment
}

// ConfirmActivationKey says whether the key is one that was issued here for
// this environment and not yet used. It never fails.
func (c *Cloud) ConfirmActivationKey(_ context.Context, environment, encodedKey string) (bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, valid := c.redeemable(environment, encodedKey)
	return valid, nil
}

// CreateConnection joins the transport that the key opens: it leaves
// PENDING_KEY, the key is used up, and this half begins its own work. 409 when
// the connection exists, 400 when the key is not one of ours and by
// Switches.RefusePeerConnection.
func (c *Cloud) CreateConnection(_ context.Context, want coordinator.Connection) (coordinator.Connection, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t := c.byShared(want.ID); t != nil && t.joined {
		return coordinator.Connection{}, decline(http.StatusConflict, "connection %q exists already", want.ID)
	}
	t, valid := c.redeemable(want.Environment, want.ActivationKey)
	switch {
	case c.switches.RefusePeerConnection:
		return coordinator.Connection{}, decline(http.StatusBadRequest, "connection %q cannot be made here", want.ID)
	case !valid || t != c.byShared(want.ID):
		return coordinator.Connection{}, decline(http.StatusBadRequest, "the activation key is not valid for connection %q", want.ID)
	case want.BandwidthMbps != t.bandwidth.InMbps():
		return coordinator.Connection{}, decline(http.StatusBadRequest, "connection %q was offered with %s", want.ID, t.bandwidth)
	}
	t.updated = c.now()
	c.enter(t, StatePendingConfig)
	c.provision(t)
	return t.view(want.Environment), nil
}

// GetConnection is the link as this cloud sees it, or 404.
func (c *Cloud) GetConnection(_ context.Context, environment, id string) (coordinator.Connection, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	t, err := c.connection(environment, id)
	if err != nil {
		return coordinator.Connection{}, err
	}
	return t.view(environment), nil
}

// UpdateConnection takes over a bandwidth that the other cloud's customer wants.
// 409 while a change is under way here, 400 for a size that is not sold, for a
// transport that is not active, and by Switches.RefusePeerUpdate.
func (c *Cloud) UpdateConnection(_ context.Context, want coordinator.Connection) (coordinator.Connection, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	t, err := c.connection(want.Environment, want.ID)
	if err != nil {
		return coordinator.Connection{}, err
	}
	size := bandwidth.FromMbps(want.BandwidthMbps)
	switch {
	case t.changing():
		return coordinator.Connection{}, decline(http.StatusConflict, "connection %q is being changed", want.ID)
	case t.shown() != StateActive:
		return coordinator.Connection{}, decline(http.StatusBadRequest, "connection %q is not active", want.ID)
	case c.switches.RefusePeerUpdate:
		return coordinator.Connection{}, decline(http.StatusBadRequest, "the bandwidth of connection %q may not be changed", want.ID)
	case !slices.Contains(t.profile.sizes, size):
		return coordinator.Connection{}, decline(http.StatusBadRequest, "bandwidth %s is not supported", size)
	}
	if size != t.bandwidth {
		t.peerChange = true
		c.after(c.cfg.Timing.Update, step{do: takeTheSize, transport: t, size: size})
	}
	agreed := t.view(want.Environment)
	agreed.BandwidthMbps = want.BandwidthMbps
	return agreed, nil
}

// finishPeerChange applies a bandwidth that the other cloud asked for.
func (c *Cloud) finishPeerChange(t *transport, size bandwidth.Bandwidth) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !t.peerChange {
		return
	}
	t.peerChange = false
	t.bandwidth = size
	t.updated = c.now()
}

// DeleteConnection takes note that the other half is being deleted. The
// transport becomes DEPROVISIONED and cannot come back; one that is still being
// created goes away and its operation fails. 404 when there is no such link.
func (c *Cloud) DeleteConnection(_ context.Context, environment, id string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	t, err := c.connection(environment, id)
	if err != nil {
		return err
	}
	t.peerChange = false
	switch t.state {
	case StateCreating:
		c.failCreate(t, t.working, refuse(failedPrecondition, "The remote provider deleted the connection."))
	case StatePendingKey, StatePendingConfig, StateActive:
		t.updated = c.now()
		c.enter(t, StateDeprovisioned)
	}
	return nil
}

// NotifyConnectionStatus takes note that the other half has finished its work.
func (c *Cloud) NotifyConnectionStatus(_ context.Context, environment, id string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	t, err := c.connection(environment, id)
	if err != nil {
		return err
	}
	t.notified = true
	c.settle(t)
	return nil
}
