package coordinator

import (
	"net/http"
	"net/netip"
	"slices"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator/api"
)

// subnetPool is which subnets are in use on an interconnect.
type subnetPool struct {
	used map[netip.Prefix]bool
	// lengths counts the used subnets of each prefix length, IPv4 and IPv6
	// apart, so that most questions need few look-ups.
	lengths map[prefixKind]int
}

// prefixKind is a prefix length of one of the two families.
type prefixKind struct {
	v4   bool
	bits int
}

func kind(p netip.Prefix) prefixKind { return prefixKind{p.Addr().Is4(), p.Bits()} }

func newSubnetPool() *subnetPool {
	return &subnetPool{used: map[netip.Prefix]bool{}, lengths: map[prefixKind]int{}}
}

// taken says whether a subnet overlaps one in use.
func (s *subnetPool) taken(p netip.Prefix) bool {
	for k := range s.lengths {
		if k.v4 != p.Addr().Is4() {
			continue
		}
		if k.bits <= p.Bits() {
			if wider, err := p.Addr().Prefix(k.bits); err == nil && s.used[wider] {
				return true
			}
			continue
		}
		for used := range s.used {
			if used.Overlaps(p) {
				return true
			}
		}
	}
	return false
}

func (s *subnetPool) take(p netip.Prefix) {
	s.used[p] = true
	s.lengths[kind(p)]++
}

func (s *subnetPool) free(p netip.Prefix) {
	if !s.used[p] {
		return
	}
	delete(s.used, p)
	if s.lengths[kind(p)]--; s.lengths[kind(p)] == 0 {
		delete(s.lengths, kind(p))
	}
}

// subnetsOf are the subnets of a configuration that was checked.
func subnetsOf(f *feature) []netip.Prefix {
	var subnets []netip.Prefix
	if p, ok := subnet(f.config.IPv4Subnet, f.config.IPv4SubnetPrefixLength); ok {
		subnets = append(subnets, p)
	}
	if p, ok := subnet(f.config.IPv6Subnet, f.config.IPv6SubnetPrefixLength); ok {
		subnets = append(subnets, p)
	}
	return subnets
}

// subnet reads a subnet; false when it is none, or its address has bits outside
// of the mask.
func subnet(address string, bits int) (netip.Prefix, bool) {
	a, err := netip.ParseAddr(address)
	if err != nil || a.Zone() != "" || a.Is4In6() {
		return netip.Prefix{}, false
	}
	p, err := a.Prefix(bits)
	return p, err == nil && p.Addr() == a
}

// add gives a link a feature and reserves what it uses. It is final when our
// cloud has finished already. The lock must be held.
func (l *link) add(f *feature) {
	f.final = l.done
	l.features[f.id] = f
	f.channel.vlans[f.config.VLANID] = true
	for _, p := range subnetsOf(f) {
		l.quad.subnets.take(p)
	}
}

// release takes a feature away and frees what it used. The lock must be held.
func (l *link) release(f *feature) {
	if l.features[f.id] != f {
		return
	}
	delete(l.features, f.id)
	delete(f.channel.vlans, f.config.VLANID)
	for _, p := range subnetsOf(f) {
		l.quad.subnets.free(p)
	}
}

// collides is a refusal with 409 where a feature's parameters are in use. The
// lock must be held.
func (q *quad) collides(f *feature) error {
	if f.channel.vlans[f.config.VLANID] {
		return refuse(http.StatusConflict, "VLAN %d is in use on channel %s", f.config.VLANID, f.channel.id)
	}
	for _, p := range subnetsOf(f) {
		if q.subnets.taken(p) {
			return refuse(http.StatusConflict, "subnet %s is in use", p)
		}
	}
	return nil
}

// newLink reserves a connection on this side: 409 when it exists, 400 when the
// interconnect cannot take it. The lock must be held.
func (n *Node) newLink(q *quad, c Connection, negotiates bool) (*link, error) {
	key := linkKey{q.environment, c.ID}
	switch {
	case n.links[key] != nil:
		return nil, refuse(http.StatusConflict, "connection %q exists already", c.ID)
	case !slices.Contains(q.env.SizesMbps, c.BandwidthMbps):
		return nil, refuse(http.StatusBadRequest, "%d Mbps is not a size of environment %q", c.BandwidthMbps, q.environment)
	case !q.hasRoom(c.BandwidthMbps):
		return nil, refuse(http.StatusBadRequest, "interconnect %q has no room for %d Mbps", q.interconnect, c.BandwidthMbps)
	}
	l := &link{
		id: c.ID, quad: q, key: c.ActivationKey, mbps: c.BandwidthMbps, created: n.cfg.Clock.Now(),
		negotiates: negotiates, features: map[string]*feature{},
	}
	q.reservedMbps += l.mbps
	n.links[key] = l
	return l, nil
}

// resize reserves another bandwidth for a connection, until settle: 409 while
// another change is under way, 400 when it cannot be. The lock must be held.
func (l *link) resize(mbps int) error {
	switch {
	case l.updating:
		return refuse(http.StatusConflict, "connection %q is being changed", l.id)
	case !slices.Contains(l.quad.env.SizesMbps, mbps):
		return refuse(http.StatusBadRequest, "%d Mbps is not a size of environment %q", mbps, l.quad.environment)
	case l.quad.reservedMbps+mbps-l.mbps > quadMbps:
		return refuse(http.StatusBadRequest, "interconnect %q has no room for %d Mbps", l.quad.interconnect, mbps)
	}
	l.updating = true
	l.reserve(mbps)
	return nil
}

// reserve changes what a connection reserves. The lock must be held.
func (l *link) reserve(mbps int) {
	l.quad.reservedMbps += mbps - l.mbps
	l.mbps = mbps
}

// settle ends a change of bandwidth, and takes it back unless it was agreed to.
func (n *Node) settle(l *link, before int, agreed bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	l.updating = false
	if !agreed && n.links[linkKey{l.quad.environment, l.id}] == l {
		l.reserve(before)
	}
}

// hasRoom says whether the interconnect takes another connection of a size.
func (q *quad) hasRoom(mbps int) bool {
	return q.state == api.InterconnectActive && q.reservedMbps+mbps <= quadMbps
}
