package attachment

import (
	"context"
	"net/netip"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

// State is what a part is doing, in words that fit every cloud.
type State string

// The states of a part.
const (
	// Absent: the cloud does not know it.
	Absent State = "absent"
	// Asked: it was asked for, and somebody else must agree before it exists.
	Asked State = "asked"
	// Making: it is being made.
	Making State = "making"
	// Up: it joins what it should.
	Up State = "up"
	// Changing: up, and being changed.
	Changing State = "changing"
	// Waiting: it exists, and joins nothing until its other half does.
	Waiting State = "waiting"
	// Removing: it is being removed.
	Removing State = "removing"
	// Broken: it exists and can never join anything again.
	Broken State = "broken"
)

// Moving says that the part will change its state by itself before long.
func (s State) Moving() bool { return s == Making || s == Changing || s == Removing }

// Ref points at a part.
type Ref struct {
	// ID is what the cloud calls it.
	ID string
	// Operation is the cloud's long-running operation on it that has not been
	// seen to end; empty when there is none.
	Operation string
}

// Sight is a part as its cloud reports it at one moment.
type Sight struct {
	Ref
	State State
	// Raw is the cloud's own word for the state, and Why what it says about it.
	Raw, Why string
	// Mark is whose it is; zero when it does not say. A cloud that can say no
	// owner leaves Owner empty and Ownerless set. Ours says that nobody else
	// can have made it, so that no mark is needed.
	Mark            link.Marker
	Ownerless, Ours bool
	// Detail is the side's own view of the part, for those who know the cloud.
	// This package never looks inside.
	Detail any
}

// Routes are what a part's network and the link tell each other.
type Routes struct {
	// Offers are the prefixes that it offers to the other cloud.
	Offers []netip.Prefix
	// Learned are the prefixes that it has from the other cloud; they mean
	// nothing unless Known.
	Learned []netip.Prefix
	Known   bool
	// Why says why Learned is not known, or what keeps them away; empty when
	// there is nothing to say.
	Why string
}

// Facts are what a check has read.
type Facts struct {
	// Offers as in Routes, of the part as configured.
	Offers []netip.Prefix
	// OffersField is the configuration field that Offers come from, as in
	// cloud.Error.
	OffersField string
	// Takes is how many prefixes of a family it takes from the other cloud; 0
	// when that is not known.
	Takes int
	// MTU of the network in bytes; 0 when it is not known. MTUFixed says that
	// the cloud sets it and nobody can change it.
	MTU      int
	MTUFixed bool
	// MTUField is the configuration field to blame, and RaiseMTU the command
	// that changes it, with one verb for the bytes.
	MTUField, RaiseMTU string
}

// Side is one cloud's part of one attachment. It knows the configuration that
// the part should have, and holds no state of the part itself. Errors are
// *cloud.Error where the cloud answered. A cloud.Conflict from a call that
// changes something means that the cloud takes one change at a time, or knows of
// the part already: the Driver waits its turn and looks again.
type Side interface {
	// Descriptor says which cloud this is; its Object is what the cloud calls
	// the part.
	Descriptor() link.Descriptor
	// Check compares the configuration with what exists, by read-only calls.
	// creating says that the part does not exist yet.
	Check(ctx context.Context, creating bool) (Facts, []link.Finding, error)
	// Look sees the part: by its id where one is given, else by what it joins.
	// Not found is State Absent, not an error. While Ref.Operation is set, the
	// operation is looked at first; failed, its error is returned.
	Look(ctx context.Context, r Ref) (Sight, error)
	// Routes reads what the part offers and has learned.
	Routes(ctx context.Context, s Sight) (Routes, error)
	// Make begins to make the part, with the mark on it.
	Make(ctx context.Context, m link.Marker) (Sight, error)
	// Drift compares the configuration with what was seen. A drift that is not
	// InPlace is repaired by removing the part and making it anew.
	Drift(s Sight) []link.Drift
	// Amend begins to bring what can be changed in place to the configuration.
	Amend(ctx context.Context, s Sight) (Sight, error)
	// Remove begins to remove the part. Not found is an error of that kind.
	Remove(ctx context.Context, s Sight) (Sight, error)
	// Beside says whether the cloud lets the part stand beside an old one that
	// it is to replace.
	Beside(ctx context.Context, old Side) (bool, error)
}

// Part is a side and, where its networks are replaced, what it replaces.
type Part struct {
	Side Side
	// Old is the part as it was; nil when nothing is replaced. It is removed
	// once Side stands, or before where the cloud does not allow both.
	Old Side
}

// Attachment is an attachment to work on.
type Attachment struct {
	link.Marker
	// Parts, one for each cloud that is ours.
	Parts []Part
	// LinkUp says that the link carries traffic, so that routes pass.
	LinkUp bool
}

// View is what was seen of each part, in the order of Attachment.Parts.
type View []Sight

// Want is how far to go.
type Want struct {
	// Asked is enough: where somebody else must agree, do not wait for it.
	Asked bool
}
