package crash

import (
	"fmt"
	"slices"
	"strings"
)

// attachedTo is an attachment of a gateway with prefixes that it allows.
func attachedTo(gateway func(*hung) string, allowed ...string) hanging {
	return func(h *hung) map[string]any {
		aws := map[string]any{"gateway_id": gateway(h)}
		if len(allowed) > 0 {
			aws["allowed_prefixes"] = allowed
		}
		return map[string]any{"name": "crash", "interconnect": linkName, "aws": aws, "google": map[string]any{}}
	}
}

// attachmentScenarios are of crosscloud_attachment, which hangs networks on a
// link.
func attachmentScenarios() []hungScenario {
	first := func(h *hung) string { return h.stage.VPNGatewayID }
	second := func(h *hung) string { return h.second }
	plain := attachedTo(first)
	all := []hungScenario{
		{name: "attach", after: plain},
		{name: "other prefixes", before: plain, after: attachedTo(first, "10.0.0.0/8")},
		{name: "another gateway", before: plain, after: attachedTo(second)},
		{name: "detach", before: plain},
		{name: "adopt an attachment", before: plain, after: plain, forget: true},
	}
	for i := range all {
		all[i].kind, all[i].link, all[i].holds = "crosscloud_attachment", settings(nil), (*hung).attached
	}
	return all
}

// attached says what is wrong with an attachment: it has two parts and is
// matched, or there is nothing of it.
func (h *hung) attached(there bool) error {
	parts := slices.DeleteFunc(h.stage.Left(), func(what string) bool {
		return strings.Contains(what, "connection ") || strings.Contains(what, "transport ")
	})
	switch {
	case !there && len(parts) > 0:
		return fmt.Errorf("orphans: %v", parts)
	case there && len(parts) != 2:
		return fmt.Errorf("there are %d parts: %v", len(parts), parts)
	case there && h.hangs.status() != "matched":
		return fmt.Errorf("the pairing is %q", h.hangs.status())
	}
	return nil
}
