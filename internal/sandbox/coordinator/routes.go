package coordinator

import (
	"context"
	"net/http"
	"net/netip"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator/api"
)

// RouteTaker is a Server that is told routes. Two real clouds tell each other by
// BGP on the channels of a connection; a sandbox has no channels that carry
// packets, so its clouds tell each other by a path of their own below the
// connection, which the OpenAPI document does not have.
type RouteTaker interface {
	// AdvertiseRoutes replaces all prefixes that the caller offers over a
	// connection; 404 when it is unknown.
	AdvertiseRoutes(ctx context.Context, environment, id string, prefixes []string) error
}

var (
	_ RouteTaker = (*Node)(nil)
	_ RouteTaker = refusingPartner{}
)

// Advertise tells a partner the prefixes that are offered over a connection, if
// it takes any.
func Advertise(ctx context.Context, partner Server, environment, id string, prefixes []string) error {
	if taker, ok := partner.(RouteTaker); ok {
		return taker.AdvertiseRoutes(ctx, environment, id, prefixes)
	}
	return nil
}

// AdvertiseRoutes tells the partner; it is never refused.
func (p refusingPartner) AdvertiseRoutes(ctx context.Context, environment, id string, prefixes []string) error {
	return Advertise(ctx, p.Server, environment, id, prefixes)
}

// AdvertiseRoutes tells the peer what our cloud offers.
func (n *Node) AdvertiseRoutes(ctx context.Context, environment, id string, prefixes []string) error {
	return n.onLink(ctx, environment, id, func(ctx context.Context, client *api.Client, l *link) error {
		return client.AdvertiseRoutes(ctx, n.asks(l.quad).Connection(id), api.AdvertiseRoutesRequest{Prefixes: prefixes})
	})
}

// advertiseRoutes takes note of what the peer offers.
func (n *Node) advertiseRoutes(r *request) (any, error) {
	in, err := read[api.AdvertiseRoutesRequest](r)
	if err != nil {
		return nil, err
	}
	for _, text := range in.Prefixes {
		if p, err := netip.ParsePrefix(text); err != nil || p != p.Masked() {
			return nil, refuse(http.StatusBadRequest, "%q is not a prefix", text)
		}
	}
	l, err := n.lockedConnection(r)
	if err != nil {
		return nil, err
	}
	cloud, _, err := n.parties()
	if err != nil {
		return nil, err
	}
	return api.Empty{}, Advertise(r.ctx, cloud, l.quad.environment, l.id, in.Prefixes)
}
