package attachment_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/acceptance"
)

// TestExample applies examples/vpc-to-vpc as it is: from nothing in one apply,
// with an empty plan after it, and nothing left on either cloud after a destroy.
func TestExample(t *testing.T) {
	s := acceptance.New(t)
	for _, v := range s.Env() {
		t.Setenv(v.Name, v.Value)
	}
	// The example names the provider by its source.
	t.Setenv("TF_ACC_PROVIDER_NAMESPACE", "terraform-crosscloud")
	directory := config.StaticDirectory("../../../examples/vpc-to-vpc")
	vars := config.Variables{
		"direct_connect_gateway_id": config.StringVariable(s.GatewayID), "vpn_gateway_id": config.StringVariable(s.VPNGatewayID),
	}
	const path = "crosscloud_attachment.path"
	resource.UnitTest(t, resource.TestCase{
		CheckDestroy: s.Empty,
		Steps: []resource.TestStep{
			{ProtoV6ProviderFactories: acceptance.Factories(), ConfigDirectory: directory, ConfigVariables: vars, ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(path, at("pairing", "status"), knownvalue.StringExact("matched")),
				statecheck.ExpectKnownValue("crosscloud_interconnect.path", at("pairing", "status"), knownvalue.StringExact("matched")),
			}},
			{ProtoV6ProviderFactories: acceptance.Factories(), ConfigDirectory: directory, ConfigVariables: vars, ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}},
		},
	})
}
