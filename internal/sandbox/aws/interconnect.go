package aws

import (
	"cmp"
	"context"
	"fmt"
	"slices"
)

// interconnect is the Cloud as its customers see it through AWS Interconnect.
// The receiver tells its operations from those the partner may ask of a *Cloud,
// which have the same names.
type interconnect struct{ *Cloud }

// service is AWS Interconnect: the 13 operations of its service model.
func (c interconnect) service() *service {
	s := &service{name: "interconnect", operations: map[string]operation{}, invalid: validationError, unknown: unknownOperation}
	handle(s, "CreateConnection", readCreateConnection, c.createConnection)
	handle(s, "AcceptConnectionProposal", readAcceptProposal, c.acceptProposal)
	handle(s, "DescribeConnectionProposal", readDescribeProposal, c.describeProposal)
	handle(s, "GetConnection", readGetConnection, c.getConnection)
	handle(s, "ListConnections", readListConnections, c.listConnections)
	handle(s, "UpdateConnection", readUpdateConnection, c.updateConnection)
	handle(s, "DeleteConnection", readDeleteConnection, c.deleteConnection)
	handle(s, "GetEnvironment", readGetEnvironment, c.getEnvironment)
	handle(s, "ListEnvironments", readListEnvironments, c.listEnvironments)
	handle(s, "ListAttachPoints", readListAttachPoints, c.listAttachPoints)
	handle(s, "TagResource", readTagResource, c.tagConnection)
	handle(s, "UntagResource", readUntagResource, c.untagConnection)
	handle(s, "ListTagsForResource", readListTags, c.listConnectionTags)
	return s
}

func (c interconnect) getConnection(_ context.Context, who caller, in getConnectionInput) (connectionDetail, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	conn, err := c.lookup(who, in.id)
	if err != nil {
		return connectionDetail{}, err
	}
	if conn.hidden > 0 {
		conn.hidden--
		return connectionDetail{}, c.unknownConnection(in.id)
	}
	return c.detail(conn), nil
}

// listConnections lists summaries; all filters must fit.
func (c interconnect) listConnections(_ context.Context, who caller, in listConnectionsInput) (listing, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var found []*connection
	for _, conn := range c.state.connections {
		switch {
		case conn.account != who.account || conn.region != who.region || !c.listed(conn, in):
		case conn.hidden > 0:
			conn.hidden--
		default:
			found = append(found, conn)
		}
	}
	slices.SortFunc(found, func(a, b *connection) int { return cmp.Compare(a.order, b.order) })
	some, next, ok := cut(c.pages, found, func(conn *connection) string { return orderKey(conn.order) }, in.page, listScope(who, in))
	if !ok {
		return listing{}, errToken()
	}
	return newListing("connections", some, next, func(conn *connection) document { return c.detail(conn).summary() }), nil
}

// listed says whether a connection fits a list's filters.
func (c *Cloud) listed(conn *connection, in listConnectionsInput) bool {
	switch {
	case in.state != nil && State(*in.state) != conn.state:
		return false
	case in.state == nil && conn.state == StateDeleted && !c.cfg.Switches.DeletedInLists:
		return false
	case in.environmentID != nil && *in.environmentID != conn.env.AWSEnvironmentID:
		return false
	case in.provider != nil && *in.provider != conn.env.provider():
		return false
	case in.attachPoint == nil:
		return true
	}
	return in.attachPoint.gateway != nil && *in.attachPoint.gateway == conn.gateway
}

func listScope(who caller, in listConnectionsInput) string {
	parts := []string{"ListConnections", who.account, who.region,
		textScope(in.state), textScope(in.environmentID), providerScope(in.provider)}
	if in.attachPoint != nil {
		parts = append(parts, textScope(in.attachPoint.gateway), textScope(in.attachPoint.arn))
	}
	return pageScope(parts...)
}

// orderKey writes an order so that text sorts like the number.
func orderKey(n int) string { return fmt.Sprintf("%012d", n) }
