package coordinator

import (
	"net/http"
	"strings"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator/api"
)

// shownConnection is a connection in the API, with the bandwidth that our cloud
// gives it now. It is 404 when our cloud no longer has its half.
func (n *Node) shownConnection(r *request, l *link) (api.Connection, error) {
	cloud, _, err := n.parties()
	if err != nil {
		return api.Connection{}, err
	}
	half, err := cloud.GetConnection(r.ctx, l.quad.environment, l.id)
	if err != nil {
		return api.Connection{}, err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	state := api.Unverified
	if l.verified() {
		state = api.Verified
	}
	return api.Connection{
		Name: n.asked(l.quad).Connection(l.id), ActivationKey: l.key, BandwidthMbps: half.BandwidthMbps,
		AdminState: api.AdminEnabled, VerificationState: state,
	}, nil
}

func (n *Node) getConnection(r *request) (any, error) {
	l, err := n.lockedConnection(r)
	if err != nil {
		return nil, err
	}
	return n.shownConnection(r, l)
}

func (n *Node) listConnections(r *request) (any, error) {
	q, err := n.interconnect(r)
	if err != nil {
		return nil, err
	}
	var links []*link
	n.mu.Lock()
	for _, l := range n.links {
		if l.quad == q {
			links = append(links, l)
		}
	}
	n.mu.Unlock()
	page, next, err := cut(n.pages, r, links, func(l *link) string { return l.id })
	if err != nil {
		return nil, err
	}
	out := api.ListConnectionsResponse{NextPageToken: next}
	for _, l := range page {
		shown, err := n.shownConnection(r, l)
		if statusOf(err) == http.StatusNotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		out.Connections = append(out.Connections, shown)
	}
	return out, nil
}

// createConnection makes our half of a link whose key the peer's customer
// brought. The peer has its own half already.
func (n *Node) createConnection(r *request) (any, error) {
	q, err := n.interconnect(r)
	if err != nil {
		return nil, err
	}
	id, err := r.newID("connectionId")
	if err != nil {
		return nil, err
	}
	in, err := read[api.Connection](r)
	switch {
	case err != nil:
		return nil, err
	case in.DeferProvisioning:
		return nil, refuse(http.StatusBadRequest, "this provider does not take over provisioning")
	case in.ActivationKey == "" || len(in.ActivationKey) > activation.MaxLength:
		return nil, refuse(http.StatusBadRequest, "activationKey is required and has at most %d bytes", activation.MaxLength)
	case n.isSpent(in.ActivationKey):
		return nil, refuse(http.StatusBadRequest, "the activation key was used up")
	}
	cloud, _, err := n.parties()
	if err != nil {
		return nil, err
	}
	want := Connection{ID: id, Environment: q.environment, ActivationKey: in.ActivationKey, BandwidthMbps: in.BandwidthMbps}
	n.mu.Lock()
	l, err := n.newLink(q, want, false)
	n.mu.Unlock()
	if err != nil {
		return nil, err
	}
	if _, err := cloud.CreateConnection(r.ctx, want); err != nil {
		n.mu.Lock()
		defer n.mu.Unlock()
		n.forget(l)
		return nil, err
	}
	return n.shownConnection(r, l)
}

// updateConnection asks our cloud for its consent to another bandwidth, the one
// field that can be updated.
func (n *Node) updateConnection(r *request) (any, error) {
	l, err := n.lockedConnection(r)
	if err != nil {
		return nil, err
	}
	in, err := read[api.Connection](r)
	if err != nil {
		return nil, err
	}
	if err := checkMask(r.URL.Query().Get("updateMask")); err != nil {
		return nil, err
	}
	cloud, _, err := n.parties()
	if err != nil {
		return nil, err
	}
	n.mu.Lock()
	before := l.mbps
	err = l.resize(in.BandwidthMbps)
	n.mu.Unlock()
	if err != nil {
		return nil, err
	}
	_, err = cloud.UpdateConnection(r.ctx, Connection{ID: l.id, Environment: l.quad.environment, BandwidthMbps: in.BandwidthMbps})
	n.settle(l, before, err == nil)
	if err != nil {
		return nil, err
	}
	agreed, err := n.shownConnection(r, l)
	agreed.BandwidthMbps = in.BandwidthMbps
	return agreed, err
}

// checkMask refuses an update of anything but the bandwidth. No mask means the
// fields that the body has, of which only that one can be updated.
func checkMask(mask string) error {
	if mask == "" || mask == "*" {
		return nil
	}
	for field := range strings.SplitSeq(mask, ",") {
		if field = strings.TrimSpace(field); field != "bandwidthMbps" && field != "bandwidth_mbps" {
			return refuse(http.StatusBadRequest, "%q cannot be updated", field)
		}
	}
	return nil
}

// deleteConnection takes note that the peer's half is being deleted, which
// cannot be declined. Our cloud decides what becomes of its own half; in the API
// the connection is gone, with its features, and its key is spent.
func (n *Node) deleteConnection(r *request) (any, error) {
	l, err := n.lockedConnection(r)
	if err != nil {
		return nil, err
	}
	cloud, _, err := n.parties()
	if err != nil {
		return nil, err
	}
	err = cloud.DeleteConnection(r.ctx, l.quad.environment, l.id)
	if err != nil && statusOf(err) != http.StatusNotFound {
		return nil, err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.spend(l)
	n.forget(l)
	return api.Empty{}, nil
}

// generateFeatureGuidance says what may be chosen on every channel.
func (n *Node) generateFeatureGuidance(r *request) (any, error) {
	if _, err := read[api.Empty](r); err != nil {
		return nil, err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	l, err := n.connection(r)
	if err != nil {
		return nil, err
	}
	var out api.GenerateFeatureGuidanceResponse
	for _, c := range l.quad.channels {
		g := n.cfg.Self.Guidance
		out.FeatureGuidance = append(out.FeatureGuidance, api.FeatureGuidance{
			FeatureType: api.L3Base, Channel: n.asked(l.quad).Channel(c.id),
			ChannelAdminState: c.adminState(), L3BaseGuidance: &g,
		})
	}
	return out, nil
}

// notifyConnectionStatus looks at the peer's side of a connection at once.
func (n *Node) notifyConnectionStatus(r *request) (any, error) {
	if _, err := read[api.Empty](r); err != nil {
		return nil, err
	}
	l, err := n.lockedConnection(r)
	if err != nil {
		return nil, err
	}
	if err := n.refresh(r.ctx, l); err != nil {
		return nil, unavailable("the connection could not be refreshed")
	}
	return api.Empty{}, nil
}
