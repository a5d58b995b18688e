package bandwidthtier_test

import (
	"fmt"
	"regexp"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/acceptance"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
)

// together is a link and a tier in one configuration.
func together(s *acceptance.Stage, linkMore, tierMore string) string {
	return s.Provider(`owner = "acme/test"`) + fmt.Sprintf(`
resource "crosscloud_interconnect" "test" {
  name = "ai"
  %s
  aws    = { direct_connect_gateway_id = %q }
  google = { network = "default", advertised_routes = ["10.128.0.0/20"] }
}
`, linkMore, s.GatewayID) + tierMore
}

func tierBlock(size string) string {
	return fmt.Sprintf(`
resource "crosscloud_bandwidth_tier" "test" {
  interconnect = crosscloud_interconnect.test.id
  bandwidth    = %q
}
`, size)
}

const (
	ofTier = "crosscloud_bandwidth_tier.test"
	ofLink = "crosscloud_interconnect.test"
)

func has(resource, attribute, value string) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(resource, tfjsonpath.New(attribute), knownvalue.StringExact(value))
}

// A link without bandwidth and its tier, through the engine: made in one apply,
// changed by the tier alone, left alone by the link, imported, and removed.
func TestLinkAndTier(t *testing.T) {
	s := acceptance.New(t)
	sellFrom(t, s, bandwidth.Gbps)
	empty := resource.ConfigPlanChecks{PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}
	writes := func() int {
		return len(slices.DeleteFunc(s.Calls(), func(c string) bool { return c != "aws:UpdateConnection" }))
	}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: acceptance.Factories(), CheckDestroy: s.Empty,
		Steps: []resource.TestStep{
			{
				// At the smallest tier that both ends sell, and then at the other.
				Config: together(s, "", tierBlock("10Gbps")), ConfigPlanChecks: empty,
				ConfigStateChecks: []statecheck.StateCheck{
					has(ofTier, "bandwidth", "10Gbps"), has(ofTier, "aws_bandwidth", "10Gbps"), has(ofTier, "google_bandwidth", "10Gbps"), has(ofTier, "previous_bandwidth", "1Gbps"),
				},
			},
			{
				// A change of the link leaves the bandwidth alone.
				PreConfig: s.Forget,
				Config:    together(s, `description = "another"`, tierBlock("10Gbps")), ConfigPlanChecks: empty,
				ConfigStateChecks: []statecheck.StateCheck{has(ofLink, "bandwidth", "10Gbps")},
				Check: func(*terraform.State) error {
					if n := writes(); n != 1 {
						return fmt.Errorf("%d calls change the connection, want one, of the description", n)
					}
					return nil
				},
			},
			{
				Config: together(s, `description = "another"`, tierBlock("BPS_2G")), ConfigPlanChecks: empty,
				ConfigStateChecks: []statecheck.StateCheck{has(ofTier, "aws_bandwidth", "2Gbps")},
			},
			{
				ResourceName: ofTier, ImportState: true, ImportStateVerify: true,
				ImportStateIdFunc:       func(st *terraform.State) (string, error) { return st.RootModule().Resources[ofTier].Primary.ID, nil },
				ImportStateVerifyIgnore: []string{"bandwidth"}, // another spelling
			},
			{
				// Without the tier the link has what it had before.
				Config: together(s, `description = "another"`, ""),
			},
			{Config: together(s, `description = "another"`, ""), ConfigPlanChecks: empty, ConfigStateChecks: []statecheck.StateCheck{has(ofLink, "bandwidth", "1Gbps")}},
		},
	})
}

// The smallest tier may be AWS's free tier, which AWS does not resize.
func TestLinkInTheFreeTier(t *testing.T) {
	acceptance.NeedsFreeTier(t)
	s := acceptance.New(t)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: acceptance.Factories(), CheckDestroy: s.Empty,
		Steps: []resource.TestStep{
			{Config: together(s, "", ""), ConfigStateChecks: []statecheck.StateCheck{has(ofLink, "bandwidth", "500Mbps")}},
			{Config: together(s, "", tierBlock("10Gbps")), ExpectError: regexp.MustCompile(`(?s)free\s+tier.*cannot\s+be\s+resized`)},
		},
	})
}

// sellFrom has both clouds sell nothing smaller than a bandwidth.
func sellFrom(t *testing.T, s *acceptance.Stage, least bandwidth.Bandwidth) {
	t.Helper()
	sizes := []bandwidth.Bandwidth{least, 2 * least, 10 * least}
	if err := s.AWS.SetEnvironmentBandwidths("mce-aws-gcp-iad", sizes, nil); err != nil {
		t.Fatal(err)
	}
}

// Whoever is planned first, a link that sets its bandwidth has no tier.
func TestBothSetTheBandwidth(t *testing.T) {
	s := acceptance.New(t)
	refusal := regexp.MustCompile(`(?s)The\s+link\s+sets\s+its\s+bandwidth\s+itself.*Remove\s+bandwidth\s+from\s+the\s+crosscloud_interconnect`)
	either := regexp.MustCompile(`(?s)sets\s+its\s+bandwidth\s+itself|Another\s+resource\s+sets\s+the\s+bandwidth`)
	literal := `
resource "crosscloud_bandwidth_tier" "test" {
  interconnect = "projects/sandbox-project/locations/us-east4/transports/ai"
  bandwidth    = "10Gbps"
}
`
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: acceptance.Factories(), CheckDestroy: s.Empty,
		Steps: []resource.TestStep{
			{Config: together(s, `bandwidth = "1Gbps"`, tierBlock("10Gbps")), ExpectError: refusal},
			{Config: together(s, `bandwidth = "1Gbps"`, literal), ExpectError: either},
			{Config: together(s, `bandwidth = "1Gbps"`, "")},
			{Config: together(s, `bandwidth = "1Gbps"`, tierBlock("10Gbps")), ExpectError: refusal},
			// The link that leaves it to the tier is not touched.
			{Config: together(s, "", tierBlock("10Gbps")), ConfigStateChecks: []statecheck.StateCheck{has(ofTier, "previous_bandwidth", "1Gbps")}},
		},
	})
}
