package awsend

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect/types"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

// Inspect asks AWS what a key is for. The key is not used up by it (AWS service
// model, DescribeConnectionProposal: read-only).
func (e *End) Inspect(ctx context.Context, key activation.Key) (link.Terms, error) {
	r, err := e.region(ctx)
	if err != nil {
		return link.Terms{}, err
	}
	out, err := r.interconnect.DescribeConnectionProposal(ctx, &interconnect.DescribeConnectionProposalInput{
		ActivationKey: new(key.Reveal()),
	})
	if err != nil {
		return link.Terms{}, conceal(translate(ctx, "describe the activation key in", r.name, err), key)
	}
	return link.Terms{
		Environment: aws.ToString(out.EnvironmentId),
		PeerRegion:  aws.ToString(out.Location),
		Tiers:       tiers([]string{aws.ToString(out.Bandwidth)}),
		Flows:       []link.Side{link.Acceptor},
	}, nil
}

// Tokens of creations hold all that is asked: AWS may refuse a token that it has
// seen with other parameters (inferred), and a link that was destroyed may be
// made anew with another tag within the hours that AWS remembers tokens.

// Propose makes the connection as the initiator. The observation carries the
// activation key. A token that AWS has seen answers with what it made then,
// which may be deleted by now.
func (e *End) Propose(ctx context.Context, p link.Proposal) (link.Observation, error) {
	return e.make(ctx, "create the connection", activation.Key{}, func(r *region) (*types.Connection, error) {
		description, tags := e.config.description(), e.config.withMark(p.Marker)
		in := &interconnect.CreateConnectionInput{
			AttachPoint:   e.attachPoint(),
			Bandwidth:     new(p.Bandwidth.String()),
			EnvironmentId: &p.Environment,
			Description:   &description,
			Tags:          tags,
			ClientToken: new(p.Attempt.Token("create", r.name, e.config.GatewayID, p.Environment, p.Bandwidth, p.Peer.Account,
				description, inOrder(tags))),
		}
		if p.Peer.Account != "" {
			in.RemoteAccount = &types.RemoteAccountIdentifierMemberIdentifier{Value: p.Peer.Account}
		}
		out, err := r.interconnect.CreateConnection(ctx, in)
		if err != nil {
			return nil, err
		}
		return out.Connection, nil
	})
}

// Redeem makes the connection as the acceptor. Environment, bandwidth and the
// other end's account are fixed by the key (AWS service model,
// AcceptConnectionProposal).
func (e *End) Redeem(ctx context.Context, d link.Redemption) (link.Observation, error) {
	return e.make(ctx, "accept the connection proposal for", d.Key, func(r *region) (*types.Connection, error) {
		description, tags := e.config.description(), e.config.withMark(d.Marker)
		out, err := r.interconnect.AcceptConnectionProposal(ctx, &interconnect.AcceptConnectionProposalInput{
			ActivationKey: new(d.Key.Reveal()),
			AttachPoint:   e.attachPoint(),
			Description:   &description,
			Tags:          tags,
			// The token is a digest and does not give the key away.
			ClientToken: new(d.Attempt.Token("accept", r.name, e.config.GatewayID, d.Key.Reveal(), description, inOrder(tags))),
		})
		if err != nil {
			return nil, err
		}
		return out.Connection, nil
	})
}

// make is what creating and accepting have in common. key is kept out of the
// errors.
func (e *End) make(ctx context.Context, attempt string, key activation.Key, call func(*region) (*types.Connection, error)) (link.Observation, error) {
	r, err := e.region(ctx)
	if err != nil {
		return link.Observation{}, err
	}
	if e.config.GatewayID == "" {
		return link.Observation{}, &cloud.Error{
			Kind: cloud.Invalid, End: endName, Field: "direct_connect_gateway_id", Attempt: attempt, Object: e.config.Name,
			Message: "no Direct Connect gateway is given", Remedy: "Set direct_connect_gateway_id in the aws block.",
		}
	}
	c, err := call(r)
	if err != nil {
		return link.Observation{}, conceal(translate(ctx, attempt, e.config.Name, err), key)
	}
	if c == nil {
		return link.Observation{}, incomplete(attempt, e.config.Name, "the reply holds no connection")
	}
	return r.observe(c, e.config.claims), nil
}
