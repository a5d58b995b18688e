package aws

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator"
)

// statusUnknown is the open API's answer to a connection it does not have.
const statusUnknown = http.StatusNotFound

// refusePartner makes a refusal in the open API.
func refusePartner(status int, format string, args ...any) *coordinator.Error {
	return &coordinator.Error{Status: status, Message: fmt.Sprintf(format, args...)}
}

// coordinatorStatus is the status of a refusal, 0 for any other failure.
func coordinatorStatus(err error) int {
	if refusal, ok := errors.AsType[*coordinator.Error](err); ok {
		return refusal.Status
	}
	return 0
}

// partnerLookup is the connection that the partner speaks of. The lock must be
// held.
func (c *Cloud) partnerLookup(environment, id string) (*connection, *coordinator.Error) {
	conn := c.shared(id)
	if conn == nil || conn.env.ID != environment {
		return nil, refusePartner(statusUnknown, "connection %s does not exist in environment %s", id, environment)
	}
	return conn, nil
}

// asPartnerSees is a connection in the open API. The lock must be held.
func asPartnerSees(conn *connection) coordinator.Connection {
	return coordinator.Connection{
		ID:            conn.sharedID,
		Environment:   conn.env.ID,
		ActivationKey: conn.key.Reveal(),
		BandwidthMbps: conn.size.InMbps(),
		Verified:      conn.verified,
	}
}

// redeemable says whether a key is the one that this connection waits for. A
// connection leaves state requested when its key is used, expires or is deleted.
func (conn *connection) redeemable(encodedKey string) bool {
	return conn.issued && conn.state == StateRequested && !conn.keyRevoked && conn.key.Reveal() == encodedKey
}

// ConfirmActivationKey says whether a key was issued here, is unused and in time,
// and is for this environment.
func (c *Cloud) ConfirmActivationKey(_ context.Context, environment, encodedKey string) (bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, conn := range c.state.connections {
		if conn.env.ID == environment && conn.redeemable(encodedKey) {
			return true, nil
		}
	}
	return false, nil
}

// CreateConnection redeems the key of a requested connection, which becomes
// pending. 409 when it was redeemed before.
func (c *Cloud) CreateConnection(_ context.Context, asked coordinator.Connection) (coordinator.Connection, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	conn, refusal := c.partnerLookup(asked.Environment, asked.ID)
	switch {
	case refusal != nil:
		return coordinator.Connection{}, refusal
	case conn.joined || !conn.issued:
		return coordinator.Connection{}, refusePartner(http.StatusConflict, "connection %s exists already", asked.ID)
	case !conn.redeemable(asked.ActivationKey):
		return coordinator.Connection{}, refusePartner(http.StatusBadRequest, "the activation key does not open connection %s", asked.ID)
	case asked.BandwidthMbps != conn.size.InMbps():
		return coordinator.Connection{}, refusePartner(http.StatusBadRequest, "connection %s is of %s", asked.ID, conn.size)
	}
	conn.joined = true
	c.move(conn, StatePending)
	c.provision(conn)
	return asPartnerSees(conn), nil
}

// GetConnection is the connection as AWS sees it; 404 when unknown or deleted.
func (c *Cloud) GetConnection(_ context.Context, environment, id string) (coordinator.Connection, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	conn, refusal := c.partnerLookup(environment, id)
	if refusal != nil {
		return coordinator.Connection{}, refusal
	}
	return asPartnerSees(conn), nil
}

// UpdateConnection agrees to a bandwidth that the partner's customer asked for,
// and begins the change here too. 400 refuses the size or the state, 409 says
// that a change is under way.
func (c *Cloud) UpdateConnection(_ context.Context, asked coordinator.Connection) (coordinator.Connection, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	conn, refusal := c.partnerLookup(asked.Environment, asked.ID)
	size := bandwidth.FromMbps(asked.BandwidthMbps)
	switch {
	case refusal != nil:
		return coordinator.Connection{}, refusal
	case conn.changing || conn.state == StateUpdating || conn.state == StatePending:
		return coordinator.Connection{}, refusePartner(http.StatusConflict, "connection %s is being changed", asked.ID)
	case size == conn.size:
		return asPartnerSees(conn), nil
	case conn.state != StateAvailable && conn.state != StateDown:
		return coordinator.Connection{}, refusePartner(http.StatusBadRequest, "connection %s is %s", asked.ID, conn.state)
	case !slices.Contains(conn.env.available, size):
		return coordinator.Connection{}, refusePartner(http.StatusBadRequest, "%d Mbps is not available", asked.BandwidthMbps)
	case c.cfg.Switches.RefusePeerUpdate:
		return coordinator.Connection{}, refusePartner(http.StatusBadRequest, "connection %s keeps its bandwidth", asked.ID)
	case conn.freeTier:
		return coordinator.Connection{}, refusePartner(http.StatusBadRequest, "connection %s is in the free tier", asked.ID)
	}
	c.beginResize(conn, size)
	return asPartnerSees(conn), nil
}

// DeleteConnection learns that the partner's half is being deleted. Ours stays
// until our customer deletes it; what state it is left in is
// Switches.PartnerDelete. An unused key is revoked.
func (c *Cloud) DeleteConnection(_ context.Context, environment, id string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	conn, refusal := c.partnerLookup(environment, id)
	if refusal != nil {
		return refusal
	}
	conn.partnerGone, conn.keyRevoked = true, true
	switch conn.state {
	case StatePending:
		c.move(conn, StateFailed)
	case StateAvailable, StateUpdating, StateDown:
		c.leave(conn)
	}
	return nil
}

// leave puts a provisioned connection into the state that a partner's deletion
// leaves it in. The lock must be held.
func (c *Cloud) leave(conn *connection) {
	switch c.cfg.Switches.PartnerDelete {
	case PartnerDeleteFailed:
		c.move(conn, StateFailed)
	case PartnerDeleteDown:
		conn.linkDown = true
		c.settle(conn)
	}
}

// NotifyConnectionStatus learns that the partner has finished its part.
func (c *Cloud) NotifyConnectionStatus(_ context.Context, environment, id string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	conn, refusal := c.partnerLookup(environment, id)
	if refusal != nil {
		return refusal
	}
	conn.notified = true
	c.completeIfBothDone(conn)
	return nil
}
