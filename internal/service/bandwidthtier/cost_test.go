package bandwidthtier_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/acceptance"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/inventory"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox"
)

// TestCost looks at what the plan says of the price: what the link will cost, and
// how much that is more than before.
func TestCost(t *testing.T) {
	s := newScene(t, func(c *sandbox.Config) { c.AWS.Switches.BillingTier = 1 })
	expect := func(when string, v tftypes.Value, monthly, change string) {
		t.Helper()
		if got, want := [2]string{acceptance.Amount(v, "cost", "monthly"), acceptance.Amount(v, "monthly_change")}, [2]string{monthly, change}; got != want {
			t.Errorf("%s: a month costs %q, and %q more than before; want %q", when, got[0], got[1], want)
		}
	}
	plan := func(prior acceptance.State, size any) tftypes.Value {
		t.Helper()
		// Each is a run of its own: one provider takes two sizes for two resources.
		planned, said := acceptance.Speak(t, s.Stage, "acme/test").Plan(tier, prior, map[string]any{"interconnect": s.id(), "bandwidth": size})
		if said != "" {
			t.Fatal(said)
		}
		return planned
	}
	expect("planned", plan(acceptance.State{}, "10Gbps"), "22870.90", "19315.80")
	expect("planned as it is", plan(acceptance.State{}, "1Gbps"), "3555.10", "0.00")
	expect("planned at a size without a price", plan(acceptance.State{}, "2Gbps"), "", "")
	expect("planned at an unknown size", plan(acceptance.State{}, tftypes.UnknownValue), "?", "?")
	state := s.apply(acceptance.State{}, s.config("10Gbps", nil))
	expect("changed", state.Value, "22870.90", "19315.80")
	expect("planned back", plan(state, "1Gbps"), "3555.10", "0.00")

	// Another distance tier of AWS is told by a refresh and is no change to apply;
	// nor is the state of a version that knew no cost.
	if err := s.AWS.SetBillingTier(s.link[inventory.SideAWS].ID, 4); err != nil {
		t.Fatal(err)
	}
	for when, before := range map[string]acceptance.State{"at tier 4": state, "from an earlier version": state.Without("cost").Without("monthly_change")} {
		if planned := plan(before, "10Gbps"); !planned.Equal(before.Value) {
			t.Errorf("%s: the plan is not empty: %s", when, planned)
		}
		read, said := s.Refresh(tier, before)
		if said != "" {
			t.Fatal(said)
		}
		expect(when, read.Value, "51669.40", "")
		if planned := plan(read, "10Gbps"); !planned.Equal(read.Value) {
			t.Errorf("%s: the plan is not empty after a refresh: %s", when, planned)
		}
	}
}
