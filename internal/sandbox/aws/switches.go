package aws

import "time"

// Switches are the choices that AWS's documents leave open, or on which they
// disagree. All are inferred; the zero value is the likelier reading of each.
type Switches struct {
	// UnknownConnection is the answer to a well-formed id that does not exist
	// (inferred: the service model's AccessDeniedException reads "not allowed
	// or the resource does not exist"). Default: UnknownIsNotFound.
	UnknownConnection UnknownConnection
	// AcceptedKeyVisible says whether an accepted connection shows its
	// activation key (inferred). False: the member is left out, as the
	// acceptance tests of hashicorp/aws expect. True: it is shown, as the
	// service model's "required" says.
	AcceptedKeyVisible bool
	// EventualConsistency is how many reads of a new connection answer as if
	// it did not exist, a ListConnections that leaves it out among them
	// (inferred: public clients wait for two hits in a row). Default: 0, every
	// read sees it.
	EventualConsistency int
	// IdempotencyRetention is how long a client token is remembered (inferred).
	// 0 means 24 hours.
	IdempotencyRetention time.Duration
	// KeyTTL is how long an unused activation key is good for (inferred from
	// the Connection Coordinator API, where either side may drop a one-sided
	// connection after seven days). 0 means 7 days.
	KeyTTL time.Duration
	// KeyExpiry is what becomes of a connection whose key nobody redeemed in
	// time (inferred). Default: ExpiryDeletes.
	KeyExpiry KeyExpiry
	// PartnerDelete is what becomes of our half when the partner deletes its
	// own (inferred: AWS says only that each side needs its own delete).
	// Default: PartnerDeleteDown.
	PartnerDelete PartnerDelete
	// AsyncBandwidthRefusal says how a partner's refusal of a bandwidth shows
	// (inferred). False: UpdateConnection answers InterconnectClientException.
	// True: it answers `updating` and the connection returns to its old
	// bandwidth without a word.
	AsyncBandwidthRefusal bool
	// AcceptorMayUpdateBandwidth says whether a connection that the partner
	// proposed can change its bandwidth here (inferred). False:
	// InterconnectClientException; the acceptor of hashicorp/aws cannot change
	// it either. True: it changes as for any other connection.
	AcceptorMayUpdateBandwidth bool
	// DeletedInLists says whether ListConnections shows deleted connections
	// while GetConnection still does (inferred). False: only with the filter
	// state=deleted. True: always.
	DeletedInLists bool
	// FreeTierCheck is what becomes of requests for 500 Mbps, the free tier
	// (inferred). Default: FreeTierOnePerRegion.
	FreeTierCheck FreeTierCheck
	// RefusePeerUpdate says whether AWS refuses the bandwidth changes that the
	// partner asks for (the Connection Coordinator API lets either side refuse
	// for any reason). False: it agrees to a size it sells. True: 400.
	RefusePeerUpdate bool
	// BillingTier is the tier that a connection shows once it is available,
	// 1 to 8 (inferred: AWS picks the lowest tier that covers all paths). 0
	// means 1.
	BillingTier int
	// PolicyDenies says whether a service control policy of the organization
	// denies interconnect:* to every account, which directconnect:* says
	// nothing of. False: there is none. True: 403, in the words of the IAM user
	// guide.
	PolicyDenies bool
}

// UnknownConnection is how an unknown connection is answered.
type UnknownConnection int

// The values of UnknownConnection.
const (
	// UnknownIsNotFound answers ResourceNotFoundException (404).
	UnknownIsNotFound UnknownConnection = iota
	// UnknownIsDenied answers AccessDeniedException (403).
	UnknownIsDenied
)

// KeyExpiry is what becomes of a connection whose key has expired.
type KeyExpiry int

// The values of KeyExpiry.
const (
	// ExpiryDeletes moves the connection to deleted.
	ExpiryDeletes KeyExpiry = iota
	// ExpiryFails moves the connection to failed, where it stays.
	ExpiryFails
)

// PartnerDelete is what becomes of our half when the partner deletes its own.
type PartnerDelete int

// The values of PartnerDelete. A half that was still pending fails whatever the
// position: it can never be provisioned.
const (
	// PartnerDeleteDown leaves our half down for good.
	PartnerDeleteDown PartnerDelete = iota
	// PartnerDeleteFailed leaves it failed.
	PartnerDeleteFailed
	// PartnerDeleteAvailable leaves it as it is.
	PartnerDeleteAvailable
)

// FreeTierCheck is how requests for 500 Mbps are met.
type FreeTierCheck int

// The values of FreeTierCheck.
const (
	// FreeTierOnePerRegion refuses a second one in the same region and with
	// the same provider with InterconnectValidationException.
	FreeTierOnePerRegion FreeTierCheck = iota
	// FreeTierCharged makes the second one a paid connection.
	FreeTierCharged
	// FreeTierBillingUnverified refuses every one with the message AWS gives
	// to accounts whose billing information it could not verify.
	FreeTierBillingUnverified
)

// withDefaults fills the durations and the tier.
func (s Switches) withDefaults() Switches {
	s.IdempotencyRetention = orDefault(s.IdempotencyRetention, 24*time.Hour)
	s.KeyTTL = orDefault(s.KeyTTL, 7*24*time.Hour)
	s.BillingTier = orDefault(s.BillingTier, 1)
	return s
}
