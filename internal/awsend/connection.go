package awsend

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect/types"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

// Detail is what AWS alone says of a connection; Observation.Detail is a *Detail
// whenever the observation is complete and the connection exists.
type Detail struct {
	// ARN and AccountID of the connection.
	ARN, AccountID string
	// State in AWS's word.
	State string
	// BillingTier, 0 to 8; nil until AWS has set it. AWS changes it by itself
	// when routes reach further (AWS user guide, pricing).
	BillingTier *int32
	// Description of the connection.
	Description string
	// Tags are those that the end's configuration claims; Foreign are all
	// others. Our markers are in neither.
	Tags, Foreign map[string]string
	// GatewayID is the Direct Connect gateway.
	GatewayID string
	// EnvironmentID, Location (the partner's region), Type ("Multicloud") and
	// ProviderName ("gcp") as AWS writes them.
	EnvironmentID, Location, Type, ProviderName string
}

// summary is a connection as lists show it.
type summary = types.ConnectionSummary

// states are AWS's connection states (AWS service model, ConnectionState).
var states = map[types.ConnectionState]link.State{
	types.ConnectionStateRequested: link.AwaitingPeer,
	types.ConnectionStatePending:   link.Joining,
	types.ConnectionStateAvailable: link.Up,
	types.ConnectionStateUpdating:  link.Updating,
	types.ConnectionStateDown:      link.Down,
	types.ConnectionStateDeleting:  link.Deleting,
	types.ConnectionStateDeleted:   link.Deleted,
	types.ConnectionStateFailed:    link.Failed,
}

// stateFromAPI is a state in the words of package link. A word that AWS adds
// later is taken as Joining: the connection exists, is not known to be up, and
// is waited for until the caller's time runs out; Observation.Raw keeps the
// word for the message.
func stateFromAPI(s types.ConnectionState) link.State {
	if state, ok := states[s]; ok {
		return state
	}
	return link.Joining
}

// partial is what a list tells of a connection.
func partial(s summary) link.Observation {
	// A bandwidth that cannot be read is left empty, which is "not said".
	b, _ := bandwidth.Parse(aws.ToString(s.Bandwidth))
	return link.Observation{
		Ref:       link.Ref{ID: aws.ToString(s.Id)},
		State:     stateFromAPI(s.State),
		Raw:       string(s.State),
		Partial:   true,
		SharedID:  strings.ToLower(aws.ToString(s.SharedId)),
		Bandwidth: b,
	}
}

// observe is a connection in full. claims says which tags are the
// configuration's; nil claims none.
func (r *region) observe(c *types.Connection, claims func(key string) bool) link.Observation {
	o := partial(summary{Id: c.Id, State: c.State, SharedId: c.SharedId, Bandwidth: c.Bandwidth})
	d := &Detail{
		ARN:           aws.ToString(c.Arn),
		AccountID:     aws.ToString(c.OwnerAccount),
		State:         string(c.State),
		BillingTier:   c.BillingTier,
		Description:   aws.ToString(c.Description),
		GatewayID:     gatewayFromAPI(c.AttachPoint),
		EnvironmentID: aws.ToString(c.EnvironmentId),
		Location:      aws.ToString(c.Location),
		Type:          aws.ToString(c.Type),
	}
	d.ProviderName, _ = providerFromAPI(c.Provider)
	d.Tags, d.Foreign = splitTags(c.Tags, claims)
	o.Partial = false
	o.Environment = d.EnvironmentID
	o.Site = link.Site{Account: d.AccountID, Region: r.name}
	o.PeerSite = link.Site{Region: d.Location}
	o.Mark = markOf(c.Tags)
	// A note that cannot be read is none.
	o.Remembered, _ = bandwidth.Parse(c.Tags[TagPrevious])
	o.Detail = d
	if c.State == types.ConnectionStateRequested {
		// Later the key is used up, or was not issued here.
		o.Key = activation.NewKey(aws.ToString(c.ActivationKey))
	}
	return o
}

// gatewayFromAPI is the Direct Connect gateway of an attach point; empty for
// another kind.
func gatewayFromAPI(p types.AttachPoint) string {
	if g, ok := p.(*types.AttachPointMemberDirectConnectGateway); ok {
		return g.Value
	}
	return ""
}

// get reads one connection. One that does not exist is Absent. AWS may answer
// that with a denial (AWS service model, AccessDeniedException: "or the resource
// does not exist"): then the list, which shows every other connection of the
// account and region, decides.
func (r *region) get(ctx context.Context, id string, claims func(key string) bool) (link.Observation, error) {
	const attempt = "read the connection"
	absent := link.Observation{Ref: link.Ref{ID: id}, State: link.Absent}
	out, err := r.interconnect.GetConnection(ctx, &interconnect.GetConnectionInput{Identifier: &id})
	if err = translate(ctx, attempt, id, err); cloud.IsNotFound(err) || r.deniedAsAbsent(ctx, id, err) {
		return absent, nil
	}
	if err != nil {
		return link.Observation{}, err
	}
	if out.Connection == nil {
		return link.Observation{}, incomplete(attempt, id, "the reply holds no connection")
	}
	return r.observe(out.Connection, claims), nil
}

// deniedAsAbsent says that a call was denied because there is no such connection.
func (r *region) deniedAsAbsent(ctx context.Context, id string, err error) bool {
	if e, ok := errors.AsType[*cloud.Error](err); !ok || e.Code != (&types.AccessDeniedException{}).ErrorCode() {
		return false
	}
	listed, err := r.list(ctx, &interconnect.ListConnectionsInput{})
	return err == nil && !slices.ContainsFunc(listed, func(s summary) bool { return aws.ToString(s.Id) == id })
}

// list lists connections, those that are deleted left out.
func (r *region) list(ctx context.Context, in *interconnect.ListConnectionsInput) ([]summary, error) {
	all, err := pages(ctx, interconnect.NewListConnectionsPaginator(r.interconnect, in),
		func(out *interconnect.ListConnectionsOutput) []summary { return out.Connections })
	if err != nil {
		return nil, translate(ctx, "list the connections in", r.name, err)
	}
	var live []summary
	for _, s := range all {
		if s.State != types.ConnectionStateDeleted {
			live = append(live, s)
		}
	}
	return live, nil
}

// readAll reads the listed connections in full, all at once: quotas keep them
// few. Those that are gone by then are left out.
func (r *region) readAll(ctx context.Context, listed []summary, claims func(key string) bool) ([]link.Observation, error) {
	read := make([]link.Observation, len(listed))
	errs := make([]error, len(listed))
	var wg sync.WaitGroup
	for i, s := range listed {
		wg.Go(func() { read[i], errs[i] = r.get(ctx, aws.ToString(s.Id), claims) })
	}
	wg.Wait()
	var live []link.Observation
	for i, o := range read {
		if errs[i] != nil {
			return nil, errs[i]
		}
		if !o.State.Gone() {
			live = append(live, o)
		}
	}
	return live, nil
}
