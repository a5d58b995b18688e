package aws

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator"
)

// offer is what a partner's key offers, checked on our side.
type offer struct {
	key      activation.Key
	env      *environment
	sharedID string
	size     bandwidth.Bandwidth
}

// readOffer checks a key as the accepting side must before it asks the issuer
// (Connection Coordinator API): syntax, account, region, environment, and that
// the bandwidth is still sold. The lock must be held.
func (c *Cloud) readOffer(who caller, text string) (offer, error) {
	key := activation.NewKey(text)
	p, err := key.Decode()
	if err != nil {
		return offer{}, validationError("The activation key is malformed.")
	}
	if p.AccountID != who.account {
		return offer{}, deniedError("The activation key was issued for another account.")
	}
	env, ok := c.partnerEnvironment(environmentName(p.EnvironmentURI))
	if !ok || env.AWSRegion != who.region {
		return offer{}, notFoundError("No connection proposal for this activation key exists in region %s.", who.region)
	}
	if env.state == EnvironmentUnavailable {
		return offer{}, clientError("Environment %s is unavailable.", env.AWSEnvironmentID)
	}
	if !slices.Contains(env.available, p.Bandwidth) {
		return offer{}, clientError("Bandwidth %s is no longer available in environment %s. Available: %s.",
			p.Bandwidth, env.AWSEnvironmentID, bandwidth.List(env.available))
	}
	if conn := c.shared(p.SharedID); conn != nil {
		if conn.issued {
			return offer{}, clientError("The activation key was issued by AWS. Take it to the partner.")
		}
		return offer{}, clientError("The activation key was already used.")
	}
	return offer{key: key, env: env, sharedID: p.SharedID, size: p.Bandwidth}, nil
}

// environmentName is the last part of an environment's URI in the open API.
func environmentName(uri string) string { return uri[strings.LastIndex(uri, "/")+1:] }

// confirm asks the issuer whether a key is good. The lock must not be held.
func (c *Cloud) confirm(ctx context.Context, o offer) error {
	peer, err := c.reach()
	if err != nil {
		return err
	}
	valid, err := peer.ConfirmActivationKey(ctx, o.env.ID, o.key.Reveal())
	if err != nil {
		return partnerError("confirm the activation key", err)
	}
	if !valid {
		return clientError("The activation key is not valid: it was revoked, has expired or was already used.")
	}
	return nil
}

// partnerError is what a customer sees of a call to the partner that failed.
func partnerError(attempt string, err error) *Error {
	refusal, ok := errors.AsType[*coordinator.Error](err)
	if !ok || refusal.Status >= http.StatusInternalServerError || refusal.Status == http.StatusTooManyRequests {
		return serverError("The partner could not %s. Try again later.", attempt)
	}
	return clientError("The partner refused to %s: %s.", attempt, strings.TrimSuffix(refusal.Message, "."))
}

func (c interconnect) describeProposal(ctx context.Context, who caller, in describeProposalInput) (proposal, error) {
	defer c.gate.Pass()()
	c.mu.Lock()
	o, err := c.readOffer(who, in.key)
	c.mu.Unlock()
	if err != nil {
		return proposal{}, err
	}
	if err := c.confirm(ctx, o); err != nil {
		return proposal{}, err
	}
	return proposal{
		bandwidth:     o.size.String(),
		environmentID: o.env.AWSEnvironmentID,
		provider:      o.env.provider(),
		location:      o.env.traits.Location,
	}, nil
}

// acceptProposal makes AWS's half of a link that the partner initiated. Our half
// exists, pending, before the partner is asked to join it to its own (as the
// Connection Coordinator API asks), and is gone again if the partner refuses.
func (c interconnect) acceptProposal(ctx context.Context, who caller, in acceptProposalInput) (connectionDetail, error) {
	return c.once(ctx, who, "AcceptConnectionProposal", in.token, func(ctx context.Context) (*connection, error) {
		defer c.gate.Pass()()
		c.mu.Lock()
		o, err := c.admitOffer(who, in)
		c.mu.Unlock()
		if err != nil {
			return nil, err
		}
		if err := c.confirm(ctx, o); err != nil {
			return nil, err
		}
		conn, err := c.accept(who, in)
		if err != nil {
			return nil, err
		}
		return c.join(ctx, conn)
	})
}

// admitOffer holds all of our own checks of a proposal. The lock must be held.
func (c *Cloud) admitOffer(who caller, in acceptProposalInput) (offer, error) {
	o, err := c.readOffer(who, in.key)
	if err != nil {
		return offer{}, err
	}
	return o, c.admit(who, o.env, *in.attachPoint, o.size, false)
}

// accept makes our half, pending. It checks again, because things may have
// changed while the issuer was asked.
func (c *Cloud) accept(who caller, in acceptProposalInput) (*connection, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	o, err := c.admitOffer(who, in)
	if err != nil {
		return nil, err
	}
	return c.add(who, blueprint{
		env:         o.env,
		sharedID:    o.sharedID,
		size:        o.size,
		gateway:     *in.attachPoint.gateway,
		description: in.description,
		tags:        in.tags,
		key:         o.key,
		state:       StatePending,
	}), nil
}

// join asks the partner to join its half to ours; provisioning begins when it
// has. The lock must not be held.
func (c *Cloud) join(ctx context.Context, conn *connection) (*connection, error) {
	peer, err := c.reach()
	if err == nil {
		_, err = peer.CreateConnection(ctx, coordinator.Connection{
			ID:            conn.sharedID,
			Environment:   conn.env.ID,
			ActivationKey: conn.key.Reveal(),
			BandwidthMbps: conn.size.InMbps(),
		})
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil {
		if conn.state != StateDeleting && conn.state != StateDeleted {
			c.drop(conn)
		}
		if status := coordinatorStatus(err); status == 0 || status >= http.StatusInternalServerError {
			c.tellPartner(timerTellDeleted, conn) // it may have taken effect
		}
		return nil, partnerError("create the connection", err)
	}
	conn.joined = true
	switch conn.state {
	case StatePending:
		c.provision(conn)
	case StateDeleting, StateDeleted, StateNone:
		c.tellPartner(timerTellDeleted, conn) // deleted here while the partner was asked
	}
	return conn, nil
}
