package interconnect_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/acceptance"
	sandboxaws "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/aws"
)

// TestOnIncomplete lets the time of a creation run out while the link is being
// provisioned: by default the next apply goes on with the same link, and
// strictly Terraform replaces it.
func TestOnIncomplete(t *testing.T) {
	t.Run("warn", func(t *testing.T) {
		t.Parallel()
		s := acceptance.New(t)
		cfg := replaceOnce(t, fixture(t, s, "min.tf", ""), `name      = "min"`, "name      = \"min\"\n  timeouts = { create = \"6s\" }")
		var id string
		same := func(st *terraform.State) error {
			now := st.RootModule().Resources[address].Primary.Attributes["aws.connection_id"]
			if id != "" && now != id {
				return fmt.Errorf("the connection was replaced: %s, then %s", id, now)
			}
			id = now
			return nil
		}
		onStage(t, s, "pending", true)
		resource.UnitTest(t, resource.TestCase{
			ProtoV6ProviderFactories: acceptance.Factories(), CheckDestroy: s.Empty,
			Steps: []resource.TestStep{
				{
					Config: cfg, ConfigVariables: gateway(s), Check: same, ExpectNonEmptyPlan: true,
					ConfigStateChecks: []statecheck.StateCheck{has("provisioning", "pairing", "status"), has("warn", "on_incomplete")},
				},
				{
					PreConfig: func() { onStage(t, s, "pending", false) },
					Config:    cfg, ConfigVariables: gateway(s), Check: same,
					ConfigStateChecks: []statecheck.StateCheck{has("matched", "pairing", "status")},
				},
			},
		})
	})
	t.Run("error", func(t *testing.T) {
		t.Parallel()
		s := acceptance.New(t)
		cfg := replaceOnce(t, fixture(t, s, "min.tf", ""), `name      = "min"`, "name      = \"min\"\n  on_incomplete = \"error\"\n  timeouts = { create = \"6s\" }")
		onStage(t, s, "pending", true)
		resource.UnitTest(t, resource.TestCase{
			ProtoV6ProviderFactories: acceptance.Factories(), CheckDestroy: s.Empty,
			Steps: []resource.TestStep{
				{Config: cfg, ConfigVariables: gateway(s), ExpectError: regexp.MustCompile(`(?s)on_incomplete.*What to do:\s+Terraform\s+marks\s+the\s+resource\s+as\s+tainted`)},
				{
					PreConfig: func() { onStage(t, s, "pending", false) },
					Config:    cfg, ConfigVariables: gateway(s), ConfigPlanChecks: does(plancheck.ResourceActionDestroyBeforeCreate),
					ConfigStateChecks: []statecheck.StateCheck{has("matched", "pairing", "status")},
				},
			},
		})
	})
}

// gateway is the variable that every fixture asks for.
func gateway(s *acceptance.Stage) config.Variables {
	return config.Variables{"gateway": config.StringVariable(s.GatewayID)}
}

// onStage keeps the AWS end in a state, or lets it go on.
func onStage(t *testing.T, s *acceptance.Stage, state sandboxaws.State, stays bool) {
	t.Helper()
	if err := s.AWS.SetStalled("", state, stays); err != nil {
		t.Error(err)
	}
}
