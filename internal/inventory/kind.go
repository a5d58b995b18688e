package inventory

import "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"

// Kind says how much of a link there is.
type Kind string

// The kinds.
const (
	// Whole: both ends were seen.
	Whole Kind = "whole"
	// HalfOpen: one end, which waits for its key to be redeemed or is being
	// made.
	HalfOpen Kind = "half_open"
	// Orphaned: one end, whose partner is gone or not to be seen with these
	// credentials.
	Orphaned Kind = "orphaned"
)

// Kinds are all kinds, for validators and documentation.
func Kinds() []Kind { return []Kind{Whole, HalfOpen, Orphaned} }

// KindOf is the kind of a link that was listed.
func KindOf(s link.Seen) Kind {
	if s.View[SideAWS].ID != "" && s.View[SideGoogle].ID != "" {
		return Whole
	}
	for _, o := range s.View {
		if o.State == link.AwaitingPeer || o.State == link.Creating {
			return HalfOpen
		}
	}
	return Orphaned
}
