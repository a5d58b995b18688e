package inventory

import (
	"context"
	"fmt"
	"strings"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/googleend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

// MissingError says that the named end does not exist.
type MissingError struct{ message string }

// Error says which end, and where it was looked for.
func (e *MissingError) Error() string { return e.message }

func missing(format string, args ...any) error {
	return &MissingError{fmt.Sprintf(format, args...)}
}

// Clouds are the accounts to look in. Each is made when it is first needed.
type Clouds struct {
	AWS    func(context.Context) (*awsend.Account, error)
	Google func(context.Context) (*googleend.Account, error)
}

// Found is a link of which one end was named and the other looked for. An end
// that was not found is Absent.
type Found struct {
	AWS, Google link.Observation
}

// AloneError says that the named end exists and its partner is not to be seen
// with these credentials.
type AloneError struct{ message string }

// Error says which end, and where its partner was looked for.
func (e *AloneError) Error() string { return e.message }

func alone(format string, args ...any) error {
	return &AloneError{fmt.Sprintf(format, args...)}
}

// Find finds both ends of a link from the name of one: the other is the one with
// the same shared id, in the region that the named end says. The error is an
// *AloneError, with what was found, where the partner is not to be seen; else it
// is *MissingError where the named end does not exist, *cloud.Error, or says what
// is wrong with the name.
//
// A name of each end, with a comma between them, names both: neither is looked
// for, and what they say of their shared ids must not differ.
func (c Clouds) Find(ctx context.Context, id string) (Found, error) {
	if one, other, both := strings.Cut(id, ","); both {
		return c.fromBoth(ctx, one, other)
	}
	n, err := ParseName(id)
	if err != nil {
		return Found{}, err
	}
	if n.OfAWS() {
		return c.fromConnection(ctx, n)
	}
	return c.fromTransport(ctx, n)
}

// fromBoth reads the two ends that are named.
func (c Clouds) fromBoth(ctx context.Context, one, other string) (Found, error) {
	a, err := ParseName(strings.TrimSpace(one))
	if err != nil {
		return Found{}, err
	}
	b, err := ParseName(strings.TrimSpace(other))
	if err != nil {
		return Found{}, err
	}
	if a.OfAWS() == b.OfAWS() {
		return Found{}, fmt.Errorf("%q and %q are on the same cloud: name one end on each", clip(one), clip(other))
	}
	if b.OfAWS() {
		a, b = b, a
	}
	f := Found{Google: link.Observation{State: link.Absent}}
	if f.AWS, err = c.connection(ctx, a); err != nil {
		return f, err
	}
	if f.Google, err = c.transport(ctx, b); err != nil {
		return f, err
	}
	x, y := f.AWS.SharedID, f.Google.SharedID
	if x != "" && y != "" && !strings.EqualFold(x, y) {
		return f, fmt.Errorf("the two are halves of different links: connection %s has the shared id %s, and transport %s has %s", f.AWS.ID, x, f.Google.ID, y)
	}
	return f, nil
}

// FindEnd reads the end that is named and does not look for the other, which is
// Unseen. Errors are as Find's.
func (c Clouds) FindEnd(ctx context.Context, id string) (Found, error) {
	f := Found{AWS: link.Observation{State: link.Unseen}, Google: link.Observation{State: link.Unseen}}
	n, err := ParseName(id)
	if err != nil {
		return f, err
	}
	if n.OfAWS() {
		f.AWS, err = c.connection(ctx, n)
		return f, err
	}
	f.Google, err = c.transport(ctx, n)
	return f, err
}

// fromConnection finds the transport that shares a connection's id.
func (c Clouds) fromConnection(ctx context.Context, n Name) (Found, error) {
	connection, err := c.connection(ctx, n)
	f := Found{AWS: connection, Google: link.Observation{State: link.Absent}}
	if err != nil {
		return f, err
	}
	google, err := c.Google(ctx)
	if err != nil {
		return f, err
	}
	f.Google, err = googleend.New(google, googleend.Config{Region: connection.PeerSite.Region}).Match(ctx, connection.SharedID)
	if err == nil && f.Google.State.Gone() {
		err = alone("connection %s has the shared id %s, and no transport in project %s, region %s, says that it has the same: "+
			"give the transport's project in the provider's google block", n.ConnectionID, connection.SharedID, google.Project(), connection.PeerSite.Region)
	}
	return f, err
}

// connection reads the connection that is named.
func (c Clouds) connection(ctx context.Context, n Name) (link.Observation, error) {
	absent := link.Observation{State: link.Absent}
	amazon, err := c.AWS(ctx)
	if err != nil {
		return absent, err
	}
	if n.AccountID != "" {
		ours, err := amazon.ID(ctx)
		if err != nil {
			return absent, err
		}
		if n.AccountID != ours {
			return absent, fmt.Errorf("the ARN is of account %s, and the credentials are of account %s", n.AccountID, ours)
		}
	}
	connection, err := awsend.New(amazon, awsend.Config{Region: n.Region}).Observe(ctx, link.Ref{ID: n.ConnectionID})
	if err == nil && connection.State.Gone() {
		err = missing("AWS knows no connection %s in %s", n.ConnectionID, n.Region)
	}
	return connection, err
}

// fromTransport finds the connection that shares a transport's id.
func (c Clouds) fromTransport(ctx context.Context, n Name) (Found, error) {
	transport, err := c.transport(ctx, n)
	f := Found{AWS: link.Observation{State: link.Absent}, Google: transport}
	if err != nil {
		return f, err
	}
	if transport.SharedID == "" {
		return f, alone("the transport %s does not say which link it belongs to: name the connection's ARN, too, in front of it, with a comma between them", transport.ID)
	}
	amazon, err := c.AWS(ctx)
	if err != nil {
		return f, err
	}
	f.AWS, err = awsend.New(amazon, awsend.Config{Region: transport.PeerSite.Region}).Match(ctx, transport.SharedID)
	if err == nil && f.AWS.State.Gone() {
		err = alone("the transport %s has the shared id %s, and no connection of this AWS account in %s has the same",
			transport.ID, transport.SharedID, transport.PeerSite.Region)
	}
	return f, err
}

// transport reads the transport that is named.
func (c Clouds) transport(ctx context.Context, n Name) (link.Observation, error) {
	google, err := c.Google(ctx)
	if err != nil {
		return link.Observation{State: link.Absent}, err
	}
	id := googleend.TransportName(n.Project, n.Region, n.Transport)
	transport, err := googleend.New(google, googleend.Config{Name: n.Transport, Project: n.Project, Region: n.Region}).Observe(ctx, link.Ref{ID: id})
	if err == nil && transport.State.Gone() {
		err = missing("Google knows no transport %s", id)
	}
	return transport, err
}
