package link

import (
	"fmt"
	"strings"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
)

// Side is the part an end plays in the handshake.
type Side int

// The two sides.
const (
	// Initiator issues the activation key.
	Initiator Side = iota
	// Acceptor redeems it.
	Acceptor
)

// Other is the opposite side.
func (s Side) Other() Side { return 1 - s }

// String names the side.
func (s Side) String() string {
	if s == Initiator {
		return "initiator"
	}
	return "acceptor"
}

// Link is a link to work on: its name and its ends.
type Link struct {
	Marker
	// Ends by Side. A nil end belongs to another team; at least one is ours.
	Ends [2]End
	// Key is the activation key that another team's initiator issued; only
	// where Ends[Initiator] is nil.
	Key activation.Key
	// Peer describes the end that belongs to another team. PeerSite and
	// SharedID are what the configuration was told of where it lives and of
	// the link's shared id; parts that are not known are empty. Unused where
	// both ends are ours.
	Peer     Descriptor
	PeerSite Site
	SharedID string
}

// ours are the sides that have an end, initiator first.
func (l Link) ours() []Side {
	var sides []Side
	for _, s := range []Side{Initiator, Acceptor} {
		if l.Ends[s] != nil {
			sides = append(sides, s)
		}
	}
	return sides
}

// both says that both ends are ours.
func (l Link) both() bool { return l.Ends[Initiator] != nil && l.Ends[Acceptor] != nil }

// describe is the descriptor of a side.
func (l Link) describe(s Side) Descriptor {
	if l.Ends[s] == nil {
		return l.Peer
	}
	return l.Ends[s].Descriptor()
}

// View is both ends as last seen, by Side.
type View [2]Observation

// Refs are the references of both ends, by Side.
func (v View) Refs() [2]Ref { return [2]Ref{v[Initiator].Ref, v[Acceptor].Ref} }

// Gone says that there is no end that we can see.
func (v View) Gone() bool {
	for _, o := range v {
		if !o.State.Gone() && o.State != Unseen {
			return false
		}
	}
	return true
}

// SharedID is the shared id that the ends agree on, or that the only one that
// says it says; empty when they differ or none says.
func (v View) SharedID() string {
	a, b := v[Initiator].SharedID, v[Acceptor].SharedID
	switch {
	case a == "" || a == b:
		return b
	case b == "":
		return a
	}
	return ""
}

// Milestone is how far a link must have come.
type Milestone string

// The milestones.
const (
	// Requested: every end that is ours exists.
	Requested Milestone = "requested"
	// Paired: both ends are joined, and may still be provisioning.
	Paired Milestone = "paired"
	// Available: both ends are up.
	Available Milestone = "available"
)

// Milestones are all milestones, for validators and documentation.
func Milestones() []Milestone { return []Milestone{Available, Paired, Requested} }

// reached says that an end in state s has come as far as m.
func (m Milestone) reached(s State) bool {
	switch m {
	case Requested:
		return s == AwaitingPeer || s.Joined()
	case Paired:
		return s.Joined()
	}
	return s == Up
}

// Want is the form a link should have.
type Want struct {
	// Bandwidth of the link; 0 leaves it as it is (and creates it at
	// CreateBandwidth).
	Bandwidth bandwidth.Bandwidth
	// CreateBandwidth is used to create the link when Bandwidth is 0.
	CreateBandwidth bandwidth.Bandwidth
	// Environment is each end's name of the environment, by Side.
	Environment [2]string
	// SharedID that the link is known to have, from whoever keeps state; empty
	// when it is not known. It is written again to an end that has lost it.
	SharedID string
	// Until is how far to wait. Empty means Available.
	Until Milestone
}

// forCreation is the bandwidth to create with.
func (w Want) forCreation() bandwidth.Bandwidth {
	if w.Bandwidth != 0 {
		return w.Bandwidth
	}
	return w.CreateBandwidth
}

// until is Until with its default.
func (w Want) until() Milestone {
	if w.Until == "" {
		return Available
	}
	return w.Until
}

// sentence describes both ends in one line: "AWS connection mcc-1: requested;
// Google transport: absent".
func (l Link) sentence(v View) string {
	var parts []string
	for _, s := range l.ours() {
		d, o := l.describe(s), v[s]
		part := fmt.Sprintf("%s %s", d.Name, d.Object)
		if o.ID != "" {
			part += " " + o.ID
		}
		parts = append(parts, part+": "+o.word())
	}
	return strings.Join(parts, "; ")
}

// word is the state for people: the cloud's own word where it has one.
func (o Observation) word() string {
	switch {
	case o.State == "":
		return "not looked at yet"
	case o.Raw != "":
		return o.Raw
	}
	return string(o.State)
}
