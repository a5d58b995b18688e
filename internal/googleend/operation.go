package googleend

import (
	"context"
	"encoding/json"

	networkconnectivity "google.golang.org/api/networkconnectivity/v1"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

// Observe reads the transport, after the operation on it, if there is one.
func (e *End) Observe(ctx context.Context, r link.Ref) (link.Observation, error) {
	return e.look(ctx, r, e.account.read)
}

// Poll is Observe through one list for all links of the project and region.
func (e *End) Poll(ctx context.Context, r link.Ref) (link.Observation, error) {
	return e.look(ctx, r, e.account.glance)
}

// mostRefusals is how many refusals of one request are passed over. Each apply
// that is refused adds one, for as long as Google remembers request ids.
const mostRefusals = 16

// begin sends a change under a request id. Google answers a request id that it
// knows with the operation that it began; one that has failed already was refused
// to an earlier caller, and says nothing about now. Then the request is made anew,
// under an id that is derived from that operation, so that it too is recognised.
func begin(token string, send func(requestID string) (*networkconnectivity.GoogleLongrunningOperation, error)) (*networkconnectivity.GoogleLongrunningOperation, error) {
	for n := 0; ; n++ {
		op, err := send(token)
		if err != nil || !op.Done || op.Error == nil || n == mostRefusals {
			return op, err
		}
		token = cloud.Token(token, op.Name)
	}
}

// look goes by the operation while it runs, and otherwise reads the transport. An
// operation that Google no longer knows has ended.
func (e *End) look(ctx context.Context, r link.Ref, read func(context.Context, link.Ref) (link.Observation, error)) (link.Observation, error) {
	if r.Operation == "" {
		return read(ctx, r)
	}
	c, err := e.account.clients()
	if err != nil {
		return link.Observation{}, err
	}
	op, err := c.service.Projects.Locations.Operations.Get(r.Operation).Context(ctx).Do()
	if err = translate("read the operation", r.Operation, err); cloud.IsNotFound(err) {
		return e.account.read(ctx, link.Ref{ID: r.ID})
	}
	if err != nil {
		return link.Observation{}, err
	}
	return e.account.follow(ctx, r, op)
}

// follow says what an operation means for its transport: under way, it is being
// created, changed or deleted; failed, its error; done, whatever reading the
// transport shows.
func (a *Account) follow(ctx context.Context, r link.Ref, op *networkconnectivity.GoogleLongrunningOperation) (link.Observation, error) {
	verb := verbOf(op)
	switch {
	case !op.Done:
		return link.Observation{Ref: link.Ref{ID: r.ID, Operation: op.Name}, State: stateOfVerb(verb), Partial: true}, nil
	case op.Error != nil:
		return link.Observation{Ref: link.Ref{ID: r.ID}}, operationError(verb, r.ID, op.Error)
	}
	return a.read(ctx, link.Ref{ID: r.ID})
}

// verbOf is what an operation does: "create", "update" or "delete" (recorded
// replies of sibling resources); "" when it does not say.
func verbOf(op *networkconnectivity.GoogleLongrunningOperation) string {
	var m networkconnectivity.OperationMetadata
	if len(op.Metadata) == 0 || json.Unmarshal(op.Metadata, &m) != nil {
		return ""
	}
	return m.Verb
}

// stateOfVerb is the state of a transport that an operation works on. A verb that
// is not known changes the transport in some way.
func stateOfVerb(verb string) link.State {
	switch verb {
	case "create":
		return link.Creating
	case "delete":
		return link.Deleting
	}
	return link.Updating
}

// started is what a call that begins an operation returns. The verb is the
// caller's, since the reply need not say it.
func (a *Account) started(ctx context.Context, id, verb string, op *networkconnectivity.GoogleLongrunningOperation) (link.Observation, error) {
	o, err := a.follow(ctx, link.Ref{ID: id}, op)
	if !op.Done {
		o.State = stateOfVerb(verb)
	}
	return o, err
}
