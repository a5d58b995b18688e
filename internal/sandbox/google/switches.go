package google

import "time"

// Switches settle what the sources leave open or where they disagree. The zero
// value of each is the default that its comment names first.
type Switches struct {
	// NetworkConnectivityDisabled and ComputeDisabled are off: the services are
	// enabled. On: every call of that service answers 403 SERVICE_DISABLED.
	NetworkConnectivityDisabled, ComputeDisabled bool

	// KeyErrorsSynchronous is off: a bad activation key makes the operation
	// fail, and the transport goes away with it. On: the create or patch call
	// itself answers 400. Which one Google does is not known.
	KeyErrorsSynchronous bool

	// EchoProvidedKey is off: providedActivationKey is not given back by get
	// and list. On: it is. The discovery document does not mark it input-only,
	// so either may be true.
	EchoProvidedKey bool

	// KeyTTL is how long a transport that nobody joined stays. 0 means 7 days,
	// the time after which the open API lets either cloud delete such a
	// connection. A negative value means for ever.
	KeyTTL time.Duration

	// BandwidthPatch is Allow: a patch may change bandwidth, as the discovery
	// document and gcloud have it. Refuse: 400, as Google's how-to pages have it,
	// which name description and advertisedRoutes alone.
	BandwidthPatch Policy

	// StackTypePatch is Allow: a patch may change stackType, as the discovery
	// document and gcloud have it. Refuse: 400, as the Network Connectivity
	// Center release notes have it.
	StackTypePatch Policy

	// RefusePeerUpdate is off: a bandwidth change that the other cloud asks for
	// is accepted when the size is sold. On: it is refused with 400.
	RefusePeerUpdate bool

	// RefusePeerConnection is off: the other cloud's customer may redeem a key
	// that was issued here. On: the open API answers 400 to that.
	RefusePeerConnection bool

	// AllowDeleteWhileCreating is off: deleting a transport in CREATING answers
	// 400 FAILED_PRECONDITION. On: the deletion starts and the create operation
	// ends as aborted. Inferred, both.
	AllowDeleteWhileCreating bool

	// KeepPeerOnDelete is off: deleting a transport tells the other cloud, which
	// the open API requires. On: it is not told, which is what Google's how-to
	// page says ("doesn't delete your resource on the AWS side").
	KeepPeerOnDelete bool

	// RefuseDeleteWithPeering is off: a transport that a network is peered with
	// is deleted, and the peering becomes INACTIVE. On: 400 FAILED_PRECONDITION.
	// Inferred, both.
	RefuseDeleteWithPeering bool

	// DuplicatePeeringInvalid is off: a peering whose name, or peer network, a
	// network has already answers 409. On: 400. Inferred, both.
	DuplicatePeeringInvalid bool

	// RoutePaths is how often listPeeringRoutes lists each prefix that a link
	// brings. 0 means 2: Google's how-to page shows more than one, which is
	// inferred to be one for each path.
	RoutePaths int

	// StatusCache is how old the answer to getStatus may be unless the caller
	// skips the cache. 0 is always fresh.
	StatusCache time.Duration

	// TokenTTL is how long an access token of the token endpoint is good, on the
	// sandbox's clock. 0 means an hour, as at Google. A negative value means for
	// ever, for a clock that runs faster than the callers' own.
	TokenTTL time.Duration

	// QuotaAsForbidden is off: a transport over quota answers 429
	// RESOURCE_EXHAUSTED. On: 403 PERMISSION_DENIED. Inferred, both.
	QuotaAsForbidden bool

	// ClosedAsExhausted is off: ordering from a profile whose orderState is
	// CLOSED answers 400 FAILED_PRECONDITION. On: 429 RESOURCE_EXHAUSTED.
	// Inferred, both.
	ClosedAsExhausted bool

	// RefuseNetworkWithHub is off: a transport with both a hub and a network is
	// accepted and its network is blanked. On: 400. The message has no oneof,
	// and Google's team asks for an empty network beside a hub.
	RefuseNetworkWithHub bool

	// PerimeterBlocks is off. On: a create operation never ends and the
	// transport stays in CREATING, as behind VPC Service Controls that do not
	// let Google's transport manager through.
	PerimeterBlocks bool

	// ServiceAgentMissing is off. On: a create operation fails because the
	// project's gcp-sa-networkconnectivity account was not found, as happens
	// when the API was enabled a moment ago.
	ServiceAgentMissing bool
}

// Policy says whether something is permitted.
type Policy int

// The policies.
const (
	// Allow permits it.
	Allow Policy = iota
	// Refuse answers 400.
	Refuse
)

// defaultKeyTTL is the time after which the open API lets a connection that was
// never finalised be deleted (Connection Coordinator API, Connection).
const defaultKeyTTL = 7 * 24 * time.Hour

// defaultTokenTTL is how long Google's access tokens are good.
const defaultTokenTTL = time.Hour

// defaultRoutePaths is how often a route is listed.
const defaultRoutePaths = 2

// keyTTL is the time that a transport waits to be joined; false means for ever.
func (s Switches) keyTTL() (time.Duration, bool) {
	switch {
	case s.KeyTTL < 0:
		return 0, false
	case s.KeyTTL == 0:
		return defaultKeyTTL, true
	}
	return s.KeyTTL, true
}
