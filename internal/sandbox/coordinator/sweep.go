package coordinator

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator/api"
)

const (
	// sweepAfter is how long a connection may be unfinished, or on one side
	// only, before either provider may delete it (Connection Coordinator API,
	// Connection).
	sweepAfter = 7 * 24 * time.Hour
	// sweepEvery is how often it is looked for such connections.
	sweepEvery = 24 * time.Hour
)

// sweepLater sweeps in a day, and again every day.
func (n *Node) sweepLater() {
	stop := n.after(sweepEvery, func(ctx context.Context) {
		_ = n.Sweep(ctx) // what failed is tried again tomorrow
		n.sweepLater()
	})
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.closed {
		stop()
	}
	n.stopSweep = stop
}

// Sweep deletes connections that were not verified within seven days of the
// clock, and those that one side alone has been seen to have for as long. What
// it leaves of those that this side negotiates is given the features it lacks.
// A Node does this once a day of its clock by itself.
func (n *Node) Sweep(ctx context.Context) error {
	cloud, client, err := n.parties()
	if err != nil {
		return err
	}
	n.mu.Lock()
	links := make([]*link, 0, len(n.links))
	for _, l := range n.links {
		links = append(links, l)
	}
	n.mu.Unlock()
	var errs []error
	for _, l := range links {
		errs = append(errs, n.sweepLink(ctx, cloud, client, l))
	}
	return errors.Join(errs...)
}

// sweepLink sweeps one connection.
func (n *Node) sweepLink(ctx context.Context, cloud Server, client *api.Client, l *link) error {
	name := n.asks(l.quad).Connection(l.id)
	_, here := cloud.GetConnection(ctx, l.quad.environment, l.id)
	_, there := client.GetConnection(ctx, name)
	for _, err := range []error{here, there} {
		if err != nil && statusOf(err) != http.StatusNotFound {
			return err
		}
	}
	if !n.overdue(l, here != nil || there != nil) {
		if here == nil && there == nil {
			return n.topUp(ctx, l)
		}
		return nil
	}
	if there == nil {
		if err := client.DeleteConnection(ctx, name); err != nil && statusOf(err) != http.StatusNotFound {
			return err
		}
	}
	if here == nil {
		if err := cloud.DeleteConnection(ctx, l.quad.environment, l.id); err != nil && statusOf(err) != http.StatusNotFound {
			return err
		}
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.spend(l)
	n.forget(l)
	return nil
}

// overdue says whether a connection may be deleted. oneSided is what was seen of
// it just now.
func (n *Node) overdue(l *link, oneSided bool) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	now := n.cfg.Clock.Now()
	switch {
	case !oneSided:
		l.alone = time.Time{}
	case l.alone.IsZero():
		l.alone = now
	}
	return !l.told && now.Sub(l.created) >= sweepAfter ||
		!l.alone.IsZero() && now.Sub(l.alone) >= sweepAfter
}

// topUp negotiates the channels of a connection that have no feature yet, and
// tells the peer what it has not been told.
func (n *Node) topUp(ctx context.Context, l *link) error {
	n.mu.Lock()
	lacking := l.negotiates && len(l.features) < len(l.quad.channels)
	n.mu.Unlock()
	if lacking {
		if err := n.negotiate(ctx, l); err != nil {
			return err
		}
	}
	return n.announce(ctx, l)
}
