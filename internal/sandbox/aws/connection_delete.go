package aws

import (
	"context"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator"
)

// deleteConnection deletes in any state; on a connection that is being deleted,
// or is, it changes nothing. The partner is told, but keeps its half until its
// own customer deletes it (AWS service model).
func (c interconnect) deleteConnection(ctx context.Context, who caller, in deleteConnectionInput) (connectionDetail, error) {
	return c.once(ctx, who, "DeleteConnection", in.token, func(context.Context) (*connection, error) {
		c.mu.Lock()
		defer c.mu.Unlock()
		conn, err := c.lookup(who, in.id)
		if err != nil {
			return nil, err
		}
		if conn.state != StateDeleting && conn.state != StateDeleted {
			c.beginDelete(conn)
		}
		return conn, nil
	})
}

// beginDelete starts a deletion and tells the partner, if it has its half. The
// lock must be held.
func (c *Cloud) beginDelete(conn *connection) {
	c.move(conn, StateDeleting)
	if conn.joined && !conn.partnerGone {
		c.tellDeleted(conn)
	}
	c.later(c.cfg.Timing.Deleting, func() { c.finishDelete(conn) })
}

// finishDelete moves a connection to deleted, where GetConnection still shows
// it for a while before it answers that it is unknown. The lock must be held.
func (c *Cloud) finishDelete(conn *connection) {
	if c.state.connections[conn.id] != conn {
		return
	}
	c.move(conn, StateDeleted)
	c.later(c.cfg.Timing.Lingering, func() { c.drop(conn) })
}

// tellDeleted tells the partner that our half is going.
func (c *Cloud) tellDeleted(conn *connection) {
	environment, sharedID := conn.env.ID, conn.sharedID
	c.tellPartner(func(ctx context.Context, peer coordinator.Server) error {
		return peer.DeleteConnection(ctx, environment, sharedID)
	})
}
