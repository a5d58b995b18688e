package link

import (
	"cmp"
	"slices"
	"strings"
)

// Seen is a link put together from what two clouds list.
type Seen struct {
	// Name that the marker gives it, or else the id of an end.
	Name string
	Link Link
	View View
}

// Join puts together what two clouds list: ends with one shared id are one link.
// An end whose key is not redeemed stands alone as half-open; any other end
// without a partner stands alone as one whose partner is not to be seen. ends
// describe the two clouds; nothing is called. What is gone is left out.
func Join(ends [2]End, listed [2][]Observation) []Seen {
	var all []Seen
	taken := map[string]bool{}
	for _, o := range listed[0] {
		if o.State.Gone() {
			continue
		}
		s := Seen{Link: Link{Ends: ends}, View: View{o, {State: Absent}}}
		for _, p := range listed[1] {
			if !p.State.Gone() && !taken[p.ID] && o.SharedID != "" && strings.EqualFold(o.SharedID, p.SharedID) {
				s.View[1] = p
				taken[p.ID] = true
				break
			}
		}
		all = append(all, s)
	}
	for _, p := range listed[1] {
		if !p.State.Gone() && !taken[p.ID] {
			all = append(all, Seen{Link: Link{Ends: ends}, View: View{{State: Absent}, p}})
		}
	}
	for i := range all {
		all[i].settle()
	}
	slices.SortStableFunc(all, func(a, b Seen) int { return cmp.Compare(a.Name, b.Name) })
	return all
}

// settle names the link and decides about a partner that is not listed.
func (s *Seen) settle() {
	for _, o := range s.View {
		s.Name = cmp.Or(s.Name, o.Mark.Name)
	}
	for side, o := range s.View {
		s.Name = cmp.Or(s.Name, o.ID[strings.LastIndex(o.ID, "/")+1:])
		other := Side(side).Other()
		if s.View[other].State == Absent && o.State.Joined() {
			s.Link.Peer = s.Link.describe(other)
			s.Link.Ends[other] = nil
			s.View[other] = Observation{State: Unseen}
		}
	}
}
