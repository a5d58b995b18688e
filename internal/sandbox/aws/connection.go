package aws

import (
	"fmt"
	"maps"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
)

// connection is AWS's half of a link.
type connection struct {
	id, arn         string
	order           int
	account, region string
	env             *environment
	sharedID        string
	description     string
	size            bandwidth.Bandwidth
	freeTier        bool
	gateway         string
	tags            map[string]string
	state           State
	key             activation.Key
	billingTier     int // 0 until provisioned
	// hidden is how many reads still answer as if it did not exist.
	hidden int

	// issued says that AWS issued the key; otherwise the partner did.
	issued bool
	// keyRevoked says that the partner gave up an issued key unused.
	keyRevoked bool
	// joined says that the partner has, or may have, its half.
	joined bool
	// verified says that our provisioning is done, notified that the partner
	// said the same of its own.
	verified, notified bool
	// partnerGone says that the partner deleted its half.
	partnerGone bool
	// linkDown says that no traffic passes.
	linkDown bool
	// changing says that a bandwidth change is being agreed with the partner.
	changing bool
	// learned are the prefixes that the partner offers.
	learned []string
}

// detail is the connection as its owner sees it now. The lock must be held.
func (c *Cloud) detail(conn *connection) connectionDetail {
	d := connectionDetail{
		id:            conn.id,
		arn:           conn.arn,
		description:   conn.description,
		bandwidth:     conn.size.String(),
		gateway:       conn.gateway,
		environmentID: conn.env.AWSEnvironmentID,
		provider:      conn.env.provider(),
		location:      conn.env.traits.Location,
		product:       conn.env.product(),
		state:         conn.state,
		sharedID:      conn.sharedID,
		billingTier:   conn.billingTier,
		owner:         conn.account,
		tags:          maps.Clone(conn.tags),
	}
	if conn.issued || c.cfg.Switches.AcceptedKeyVisible {
		d.activationKey = conn.key.Reveal()
	}
	return d
}

// move changes a connection's state and notes it. The lock must be held.
func (c *Cloud) move(conn *connection, to State) {
	if conn.state == to {
		return
	}
	c.state.transitions = append(c.state.transitions, Transition{
		Time: c.cfg.Clock.Now(), ID: conn.id, SharedID: conn.sharedID, From: conn.state, To: to})
	conn.state = to
}

// settle moves a provisioned connection to the state it rests in. The lock must
// be held.
func (c *Cloud) settle(conn *connection) {
	if conn.linkDown {
		c.move(conn, StateDown)
		return
	}
	c.move(conn, StateAvailable)
}

// blueprint is what a new connection is made of.
type blueprint struct {
	env         *environment
	sharedID    string
	size        bandwidth.Bandwidth
	gateway     string
	description *string
	tags        map[string]string
	key         activation.Key
	issued      bool
	state       State
}

// add makes a connection. The lock must be held.
func (c *Cloud) add(who caller, b blueprint) *connection {
	id := b.env.idPrefix() + c.ids.suffix()
	for c.state.connections[id] != nil {
		id = b.env.idPrefix() + c.ids.suffix()
	}
	conn := &connection{
		id:       id,
		arn:      fmt.Sprintf("arn:aws:interconnect:%s:%s:connection/%s", who.region, who.account, id),
		order:    c.next(),
		account:  who.account,
		region:   who.region,
		env:      b.env,
		sharedID: b.sharedID,
		// AWS always shows a description; what it shows when none was given
		// is inferred.
		description: "Interconnect " + id,
		size:        b.size,
		freeTier:    c.isFreeTier(who, b.env, b.size),
		gateway:     b.gateway,
		tags:        maps.Clone(b.tags),
		key:         b.key,
		issued:      b.issued,
		hidden:      c.cfg.Switches.EventualConsistency,
	}
	if b.description != nil {
		conn.description = *b.description
	}
	if conn.tags == nil {
		conn.tags = map[string]string{}
	}
	c.state.connections[id] = conn
	c.move(conn, b.state)
	return conn
}

// drop forgets a connection. A client token that made it goes on answering with
// it, as deleted. The lock must be held.
func (c *Cloud) drop(conn *connection) {
	c.move(conn, StateNone)
	conn.state = StateDeleted
	delete(c.state.connections, conn.id)
}

// lookup is the caller's connection with an id. The lock must be held.
func (c *Cloud) lookup(who caller, id string) (*connection, error) {
	conn, ok := c.state.connections[id]
	if !ok || conn.account != who.account || conn.region != who.region {
		return nil, c.unknownConnection(id)
	}
	return conn, nil
}

// unknownConnection is the answer to an id that the caller does not have.
func (c *Cloud) unknownConnection(id string) *Error {
	if c.cfg.Switches.UnknownConnection == UnknownIsDenied {
		return deniedError("You are not allowed to access connection %s, or it does not exist.", id)
	}
	return notFoundError("Connection %s does not exist.", id)
}

// shared is the connection with a shared id that is not deleted, or nil. The
// lock must be held.
func (c *Cloud) shared(sharedID string) *connection {
	for _, conn := range c.state.connections {
		if conn.sharedID == sharedID && conn.state != StateDeleted {
			return conn
		}
	}
	return nil
}

// counts says whether a connection counts against quotas: deleted and failed
// ones do not (inferred).
func (conn *connection) counts() bool {
	return conn.state != StateDeleted && conn.state != StateFailed
}
