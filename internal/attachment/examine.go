package attachment

import (
	"fmt"
	"strings"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

// examine compares what the clouds say with each other. What it finds stops
// nothing: the clouds accept all of it, and then lose packets without a word.
func examine(a Attachment, facts []Facts) []link.Finding {
	var found []link.Finding
	for i, part := range a.Parts {
		d := part.Side.Descriptor()
		if len(facts[i].Offers) == 0 && facts[i].OffersField != "" {
			found = append(found, silent(a, i, facts[i]))
		}
		at := other(a, i)
		if at < 0 {
			continue
		}
		there := a.Parts[at].Side.Descriptor()
		found = append(found, tooMany(d, there, facts[i], facts[at].Takes)...)
		if i < at {
			found = append(found, overlaps(d, there, facts[i], facts[at])...)
		}
	}
	if len(a.Parts) == 2 {
		found = append(found, packetSizes(a, facts)...)
	}
	return found
}

// warn makes a finding that stops nothing.
func warn(d link.Descriptor, field, attempt, message, remedy string) link.Finding {
	return link.Finding{Warning: true, Topic: link.TopicPrefixes, Err: &cloud.Error{
		Kind: cloud.Precondition, End: d.Name, Field: field, Attempt: attempt, Message: message, Remedy: remedy,
	}}
}

// silent is an end that offers nothing.
func silent(a Attachment, i int, f Facts) link.Finding {
	d := a.Parts[i].Side.Descriptor()
	who := "the other cloud"
	if at := other(a, i); at >= 0 {
		who = a.Parts[at].Side.Descriptor().Name
	}
	return warn(d, f.OffersField, "check the prefixes", fmt.Sprintf("no prefix is offered to %s, so nothing there can reach this network", who),
		"Name the prefixes of this network that the other cloud is to reach.")
}

// tooMany warns of more prefixes than the other end takes, which it then drops.
func tooMany(d, there link.Descriptor, f Facts, takes int) []link.Finding {
	var found []link.Finding
	for _, family := range []string{"IPv4", "IPv6"} {
		n := 0
		for _, p := range f.Offers {
			if p.Addr().Is4() == (family == "IPv4") {
				n++
			}
		}
		if takes == 0 || n <= takes {
			continue
		}
		found = append(found, warn(d, f.OffersField, "check the prefixes",
			fmt.Sprintf("%d %s prefixes are offered, and %s takes %d", n, family, there.Name, takes),
			fmt.Sprintf("Offer fewer and wider prefixes: at most %d of %s. What is beyond that does not arrive.", takes, family)))
	}
	return found
}

// overlaps warns of prefixes that both ends offer.
func overlaps(d, there link.Descriptor, mine, theirs Facts) []link.Finding {
	both := link.Overlaps(d, there, Sorted(mine.Offers), Sorted(theirs.Offers))
	if len(both) == 0 {
		return nil
	}
	return []link.Finding{warn(d, mine.OffersField, "check the prefixes",
		"both ends have the same addresses: "+strings.TrimSuffix(list(both), "."),
		link.OverlapRemedy)}
}

// packetSizes warns where one end's packets do not fit the other.
func packetSizes(a Attachment, facts []Facts) []link.Finding {
	small, large := 0, 1
	if facts[small].MTU > facts[large].MTU {
		small, large = large, small
	}
	low, high := facts[small], facts[large]
	if low.MTU == 0 || low.MTU == high.MTU {
		return nil
	}
	ds, dl := a.Parts[small].Side.Descriptor(), a.Parts[large].Side.Descriptor()
	blame, which := dl, high
	remedy := ""
	switch {
	case low.MTUFixed:
		remedy = fmt.Sprintf("Set the network on %s to %d bytes (%s; its machines take it at their next start), which is as much as %s carries, or set the interfaces of its machines to %d.",
			dl.Name, low.MTU, fmt.Sprintf(high.RaiseMTU, low.MTU), ds.Name, low.MTU)
	default:
		blame, which = ds, low
		remedy = fmt.Sprintf("Set the network on %s to %d bytes (%s; its machines take it at their next start), or set the interfaces of machines on %s to %d.",
			ds.Name, high.MTU, fmt.Sprintf(low.RaiseMTU, high.MTU), dl.Name, low.MTU)
	}
	f := warn(blame, which.MTUField, "check the packet sizes",
		fmt.Sprintf("packets of %s have up to %d bytes and %s takes %d: larger ones are lost without a word, so that small requests pass and transfers hang", dl.Name, high.MTU, ds.Name, low.MTU),
		remedy)
	f.Topic = link.TopicNetwork
	return []link.Finding{f}
}
