package google

import (
	"slices"
	"time"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
)

// Overall statuses of a transport, from the best to the worst (v1beta,
// GetStatusResponse.OverallStatus). That the order of the enum is the order of
// how critical they are is inferred.
const (
	OverallStatusActive       = "ACTIVE"
	OverallStatusPendingKey   = "PENDING_KEY"
	OverallStatusConfiguring  = "CONFIGURING"
	OverallStatusDisconnected = "DISCONNECTED"
	OverallStatusDown         = "DOWN"
)

// Connectivity statuses of a transport: whether the peering or the hub on this
// side is as it should be (v1beta, GetStatusResponse.ConnectivityStatus).
const (
	ConnectivityStatusConnected    = "CONNECTIVITY_STATUS_CONNECTED"
	ConnectivityStatusDisconnected = "CONNECTIVITY_STATUS_DISCONNECTED"
)

// MACsec statuses (v1beta, GetStatusResponse.MacSecStatus). That the links
// between the clouds fail closed is inferred.
const (
	macSecFailClosed    = "MAC_SEC_STATUS_ACTIVE_FAIL_CLOSED"
	macSecNotConfigured = "MAC_SEC_STATUS_NOT_CONFIGURED"
)

// transportStatus is a transport's status on the wire (v1beta,
// GetStatusResponse).
type transportStatus struct {
	OverallStatus      string `json:"overallStatus"`
	OperationalStatus  string `json:"operationalStatus"`
	ConnectivityStatus string `json:"connectivityStatus"`
	MacSecStatus       string `json:"macSecStatus"`
}

// cachedStatus is a status and when it was computed.
type cachedStatus struct {
	at     time.Time
	status transportStatus
}

// status computes a transport's status. The lock is held.
func (c *Cloud) status(t *transport) transportStatus {
	s := transportStatus{
		OperationalStatus: t.operational(), ConnectivityStatus: c.connectivity(t), MacSecStatus: macSecNotConfigured,
	}
	if t.joined {
		s.MacSecStatus = macSecFailClosed
	}
	s.OverallStatus = s.overall(t.shown())
	return s
}

// overall is the most critical of the components. Before the link is up for the
// first time its state says more than they do (inferred).
func (s transportStatus) overall(state string) string {
	switch state {
	case StatePendingKey:
		return OverallStatusPendingKey
	case StateCreating, StatePendingConfig:
		return OverallStatusConfiguring
	}
	order := []string{OverallStatusActive, OverallStatusDisconnected, OverallStatusDown}
	worst := 0
	if s.ConnectivityStatus != ConnectivityStatusConnected {
		worst = slices.Index(order, OverallStatusDisconnected)
	}
	if s.OperationalStatus != OperationalStatusActive {
		worst = slices.Index(order, OverallStatusDown)
	}
	return order[worst]
}

// connectivity says whether the transport is attached on this side: its network
// is peered with it, or its hub has its spokes. The lock is held.
func (c *Cloud) connectivity(t *transport) string {
	connected := t.hub != "" && !t.rejected
	if p := c.peeringWith(t); p != nil {
		n := c.networks[t.network.String()]
		connected = c.peeringState(n, p).state == peeringActive
	}
	if connected {
		return ConnectivityStatusConnected
	}
	return ConnectivityStatusDisconnected
}

// getStatus answers transports.getStatus. Unless the caller skips the cache, the
// answer may be as old as Switches.StatusCache says.
func (c *Cloud) getStatus(k *call) (any, *apiError) {
	skip := k.query.Get("skipCache")
	if skip != "" && skip != "true" && skip != "false" {
		return nil, refuse(invalidArgument, "Invalid value at 'skip_cache' (TYPE_BOOL), %q", skip)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	t, fail := c.transportNamed(k)
	if fail != nil {
		return nil, fail
	}
	fresh := t.cached.status != (transportStatus{}) && c.now().Sub(t.cached.at) < c.switches.StatusCache
	if skip == "true" || !fresh {
		t.cached = cachedStatus{c.now(), c.status(t)}
	}
	return t.cached.status, nil
}

// fromActivationKey answers remoteTransportProfiles.fromActivationKey: which
// profile a key of the other cloud is for. The issuer is not asked.
func (c *Cloud) fromActivationKey(k *call) (any, *apiError) {
	c.mu.Lock()
	defer c.mu.Unlock()
	p, err := activation.NewKey(k.query.Get("activationKey")).Decode()
	if err != nil {
		return nil, refuse(invalidArgument, "The activation key is not valid: it could not be decoded.")
	}
	found, ok := c.profileFor(k.location, environmentOf(p))
	switch {
	case !ok:
		return nil, refuse(invalidArgument, "The activation key is not valid: it was issued for another environment.")
	case p.AccountID != k.project.id:
		return nil, refuse(invalidArgument, "The activation key is not valid: it was issued for another project.")
	}
	return struct {
		RemoteTransportProfile profileResource `json:"remoteTransportProfile"`
	}{found.resource(k.project, k.version)}, nil
}
