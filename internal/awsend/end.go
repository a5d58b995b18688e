package awsend

import (
	"cmp"
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect/types"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

// endName is the cloud's name in messages.
const endName = "AWS"

// Config is what one link's connection should be.
type Config struct {
	// Name of the link, and Owner that marks the connection; an empty Owner
	// leaves an owner's mark as it is.
	Name, Owner string
	// Region in which the connection lives; empty is the account's default.
	Region string
	// GatewayID is the Direct Connect gateway, a UUID. Empty while it is not
	// known: what depends on it is then not checked and not compared.
	GatewayID string
	// Description of the connection; empty is the link's name.
	Description string
	// Tags of the connection, default tags included. Tags that are not named
	// here are left alone.
	Tags map[string]string
	// Retired are the keys of tags that were configured before and are not
	// now; only those are removed.
	Retired []string
}

// description is Description with its default.
func (c Config) description() string { return cmp.Or(c.Description, c.Name) }

// End is the AWS end of one link.
type End struct {
	account *Account
	config  Config
}

var _ link.End = (*End)(nil)

// New makes the AWS end of a link. It makes no call.
func New(a *Account, c Config) *End {
	c.Region = cmp.Or(c.Region, a.Region())
	return &End{account: a, config: c}
}

// Descriptor says that this is AWS. See Descriptor.
func (e *End) Descriptor() link.Descriptor { return Descriptor() }

// Descriptor describes any AWS end. Bandwidth is changed here rather than at
// Google, where the transport's bandwidth is fixed (Google documentation), and
// the connection goes last.
func Descriptor() link.Descriptor {
	return link.Descriptor{Cloud: "aws", Name: endName, Object: "connection", WritesBandwidth: true, TeardownOrder: 2}
}

// Site is the account of the credentials and the configured region.
func (e *End) Site(ctx context.Context) (link.Site, error) {
	id, err := e.account.ID(ctx)
	if err != nil {
		return link.Site{}, err
	}
	return link.Site{Account: id, Region: e.config.Region}, nil
}

// region is what the links in the end's region share.
func (e *End) region(ctx context.Context) (*region, error) {
	return e.account.region(ctx, e.config.Region)
}

// attachPoint is the configured gateway.
func (e *End) attachPoint() types.AttachPoint {
	return &types.AttachPointMemberDirectConnectGateway{Value: e.config.GatewayID}
}

// Find returns the connections on the configured gateway that carry the marker,
// also those being deleted. There is never a Conflict: AWS chooses the ids.
func (e *End) Find(ctx context.Context, m link.Marker) ([]link.Observation, error) {
	r, err := e.region(ctx)
	if err != nil {
		return nil, err
	}
	in := &interconnect.ListConnectionsInput{}
	if e.config.GatewayID != "" {
		in.AttachPoint = e.attachPoint()
	}
	listed, err := r.list(ctx, in)
	if err != nil {
		return nil, err
	}
	read, err := r.readAll(ctx, listed, e.config.claims)
	if err != nil {
		return nil, err
	}
	var marked []link.Observation
	for _, o := range read {
		if o.Mark.Name == m.Name {
			marked = append(marked, o)
		}
	}
	return marked, nil
}

// Match returns the connection of the region with the shared id.
func (e *End) Match(ctx context.Context, sharedID string) (link.Observation, error) {
	absent := link.Observation{State: link.Absent}
	r, err := e.region(ctx)
	if err != nil {
		return absent, err
	}
	listed, err := r.connections.Fetch(ctx)
	if err != nil {
		return absent, err
	}
	for _, s := range listed {
		if sharedID == "" || !strings.EqualFold(aws.ToString(s.SharedId), sharedID) {
			continue
		}
		o, err := r.get(ctx, aws.ToString(s.Id), e.config.claims)
		if err != nil || !o.State.Gone() {
			return o, err
		}
	}
	return absent, nil
}

// Observe reads the connection. AWS has no operations, so Ref.Operation is not
// looked at. A refusal (403) is an error even though AWS may mean by it that the
// connection does not exist.
func (e *End) Observe(ctx context.Context, ref link.Ref) (link.Observation, error) {
	if ref.ID == "" {
		return link.Observation{State: link.Absent}, nil
	}
	if err := checkID("read the connection", ref.ID); err != nil {
		return link.Observation{}, err
	}
	r, err := e.region(ctx)
	if err != nil {
		return link.Observation{}, err
	}
	return r.get(ctx, ref.ID, e.config.claims)
}

// Poll looks the connection up in a list that serves all links of the region.
// What the list does not show is read by itself: it may be gone, or too new.
func (e *End) Poll(ctx context.Context, ref link.Ref) (link.Observation, error) {
	if ref.ID == "" {
		return e.Observe(ctx, ref)
	}
	r, err := e.region(ctx)
	if err != nil {
		return link.Observation{}, err
	}
	listed, err := r.connections.Fetch(ctx)
	if err != nil {
		return link.Observation{}, err
	}
	for _, s := range listed {
		if aws.ToString(s.Id) == ref.ID {
			return partial(s), nil
		}
	}
	return e.Observe(ctx, ref)
}

// checkID refuses an ARN, which AWS takes in no call that reads or changes a
// connection (AWS service model, ConnectionId).
func checkID(attempt, id string) error {
	if !strings.HasPrefix(id, "arn:") {
		return nil
	}
	return &cloud.Error{
		Kind: cloud.Invalid, End: endName, Attempt: attempt, Object: id,
		Message: "a connection is named by its id, not by its ARN",
		Remedy:  `Use the last part of the ARN: "mcc-" and eight characters.`,
	}
}
