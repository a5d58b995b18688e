package interconnect_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/acceptance"
)

const address = "crosscloud_interconnect.test"

// refusal is what the clouds are scripted to say.
var refusal = regexp.MustCompile(`scripted refusal`)

// fixture is a file of testdata behind the stage's provider block.
func fixture(t testing.TB, s *acceptance.Stage, name, more string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return s.Provider(more) + string(text)
}

// has is a state check of one attribute.
func has(value string, path ...string) statecheck.StateCheck {
	p := tfjsonpath.New(path[0])
	for _, step := range path[1:] {
		p = p.AtMapKey(step)
	}
	return statecheck.ExpectKnownValue(address, p, knownvalue.StringExact(value))
}

// looks is a state check of one attribute by a pattern.
func looks(pattern string, path ...string) statecheck.StateCheck {
	p := tfjsonpath.New(path[0])
	for _, step := range path[1:] {
		p = p.AtMapKey(step)
	}
	return statecheck.ExpectKnownValue(address, p, knownvalue.StringRegexp(regexp.MustCompile(pattern)))
}

// does is a plan check of the planned action.
func does(a plancheck.ResourceActionType) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, a)}}
}

// costs is a plan check of what an end is said to cost in a month.
func costs(end string, monthly float64) plancheck.PlanCheck {
	return plancheck.ExpectKnownValue(address, tfjsonpath.New("cost").AtMapKey(end).AtMapKey("monthly"), knownvalue.Float64Exact(monthly))
}

// attribute reads an attribute of the state for an import.
func attribute(format string, keys ...string) resource.ImportStateIdFunc {
	return func(s *terraform.State) (string, error) {
		r, ok := s.RootModule().Resources[address]
		if !ok {
			return "", fmt.Errorf("%s is not in the state", address)
		}
		var parts []any
		for _, k := range keys {
			parts = append(parts, r.Primary.Attributes[k])
		}
		return fmt.Sprintf(format, parts...), nil
	}
}

// imports are the ways to import a link, which all must give the same state.
func imports(cfg string, vars config.Variables) []resource.TestStep {
	var steps []resource.TestStep
	ignored := []string{"timeouts"}
	if acceptance.At("aws.BillingTier=3") {
		// A plan counts on tier 1; what AWS says is known after a creation.
		ignored = append(ignored, "cost")
	}
	for _, id := range []resource.ImportStateIdFunc{
		attribute("%s", "google.transport_id"),
		attribute("%s", "aws.arn"),
		attribute("%s/%s", "aws.region", "aws.connection_id"),
	} {
		steps = append(steps, resource.TestStep{
			Config: cfg, ConfigVariables: vars, ResourceName: address, ImportState: true,
			ImportStateVerify: true, ImportStateIdFunc: id, ImportStateVerifyIgnore: ignored,
		}, resource.TestStep{
			Config: cfg, ConfigVariables: vars, ResourceName: address, ImportState: true,
			ImportStateKind: resource.ImportBlockWithID, ImportStateIdFunc: id,
		})
	}
	return steps
}

func TestLife(t *testing.T) {
	states := map[string][2]string{}
	for _, initiator := range []string{"aws", "google"} {
		t.Run(initiator, func(t *testing.T) {
			s := acceptance.New(t)
			cfg := fixture(t, s, "min.tf", `owner = "acme/test"`)
			vars := config.Variables{"gateway": config.StringVariable(s.GatewayID), "initiator": config.StringVariable(initiator)}
			steps := []resource.TestStep{{
				Config: cfg, ConfigVariables: vars,
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(address, plancheck.ResourceActionCreate),
					plancheck.ExpectKnownValue(address, tfjsonpath.New("id"), knownvalue.StringExact("projects/sandbox-project/locations/us-east4/transports/min")),
					plancheck.ExpectKnownValue(address, tfjsonpath.New("environment_id"), knownvalue.StringExact("mce-aws-gcp-iad")),
					plancheck.ExpectUnknownValue(address, tfjsonpath.New("shared_id")),
					costs("aws", 1000.10),
				}},
				ConfigStateChecks: []statecheck.StateCheck{
					has("matched", "pairing", "status"), has("available", "aws", "state"), has("ACTIVE", "google", "state"),
					has("min", "description"), has("us-east-1", "aws", "region"), has("us-east4", "google", "region"),
					looks(`^mcc-[a-z0-9]{8}$`, "aws", "connection_id"), looks(`^arn:aws:interconnect:us-east-1:123456789012:connection/mcc-`, "aws", "arn"),
					looks(`^[0-9a-f-]{36}$`, "shared_id"), has("aws-us-east-1", "remote_profile"),
					looks(`^projects/[a-z0-9]+-tp/global/networks/transport-`, "google", "peering_network"),
					statecheck.ExpectKnownValue(address, tfjsonpath.New("google").AtMapKey("mtu_limit"), knownvalue.Int64Exact(8896)),
				},
				Check: func(*terraform.State) error {
					first := s.AWS.Transitions()[0].To
					states[initiator] = [2]string{string(first), s.Google.Transitions()[0].To}
					return nil
				},
			}}
			resource.UnitTest(t, resource.TestCase{
				ProtoV6ProviderFactories: acceptance.Factories(), CheckDestroy: s.Empty,
				Steps: append(steps, imports(cfg, vars)...),
			})
		})
	}
	if states["aws"][0] != "requested" || states["google"][0] != "pending" {
		t.Errorf("the first state of the AWS end must tell who initiated: %v", states)
	}
}

func TestUpdateInPlace(t *testing.T) {
	for _, initiator := range []string{"aws", "google"} {
		t.Run(initiator, func(t *testing.T) {
			t.Parallel()
			s := acceptance.New(t)
			cfg := fixture(t, s, "max.tf", "")
			vars := func(bandwidth, description string, routes, tags int) config.Variables {
				var rs []config.Variable
				for i := range routes {
					rs = append(rs, config.StringVariable(fmt.Sprintf("10.%d.0.0/16", i)))
				}
				ts := map[string]config.Variable{}
				for i := range tags {
					ts[fmt.Sprintf("k%d", i)] = config.StringVariable(fmt.Sprintf("v%d", tags))
				}
				return config.Variables{
					"gateway": config.StringVariable(s.GatewayID), "initiator": config.StringVariable(initiator),
					"bandwidth": config.StringVariable(bandwidth), "description": config.StringVariable(description),
					"routes": config.SetVariable(rs...), "tags": config.MapVariable(ts),
				}
			}
			var id string
			same := func(st *terraform.State) error {
				now := st.RootModule().Resources[address].Primary.Attributes["aws.connection_id"]
				if id != "" && now != id {
					return fmt.Errorf("the connection was replaced: %s, then %s", id, now)
				}
				id = now
				return nil
			}
			update := does(plancheck.ResourceActionUpdate)
			steps := []resource.TestStep{
				{Config: cfg, ConfigVariables: vars("1Gbps", "first", 1, 2), Check: same},
				{Config: cfg, ConfigVariables: vars("BPS_1G", "first", 1, 2), ConfigPlanChecks: does(plancheck.ResourceActionNoop), Check: same},
				{Config: cfg, ConfigVariables: vars("10Gbps", "first", 1, 2), Check: same,
					ConfigPlanChecks:  resource.ConfigPlanChecks{PreApply: append(update.PreApply, costs("google", 13870))},
					ConfigStateChecks: []statecheck.StateCheck{has("10Gbps", "bandwidth"), has("matched", "pairing", "status")}},
				{Config: cfg, ConfigVariables: vars("10Gbps", "second text", 3, 1), ConfigPlanChecks: update, Check: same,
					ConfigStateChecks: []statecheck.StateCheck{has("second text", "description"), has("v1", "aws", "tags", "k0"), has("v1", "google", "labels_all", "k0")}},
				{Config: cfg, ConfigVariables: vars("1000Mbps", "second text", 3, 1), ConfigPlanChecks: update, Check: same,
					ConfigStateChecks: []statecheck.StateCheck{has("1000Mbps", "bandwidth"), has("matched", "pairing", "status")}},
			}
			if initiator == "google" && acceptance.At("aws.RefusePeerUpdate=true", "google.BandwidthPatch=refuse") {
				// Neither cloud changes the bandwidth: that is said, and all else goes on.
				steps = append(steps[:2],
					resource.TestStep{Config: cfg, ConfigVariables: vars("10Gbps", "first", 1, 2), ExpectError: regexp.MustCompile(`change\s+the\s+(bandwidth|transport)`)},
					resource.TestStep{Config: cfg, ConfigVariables: vars("1Gbps", "second text", 3, 1), ConfigPlanChecks: update, Check: same,
						ConfigStateChecks: []statecheck.StateCheck{has("1Gbps", "bandwidth"), has("second text", "description"), has("matched", "pairing", "status")}})
			}
			resource.UnitTest(t, resource.TestCase{ProtoV6ProviderFactories: acceptance.Factories(), CheckDestroy: s.Empty, Steps: steps})
		})
	}
}

// TestImportByIdentity needs an engine that knows resource identity.
func TestImportByIdentity(t *testing.T) {
	t.Parallel()
	s := acceptance.New(t)
	cfg := fixture(t, s, "min.tf", "")
	vars := config.Variables{"gateway": config.StringVariable(s.GatewayID)}
	resource.UnitTest(t, resource.TestCase{
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_12_0)},
		ProtoV6ProviderFactories: acceptance.Factories(), CheckDestroy: s.Empty,
		Steps: []resource.TestStep{
			{Config: cfg, ConfigVariables: vars, ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectIdentityValue(address, tfjsonpath.New("name"), knownvalue.StringExact("min")),
			}},
			{Config: cfg, ConfigVariables: vars, ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity},
		},
	})
}

func TestDeletionProtection(t *testing.T) {
	t.Parallel()
	s := acceptance.New(t)
	protected := func(on string) string {
		return strings.Replace(fixture(t, s, "min.tf", ""), `name      = "min"`, "name      = \"min\"\n  deletion_protection = "+on, 1)
	}
	vars := config.Variables{"gateway": config.StringVariable(s.GatewayID)}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: acceptance.Factories(), CheckDestroy: s.Empty,
		Steps: []resource.TestStep{
			{Config: protected("true"), ConfigVariables: vars},
			{Config: protected("true"), ConfigVariables: vars, Destroy: true, ExpectError: regexp.MustCompile(`The link is protected`)},
			{Config: protected("true"), ConfigVariables: config.Variables{"gateway": config.StringVariable(s.GatewayID), "initiator": config.StringVariable("google")},
				ExpectError: regexp.MustCompile(`(?s)protected.*replaced`)},
			{Config: protected("false"), ConfigVariables: vars, ConfigPlanChecks: does(plancheck.ResourceActionUpdate)},
		},
	})
}

func TestWaitFor(t *testing.T) {
	for until, status := range map[string]string{"requested": "provisioning", "paired": "provisioning", "available": "matched"} {
		t.Run(until, func(t *testing.T) {
			t.Parallel()
			s := acceptance.New(t, slow)
			cfg := strings.Replace(fixture(t, s, "min.tf", ""), `name      = "min"`, "name      = \"min\"\n  wait_for = \""+until+"\"", 1)
			resource.UnitTest(t, resource.TestCase{
				ProtoV6ProviderFactories: acceptance.Factories(), CheckDestroy: s.Empty,
				Steps: []resource.TestStep{{
					Config: cfg, ConfigVariables: config.Variables{"gateway": config.StringVariable(s.GatewayID)},
					ConfigStateChecks: []statecheck.StateCheck{has(status, "pairing", "status")},
				}},
			})
		})
	}
}

func TestLinkWithoutBandwidth(t *testing.T) {
	acceptance.NeedsFreeTier(t)
	t.Parallel()
	s := acceptance.New(t)
	cfg := strings.Replace(fixture(t, s, "min.tf", ""), `bandwidth = "1Gbps"`, "", 1)
	vars := config.Variables{"gateway": config.StringVariable(s.GatewayID)}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: acceptance.Factories(), CheckDestroy: s.Empty,
		Steps: []resource.TestStep{{
			Config: cfg, ConfigVariables: vars,
			ConfigPlanChecks:  resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectKnownValue(address, tfjsonpath.New("bandwidth"), knownvalue.StringExact("500Mbps"))}},
			ConfigStateChecks: []statecheck.StateCheck{has("500Mbps", "bandwidth")},
		}},
	})
}
