package coordinator

import (
	"context"
	"net/http"
	"net/netip"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator/api"
)

// mostProposals is how often a channel's parameters are chosen anew because the
// peer had them in use.
const mostProposals = 16

// negotiate gives every channel of a connection that has none its feature, here
// and at the peer. A channel that is switched off on either side, or that the
// peer refuses, goes without. It fails only when there is no guidance.
func (n *Node) negotiate(ctx context.Context, l *link) error {
	_, client, err := n.parties()
	if err != nil {
		return err
	}
	place := n.asks(l.quad)
	reply, err := client.GenerateFeatureGuidance(ctx, place.Connection(l.id))
	if err != nil {
		return err
	}
	for _, g := range reply.FeatureGuidance {
		id, ok := place.ChannelID(g.Channel)
		if !ok || g.FeatureType != api.L3Base || g.ChannelAdminState == api.AdminDisabled {
			continue
		}
		var theirs api.L3BaseGuidance
		if g.L3BaseGuidance != nil {
			theirs = *g.L3BaseGuidance
		}
		n.negotiateChannel(ctx, l, id, theirs)
	}
	return nil
}

// negotiateChannel reserves a feature here and then asks the peer for it. A
// conflict there is answered with other parameters, any other refusal with none.
func (n *Node) negotiateChannel(ctx context.Context, l *link, channelID string, theirs api.L3BaseGuidance) {
	_, client, err := n.parties()
	if err != nil {
		return
	}
	refused := &collisions{vlans: map[int]bool{}, subnets: newSubnetPool()}
	name := n.asks(l.quad).Connection(l.id)
	for range mostProposals {
		f, ok := n.propose(l, channelID, theirs, refused)
		if !ok {
			return
		}
		want := n.featureFor(n.asks(l.quad), l, f)
		want.ProvisioningState = ""
		_, err := client.CreateFeature(ctx, name, f.id, want)
		if err == nil || api.Uncertain(err) && exists(ctx, client, want) {
			return
		}
		n.mu.Lock()
		l.release(f)
		n.mu.Unlock()
		if statusOf(err) != http.StatusConflict {
			return
		}
		refused.add(f)
	}
}

// exists says whether the peer has a feature just so.
func exists(ctx context.Context, client *api.Client, want api.Feature) bool {
	got, err := client.GetFeature(ctx, want.Name)
	return err == nil && got.FeatureConfig.Equal(want.FeatureConfig)
}

// collisions are parameters that the peer had in use.
type collisions struct {
	vlans   map[int]bool
	subnets *subnetPool
}

func (c *collisions) add(f *feature) {
	c.vlans[f.config.VLANID] = true
	for _, p := range subnetsOf(f) {
		c.subnets.take(p)
	}
}

// propose chooses a feature for a channel and reserves it here. It is false when
// the channel has one, is switched off, or there is nothing to choose from.
func (n *Node) propose(l *link, channelID string, theirs api.L3BaseGuidance, refused *collisions) (*feature, bool) {
	password := n.hex(12)
	n.mu.Lock()
	defer n.mu.Unlock()
	c := l.quad.channel(channelID)
	if c == nil || c.disabled || l.on(c) != nil || n.links[linkKey{l.quad.environment, l.id}] != l {
		return nil, false
	}
	t := terms{self: n.cfg.Self.Guidance, peer: theirs, downwards: n.cfg.Self.ID > n.cfg.Peer.ID}
	vlan, haveVLAN := t.vlan(func(id int) bool { return c.vlans[id] || refused.vlans[id] })
	mtu, haveMTU := t.mtu()
	ours, haveOurs := asn(t.self)
	peers, havePeers := asn(t.peer)
	inUse := func(p netip.Prefix) bool { return l.quad.subnets.taken(p) || refused.subnets.taken(p) }
	// Subnets are handed out in order, so that as many as are in use are the
	// first ones: looking from there finds a free one at once.
	start := len(l.quad.subnets.used) / 2
	four, haveFour := t.subnet(ipv4, start, inUse)
	if !haveVLAN || !haveMTU || !haveOurs || !havePeers || !haveFour {
		return nil, false
	}
	us := api.ProviderBGPConfig{Provider: api.ProviderName(n.cfg.Self.ID), ASN: ours}
	them := api.ProviderBGPConfig{Provider: api.ProviderName(n.cfg.Peer.ID), ASN: peers}
	config := api.L3BaseConfig{
		VLANID: vlan, MTUBytes: mtu, MD5BGPPassword: password,
		IPv4Subnet: four.Addr().String(), IPv4SubnetPrefixLength: four.Bits(),
	}
	first, second := hosts(four)
	us.HostIPv4, them.HostIPv4 = first.String(), second.String()
	if six, ok := t.subnet(ipv6, start, inUse); ok {
		config.IPv6Subnet, config.IPv6SubnetPrefixLength = six.Addr().String(), six.Bits()
		first, second := hosts(six)
		us.HostIPv6, them.HostIPv6 = first.String(), second.String()
	}
	config.ProviderBGPConfigs = []api.ProviderBGPConfig{us, them}
	f := &feature{id: "l3-" + c.id, channel: c, config: config}
	l.add(f)
	return f, true
}

// featureFor is a feature in the API, as the side that place belongs to names
// it.
func (n *Node) featureFor(place api.Place, l *link, f *feature) api.Feature {
	state := api.Pending
	if f.final {
		state = api.Final
	}
	config := f.config
	return api.Feature{
		Name:              place.Connection(l.id) + "/features/" + f.id,
		Channel:           place.Channel(f.channel.id),
		FeatureConfig:     &api.FeatureConfig{FeatureType: api.L3Base, L3BaseConfig: &config},
		ProvisioningState: state,
	}
}
