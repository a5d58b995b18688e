package interconnect_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/acceptance"
)

// importBlock is the block that an error prints, without what Terraform draws
// around its errors.
var importBlock = regexp.MustCompile(`(?s)import \{\n.*?\n\}`)

// TestThePrintedImportBlock creates a link that exists and has no owner, pastes
// the import block out of the error beside the resource, and applies.
func TestThePrintedImportBlock(t *testing.T) {
	t.Parallel()
	s := acceptance.New(t)
	// The label is the link's name, as the printed block supposes.
	cfg := replaceOnce(t, fixture(t, s, "min.tf", ""), `"crosscloud_interconnect" "test"`, `"crosscloud_interconnect" "min"`)
	made := replaceOnce(t, fixture(t, s, "min.tf", ""), `"crosscloud_interconnect" "test"`, `"crosscloud_interconnect" "maker"`)
	const lost = "\nremoved {\n  from = crosscloud_interconnect.maker\n  lifecycle {\n    destroy = false\n  }\n}\n"
	var said string
	pasted := t.TempDir()
	write := func(text string) {
		if err := os.WriteFile(filepath.Join(pasted, "main.tf"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(cfg)
	resource.UnitTest(t, resource.TestCase{
		TerraformVersionChecks: []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_7_0)},
		CheckDestroy:           s.Empty,
		ErrorCheck: func(err error) error {
			said = strings.ReplaceAll(err.Error(), "│ ", "")
			return nil
		},
		Steps: []resource.TestStep{
			{Config: made, ConfigVariables: gateway(s), ProtoV6ProviderFactories: acceptance.Factories()},
			{Config: cfg + lost, ConfigVariables: gateway(s), ProtoV6ProviderFactories: acceptance.Factories()},
			{
				ProtoV6ProviderFactories: acceptance.Factories(),
				ConfigDirectory:          config.StaticDirectory(pasted),
				PreConfig: func() {
					block := importBlock.FindString(said)
					if block == "" {
						t.Fatalf("no import block in:\n%s", said)
					}
					write(cfg + "\n" + block + "\n")
				},
				ConfigVariables:  gateway(s),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction("crosscloud_interconnect.min", plancheck.ResourceActionNoop)}},
			},
		},
	})
	if !strings.Contains(said, "A complete link named") {
		t.Errorf("the creation of a link that exists says:\n%s", said)
	}
}
