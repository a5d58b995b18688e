package coordinator

import (
	"context"

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
	if l.told || !l.verified() || n.cloud == nil {
		return
	}
	l.told = true
	cloud := n.cloud
	n.after(0, func(ctx context.Context) {
		// A cloud that no longer has its half has nothing to complete.
		_ = cloud.NotifyConnectionStatus(ctx, l.quad.environment, l.id)
	})
}

// announceSoon announces without making the caller wait. What fails is tried
// again when the connection changes next, and by the sweep.
func (n *Node) announceSoon(l *link) {
	n.after(0, func(ctx context.Context) { _ = n.announce(ctx, l) })
}
