package coordinator

import (
	"net/http"
	"net/netip"
	"slices"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator/api"
)

func (n *Node) listFeatures(r *request) (any, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	l, err := n.connection(r)
	if err != nil {
		return nil, err
	}
	all := make([]*feature, 0, len(l.features))
	for _, f := range l.features {
		all = append(all, f)
	}
	page, next, err := cut(n.pages, r, all, func(f *feature) string { return f.id })
	if err != nil {
		return nil, err
	}
	out := api.ListFeaturesResponse{NextPageToken: next}
	for _, f := range page {
		out.Features = append(out.Features, n.featureFor(n.asked(l.quad), l, f))
	}
	return out, nil
}

// feature is the feature that the path names. The lock must be held.
func (n *Node) feature(r *request) (*link, *feature, error) {
	l, err := n.connection(r)
	if err != nil {
		return nil, nil, err
	}
	f, ok := l.features[r.PathValue("feature")]
	if !ok {
		return nil, nil, r.missing()
	}
	return l, f, nil
}

func (n *Node) getFeature(r *request) (any, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	l, f, err := n.feature(r)
	if err != nil {
		return nil, err
	}
	return n.featureFor(n.asked(l.quad), l, f), nil
}

// deleteFeature frees a channel. A connection that is left with too few is no
// longer verified, and the peer is told so.
func (n *Node) deleteFeature(r *request) (any, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	l, f, err := n.feature(r)
	if err != nil {
		return nil, err
	}
	l.release(f)
	n.announceSoon(l)
	return api.Empty{}, nil
}

// createFeature configures a channel as the peer chose. Requests are checked and
// reserved one after another, whatever the order in which they come.
func (n *Node) createFeature(r *request) (any, error) {
	id, err := r.newID("featureId")
	if err != nil {
		return nil, err
	}
	in, err := read[api.Feature](r)
	if err != nil {
		return nil, err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	l, err := n.connection(r)
	if err != nil {
		return nil, err
	}
	f, err := n.wanted(l, id, in)
	if err != nil {
		return nil, err
	}
	if err := l.quad.collides(f); err != nil {
		return nil, err
	}
	l.add(f)
	if l.done {
		n.announceSoon(l)
	}
	return n.featureFor(n.asked(l.quad), l, f), nil
}

// wanted is the feature that the peer wants, checked by itself. The lock must be
// held.
func (n *Node) wanted(l *link, id string, in api.Feature) (*feature, error) {
	channelID, ok := n.asked(l.quad).ChannelID(in.Channel)
	c := l.quad.channel(channelID)
	switch {
	case !ok || c == nil:
		return nil, refuse(http.StatusBadRequest, "channel %q is not one of the connection's interconnect", in.Channel)
	case l.features[id] != nil:
		return nil, refuse(http.StatusConflict, "feature %q exists already", id)
	case l.on(c) != nil:
		return nil, refuse(http.StatusConflict, "channel %s has a feature already", c.id)
	case c.disabled:
		return nil, refuse(http.StatusBadRequest, "channel %s is disabled", c.id)
	case c.refuses:
		return nil, refuse(http.StatusBadRequest, "channel %s takes no feature", c.id)
	case in.FeatureConfig == nil || in.FeatureConfig.FeatureType != api.L3Base || in.FeatureConfig.L3BaseConfig == nil:
		return nil, refuse(http.StatusBadRequest, "featureConfig must be that of a %s", api.L3Base)
	}
	config := *in.FeatureConfig.L3BaseConfig
	if err := n.check(config); err != nil {
		return nil, err
	}
	return &feature{id: id, channel: c, config: config}, nil
}

// within says whether a number lies in a range. No range is no restriction.
func within(ranges []api.Range, v int) bool {
	return len(ranges) == 0 || slices.ContainsFunc(ranges, func(r api.Range) bool { return r.Start <= v && v <= r.Stop })
}

// check holds a configuration to our guidance.
func (n *Node) check(config api.L3BaseConfig) error {
	g := n.cfg.Self.Guidance
	if v := config.VLANID; v <= lastReservedVLAN || v > lastVLAN || !within(g.VLANRanges, v) {
		return refuse(http.StatusBadRequest, "VLAN %d is outside of the guidance", v)
	}
	if m := config.MTUBytes; m <= 0 || !within(g.MTURanges, m) {
		return refuse(http.StatusBadRequest, "MTU %d is outside of the guidance", m)
	}
	four, ok := subnet(config.IPv4Subnet, config.IPv4SubnetPrefixLength)
	if !ok || !four.Addr().Is4() || !ipv4(g).allows(four) {
		return refuse(http.StatusBadRequest, "IPv4 subnet %s/%d is outside of the guidance", config.IPv4Subnet, config.IPv4SubnetPrefixLength)
	}
	var six netip.Prefix
	if config.IPv6Subnet != "" || config.IPv6SubnetPrefixLength != 0 {
		six, ok = subnet(config.IPv6Subnet, config.IPv6SubnetPrefixLength)
		if !ok || !six.Addr().Is6() || !ipv6(g).allows(six) {
			return refuse(http.StatusBadRequest, "IPv6 subnet %s/%d is outside of the guidance", config.IPv6Subnet, config.IPv6SubnetPrefixLength)
		}
	}
	return n.checkSessions(config.ProviderBGPConfigs, four, six)
}

// checkSessions holds the BGP configuration of both providers to our guidance
// and to the subnets. six is the zero Prefix where there is no IPv6.
func (n *Node) checkSessions(sessions []api.ProviderBGPConfig, four, six netip.Prefix) error {
	find := func(who Identity) *api.ProviderBGPConfig {
		at := slices.IndexFunc(sessions, func(s api.ProviderBGPConfig) bool { return s.Provider == api.ProviderName(who.ID) })
		if at < 0 {
			return nil
		}
		return &sessions[at]
	}
	ours, theirs := find(n.cfg.Self), find(n.cfg.Peer)
	if len(sessions) != 2 || ours == nil || theirs == nil {
		return refuse(http.StatusBadRequest, "providerBgpConfigs must have one entry for each provider")
	}
	inRange := len(n.cfg.Self.Guidance.ASNRanges) == 0 ||
		slices.ContainsFunc(n.cfg.Self.Guidance.ASNRanges, func(r api.ASNRange) bool { return r.Start <= ours.ASN && ours.ASN <= r.Stop })
	if !inRange || ours.ASN == 0 || theirs.ASN == 0 {
		return refuse(http.StatusBadRequest, "ASN %d is outside of the guidance, or the other one is missing", ours.ASN)
	}
	if !neighbours(four, ours.HostIPv4, theirs.HostIPv4, true) || !neighbours(six, ours.HostIPv6, theirs.HostIPv6, false) {
		return refuse(http.StatusBadRequest, "the hosts must be two addresses of the subnet")
	}
	return nil
}

// neighbours says whether two hosts are different addresses of a subnet. Where
// they are not required, neither need be given.
func neighbours(p netip.Prefix, a, b string, required bool) bool {
	if !required && a == "" && b == "" {
		return true
	}
	first, errA := netip.ParseAddr(a)
	second, errB := netip.ParseAddr(b)
	return errA == nil && errB == nil && first != second && p.Contains(first) && p.Contains(second)
}
