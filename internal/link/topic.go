package link

import (
	"fmt"
	"net/netip"
)

// Topic is what a check is about, in the words that people read.
type Topic string

// The topics.
const (
	// TopicSettings: what can be judged without asking anybody.
	TopicSettings Topic = "configuration"
	// TopicAccess: the credentials are good, of the account that is meant, and
	// allow the calls.
	TopicAccess Topic = "access"
	// TopicEnvironment: the clouds have joined the two regions, and take orders.
	TopicEnvironment Topic = "environment"
	// TopicKeyFlow: the end may take the side that it is to take.
	TopicKeyFlow Topic = "key flow"
	// TopicBandwidth: the bandwidth is sold.
	TopicBandwidth Topic = "bandwidth"
	// TopicPeer: the account of the other end has the form that is asked for.
	TopicPeer Topic = "peer account"
	// TopicGateway: what the end hangs on exists and takes a link.
	TopicGateway Topic = "gateway"
	// TopicNetwork: the network exists and fits.
	TopicNetwork Topic = "network"
	// TopicQuota: there is room for one more.
	TopicQuota Topic = "quota"
	// TopicPrefixes: no address is on both sides.
	TopicPrefixes Topic = "prefixes"
	// TopicKey: the other team's activation key is the one for this link.
	TopicKey Topic = "activation key"
)

// Look is one topic that an end was to look at.
type Look struct {
	// End names the end; an end itself leaves it to Check.
	End   string
	Topic Topic
	// Skipped says why it could not be looked at; empty when it was.
	Skipped string
}

// LookedAt are topics that were looked at.
func LookedAt(topics ...Topic) []Look {
	looks := make([]Look, len(topics))
	for i, t := range topics {
		looks[i].Topic = t
	}
	return looks
}

// Overlaps says in words which prefixes of two ends have addresses in common.
func Overlaps(one, other Descriptor, mine, theirs []netip.Prefix) []string {
	var both []string
	for _, p := range mine {
		for _, q := range theirs {
			if p.Overlaps(q) {
				both = append(both, fmt.Sprintf("%s of %s overlaps %s of %s", p, one.Name, q, other.Name))
			}
		}
	}
	return both
}

// OverlapRemedy says what to do about prefixes that overlap.
const OverlapRemedy = "Networks that are joined must not overlap: each keeps its own route, and what is sent to the other's half of the range never leaves. " +
	"Offer only prefixes that the other end has not, or give one network other addresses."
