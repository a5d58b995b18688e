package endtest

import (
	"testing"
	"time"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

// Bench is what the suite works at: a cloud's end of a link, and a partner.
type Bench struct {
	// Make makes the end that is tested, and Partner the other cloud's end of
	// the same link. Make returns nil for a Fault that cannot be had here: the
	// clauses that need it are skipped. Both are called by one goroutine.
	Make, Partner func(Setup) link.End
	// Side that the tested end takes.
	Side link.Side
	// Name begins the links' names. No link that has existed may have had such
	// a name: clouds remember requests for a day.
	Name string
	// Owner marks the links.
	Owner string
	// AttachField is the configuration field of what the object hangs on:
	// "network".
	AttachField string
	// AbsentID is a well-formed id of an object that does not exist.
	AbsentID string
	// OtherAccount is a well-formed account of the tested end's cloud that is
	// not its own.
	OtherAccount string
	// Bandwidth to make links with, Resized to change it to (0 leaves the
	// bandwidth alone), and Unsold: one that neither end sells.
	Bandwidth, Resized, Unsold bandwidth.Bandwidth
	// Pace of looking again, and Timeout of each wait.
	Pace    cloud.Pace
	Timeout time.Duration
	// Spend says what may be made.
	Spend Spend
	// Calls counts the calls that the tested end's cloud has answered, and
	// those among them that change something; nil where nobody counts.
	Calls func() (all, changing int)
	// Stall makes both clouds keep every caller waiting until release is
	// called; stalled gets a value when a call waits. Nil where that cannot be
	// had.
	Stall func() (stalled <-chan struct{}, release func())
}

// Setup is a configuration of an end. The zero Fault is a good one.
type Setup struct {
	// Name of the link, and Owner that marks it.
	Name, Owner string
	// Description of the object.
	Description string
	// Labels of the object (tags at AWS), and Retired: keys that were
	// configured before.
	Labels  map[string]string
	Retired []string
	// Routes to advertise, where the cloud has the object advertise any.
	Routes []string
	// Fault is what is wrong with it.
	Fault Fault
}

// Fault is what is wrong with a configuration.
type Fault string

// The faults.
const (
	// UnjoinedRegion: the cloud offers links there, but none to the partner's
	// region.
	UnjoinedRegion Fault = "a region that is not joined with the partner's"
	// UnknownRegion: there is no such region.
	UnknownRegion Fault = "a region that does not exist"
	// UnknownAttachPoint: there is no such gateway or network.
	UnknownAttachPoint Fault = "an attach point that does not exist"
	// BadCredentials: the cloud does not know the caller.
	BadCredentials Fault = "credentials that are not valid"
)

// Spend is what a run may make, each value more than the one before.
type Spend int

// The values of Spend.
const (
	// Nothing: calls that only read.
	Nothing Spend = iota
	// OneLink: one link and no other object.
	OneLink
	// Freely: as many links and half-links as the clauses ask for.
	Freely
)

// clause is one thing that the contract of link.End says.
type clause struct {
	says   string
	spends Spend
	check  func(*run, *testing.T)
}

// Run runs the suite: one subtest for each clause. Clauses that look at a link
// share one; each brings it as far as it needs by itself, so any of them can be
// run alone. Whatever was made is removed at the end.
func Run(t *testing.T, b Bench) {
	t.Helper()
	r := newRun(t, b)
	for _, c := range clauses(b.Side) {
		t.Run(c.says, func(t *testing.T) {
			if c.spends > b.Spend {
				t.Skip("this clause makes or changes something, and this run may not")
			}
			defer r.ledger.report(t)
			c.check(r, t)
		})
	}
}

// clauses are all clauses for an end that takes a side, in the order of a link's
// life.
func clauses(side link.Side) []clause {
	all := []clause{
		{"the descriptor never changes and is complete", Nothing, descriptor},
		{"the site is stable and cheap", Nothing, site},
		{"a good configuration has no finding and gives terms", Nothing, goodConfiguration},
		{"a tier that is not sold is found", Nothing, unsoldTier},
		{"a region that is not joined is found", Nothing, unjoinedRegion},
		{"a region that does not exist is found", Nothing, unknownRegion},
		{"an attach point that does not exist is found", Nothing, unknownAttachPoint},
		{"what does not exist is absent and no error", Nothing, absent},
		{"credentials that are not valid are denied", Nothing, denied},
		{"a context that has ended ends every call", Nothing, endedContext},
		{"a context that ends during a call ends the call", Nothing, endingContext},
		{"what does not exist cannot be changed", OneLink, changeAbsent},
	}
	if side == link.Initiator {
		all = append(all,
			clause{"a proposal awaits its peer with a key", OneLink, proposal},
			clause{"a proposal at an attach point that does not exist is refused and leaves nothing", Freely, proposalNowhere},
			clause{"the same attempt at a proposal gives the same object", OneLink, sameProposal},
			clause{"poll agrees with observe while the peer is awaited", OneLink, at(proposed, pollAgrees)},
			clause{"find returns what carries the marker while the peer is awaited", OneLink, at(proposed, findMarked)},
			clause{"match returns what has the shared id while the peer is awaited", OneLink, at(proposed, matchShared)},
		)
	} else {
		all = append(all,
			clause{"inspecting a key describes it", OneLink, inspectKey},
			clause{"a key that is none is refused and leaves nothing", OneLink, mangledKeys},
			clause{"a key for another account is refused and leaves nothing", OneLink, foreignKey},
			clause{"redeeming a key joins the link", OneLink, redemption},
			clause{"the same attempt at a redemption gives the same object", OneLink, sameRedemption},
			clause{"a used key is refused and leaves nothing", OneLink, usedKey},
		)
	}
	return append(all,
		clause{"both ends come up as one link", OneLink, oneLink},
		clause{"poll agrees with observe once it is up", OneLink, at(joined, pollAgrees)},
		clause{"find returns what carries the marker once it is up", OneLink, at(joined, findMarked)},
		clause{"match returns what has the shared id once it is up", OneLink, at(joined, matchShared)},
		clause{"many may ask at once", OneLink, manyAtOnce},
		clause{"what an end made has no drift", OneLink, noDrift},
		clause{"drift that cannot be repaired in place says so", OneLink, fixedDrift},
		clause{"amend brings what can change to the configuration", OneLink, amends},
		clause{"amend keeps what others have set", OneLink, amendKeeps},
		clause{"a new bandwidth is reported by both ends", OneLink, newBandwidth},
		clause{"a bandwidth that is not sold is refused", Freely, unsoldBandwidth},
		clause{"delete ends in gone and may be repeated", OneLink, deletes},
		clause{"what is deleted is neither found nor matched", OneLink, deletedIsGone},
		clause{"an attempt whose object is deleted is over and the next makes another", Freely, nextAttempt},
	)
}
