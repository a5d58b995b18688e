package revalidate_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/acceptance"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/inventory"
)

// Through an engine that has actions: triggered by another resource's creation,
// a matched link passes and one that is down stops the run.
func TestTriggered(t *testing.T) {
	b := acceptance.NewBuilder(t, acceptance.New(t))
	whole := b.Build("whole", "us-east-1")
	down := b.Build("down", "eu-central-1")
	if err := b.AWS.SetLinkDown(down[inventory.SideAWS].ID, true); err != nil {
		t.Fatal(err)
	}
	config := func(id string) string {
		return b.Provider("") + fmt.Sprintf(`
action "crosscloud_revalidate_pairing" "test" {
  config {
    interconnect = %[1]q
  }
}

resource "terraform_data" "test" {
  input            = %[1]q
  triggers_replace = %[1]q

  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.crosscloud_revalidate_pairing.test]
    }
  }
}
`, id)
	}
	resource.UnitTest(t, resource.TestCase{
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_14_0)},
		ProtoV6ProviderFactories: acceptance.Factories(),
		Steps: []resource.TestStep{
			{Config: config(whole[inventory.SideGoogle].ID)},
			{Config: config(down[inventory.SideGoogle].ID), ExpectError: regexp.MustCompile(`(?s)The\s+link\s+down\s+is\s+down`)},
		},
	})
}
