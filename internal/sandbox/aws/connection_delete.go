package aws

import "context"

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
		c.tellPartner(timerTellDeleted, conn)
	}
	c.later(c.cfg.Timing.Deleting, timer{Kind: timerDeleted, ID: conn.id})
}

// finishDelete moves a connection to deleted, where GetConnection still shows
// it for a while before it answers that it is unknown. The lock must be held.
func (c *Cloud) finishDelete(conn *connection) {
	c.move(conn, StateDeleted)
	c.later(c.cfg.Timing.Lingering, timer{Kind: timerForgotten, ID: conn.id})
}
