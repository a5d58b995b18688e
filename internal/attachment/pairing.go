package attachment

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// Status is what comparing both ends of an attachment says.
type Status string

// The statuses.
const (
	// Matched: every part stands, and each end has learned what the other
	// offers, as far as the clouds show it.
	Matched Status = "matched"
	// Provisioning: a part is being made, or the link does not carry traffic
	// yet.
	Provisioning Status = "provisioning"
	// Awaiting: somebody else must agree to a part.
	Awaiting Status = "awaiting"
	// Incomplete: every part stands, and a prefix that one end offers has not
	// arrived at the other.
	Incomplete Status = "incomplete"
	// Diverged: a part differs from its configuration.
	Diverged Status = "diverged"
	// Lost: a part is gone or cannot come back.
	Lost Status = "broken"
	// Unverified: one end is not ours to see.
	Unverified Status = "unverified"
)

// Statuses are all statuses, for documentation.
func Statuses() []Status {
	return []Status{Matched, Provisioning, Awaiting, Incomplete, Diverged, Lost, Unverified}
}

// Prefix is one prefix that an end offers.
type Prefix struct {
	Prefix netip.Prefix
	// From is the cloud that offers it.
	From string
	// Learned says whether the other end has it; it means nothing unless
	// Known.
	Learned, Known bool
}

// Pairing is what comparing both ends says.
type Pairing struct {
	Status   Status
	Summary  string
	Remedy   string
	Prefixes []Prefix
}

// Pair compares the parts with their configuration, and what each end offers
// with what the other has learned.
func Pair(a Attachment, v View, routes []Routes) Pairing {
	p := Pairing{Prefixes: prefixes(a, routes)}
	p.Status, p.Summary, p.Remedy = Matched, "Every part stands, and what each end offers has arrived at the other.", ""
	if len(a.Parts) < 2 {
		p.Status, p.Summary = Unverified, "The part that is ours stands; the other end is not ours to see."
	}
	for i, part := range a.Parts {
		name := part.Side.Descriptor().Name + " " + part.Side.Descriptor().Object
		switch seen := v[i]; {
		case seen.State == Absent:
			return p.is(Lost, "The "+name+" does not exist.", "Apply again: it is made anew.")
		case seen.State == Broken:
			return p.is(Lost, fmt.Sprintf("The %s is %s: %s", name, seen.word(), seen.Why), "Apply again: it is removed and made anew where that helps.")
		case len(drift(part.Side, seen)) > 0:
			return p.is(Diverged, fmt.Sprintf("The %s differs from its configuration: %s", name, driftText(drift(part.Side, seen))), "Apply again: it is brought back.")
		case seen.State == Asked:
			return p.is(Awaiting, fmt.Sprintf("The %s waits for somebody else: %s", name, seen.Why), "Have the other account's owner agree, and apply again.")
		case seen.State != Up:
			return p.is(Provisioning, fmt.Sprintf("The %s is %s.", name, seen.word()), "Wait, and refresh.")
		}
	}
	if !a.LinkUp {
		return p.is(Provisioning, "Every part stands; the link itself does not carry traffic yet.", "Wait until the link is available, and refresh.")
	}
	if lacking := missing(a, routes); len(lacking) > 0 {
		summary, remedy := explainMissing(a, routes, lacking)
		return p.is(Incomplete, summary, remedy)
	}
	return p
}

func (p Pairing) is(s Status, summary, remedy string) Pairing {
	p.Status, p.Summary, p.Remedy = s, summary, remedy
	return p
}

// other is the index of the other of two parts; -1 where there is none.
func other(a Attachment, i int) int {
	if len(a.Parts) != 2 {
		return -1
	}
	return 1 - i
}

// prefixes are all that the ends offer, with whether the other end has them.
func prefixes(a Attachment, routes []Routes) []Prefix {
	var all []Prefix
	for i, part := range a.Parts {
		if i >= len(routes) {
			break
		}
		for _, offered := range Sorted(routes[i].Offers) {
			p := Prefix{Prefix: offered, From: part.Side.Descriptor().Cloud}
			if at := other(a, i); at >= 0 && at < len(routes) {
				p.Known, p.Learned = routes[at].Known, has(routes[at].Learned, offered)
			}
			all = append(all, p)
		}
	}
	return all
}

// has says that a prefix, or one around it, is in a list.
func has(list []netip.Prefix, p netip.Prefix) bool {
	return slices.ContainsFunc(list, func(q netip.Prefix) bool { return q.Bits() <= p.Bits() && q.Overlaps(p) })
}

// missing are the prefixes that are offered and known not to have arrived.
func missing(a Attachment, routes []Routes) []Prefix {
	return slices.DeleteFunc(prefixes(a, routes), func(p Prefix) bool { return !p.Known || p.Learned })
}

// explainMissing says which prefixes have not arrived where, and why that may be.
func explainMissing(a Attachment, routes []Routes, lacking []Prefix) (summary, remedy string) {
	var said, remedies []string
	for i, part := range a.Parts {
		at := other(a, i)
		var here []string
		for _, p := range lacking {
			if p.From == part.Side.Descriptor().Cloud {
				here = append(here, p.Prefix.String())
			}
		}
		if len(here) == 0 || at < 0 {
			continue
		}
		there := a.Parts[at].Side.Descriptor().Name
		said = append(said, fmt.Sprintf("%s offers %s, and %s has not learned it", part.Side.Descriptor().Name, list(here), there))
		if why := routes[at].Why; why != "" {
			remedies = append(remedies, why)
		}
	}
	if len(remedies) == 0 {
		remedies = append(remedies, "Routes take up to a few minutes: refresh. If they stay away, compare the prefixes with the route tables of both networks.")
	}
	return strings.Join(said, "; ") + ".", strings.Join(remedies, " ")
}

// list names a few and counts the rest.
func list(names []string) string {
	const most = 5
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}

// Sorted is a list of prefixes in order, each once.
func Sorted(list []netip.Prefix) []netip.Prefix {
	sorted := slices.Clone(list)
	slices.SortFunc(sorted, netip.Prefix.Compare)
	return slices.Compact(sorted)
}
