package coordinator

import (
	"net/http"
	"slices"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator/api"
)

// shownChannel is a channel in the API.
func (n *Node) shownChannel(q *quad, c *channel) api.Channel {
	n.mu.Lock()
	defer n.mu.Unlock()
	return api.Channel{
		Name:                        n.asked(q).Channel(c.id),
		MACsecManagerProvider:       api.ProviderName(c.manager),
		CrossConnectManagerProvider: api.ProviderName(c.manager),
		AggregateChannelSizeGbps:    channelGbps,
		ChannelMemberSizeGbps:       memberGbps,
		ObfuscatedDeviceID:          n.device(q, c),
		Demarc:                      q.environment + ":" + q.interconnect + ":" + c.id,
		AdminState:                  c.adminState(),
	}
}

func (n *Node) listChannels(r *request) (any, error) {
	q, err := n.interconnect(r)
	if err != nil {
		return nil, err
	}
	page, next, err := cut(n.pages, r, slices.Clone(q.channels), func(c *channel) string { return c.id })
	if err != nil {
		return nil, err
	}
	out := api.ListChannelsResponse{NextPageToken: next}
	for _, c := range page {
		out.Channels = append(out.Channels, n.shownChannel(q, c))
	}
	return out, nil
}

func (n *Node) getChannel(r *request) (any, error) {
	q, c, err := n.channel(r)
	if err != nil {
		return nil, err
	}
	return n.shownChannel(q, c), nil
}

func (n *Node) getMaintenanceEvents(r *request) (any, error) {
	_, c, err := n.channel(r)
	if err != nil {
		return nil, err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	return api.GetMaintenanceEventsResponse{Events: slices.Clone(c.events)}, nil
}

// notifyMaintenance looks at the peer's channel at once. The events in the
// notification itself are deprecated and not used.
func (n *Node) notifyMaintenance(r *request) (any, error) {
	q, c, err := n.channel(r)
	if err != nil {
		return nil, err
	}
	if _, err := read[api.NotifyMaintenanceRequest](r); err != nil {
		return nil, err
	}
	_, client, err := n.parties()
	if err != nil {
		return nil, err
	}
	name := n.asks(q).Channel(c.id)
	there, err := client.GetChannel(r.ctx, name)
	if err != nil {
		return nil, unavailable("the channel could not be refreshed")
	}
	events, err := client.GetMaintenanceEvents(r.ctx, name)
	if err != nil {
		return nil, unavailable("the channel's maintenance events could not be refreshed")
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	c.peerAdmin, c.peerEvents = there.AdminState, events.Events
	return api.Empty{}, nil
}

// requestMACsecKeyRotation rotates the key of a channel whose keys we manage,
// here and at the peer, before it answers.
func (n *Node) requestMACsecKeyRotation(r *request) (any, error) {
	q, c, err := n.channel(r)
	if err != nil {
		return nil, err
	}
	if _, err := read[api.MACsecKeyRotationRequest](r); err != nil {
		return nil, err
	}
	if c.manager != n.cfg.Self.ID {
		return nil, refuse(http.StatusBadRequest, "the keys of channel %s are managed by %s", c.id, c.manager)
	}
	if err := n.rotate(r.ctx, q, c); err != nil {
		return nil, unavailable("the key could not be rotated")
	}
	return api.Empty{}, nil
}
