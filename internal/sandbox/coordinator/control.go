package coordinator

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator/api"
)

// What the sandbox's owner and tests may do to a Node, which no customer can.

// ChannelRef names a channel.
type ChannelRef struct{ Environment, Interconnect, Channel string }

// ChannelState is what a side makes of a channel. The zero value is a channel in
// order.
type ChannelState struct {
	// Disabled channels are ADMIN_STATE_DISABLED.
	Disabled bool
	// Refuses says that the channel takes no feature, though it is enabled.
	Refuses bool
}

// controlled changes a channel. It fails when there is none.
func (n *Node) controlled(ref ChannelRef) (*quad, *channel, error) {
	q, ok := n.quad(ref.Environment, ref.Interconnect)
	if ok {
		if c := q.channel(ref.Channel); c != nil {
			return q, c, nil
		}
	}
	return nil, nil, fmt.Errorf("controlling the coordinator: channel %q does not exist on interconnect %q of environment %q",
		ref.Channel, ref.Interconnect, ref.Environment)
}

// SetChannel changes this side of a channel. Features that exist are not
// touched. It fails when there is no such channel.
func (n *Node) SetChannel(ref ChannelRef, state ChannelState) error {
	_, c, err := n.controlled(ref)
	if err != nil {
		return err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	c.disabled, c.refuses = state.Disabled, state.Refuses
	return nil
}

// SetInterconnect opens or closes this side of an interconnect to new
// connections. It fails when there is no such interconnect.
func (n *Node) SetInterconnect(environment, interconnect string, state api.InterconnectState) error {
	q, ok := n.quad(environment, interconnect)
	if !ok {
		return fmt.Errorf("controlling the coordinator: interconnect %q does not exist in environment %q", interconnect, environment)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	q.state = state
	return nil
}

// SetMaintenance plans this side's maintenance of a channel and notifies the
// peer. It fails when there is no such channel, or the peer takes no notice.
func (n *Node) SetMaintenance(ctx context.Context, ref ChannelRef, events ...api.MaintenanceEvent) error {
	q, c, err := n.controlled(ref)
	if err != nil {
		return err
	}
	_, client, err := n.parties()
	if err != nil {
		return err
	}
	n.mu.Lock()
	c.events = slices.Clone(events)
	n.mu.Unlock()
	return client.NotifyMaintenance(ctx, n.asks(q).Channel(c.id))
}

// PeerChannel is what the peer said of its side of a channel when it last
// notified. It fails when there is no such channel.
func (n *Node) PeerChannel(ref ChannelRef) (api.AdminState, []api.MaintenanceEvent, error) {
	_, c, err := n.controlled(ref)
	if err != nil {
		return "", nil, err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	return c.peerAdmin, slices.Clone(c.peerEvents), nil
}

// RotateMACsecKey gives a channel a new MACsec key: by itself where this side
// manages the channel's keys, by asking the peer otherwise. It fails when there
// is no such channel, or the peer refuses.
func (n *Node) RotateMACsecKey(ctx context.Context, ref ChannelRef, reason string) error {
	q, c, err := n.controlled(ref)
	if err != nil {
		return err
	}
	if c.manager == n.cfg.Self.ID {
		return n.rotate(ctx, q, c)
	}
	_, client, err := n.parties()
	if err != nil {
		return err
	}
	return client.RequestMACsecKeyRotation(ctx, n.asks(q).Channel(c.id), api.MACsecKeyRotationRequest{Reason: reason})
}

// AnswerIssue remarks on an issue that the peer reported, and sets its state. It
// fails when there is no such issue.
func (n *Node) AnswerIssue(id, body string, state api.IssueState) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	i, ok := n.issues[id]
	if !ok {
		return fmt.Errorf("controlling the coordinator: issue %q does not exist", id)
	}
	n.remark(i, n.cfg.Self.DisplayName, body)
	i.State = state
	return nil
}

// Link is a connection as one side sees it.
type Link struct {
	// Environment, Interconnect and ID name it.
	Environment, Interconnect, ID string
	// BandwidthMbps is what is reserved for it.
	BandwidthMbps int
	// Verified says that both sides are ready and know it of each other.
	Verified bool
	// Features are its channels' configurations, by channel.
	Features []api.Feature
}

// Links are all connections that this side knows, by environment and id.
func (n *Node) Links() []Link {
	n.mu.Lock()
	defer n.mu.Unlock()
	out := make([]Link, 0, len(n.links))
	for _, l := range n.links {
		shown := Link{
			Environment: l.quad.environment, Interconnect: l.quad.interconnect, ID: l.id,
			BandwidthMbps: l.mbps, Verified: l.verified(),
		}
		for _, c := range l.quad.channels {
			if f := l.on(c); f != nil {
				shown.Features = append(shown.Features, n.featureFor(n.asked(l.quad), l, f))
			}
		}
		out = append(out, shown)
	}
	slices.SortFunc(out, func(a, b Link) int {
		return cmp.Or(cmp.Compare(a.Environment, b.Environment), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// Client calls the peer as this Node does; nil before Connect.
func (n *Node) Client() *api.Client {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.client
}
