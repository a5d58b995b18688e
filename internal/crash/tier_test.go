package crash

import (
	"errors"
	"fmt"
	"slices"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect"
)

// tierOf is a tier of a link with a bandwidth.
func tierOf(bandwidth, onDestroy string) hanging {
	return func(*hung) map[string]any {
		return map[string]any{"interconnect": linkName, "bandwidth": bandwidth, "on_destroy": onDestroy}
	}
}

// tierScenarios are of crosscloud_bandwidth_tier, which owns the bandwidth of a
// link that leaves it out. What the link had before must come back, whatever
// became of the tier that took it over.
func tierScenarios() []hungScenario {
	all := []hungScenario{
		{name: "tier: take the bandwidth over", after: tierOf("2Gbps", "restore"), holds: resized("2Gbps", "1Gbps")},
		{name: "tier: take the bandwidth over for good", after: tierOf("2Gbps", "keep"), holds: resized("2Gbps", "2Gbps")},
		{name: "tier: another tier", before: tierOf("2Gbps", "restore"), after: tierOf("10Gbps", "restore"), holds: resized("10Gbps", "1Gbps")},
		{name: "tier: give the bandwidth back", before: tierOf("2Gbps", "restore"), holds: resized("", "1Gbps")},
		{name: "tier: adopt a tier", before: tierOf("2Gbps", "restore"), after: tierOf("2Gbps", "restore"), forget: true, holds: resized("2Gbps", "1Gbps")},
	}
	for i := range all {
		all[i].kind, all[i].link = "crosscloud_bandwidth_tier", settings(func(c, _, _ map[string]any) { delete(c, "bandwidth") })
	}
	return all
}

// resized says what is wrong with the bandwidth of a link: it is one value while
// there is a tier and another when there is none, at both ends, written at one of
// them only, and no difference to the link's own resource.
func resized(there, gone string) func(*hung, bool) error {
	return func(h *hung, is bool) error {
		want, note := gone, ""
		if is {
			want, note = there, "1Gbps"
		}
		if slices.Contains(h.stage.Calls(), "google:networkconnectivity.projects.locations.transports.patch") {
			return errors.New("the bandwidth is written at both ends")
		}
		if changed, err := h.apply(h.Context(), h.link); err != nil || changed {
			return fmt.Errorf("the link's own plan changes something: %v: %w", changed, err)
		}
		if have, status := h.text("bandwidth"), h.text("pairing.status"); have != want || status != "matched" {
			return fmt.Errorf("the link has %s and is %s; want %s", have, status, want)
		}
		o, err := newOutsider(h, h.world)
		if err != nil {
			return err
		}
		arn := h.text("aws.arn")
		tags, err := o.aws.ListTagsForResource(h.Context(), &interconnect.ListTagsForResourceInput{Arn: &arn})
		if err != nil {
			return err
		}
		have := tags.Tags[awsend.TagPrevious]
		if is && gone == there && have == there {
			// A creation that failed is removed before it is made anew, and with
			// "keep" that leaves what was reached.
			return nil
		}
		if have != note {
			return fmt.Errorf("the note of the earlier bandwidth is %q; want %q", have, note)
		}
		return nil
	}
}
