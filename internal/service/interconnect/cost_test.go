package interconnect_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/acceptance"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox"
)

const resourceType = "crosscloud_interconnect"

// TestCost lives a link's life and looks at what it is said to cost: in the plan
// before anything is made, unchanged by apply, refresh and the next plan, and
// with the difference where the bandwidth changes.
func TestCost(t *testing.T) {
	t.Parallel()
	s := acceptance.New(t, atTier(1))
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
		got := [3]string{acceptance.Amount(v, "cost", "aws", "monthly"), acceptance.Amount(v, "cost", "google", "monthly"), acceptance.Amount(v, "cost", "monthly")}
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
	old := state.Without("cost")
	empty("without a cost in the state", old, "10Gbps")
	expect("read from a state without a cost", refresh(old).Value, "37799.40", "13870.00", "51669.40")
	expect("a change planned from a state without a cost", plan(old, "100Gbps"), "", "107018.00", "")

	if gone, said := p.Apply(resourceType, state, nil); said != "" || !gone.Value.IsNull() {
		t.Errorf("destroyed, and said %s", said)
	}
}

// atTier has AWS bill new links at a distance tier.
func atTier(n int) func(*sandbox.Config) {
	return func(c *sandbox.Config) { c.AWS.Switches.BillingTier = n }
}

// TestCostOfAnotherTier makes a link that AWS bills at a tier nobody planned: that
// is said with the price, once, and the plan after it is empty.
func TestCostOfAnotherTier(t *testing.T) {
	t.Parallel()
	s := acceptance.New(t, atTier(4))
	p := acceptance.Speak(t, s, "acme/test")
	config := map[string]any{
		"name": "ai", "bandwidth": "10Gbps",
		"aws":    map[string]any{"region": "us-east-1", "direct_connect_gateway_id": s.GatewayID},
		"google": map[string]any{"region": "us-east4", "network": "default", "advertised_routes": []any{"10.128.0.0/20"}},
	}
	const want = `WARNING: AWS bills link ai at another tier than planned
  at AttributeName("aws").AttributeName("billing_tier")
  | The plan counted on distance tier 1, and AWS bills tier 4: it takes the lowest that holds all that is reached over the link. At list price a month of the AWS end costs 37799.40 USD; at the other tier it is 9000.90 USD.
  | 
  | What exists now: The link is as planned. Its cost in the state is the plan's until the next refresh.
  | 
  | What to do: Nothing, if that is what the link is to reach. Else look at what its gateway serves: edges of a Cloud WAN core network further away make the tier higher.
`
	state, said := p.Apply(resourceType, acceptance.State{}, config)
	if said != want {
		t.Errorf("the apply says %s", said)
	}
	if got := acceptance.Amount(state.Value, "cost", "aws", "monthly"); got != "9000.90" {
		t.Errorf("the state does not say what the plan did: %s", got)
	}
	state, said = p.Refresh(resourceType, state)
	if got := acceptance.Amount(state.Value, "cost", "aws", "monthly"); said != "" || got != "37799.40" {
		t.Errorf("a refresh shows %s, and says %s", got, said)
	}
	if planned, said := p.Plan(resourceType, state, config); said != "" || !planned.Equal(state.Value) {
		t.Errorf("the plan is not empty: %s", said)
	}
	config["description"] = "another"
	if _, said = p.Apply(resourceType, state, config); said != "" {
		t.Errorf("a change says again: %s", said)
	}
}

// TestBudget is the limit of the guide: a postcondition that stops the plan of
// what costs too much, or of what nobody knows the price of.
func TestBudget(t *testing.T) {
	t.Parallel()
	s := acceptance.New(t)
	config := func(bandwidth string) string {
		return s.Provider("") + fmt.Sprintf(`
resource "crosscloud_interconnect" "test" {
  name      = "ai"
  bandwidth = %q
  aws       = { direct_connect_gateway_id = %q }
  google    = { network = "default", advertised_routes = ["10.128.0.0/20"] }
  lifecycle {
    postcondition {
      condition     = self.cost.monthly == null ? false : self.cost.monthly <= 5000
      error_message = "Too dear, or nobody knows."
    }
  }
}
`, bandwidth, s.GatewayID)
	}
	dear := regexp.MustCompile(`Too dear, or nobody knows`)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: acceptance.Factories(), CheckDestroy: s.Empty,
		Steps: []resource.TestStep{
			{Config: config("10Gbps"), PlanOnly: true, ExpectError: dear},
			{Config: config("2Gbps"), PlanOnly: true, ExpectError: dear},
			{Config: config("1Gbps"), PlanOnly: true, ExpectNonEmptyPlan: true},
		},
	})
	for _, call := range s.Calls() {
		if strings.Contains(call, "Create") {
			t.Errorf("a plan called %s", call)
		}
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
	if aws, google, sum := acceptance.Amount(planned, "cost", "aws", "monthly"), acceptance.Amount(planned, "cost", "google", "monthly"), acceptance.Amount(planned, "cost", "monthly"); aws != "1000.10" || google != "" || sum != aws {
		t.Errorf("a month costs %q and %q, together %q", aws, google, sum)
	}
}
