package aws

import (
	"time"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/switches"
)

// NamedSwitches are all fields of Switches, so that they can be set by name.
func NamedSwitches() []switches.Switch[Switches] {
	type s = Switches
	return []switches.Switch[s]{
		switches.Choice("UnknownConnection", func(s *s) *UnknownConnection { return &s.UnknownConnection },
			map[string]UnknownConnection{"not-found": UnknownIsNotFound, "denied": UnknownIsDenied}),
		switches.Bool("AcceptedKeyVisible", func(s *s) *bool { return &s.AcceptedKeyVisible }),
		switches.Int("EventualConsistency", func(s *s) *int { return &s.EventualConsistency }, "2"),
		switches.Duration("IdempotencyRetention", func(s *s) *time.Duration { return &s.IdempotencyRetention }, "1m"),
		switches.Duration("KeyTTL", func(s *s) *time.Duration { return &s.KeyTTL }, "10m"),
		switches.Choice("KeyExpiry", func(s *s) *KeyExpiry { return &s.KeyExpiry },
			map[string]KeyExpiry{"deletes": ExpiryDeletes, "fails": ExpiryFails}),
		switches.Choice("PartnerDelete", func(s *s) *PartnerDelete { return &s.PartnerDelete },
			map[string]PartnerDelete{"down": PartnerDeleteDown, "failed": PartnerDeleteFailed, "available": PartnerDeleteAvailable}),
		switches.Bool("AsyncBandwidthRefusal", func(s *s) *bool { return &s.AsyncBandwidthRefusal }),
		switches.Bool("AcceptorMayUpdateBandwidth", func(s *s) *bool { return &s.AcceptorMayUpdateBandwidth }),
		switches.Bool("DeletedInLists", func(s *s) *bool { return &s.DeletedInLists }),
		switches.Choice("FreeTierCheck", func(s *s) *FreeTierCheck { return &s.FreeTierCheck },
			map[string]FreeTierCheck{"one-per-region": FreeTierOnePerRegion, "charged": FreeTierCharged, "billing-unverified": FreeTierBillingUnverified}),
		switches.Bool("RefusePeerUpdate", func(s *s) *bool { return &s.RefusePeerUpdate }),
		switches.Bool("PolicyDenies", func(s *s) *bool { return &s.PolicyDenies }).Amiss(),
		switches.Int("BillingTier", func(s *s) *int { return &s.BillingTier }, "3"),
	}
}
