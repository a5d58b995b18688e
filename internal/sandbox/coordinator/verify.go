package coordinator

import (
	"context"
	"time"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator/api"
)

// announce notifies the peer when this side has become ready, or is no longer,
// since it last took notice.
func (n *Node) announce(ctx context.Context, l *link) error {
	_, client, err := n.parties()
	if err != nil {
		return err
	}
	for {
		n.mu.Lock()
		ready, known := l.ready(), l.sent
		n.mu.Unlock()
		if ready == known {
			n.conclude(l)
			return nil
		}
		if err := client.NotifyConnectionStatus(ctx, n.asks(l.quad).Connection(l.id)); err != nil {
			return err
		}
		n.mu.Lock()
		l.sent = ready
		n.mu.Unlock()
	}
}

// refresh looks at the peer's side of a connection.
func (n *Node) refresh(ctx context.Context, l *link) error {
	_, client, err := n.parties()
	if err != nil {
		return err
	}
	final, name := 0, n.asks(l.quad).Connection(l.id)
	if _, err := client.GetConnection(ctx, name); err != nil {
		return err
	}
	features := api.All(func(p api.Page) ([]api.Feature, string, error) {
		page, err := client.ListFeatures(ctx, name, p)
		return page.Features, page.NextPageToken, err
	})
	for f, err := range features {
		if err != nil {
			return err
		}
		if f.ProvisioningState == api.Final {
			final++
		}
	}
	n.mu.Lock()
	l.heard = final >= enoughFeatures
	n.mu.Unlock()
	n.conclude(l)
	return nil
}

// conclude tells our cloud, once, that the connection is verified. The cloud is
// told by itself, because it may be in a call to this Node.
func (n *Node) conclude(l *link) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if l.told || l.telling || !l.verified() || n.cloud == nil {
		return
	}
	l.telling = true
	cloud := n.cloud
	n.after(0, func(ctx context.Context) {
		if !n.has(l) {
			return
		}
		// A cloud that no longer has its half has nothing to complete.
		_ = cloud.NotifyConnectionStatus(ctx, l.quad.environment, l.id)
		n.mu.Lock()
		defer n.mu.Unlock()
		l.telling, l.told = false, true
	})
}

// has says whether a connection is still there: it was neither deleted nor
// replaced by Restore.
func (n *Node) has(l *link) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.links[linkKey{l.quad.environment, l.id}] == l
}

// announceSoon announces without making the caller wait. What fails is tried
// again after 1, 2, 4, 8, 16 and 32 seconds (Connection Coordinator API:
// exponential backoff for up to 60 seconds), then when the connection changes
// next, and by the sweep.
func (n *Node) announceSoon(l *link) { n.announceIn(0, time.Second, l) }

// announceIn announces once d has passed, and again after a pause.
func (n *Node) announceIn(d, pause time.Duration, l *link) {
	const longest = 32 * time.Second
	n.after(d, func(ctx context.Context) {
		if !n.has(l) {
			return
		}
		if err := n.announce(ctx, l); err != nil && pause <= longest {
			n.announceIn(pause, 2*pause, l)
		}
	})
}
