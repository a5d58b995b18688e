package attachment_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/acceptance"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox"
)

// at is the path of an attribute.
func at(path ...string) tfjsonpath.Path {
	p := tfjsonpath.New(path[0])
	for _, step := range path[1:] {
		p = p.AtMapKey(step)
	}
	return p
}

// has is a state check of one attribute.
func has(value string, path ...string) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(address, at(path...), knownvalue.StringExact(value))
}

// looks is a state check of one attribute by a pattern.
func looks(pattern string, path ...string) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(address, at(path...), knownvalue.StringRegexp(regexp.MustCompile(pattern)))
}

// lists is a state check of a list of strings.
func lists(path []string, values ...string) statecheck.StateCheck {
	var checks []knownvalue.Check
	for _, v := range values {
		checks = append(checks, knownvalue.StringExact(v))
	}
	return statecheck.ExpectKnownValue(address, at(path...), knownvalue.ListExact(checks))
}

// does is a plan check of the planned action.
func does(a plancheck.ResourceActionType) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, a)}}
}

// prefix is one prefix of the pairing.
func prefix(prefix, by string) knownvalue.Check {
	return knownvalue.ObjectExact(map[string]knownvalue.Check{
		"prefix": knownvalue.StringExact(prefix), "offered_by": knownvalue.StringExact(by), "learned": knownvalue.Bool(true),
	})
}

// matched is what a whole path looks like.
func matched() []statecheck.StateCheck {
	return []statecheck.StateCheck{
		has("matched", "pairing", "status"), has("associated", "aws", "state"), has("ACTIVE", "google", "state"),
		looks(`^[0-9a-f-]{36}$`, "aws", "association_id"), has("us-east-1", "aws", "region"),
		has("projects/sandbox-project/global/networks/default/peerings/vpc", "google", "attachment_id"),
		has("IPV4_ONLY", "google", "stack_type"), has("Connected.", "google", "state_details"),
		lists([]string{"aws", "offered_prefixes"}, sandbox.SeedVPC), lists([]string{"google", "learned_prefixes"}, sandbox.SeedVPC),
		lists([]string{"google", "offered_prefixes"}, "10.128.0.0/20"), lists([]string{"aws", "learned_prefixes"}, "10.128.0.0/20"),
		statecheck.ExpectKnownValue(address, at("pairing", "prefixes"), knownvalue.ListExact([]knownvalue.Check{
			prefix(sandbox.SeedVPC, "aws"), prefix("10.128.0.0/20", "google"),
		})),
	}
}

// TestLife makes a link with an attachment from nothing in one apply, imports it
// in every way, and removes both in one go.
func TestLife(t *testing.T) {
	s := acceptance.New(t)
	cfg := configuration(t, s, "acme/test", both(s.VPNGatewayID, ""))
	const id = "projects/sandbox-project/locations/us-east4/transports/path/attachments/vpc"
	imported := func(id string) []resource.TestStep {
		return []resource.TestStep{
			{Config: cfg, ResourceName: address, ImportState: true, ImportStateId: id, ImportStateVerify: true, ImportStateVerifyIgnore: []string{"timeouts"}},
			{Config: cfg, ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithID, ImportStateId: id},
		}
	}
	steps := []resource.TestStep{{
		Config: cfg,
		ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
			plancheck.ExpectResourceAction(address, plancheck.ResourceActionCreate),
			plancheck.ExpectKnownValue(address, at("id"), knownvalue.StringExact(id)),
			plancheck.ExpectUnknownValue(address, at("aws", "association_id")),
		}},
		ConfigStateChecks: matched(),
	}, {
		Config: cfg, ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
	}}
	steps = append(append(steps, imported(id)...), imported(id+"/"+s.VPNGatewayID)...)
	resource.UnitTest(t, resource.TestCase{ProtoV6ProviderFactories: acceptance.Factories(), CheckDestroy: s.Empty, Steps: steps})
}

// TestChangeInPlace changes prefixes and routes, takes a part away and puts it
// back, and nothing is replaced.
func TestChangeInPlace(t *testing.T) {
	t.Parallel()
	s := acceptance.New(t)
	attachment := func(aws, google string) string {
		return configuration(t, s, "", `
resource "crosscloud_attachment" "test" {
  name         = "vpc"
  interconnect = crosscloud_interconnect.test.id
  `+aws+`
  `+google+`
}
`)
	}
	gateway := func(more string) string { return `aws = { gateway_id = "` + s.VPNGatewayID + `" ` + more + ` }` }
	update := does(plancheck.ResourceActionUpdate)
	const google = `google = {}`
	resource.UnitTest(t, resource.TestCase{ProtoV6ProviderFactories: acceptance.Factories(), CheckDestroy: s.Empty, Steps: []resource.TestStep{
		{Config: attachment(gateway(""), google), ConfigStateChecks: matched()},
		{Config: attachment(gateway(`, allowed_prefixes = ["10.0.0.0/8", "192.168.0.0/16"]`), google), ConfigPlanChecks: update, ConfigStateChecks: matched()},
		{Config: attachment(gateway(`, allowed_prefixes = ["10.0.0.0/8"]`), `google = { import_custom_routes = false }`), ConfigPlanChecks: update,
			ConfigStateChecks: []statecheck.StateCheck{has("incomplete", "pairing", "status"), looks("Google has not learned it", "pairing", "summary")}},
		{Config: attachment("", google), ConfigPlanChecks: update, ConfigStateChecks: []statecheck.StateCheck{has("unverified", "pairing", "status")}},
		{Config: attachment(gateway(""), google), ConfigPlanChecks: update, ConfigStateChecks: matched()},
	}})
}

// TestGatewayIsReplaced moves the link from one VPC to another: the new
// association stands before the old one goes.
func TestGatewayIsReplaced(t *testing.T) {
	t.Parallel()
	s := acceptance.New(t)
	_, second := s.AWS.CreateVPC(sandbox.DefaultAWSRegion, "second", "10.65.0.0/16")
	resource.UnitTest(t, resource.TestCase{ProtoV6ProviderFactories: acceptance.Factories(), CheckDestroy: s.Empty, Steps: []resource.TestStep{
		{Config: configuration(t, s, "acme/test", both(s.VPNGatewayID, "")), ConfigStateChecks: matched()},
		{Config: configuration(t, s, "acme/test", both(second, "")), ConfigPlanChecks: does(plancheck.ResourceActionUpdate), ConfigStateChecks: []statecheck.StateCheck{
			has("matched", "pairing", "status"), has(second, "aws", "gateway_id"),
			lists([]string{"google", "learned_prefixes"}, "10.65.0.0/16"), lists([]string{"aws", "offered_prefixes"}, "10.65.0.0/16"),
		}, Check: func(*terraform.State) error {
			calls := s.Calls()
			made, gone := slices.Index(calls, "aws:DeleteDirectConnectGatewayAssociation"), lastIndex(calls, "aws:CreateDirectConnectGatewayAssociation")
			if made < gone {
				return fmt.Errorf("the old association was removed before the new one was made: %v", calls)
			}
			return nil
		}},
	}})
}

// lastIndex is where a value is last in a list.
func lastIndex(list []string, value string) int {
	for i, v := range slices.Backward(list) {
		if v == value {
			return i
		}
	}
	return -1
}

// TestPlanRefusesAndWarns holds that what AWS would refuse is refused at plan,
// and that what the clouds would lose is warned of, at the attribute to blame.
func TestPlanRefusesAndWarns(t *testing.T) {
	t.Parallel()
	s := acceptance.New(t)
	clash := s.AWS.CreateTransitGateway(sandbox.DefaultAWSRegion, sandbox.SeedGatewayASN)
	transit := `, allowed_prefixes = ["10.0.0.0/8"]`
	resource.UnitTest(t, resource.TestCase{ProtoV6ProviderFactories: acceptance.Factories(), CheckDestroy: s.Empty, Steps: []resource.TestStep{
		// Nothing to attach, and what no cloud has to be asked for.
		{Config: configuration(t, s, "", strings.Replace(strings.Replace(both(s.VPNGatewayID, ""), "google       = {}", "", 1), `aws          = { gateway_id = "`+s.VPNGatewayID+`"  }`, "", 1)),
			ExpectError: regexp.MustCompile(`Nothing to attach`)},
		{Config: configuration(t, s, "", both(clash, "")), ExpectError: regexp.MustCompile(`A transit gateway needs allowed_prefixes`)},
		{Config: configuration(t, s, "", both("igw-0123456789abcdef0", "")), ExpectError: regexp.MustCompile(`is not allowed`)},
		// In the apply that makes the link, before anything is made for it.
		{Config: configuration(t, s, "", both(clash, transit)), ExpectError: regexp.MustCompile(`have\s+the\s+same\s+ASN`)},
		// With the link there, at plan.
		{Config: configuration(t, s, "", both(clash, transit)), PlanOnly: true, ExpectError: regexp.MustCompile(`(?s)same\s+ASN.*Attribute: aws.gateway_id.*Nothing was created`)},
		{Config: configuration(t, s, "", both("vgw-0123456789abcdef0", "")), PlanOnly: true, ExpectError: regexp.MustCompile(`takes\s+gateways\s+of\s+that\s+region\s+only`)},
		{Config: configuration(t, s, "", both(s.VPNGatewayID, `, allowed_prefixes = ["10.64.0.0/24"]`)), ConfigStateChecks: []statecheck.StateCheck{lists([]string{"aws", "offered_prefixes"})}},
	}})
}
