package coordinator

import (
	"cmp"
	"encoding/binary"
	"math/bits"
	"net/netip"
	"slices"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator/api"
)

// terms are what both sides' guidance leaves to choose from.
type terms struct {
	self, peer api.L3BaseGuidance
	// downwards says to begin at the upper end of every range, so that two
	// sides that choose at the same time begin far from each other.
	downwards bool
}

// common are the parts that ranges of both sides share. No range at all is no
// restriction.
func common(a, b []api.Range) []api.Range {
	switch {
	case len(a) == 0:
		return b
	case len(b) == 0:
		return a
	}
	var both []api.Range
	for _, x := range a {
		for _, y := range b {
			if r := (api.Range{Start: max(x.Start, y.Start), Stop: min(x.Stop, y.Stop)}); r.Start <= r.Stop {
				both = append(both, r)
			}
		}
	}
	return both
}

// mtu is the highest that both sides support.
func (t terms) mtu() (bytes int, ok bool) {
	for _, r := range common(t.self.MTURanges, t.peer.MTURanges) {
		bytes = max(bytes, r.Stop)
	}
	return bytes, bytes > 0
}

// vlan is one that is not taken.
func (t terms) vlan(taken func(int) bool) (id int, ok bool) {
	for _, r := range common(t.self.VLANRanges, t.peer.VLANRanges) {
		first, last := max(r.Start, lastReservedVLAN+1), min(r.Stop, lastVLAN)
		for i := range last - first + 1 {
			id := first + i
			if t.downwards {
				id = last - i
			}
			if !taken(id) {
				return id, true
			}
		}
	}
	return 0, false
}

// asn is a provider's own, out of its own guidance.
func asn(g api.L3BaseGuidance) (uint32, bool) {
	if len(g.ASNRanges) == 0 || g.ASNRanges[0].Start == 0 {
		return 0, false
	}
	return g.ASNRanges[0].Start, true
}

// family is the guidance for one IP family.
type family struct {
	subnets []api.SubnetGuidance
	lengths []int
}

func ipv4(g api.L3BaseGuidance) family {
	return family{g.IPv4SubnetGuidance, g.IPv4AllowedSubnetPrefixLengths}
}

func ipv6(g api.L3BaseGuidance) family {
	return family{g.IPv6SubnetGuidance, g.IPv6AllowedSubnetPrefixLengths}
}

// prefixes reads subnets in CIDR notation and leaves out what is none.
func prefixes(texts []string) []netip.Prefix {
	var all []netip.Prefix
	for _, text := range texts {
		if p, err := netip.ParsePrefix(text); err == nil {
			all = append(all, p.Masked())
		}
	}
	return all
}

// allows says whether a subnet is one that the guidance leaves to choose.
func (f family) allows(p netip.Prefix) bool {
	if len(f.lengths) > 0 && !slices.Contains(f.lengths, p.Bits()) {
		return false
	}
	if len(f.subnets) == 0 {
		return true
	}
	return slices.ContainsFunc(f.subnets, func(g api.SubnetGuidance) bool {
		inside := slices.ContainsFunc(prefixes([]string{g.IncludeSubnet}), func(include netip.Prefix) bool {
			return include.Bits() <= p.Bits() && include.Contains(p.Addr())
		})
		return inside && !slices.ContainsFunc(prefixes(g.ExcludeSubnets), p.Overlaps)
	})
}

// bases are the subnets that both sides include.
func bases(a, b family) []netip.Prefix {
	include := func(f family) (all []netip.Prefix) {
		for _, g := range f.subnets {
			all = append(all, prefixes([]string{g.IncludeSubnet})...)
		}
		return all
	}
	mine, theirs := include(a), include(b)
	switch {
	case len(mine) == 0:
		return theirs
	case len(theirs) == 0:
		return mine
	}
	var both []netip.Prefix
	for _, x := range mine {
		for _, y := range theirs {
			if x.Overlaps(y) {
				both = append(both, slices.MaxFunc([]netip.Prefix{x, y}, func(a, b netip.Prefix) int { return cmp.Compare(a.Bits(), b.Bits()) }))
			}
		}
	}
	return both
}

// mostTried bounds how many subnets of one size are looked at, as a power of
// two: an IPv6 prefix has more than anybody can use.
const mostTried = 20

// subnet is the smallest one allowed by both sides that is not taken; the peer's
// preferred one where it can be had.
// The search begins at number start of each range, and comes round.
func (t terms) subnet(of func(api.L3BaseGuidance) family, start int, taken func(netip.Prefix) bool) (netip.Prefix, bool) {
	mine, theirs := of(t.self), of(t.peer)
	good := func(p netip.Prefix) bool { return mine.allows(p) && theirs.allows(p) && !taken(p) }
	for _, g := range theirs.subnets {
		for _, preferred := range prefixes([]string{g.PreferredSubnet}) {
			if good(preferred) {
				return preferred, true
			}
		}
	}
	lengths := slices.Concat(mine.lengths, theirs.lengths)
	slices.SortFunc(lengths, func(a, b int) int { return cmp.Compare(b, a) })
	for _, base := range bases(mine, theirs) {
		for _, length := range slices.Compact(lengths) {
			if length < base.Bits() || length > base.Addr().BitLen() {
				continue
			}
			count := uint64(1) << min(length-base.Bits(), mostTried)
			for i := range count {
				i = (i + uint64(start)) % count
				if t.downwards {
					i = count - 1 - i
				}
				if p := nth(base, length, i); good(p) {
					return p, true
				}
			}
		}
	}
	return netip.Prefix{}, false
}

// nth is the subnet number i of a prefix length within base.
func nth(base netip.Prefix, length int, i uint64) netip.Prefix {
	raw := base.Addr().As16()
	high, low := binary.BigEndian.Uint64(raw[:8]), binary.BigEndian.Uint64(raw[8:])
	shift := base.Addr().BitLen() - length
	addHigh, addLow := i<<max(shift-64, 0), uint64(0)
	if shift < 64 {
		addHigh, addLow = i>>(64-shift), i<<shift
	}
	var carry uint64
	low, carry = bits.Add64(low, addLow, 0)
	high, _ = bits.Add64(high, addHigh, carry)
	binary.BigEndian.PutUint64(raw[:8], high)
	binary.BigEndian.PutUint64(raw[8:], low)
	address := netip.AddrFrom16(raw)
	if base.Addr().Is4() {
		address = address.Unmap()
	}
	return netip.PrefixFrom(address, length)
}

// hosts are the addresses of a subnet that the two providers have.
func hosts(p netip.Prefix) (first, second netip.Addr) {
	first = p.Addr().Next()
	return first, first.Next()
}
