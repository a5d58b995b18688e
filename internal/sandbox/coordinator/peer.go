package coordinator

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator/api"
)

// What a Node does for its own cloud: it is the cloud's peer.

// statusOf is the status of a refusal, 0 for any other failure.
func statusOf(err error) int {
	if refusal, ok := errors.AsType[*Error](err); ok {
		return refusal.Status
	}
	return 0
}

// ConfirmActivationKey asks the issuer whether a key is good.
func (n *Node) ConfirmActivationKey(ctx context.Context, environment, encodedKey string) (bool, error) {
	ctx, end, err := n.begin(ctx)
	if err != nil {
		return false, err
	}
	defer end()
	_, client, err := n.parties()
	if err != nil {
		return false, err
	}
	name := api.Place{Provider: n.cfg.Self.ID, Environment: environment}.EnvironmentName()
	reply, err := client.ConfirmActivationKey(ctx, name, api.ConfirmActivationKeyRequest{EncodedKey: encodedKey})
	return reply.KeyValid, err
}

// CreateConnection makes a connection whose key our cloud's customer brought: on
// our side first, then at the issuer, whereupon the features are negotiated. 409
// when it exists. A refusal leaves nothing behind. Fewer features than a
// connection needs are not an error: it waits, and is swept away in the end.
func (n *Node) CreateConnection(ctx context.Context, c Connection) (Connection, error) {
	ctx, end, err := n.begin(ctx)
	if err != nil {
		return Connection{}, err
	}
	defer end()
	_, client, err := n.parties()
	if err != nil {
		return Connection{}, err
	}
	l, err := n.claim(c)
	if err != nil {
		return Connection{}, err
	}
	certain, err := n.createThere(ctx, client, l)
	n.mu.Lock()
	l.uncertain = !certain
	if err != nil && certain {
		n.forget(l)
	}
	n.mu.Unlock()
	if err != nil {
		return Connection{}, err
	}
	if err := n.negotiate(ctx, l); err != nil {
		return Connection{}, errors.Join(err, n.abandon(ctx, client, l))
	}
	return Connection{ID: c.ID, Environment: c.Environment, ActivationKey: c.ActivationKey, BandwidthMbps: c.BandwidthMbps}, nil
}

// claim reserves a connection that our cloud wants, on the interconnect with the
// lowest id that has room. One that an earlier attempt left in doubt is taken up
// again.
func (n *Node) claim(c Connection) (*link, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if l := n.links[linkKey{c.Environment, c.ID}]; l != nil && l.uncertain && l.key == c.ActivationKey && l.mbps == c.BandwidthMbps {
		return l, nil
	}
	quads := n.quadsOf(c.Environment)
	if len(quads) == 0 {
		return nil, refuse(http.StatusNotFound, "environment %q does not exist", c.Environment)
	}
	at := slices.IndexFunc(quads, func(q *quad) bool { return q.hasRoom(c.BandwidthMbps) })
	return n.newLink(quads[max(at, 0)], c, true)
}

// createThere makes the connection at the issuer. Where the reply is lost, or an
// earlier attempt's was, it looks whether the issuer has it. certain says that
// what failed has left nothing there.
func (n *Node) createThere(ctx context.Context, client *api.Client, l *link) (certain bool, err error) {
	place := n.asks(l.quad)
	name := place.Connection(l.id)
	_, err = client.CreateConnection(ctx, place.Name(), l.id, api.Connection{Name: name, ActivationKey: l.key, BandwidthMbps: l.mbps})
	if err == nil {
		return true, nil
	}
	n.mu.Lock()
	doubt := api.Uncertain(err) || l.uncertain && statusOf(err) == http.StatusConflict
	n.mu.Unlock()
	if !doubt {
		return true, err
	}
	got, lookErr := client.GetConnection(ctx, name)
	if lookErr == nil && got.ActivationKey == l.key {
		return true, nil
	}
	return statusOf(lookErr) == http.StatusNotFound, err
}

// abandon takes back a connection that cannot be negotiated.
func (n *Node) abandon(ctx context.Context, client *api.Client, l *link) error {
	err := client.DeleteConnection(ctx, n.asks(l.quad).Connection(l.id))
	n.mu.Lock()
	defer n.mu.Unlock()
	if err == nil || statusOf(err) == http.StatusNotFound {
		n.forget(l)
		return nil
	}
	l.uncertain = true
	return err
}

// GetConnection is the connection as the peer sees it; 404 when either side does
// not have it.
func (n *Node) GetConnection(ctx context.Context, environment, id string) (Connection, error) {
	var got api.Connection
	err := n.onLink(ctx, environment, id, func(ctx context.Context, client *api.Client, l *link) (err error) {
		got, err = client.GetConnection(ctx, n.asks(l.quad).Connection(id))
		return err
	})
	if err != nil {
		return Connection{}, err
	}
	return Connection{
		ID: id, Environment: environment, ActivationKey: got.ActivationKey,
		BandwidthMbps: got.BandwidthMbps, Verified: got.VerificationState == api.Verified,
	}, nil
}

// onLink does something to a connection that this side has; 404 otherwise.
func (n *Node) onLink(ctx context.Context, environment, id string, f func(context.Context, *api.Client, *link) error) error {
	ctx, end, err := n.begin(ctx)
	if err != nil {
		return err
	}
	defer end()
	_, client, err := n.parties()
	if err != nil {
		return err
	}
	n.mu.Lock()
	l, err := n.link(environment, id)
	n.mu.Unlock()
	if err != nil {
		return err
	}
	return f(ctx, client, l)
}

// UpdateConnection asks the peer for its consent to another bandwidth. While it
// is asked, the peer's own wishes are refused, and a second one of our cloud
// gets 409.
func (n *Node) UpdateConnection(ctx context.Context, c Connection) (Connection, error) {
	err := n.onLink(ctx, c.Environment, c.ID, func(ctx context.Context, client *api.Client, l *link) error {
		n.mu.Lock()
		before := l.mbps
		err := l.resize(c.BandwidthMbps)
		n.mu.Unlock()
		if err != nil {
			return err
		}
		_, err = client.UpdateBandwidth(ctx, n.asks(l.quad).Connection(l.id), c.BandwidthMbps)
		n.settle(l, before, err == nil)
		return err
	})
	return c, err
}

// DeleteConnection tells the peer that our cloud deletes its half. The
// connection's features go with it on both sides, and its key is spent.
func (n *Node) DeleteConnection(ctx context.Context, environment, id string) error {
	return n.onLink(ctx, environment, id, func(ctx context.Context, client *api.Client, l *link) error {
		err := client.DeleteConnection(ctx, n.asks(l.quad).Connection(id))
		if err != nil && statusOf(err) != http.StatusNotFound {
			return err
		}
		n.mu.Lock()
		defer n.mu.Unlock()
		n.spend(l)
		n.forget(l)
		return nil
	})
}

// NotifyConnectionStatus takes note that our cloud has finished its work: our
// features are final. The peer is told as soon as there are enough of them.
func (n *Node) NotifyConnectionStatus(ctx context.Context, environment, id string) error {
	return n.onLink(ctx, environment, id, func(ctx context.Context, _ *api.Client, l *link) error {
		n.mu.Lock()
		l.done = true
		for _, f := range l.features {
			f.final = true
		}
		n.mu.Unlock()
		return n.announce(ctx, l)
	})
}
