package aws

import (
	"context"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
)

// keyVersion is the version of the keys that this cloud issues.
const keyVersion = 1

// createConnection makes AWS's half of a link that AWS initiates, and the key
// that the customer takes to the partner. The partner learns of nothing before
// the key is brought to it (Connection Coordinator API; the AWS user guide says
// otherwise).
func (c interconnect) createConnection(ctx context.Context, who caller, in createConnectionInput) (connectionDetail, error) {
	return c.once(ctx, who, "CreateConnection", in.token, func(context.Context) (*connection, error) {
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.request(who, in)
	})
}

// request makes a connection in state requested. The lock must be held.
func (c *Cloud) request(who caller, in createConnectionInput) (*connection, error) {
	env, err := c.environmentOf(who, in.environmentID)
	if err != nil {
		return nil, err
	}
	size, err := env.offered(in.bandwidth)
	if err != nil {
		return nil, err
	}
	account, err := env.remoteAccount(in.remoteAccount)
	if err != nil {
		return nil, err
	}
	if err := c.admit(who, env, *in.attachPoint, size, true); err != nil {
		return nil, err
	}
	sharedID := c.ids.uuid()
	key, err := activation.Payload{
		Version:        keyVersion,
		SharedID:       sharedID,
		EnvironmentURI: "providers/aws/environments/" + env.ID,
		Bandwidth:      size,
		AccountID:      account,
	}.Encode()
	if err != nil {
		return nil, serverError("the activation key cannot be made")
	}
	conn := c.add(who, blueprint{
		env:         env,
		sharedID:    sharedID,
		size:        size,
		gateway:     *in.attachPoint.gateway,
		description: in.description,
		tags:        in.tags,
		key:         key,
		issued:      true,
		state:       StateRequested,
	})
	c.later(c.cfg.Switches.KeyTTL, timer{Kind: timerKeyExpires, ID: conn.id})
	return conn, nil
}

// expire ends a connection whose key nobody redeemed in time. The lock must be
// held.
func (c *Cloud) expire(conn *connection) {
	if conn.state != StateRequested {
		return
	}
	if c.cfg.Switches.KeyExpiry == ExpiryFails {
		c.move(conn, StateFailed)
		return
	}
	c.finishDelete(conn)
}
