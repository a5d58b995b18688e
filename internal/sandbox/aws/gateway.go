package aws

import (
	"maps"
	"slices"
)

// gatewayState is the state of a Direct Connect gateway (Direct Connect service
// model, DirectConnectGatewayState).
type gatewayState string

const (
	gatewayPending   gatewayState = "pending"
	gatewayAvailable gatewayState = "available"
	gatewayDeleting  gatewayState = "deleting"
	gatewayDeleted   gatewayState = "deleted"
)

// gateway is a Direct Connect gateway. It is global: every region sees it.
type gateway struct {
	id, name string
	order    int
	account  string
	asn      int64
	state    gatewayState
	tags     map[string]string
}

// arn is the gateway's ARN, which has no region (AWS service authorization
// reference).
func (g *gateway) arn() string { return "arn:aws:directconnect::" + g.account + ":dx-gateway/" + g.id }

func (g *gateway) key() string { return orderKey(g.order) }

func (g *gateway) fields() document {
	return document{
		"directConnectGatewayId":    g.id,
		"directConnectGatewayName":  g.name,
		"directConnectGatewayState": string(g.state),
		"amazonSideAsn":             g.asn,
		"ownerAccount":              g.account,
		"tags":                      tagList(g.tags),
	}
}

// tagList is a tag map as Direct Connect writes it.
func tagList(tags map[string]string) []any {
	out := make([]any, 0, len(tags))
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		out = append(out, document{"key": key, "value": tags[key]})
	}
	return out
}

// addGateway makes a gateway. The lock must be held.
func (c *Cloud) addGateway(account, name string, asn int64, tags map[string]string, state gatewayState) *gateway {
	g := &gateway{id: c.ids.uuid(), name: name, order: c.next(), account: account, asn: asn, state: state, tags: maps.Clone(tags)}
	if g.tags == nil {
		g.tags = map[string]string{}
	}
	c.state.gateways[g.id] = g
	return g
}

// attached is a connection that still hangs on a gateway, deleting ones
// included, or nil. The lock must be held.
func (c *Cloud) attached(g *gateway) *connection {
	for _, conn := range c.state.connections {
		if conn.gateway == g.id && conn.state != StateDeleted {
			return conn
		}
	}
	return nil
}

// gatewayOf is the caller's gateway with an id, unless it is deleted. The lock
// must be held. Clients look for "does not exist" in the message.
func (c *Cloud) gatewayOf(who caller, id string) (*gateway, error) {
	g, ok := c.state.gateways[id]
	if !ok || g.account != who.account || g.state == gatewayDeleted {
		return nil, gatewayError("Direct Connect Gateway %s does not exist.", quoteName(id))
	}
	return g, nil
}

// runGateway moves a gateway on. The lock must be held.
func (c *Cloud) runGateway(t *timer) {
	g := c.state.gateways[t.ID]
	switch {
	case g == nil:
	case t.Kind == timerGatewayForgotten:
		delete(c.state.gateways, g.id)
	case t.Kind == timerGatewayDeleted:
		g.state = gatewayDeleted
		c.later(c.cfg.Timing.Lingering, timer{Kind: timerGatewayForgotten, ID: g.id})
	case g.state == gatewayPending:
		g.state = gatewayAvailable
	}
}
