package link

import (
	"context"
	"errors"
	"net/netip"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
)

// End is one cloud's half of one link. An End is made for a link: it knows the
// configuration its half should have, and holds no state of the object itself.
//
// Every method may be called from several goroutines. Errors are *cloud.Error
// where the cloud answered.
type End interface {
	// Descriptor says which cloud this is. It never changes.
	Descriptor() Descriptor
	// Site is the account and region that the end lives in. It may cost a call
	// the first time.
	Site(ctx context.Context) (Site, error)
	// Check compares the configuration with what the cloud offers, by
	// read-only calls, before anything is spent.
	Check(ctx context.Context, r CheckRequest) (Terms, []Finding, error)

	// Find returns the live objects that carry the marker (Marker.Name equal;
	// the observation's Mark says whose they are). An object that is not
	// marked but occupies the place ours would take is a cloud.Conflict.
	Find(ctx context.Context, m Marker) ([]Observation, error)
	// Match returns the live object with the shared id, or an observation
	// whose State is Absent.
	Match(ctx context.Context, sharedID string) (Observation, error)
	// Observe reads one object completely. Not found is State Absent, not an
	// error. While Ref.Operation is set, the operation is looked at first: not
	// done, the state is Creating, Updating or Deleting and the operation is
	// kept; failed, its error is returned; done, the object is read.
	Observe(ctx context.Context, r Ref) (Observation, error)
	// Poll is Observe for waiting: it may share its calls with other links
	// and may leave out what its cloud's list does not tell (Observation.Partial).
	Poll(ctx context.Context, r Ref) (Observation, error)

	// Inspect asks the cloud to describe a key without redeeming it.
	// ErrNotOffered where the cloud has no such call that keeps the key safe.
	Inspect(ctx context.Context, key activation.Key) (Terms, error)
	// Propose makes the object as the initiator.
	Propose(ctx context.Context, p Proposal) (Observation, error)
	// Redeem makes the object as the acceptor, using the key up.
	Redeem(ctx context.Context, r Redemption) (Observation, error)

	// SetBandwidth changes the bandwidth at this end; the clouds carry it to
	// the other. cloud.Precondition means that this end may not.
	SetBandwidth(ctx context.Context, r Ref, b bandwidth.Bandwidth, a Attempt) (Observation, error)
	// Drift compares the end's own configuration with what was observed.
	// sharedID, when known, is what the end should say it belongs to.
	Drift(o Observation, sharedID string) []Drift
	// Amend brings what can be changed in place to the configuration.
	Amend(ctx context.Context, o Observation, sharedID string, a Attempt) (Observation, error)
	// Delete begins the deletion. Not found is an error of that kind.
	Delete(ctx context.Context, r Ref, a Attempt) (Observation, error)
}

// Rememberer is an end whose cloud keeps a note on the object: which bandwidth a
// link had before somebody took it over apart from the link. It survives where
// no state does.
type Rememberer interface {
	// Remember writes the note; 0 removes it. An object that is gone has none,
	// which is no error.
	Remember(ctx context.Context, r Ref, b bandwidth.Bandwidth) error
}

// ErrNotOffered is what Inspect answers where a cloud has no safe way of
// describing a key.
var ErrNotOffered = errors.New("the cloud does not describe activation keys")

// Descriptor says which cloud an end is on, in the words that statuses, fields
// and messages use.
type Descriptor struct {
	// Cloud is the key: "aws", "google". Statuses and fields are made of it
	// ("awaiting_google").
	Cloud string
	// Name is for people: "AWS", "Google".
	Name string
	// Object is what the cloud calls its half: "connection", "transport".
	Object string
	// WritesBandwidth says that, where this end may, bandwidth is changed
	// here rather than at the other end.
	WritesBandwidth bool
	// TeardownOrder is the order in which ends are removed, lowest first.
	TeardownOrder int
	// Named says that the object's id is made of the link's name, so that no
	// two links of one name can stand in one site.
	Named bool
}

// Site is where an end lives.
type Site struct {
	// Account is the account number (AWS) or project id (Google).
	Account string
	// Region in the cloud's own spelling.
	Region string
}

// Marker is what we write on both ends so that a lost link is found again.
type Marker struct {
	// Name of the link.
	Name string
	// Owner is the provider's owner; empty when none is configured.
	Owner string
}

// Ref points at an object.
type Ref struct {
	// ID is what the cloud calls it: "mcc-1a2b3c4d", "projects/p/locations/l/transports/t".
	ID string
	// Operation is the cloud's long-running operation on it that has not been
	// seen to end; empty when there is none.
	Operation string
}

// Observation is an end as its cloud reports it at one moment.
type Observation struct {
	Ref
	// State, and Raw: the cloud's own word for it.
	State State
	Raw   string
	// Partial says that only Ref, State, Raw, SharedID and Bandwidth are filled.
	Partial bool
	// SharedID is the UUID that both clouds give the link; empty when the end
	// does not say.
	SharedID string
	// Environment is the cloud's name of the environment.
	Environment string
	// Site is where the end is; PeerSite what it says of the other end (parts
	// that it does not say are empty).
	Site, PeerSite Site
	// Bandwidth that the end reports.
	Bandwidth bandwidth.Bandwidth
	// Key is the activation key it issued, where its cloud still shows it.
	Key activation.Key
	// Redeemed is the key it was made with, where its cloud shows it.
	Redeemed activation.Key
	// Mark is the marker it carries; zero when it carries none.
	Mark Marker
	// Remembered is the note that a Rememberer wrote; 0 when there is none.
	Remembered bandwidth.Bandwidth
	// Detail is the end's own view of the object, for those who know the
	// cloud. This package never looks inside.
	Detail any
}

// Amendable says that the end takes amendments, and that enough was read to know
// which: while it awaits its peer, and once it is provisioned.
func (o Observation) Amendable() bool {
	return !o.Partial && (o.State == AwaitingPeer || o.State.Complete() && o.State != Updating)
}

// Terms are what an environment, or a key, is for.
type Terms struct {
	// Environment is the cloud's name of it.
	Environment string
	// PeerRegion is the region at the other end, in the other cloud's
	// spelling; empty when the cloud does not say.
	PeerRegion string
	// Tiers are the bandwidths that can be ordered now. For a key: the one it
	// is for.
	Tiers []bandwidth.Bandwidth
	// Flows are the sides this end may take. Empty means both.
	Flows []Side
	// Offers are the prefixes that the end offers to the other, as far as they
	// are known, and OffersField where the configuration writes them; empty
	// where it does not.
	Offers      []netip.Prefix
	OffersField string
	// Looks are what Check looked at.
	Looks []Look
}

// CheckRequest is what a check is about.
type CheckRequest struct {
	// Side that the end takes.
	Side Side
	// Bandwidth wanted; 0 when it is not managed here or not known yet.
	Bandwidth bandwidth.Bandwidth
	// Peer is the other end's site; zero when another team owns it.
	Peer Site
	// Creating says that the link does not exist yet, so that checks of what
	// creation needs (quota, an open environment) apply.
	Creating bool
}

// Proposal is what the initiator needs to make its half.
type Proposal struct {
	Marker      Marker
	Bandwidth   bandwidth.Bandwidth
	Environment string
	// Peer is the other end's site; its account goes into the key.
	Peer    Site
	Attempt Attempt
}

// Redemption is what the acceptor needs to make its half.
type Redemption struct {
	Marker      Marker
	Key         activation.Key
	Environment string
	// SharedID of the link that the key opens; empty when the key does not say.
	SharedID string
	Peer     Site
	Attempt  Attempt
}

// Attempt makes idempotency tokens: the same link and number give the same
// tokens, in any process.
type Attempt struct {
	// Link says which link, and Number which try at it, from 0.
	Link   Marker
	Number int
}

// Token is the idempotency token for a call: verb and what it asks are part of
// it, so that another request is never answered with this one's reply.
func (a Attempt) Token(verb string, asks ...any) string {
	return cloud.Token(append([]any{a.Link.Owner, a.Link.Name, a.Number, verb}, asks...)...)
}

// Drift is a difference between an end and its configuration.
type Drift struct {
	// Field as the configuration names it, relative to the end.
	Field string
	// Want and Got are both values, for a message.
	Want, Got string
	// InPlace says that Amend can repair it; otherwise the end must be
	// replaced.
	InPlace bool
}

// Finding is what a check found.
type Finding struct {
	// Err says what is wrong, where, and what to do; Err.Field is the
	// configuration field to blame.
	Err *cloud.Error
	// Warning says that it does not stop anything.
	Warning bool
	// Topic that it is about.
	Topic Topic
}
