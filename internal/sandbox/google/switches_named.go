package google

import (
	"time"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/switches"
)

// NamedSwitches are all fields of Switches, so that they can be set by name.
func NamedSwitches() []switches.Switch[Switches] {
	type s = Switches
	policies := map[string]Policy{"allow": Allow, "refuse": Refuse}
	return []switches.Switch[s]{
		switches.Bool("NetworkConnectivityDisabled", func(s *s) *bool { return &s.NetworkConnectivityDisabled }).Amiss(),
		switches.Bool("ComputeDisabled", func(s *s) *bool { return &s.ComputeDisabled }).Amiss(),
		switches.Bool("KeyErrorsSynchronous", func(s *s) *bool { return &s.KeyErrorsSynchronous }),
		switches.Bool("EchoProvidedKey", func(s *s) *bool { return &s.EchoProvidedKey }),
		switches.Duration("KeyTTL", func(s *s) *time.Duration { return &s.KeyTTL }, "10m", "-1s"),
		switches.Choice("BandwidthPatch", func(s *s) *Policy { return &s.BandwidthPatch }, policies),
		switches.Choice("StackTypePatch", func(s *s) *Policy { return &s.StackTypePatch }, policies),
		switches.Bool("RefusePeerUpdate", func(s *s) *bool { return &s.RefusePeerUpdate }),
		switches.Bool("RefusePeerConnection", func(s *s) *bool { return &s.RefusePeerConnection }).Amiss(),
		switches.Bool("AllowDeleteWhileCreating", func(s *s) *bool { return &s.AllowDeleteWhileCreating }),
		switches.Bool("KeepPeerOnDelete", func(s *s) *bool { return &s.KeepPeerOnDelete }),
		switches.Bool("RefuseDeleteWithPeering", func(s *s) *bool { return &s.RefuseDeleteWithPeering }),
		switches.Bool("DuplicatePeeringInvalid", func(s *s) *bool { return &s.DuplicatePeeringInvalid }),
		switches.Int("RoutePaths", func(s *s) *int { return &s.RoutePaths }, "1"),
		switches.Duration("StatusCache", func(s *s) *time.Duration { return &s.StatusCache }, "1s"),
		switches.Duration("TokenTTL", func(s *s) *time.Duration { return &s.TokenTTL }, "-1s"),
		switches.Bool("QuotaAsForbidden", func(s *s) *bool { return &s.QuotaAsForbidden }),
		switches.Bool("ClosedAsExhausted", func(s *s) *bool { return &s.ClosedAsExhausted }),
		switches.Bool("RefuseNetworkWithHub", func(s *s) *bool { return &s.RefuseNetworkWithHub }),
		switches.Bool("PerimeterBlocks", func(s *s) *bool { return &s.PerimeterBlocks }).Amiss(),
		switches.Bool("ServiceAgentMissing", func(s *s) *bool { return &s.ServiceAgentMissing }).Amiss(),
	}
}
