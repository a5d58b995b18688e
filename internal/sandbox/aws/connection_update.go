package aws

import (
	"context"
	"net/http"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator"
)

// updateConnection changes the description, at once, and the bandwidth, once
// the partner has agreed. Both or neither take effect.
func (c interconnect) updateConnection(ctx context.Context, who caller, in updateConnectionInput) (connectionDetail, error) {
	if in.description == nil && in.bandwidth == nil {
		return connectionDetail{}, validationError("Give description, bandwidth or both.")
	}
	return c.once(ctx, who, "UpdateConnection", in.token, func(ctx context.Context) (*connection, error) {
		defer c.gate.Pass()()
		conn, size, quietly, err := c.beginUpdate(who, in)
		if err != nil || size == 0 {
			return conn, err
		}
		if quietly {
			c.resizeQuietly(conn, size)
		} else if err := c.resize(ctx, conn, size); err != nil {
			return nil, err
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		if in.description != nil {
			conn.description = *in.description
		}
		return conn, nil
	})
}

// beginUpdate checks an update. When the bandwidth is to change, the new size is
// returned and the connection is marked, so that nobody else changes it; when
// it is not, the description is changed and the size is 0. quietly says that no
// request waits for the partner's answer.
func (c *Cloud) beginUpdate(who caller, in updateConnectionInput) (conn *connection, size bandwidth.Bandwidth, quietly bool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	conn, err = c.lookup(who, in.id)
	if err != nil {
		return nil, 0, false, err
	}
	if err := updatable(conn); err != nil {
		return nil, 0, false, err
	}
	if in.bandwidth == nil || *in.bandwidth == conn.size.String() {
		if in.description != nil {
			conn.description = *in.description
		}
		return conn, 0, false, nil
	}
	size, err = conn.env.offered(*in.bandwidth)
	if err != nil {
		return nil, 0, false, err
	}
	if err := c.resizable(conn); err != nil {
		return nil, 0, false, err
	}
	conn.changing = true
	return conn, size, c.cfg.Switches.AsyncBandwidthRefusal, nil
}

// updatable says whether a connection takes any update: in its stable states
// (inferred).
func updatable(conn *connection) error {
	switch {
	case conn.changing || conn.state == StateUpdating:
		return clientError("Connection %s cannot be updated: another change is in progress.", conn.id)
	case conn.state == StatePending || conn.state == StateDeleting || conn.state == StateDeleted:
		return clientError("Connection %s cannot be updated in state %s.", conn.id, conn.state)
	}
	return nil
}

// resizable says whether a connection that takes updates takes a bandwidth.
func (c *Cloud) resizable(conn *connection) error {
	switch {
	case conn.state != StateAvailable && conn.state != StateDown:
		return clientError("The bandwidth of connection %s cannot be changed in state %s.", conn.id, conn.state)
	case conn.freeTier:
		return clientError("Connection %s is in the free tier and cannot be converted to a paid Interconnect.", conn.id)
	case !conn.issued && !c.cfg.Switches.AcceptorMayUpdateBandwidth:
		return clientError("The bandwidth of connection %s was set by the partner's proposal. Change it at the partner.", conn.id)
	}
	return nil
}

// resize asks the partner for a bandwidth and, if it agrees, begins the change.
// A refusal leaves the connection as it was.
func (c *Cloud) resize(ctx context.Context, conn *connection, size bandwidth.Bandwidth) error {
	refusal := c.agree(ctx, conn, size)
	c.mu.Lock()
	defer c.mu.Unlock()
	conn.changing = false
	if refusal != nil {
		return refusal
	}
	if err := updatable(conn); err != nil {
		return err // deleted while the partner was asked
	}
	c.beginResize(conn, size)
	return nil
}

// resizeQuietly begins the change before the partner is asked, and gives it up
// without a word if the partner refuses.
func (c *Cloud) resizeQuietly(conn *connection, size bandwidth.Bandwidth) {
	c.mu.Lock()
	defer c.mu.Unlock()
	conn.changing = false
	c.move(conn, StateUpdating)
	c.later(0, timer{Kind: timerAskResize, ID: conn.id, Size: size})
}

// askResize asks the partner for a bandwidth that no request waits for.
func (c *Cloud) askResize(t *timer) {
	c.mu.Lock()
	conn := c.state.connections[t.ID]
	c.mu.Unlock()
	if conn == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
	defer cancel()
	size := t.Size
	refusal := c.agree(ctx, conn, size)
	c.mu.Lock()
	defer c.mu.Unlock()
	if refusal != nil {
		size = conn.size
	}
	c.finishResizeLater(conn, size)
}

// agree asks the partner to agree to a bandwidth. The lock must not be held.
func (c *Cloud) agree(ctx context.Context, conn *connection, size bandwidth.Bandwidth) error {
	peer, err := c.reach()
	if err != nil {
		return err
	}
	_, err = peer.UpdateConnection(ctx, coordinator.Connection{
		ID: conn.sharedID, Environment: conn.env.ID, BandwidthMbps: size.InMbps()})
	switch {
	case err == nil:
		return nil
	case coordinatorStatus(err) == http.StatusConflict:
		return clientError("The bandwidth of connection %s cannot be changed: another change is in progress at the partner.", conn.id)
	}
	return partnerError("change the bandwidth", err)
}

// beginResize moves a connection to updating; until the change is done it shows
// the old bandwidth (inferred). The lock must be held.
func (c *Cloud) beginResize(conn *connection, size bandwidth.Bandwidth) {
	c.move(conn, StateUpdating)
	c.finishResizeLater(conn, size)
}

func (c *Cloud) finishResizeLater(conn *connection, size bandwidth.Bandwidth) {
	c.later(c.cfg.Timing.Update, timer{Kind: timerResized, ID: conn.id, Size: size})
}

// finishResize gives a connection its new bandwidth. The lock must be held.
func (c *Cloud) finishResize(conn *connection, size bandwidth.Bandwidth) {
	if conn.state == StateUpdating {
		conn.size = size
		c.settle(conn)
	}
}
