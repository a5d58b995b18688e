package conformance

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/acceptance"
)

// provider creates, changes, imports and destroys a link through Terraform, with
// either cloud as the initiator. Nothing that the provider sends may be wrong.
func (h *house) provider(t *testing.T) {
	const address = "crosscloud_interconnect.test"
	configuration, err := os.ReadFile(filepath.Join("..", "service", "interconnect", "testdata", "max.tf"))
	if err != nil {
		t.Fatal(err)
	}
	for _, initiator := range []string{"aws", "google"} {
		t.Run(initiator, func(t *testing.T) {
			t.Parallel()
			s := h.start(t, strict)
			vars := func(bandwidth, description, route string) config.Variables {
				return config.Variables{
					"gateway": config.StringVariable(s.GatewayID), "initiator": config.StringVariable(initiator),
					"bandwidth": config.StringVariable(bandwidth), "description": config.StringVariable(description),
					"routes": config.SetVariable(config.StringVariable(route)),
					"tags":   config.MapVariable(map[string]config.Variable{"team": config.StringVariable("network")}),
				}
			}
			text := s.Provider(`owner = "acme/conformance"`) + string(configuration)
			last := vars("2Gbps", "second", "10.1.0.0/16")
			resource.UnitTest(t, resource.TestCase{
				ProtoV6ProviderFactories: acceptance.Factories(), CheckDestroy: s.Empty,
				Steps: []resource.TestStep{
					{Config: text, ConfigVariables: vars("1Gbps", "first", "10.0.0.0/16")},
					{Config: text, ConfigVariables: last},
					{
						Config: text, ConfigVariables: last, ResourceName: address, ImportState: true,
						ImportStateIdFunc: func(st *terraform.State) (string, error) {
							r, ok := st.RootModule().Resources[address]
							if !ok {
								return "", fmt.Errorf("%s is not in the state", address)
							}
							return r.Primary.Attributes["aws.arn"], nil
						},
					},
				},
			})
		})
	}
}
