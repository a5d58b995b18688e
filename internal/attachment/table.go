package attachment

import (
	"cmp"
	"net/netip"
	"slices"
)

// Direction is which way a route goes, as the end sees it that shows it.
type Direction string

// The directions.
const (
	// Offered: the end tells the other end of the prefix.
	Offered Direction = "offered"
	// Learned: the end has the prefix from the other end.
	Learned Direction = "learned"
)

// Directions are all directions, for documentation.
func Directions() []Direction { return []Direction{Offered, Learned} }

// Hung is what hangs a network on an end of a link, and its routes there.
type Hung struct {
	// Via is what the cloud calls it: a gateway, a peering.
	Via    string
	Routes Routes
}

// EndRoutes are all routes at one end of a link.
type EndRoutes struct {
	// Cloud of the end, as in link.Descriptor.
	Cloud string
	// Seen says that the end could be looked at; what an end that could not
	// offers and has learned is not known.
	Seen bool
	Hung []Hung
}

// Route is one prefix as one end shows it.
type Route struct {
	Prefix netip.Prefix
	// Cloud of the end that shows it, and Via as in Hung.
	Cloud, Via string
	Direction  Direction
	// Matched says that the other end says the same: that it offers what this
	// end has learned, or has learned what this end offers. It means nothing
	// unless Known.
	Matched, Known bool
}

// Table puts the routes of both ends of a link together, by cloud, direction and
// prefix, and holds each against the other end, as Pair does: what is offered has
// arrived where the other end has learned it or a prefix around it.
func Table(ends [2]EndRoutes) []Route {
	var all []Route
	for i, end := range ends {
		other := ends[1-i]
		for _, h := range end.Hung {
			for _, p := range Sorted(h.Routes.Offers) {
				r := Route{Prefix: p, Cloud: end.Cloud, Via: h.Via, Direction: Offered}
				r.Matched, r.Known = other.learned(p)
				all = append(all, r)
			}
			for _, p := range Sorted(h.Routes.Learned) {
				r := Route{Prefix: p, Cloud: end.Cloud, Via: h.Via, Direction: Learned}
				r.Matched, r.Known = other.offers(p), other.Seen
				all = append(all, r)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Route) int {
		return cmp.Or(cmp.Compare(a.Cloud, b.Cloud), cmp.Compare(a.Direction, b.Direction), a.Prefix.Compare(b.Prefix), cmp.Compare(a.Via, b.Via))
	})
	return all
}

// learned says whether a prefix has arrived at the end. That it has not is known
// only where all that hangs there was looked into.
func (e EndRoutes) learned(p netip.Prefix) (yes, known bool) {
	known = e.Seen
	for _, h := range e.Hung {
		if has(h.Routes.Learned, p) {
			return true, true
		}
		known = known && h.Routes.Known
	}
	return false, known
}

// offers says whether the end offers a prefix, or one around it.
func (e EndRoutes) offers(p netip.Prefix) bool {
	return slices.ContainsFunc(e.Hung, func(h Hung) bool { return has(h.Routes.Offers, p) })
}
