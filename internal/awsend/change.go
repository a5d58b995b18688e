package awsend

import (
	"context"
	"errors"
	"regexp"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect/types"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

// Updates and deletions carry no derived token. They say what should be, so
// repeating one does no harm, while a derived token would have AWS answer a
// later wish for the same value (1Gbps, 10Gbps, 1Gbps again) with its old reply
// and change nothing. The client gives each call a token of its own, which its
// retries share.

// How AWS may say that only the end that proposed the link changes its bandwidth
// (inferred: there is no exception for it), and how it tells of a partner that
// did not consent, which is another matter.
var (
	acceptorText = regexp.MustCompile(`(?i)\binitiator|initiated by|acceptor|proposal|was proposed|was accepted|by accepting|only the (partner|other)`)
	refusalText  = regexp.MustCompile(`(?i)refuse|decline|reject`)
)

// acceptor says that a refusal is for the side that the end has.
func acceptor(message string) bool {
	return acceptorText.MatchString(message) && !refusalText.MatchString(message) && !billingText.MatchString(message)
}

// SetBandwidth asks for another bandwidth. The partner must consent (AWS service
// model, UpdateConnection). Precondition means that the link was proposed by the
// other cloud, Terminal that it is in the free tier; any other refusal is Invalid,
// and a change under way Conflict.
func (e *End) SetBandwidth(ctx context.Context, ref link.Ref, b bandwidth.Bandwidth, _ link.Attempt) (link.Observation, error) {
	o, err := e.update(ctx, "change the bandwidth of", ref, &interconnect.UpdateConnectionInput{Bandwidth: new(b.String())})
	if err == nil || ctx.Err() != nil {
		return o, err
	}
	ce, ok := errors.AsType[*cloud.Error](err)
	if !ok || ce.Kind != cloud.Conflict && ce.Kind != cloud.Precondition && ce.Kind != cloud.Invalid {
		return o, err
	}
	// A reply may have been lost: the change is then made, or being made.
	if now, rerr := e.Observe(ctx, ref); rerr == nil && now.Bandwidth == b && now.State.Complete() {
		return now, nil
	}
	refused := *ce
	refused.Field = ".bandwidth"
	switch {
	case ce.Kind == cloud.Conflict:
	case acceptor(ce.Message):
		refused.Kind = cloud.Precondition
		refused.Remedy = "The link was proposed by the other cloud: change the bandwidth there."
	case billingText.MatchString(ce.Message):
		// No other end can change it either.
		refused.Kind = cloud.Terminal
	case refusalText.MatchString(ce.Message):
		refused.Kind = cloud.Invalid
		refused.Remedy = "The other cloud has to consent to another bandwidth, and may refuse for a quota or any other reason: " +
			"check its quota and the bandwidths it sells for this environment, then try again."
	default:
		refused.Kind = cloud.Invalid
	}
	return o, &refused
}

// update changes a connection.
func (e *End) update(ctx context.Context, attempt string, ref link.Ref, in *interconnect.UpdateConnectionInput) (link.Observation, error) {
	return e.change(ctx, attempt, ref, func(r *region) (*types.Connection, error) {
		in.Identifier = &ref.ID
		out, err := r.interconnect.UpdateConnection(ctx, in)
		if err != nil {
			return nil, err
		}
		return out.Connection, nil
	})
}

// Delete begins the deletion of the connection. One that is being deleted may be
// deleted again.
func (e *End) Delete(ctx context.Context, ref link.Ref, _ link.Attempt) (link.Observation, error) {
	return e.change(ctx, "delete the connection", ref, func(r *region) (*types.Connection, error) {
		out, err := r.interconnect.DeleteConnection(ctx, &interconnect.DeleteConnectionInput{Identifier: &ref.ID})
		if err != nil {
			return nil, err
		}
		return out.Connection, nil
	})
}

// change is what changing and deleting have in common.
func (e *End) change(ctx context.Context, attempt string, ref link.Ref, call func(*region) (*types.Connection, error)) (link.Observation, error) {
	if err := checkID(attempt, ref.ID); err != nil {
		return link.Observation{}, err
	}
	r, err := e.region(ctx)
	if err != nil {
		return link.Observation{}, err
	}
	c, err := call(r)
	err = translate(ctx, attempt, ref.ID, err)
	if denied, ok := errors.AsType[*cloud.Error](err); ok && r.deniedAsAbsent(ctx, ref.ID, err) {
		absent := *denied
		absent.Kind = cloud.NotFound
		err = &absent
	}
	if err != nil {
		return link.Observation{}, err
	}
	if c == nil {
		return link.Observation{}, incomplete(attempt, ref.ID, "the reply holds no connection")
	}
	return r.observe(c, e.config.claims), nil
}
