package interconnect_test

import (
	"math/big"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/acceptance"
)

const resourceType = "crosscloud_interconnect"

// amount is a number in a value, as people write it: "?" while it is unknown and
// "" where it is null.
func amount(t *testing.T, v tftypes.Value, names ...string) string {
	t.Helper()
	for _, n := range names {
		if !v.IsKnown() {
			return "?"
		}
		var of map[string]tftypes.Value
		if v.IsNull() || v.As(&of) != nil {
			return ""
		}
		v = of[n]
	}
	var n big.Float
	switch {
	case !v.IsKnown():
		return "?"
	case v.IsNull():
		return ""
	}
	if err := v.As(&n); err != nil {
		t.Fatal(err)
	}
	return n.Text('f', 2)
}

// with is a value with one of its attributes replaced.
func with(t *testing.T, v tftypes.Value, name string, by tftypes.Value) tftypes.Value {
	t.Helper()
	var of map[string]tftypes.Value
	if err := v.As(&of); err != nil {
		t.Fatal(err)
	}
	of[name] = by
	return tftypes.NewValue(v.Type(), of)
}

// without is a state as an earlier version wrote it, which knew no cost.
func without(t *testing.T, v tftypes.Value) tftypes.Value {
	t.Helper()
	var of map[string]tftypes.Value
	if err := v.As(&of); err != nil {
		t.Fatal(err)
	}
	return with(t, v, "cost", tftypes.NewValue(of["cost"].Type(), nil))
}

// TestCost lives a link's life and looks at what it is said to cost: in the plan
// before anything is made, unchanged by apply, refresh and the next plan, and
// with the difference where the bandwidth changes.
func TestCost(t *testing.T) {
	t.Parallel()
	s := acceptance.New(t)
	p := acceptance.Speak(t, s, "acme/test")
	config := func(bandwidth any) map[string]any {
		return map[string]any{
			"name": "ai", "bandwidth": bandwidth,
			"aws":    map[string]any{"region": "us-east-1", "direct_connect_gateway_id": s.GatewayID},
			"google": map[string]any{"region": "us-east4", "network": "default", "advertised_routes": []any{"10.128.0.0/20"}},
		}
	}
	expect := func(when string, v tftypes.Value, aws, google, sum string) {
		t.Helper()
		got := [3]string{amount(t, v, "cost", "aws", "monthly"), amount(t, v, "cost", "google", "monthly"), amount(t, v, "cost", "monthly")}
		if want := [3]string{aws, google, sum}; got != want {
			t.Errorf("%s: a month costs %v, want %v", when, got, want)
		}
	}
	plan := func(prior acceptance.State, bandwidth any) tftypes.Value {
		t.Helper()
		planned, said := p.Plan(resourceType, prior, config(bandwidth))
		if said != "" {
			t.Fatal(said)
		}
		return planned
	}
	apply := func(prior acceptance.State, bandwidth any) acceptance.State {
		t.Helper()
		after, said := p.Apply(resourceType, prior, config(bandwidth))
		if said != "" {
			t.Fatal(said)
		}
		return after
	}
	refresh := func(prior acceptance.State) acceptance.State {
		t.Helper()
		after, said := p.Refresh(resourceType, prior)
		if strings.Contains(said, "ERROR") {
			t.Fatal(said)
		}
		return after
	}
	empty := func(when string, state acceptance.State, bandwidth any) {
		t.Helper()
		if planned := plan(state, bandwidth); !planned.Equal(state.Value) {
			t.Errorf("%s: the plan is not empty:\n%s\n%s", when, state.Value, planned)
		}
	}

	expect("planned at 1Gbps", plan(acceptance.State{}, "1Gbps"), "1000.10", "2555.00", "3555.10")
	expect("planned at an unknown bandwidth", plan(acceptance.State{}, tftypes.UnknownValue), "?", "?", "?")
	// Neither cloud is known to charge nothing for what Google does not list.
	expect("planned at the smallest tier", plan(acceptance.State{}, nil), "0.00", "", "")
	state := apply(acceptance.State{}, "1Gbps")
	expect("made", state.Value, "1000.10", "2555.00", "3555.10")
	if again := refresh(state); !again.Value.Equal(state.Value) {
		t.Errorf("a refresh changes the state:\n%s\n%s", state.Value, again.Value)
	}
	empty("made", state, "1Gbps")

	bigger := plan(state, "10Gbps")
	expect("planned at 10Gbps", bigger, "9000.90", "13870.00", "22870.90")
	state = apply(state, "10Gbps")
	expect("at 10Gbps", state.Value, "9000.90", "13870.00", "22870.90")
	empty("at 10Gbps", refresh(state), "10Gbps")

	// AWS bills another distance tier by itself: told by a refresh, and nothing
	// to apply.
	if err := s.AWS.SetBillingTier(acceptance.Text(state.Value, "aws", "connection_id"), 4); err != nil {
		t.Fatal(err)
	}
	state = refresh(state)
	expect("at tier 4", state.Value, "37799.40", "13870.00", "51669.40")
	empty("at tier 4", state, "10Gbps")
	expect("planned at 1Gbps, tier 4", plan(state, "1Gbps"), "", "2555.00", "")

	// The state of an earlier version: nothing to apply either, and the next
	// refresh fills it in.
	old := state
	old.Value = without(t, state.Value)
	empty("without a cost in the state", old, "10Gbps")
	expect("read from a state without a cost", refresh(old).Value, "37799.40", "13870.00", "51669.40")
	expect("a change planned from a state without a cost", plan(old, "100Gbps"), "", "107018.00", "")

	if gone, said := p.Apply(resourceType, state, nil); said != "" || !gone.Value.IsNull() {
		t.Errorf("destroyed, and said %s", said)
	}
}

// TestCostOfOneEnd is of a link whose other end belongs to another team: what it
// costs that team is not said.
func TestCostOfOneEnd(t *testing.T) {
	t.Parallel()
	s := acceptance.New(t)
	p := acceptance.Speak(t, s, "acme/test")
	planned, said := p.Plan(resourceType, acceptance.State{}, map[string]any{
		"name": "ai", "bandwidth": "1Gbps", "peer": map[string]any{"account": "sandbox-project"},
		"aws": map[string]any{"region": "us-east-1", "direct_connect_gateway_id": s.GatewayID},
	})
	if said != "" {
		t.Fatal(said)
	}
	if aws, google, sum := amount(t, planned, "cost", "aws", "monthly"), amount(t, planned, "cost", "google", "monthly"), amount(t, planned, "cost", "monthly"); aws != "1000.10" || google != "" || sum != aws {
		t.Errorf("a month costs %q and %q, together %q", aws, google, sum)
	}
}
