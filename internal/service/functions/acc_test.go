package functions_test

import (
	"os"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/acceptance"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
)

func TestMain(m *testing.M) {
	for k, v := range acceptance.Credentials() {
		if err := os.Setenv(k, v); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// Functions through the engine, with no cloud to ask: the key of a sensitive
// variable gives a sensitive answer, which nonsensitive() alone may show.
func TestFunctions(t *testing.T) {
	key, err := activation.Payload{
		Version: 1, SharedID: "7e3f2d9a-5c1b-4f6e-9a8d-0123456789ab", EnvironmentURI: "environments/x", Bandwidth: bandwidth.Gbps, AccountID: "my-project",
	}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("TF_VAR_key", key.Reveal())
	const head = `
terraform {
  required_providers {
    crosscloud = { source = "hashicorp/crosscloud" }
  }
}
variable "key" {
  type      = string
  sensitive = true
}
`
	object := knownvalue.ObjectPartial
	resource.UnitTest(t, resource.TestCase{
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_8_0)},
		ProtoV6ProviderFactories: acceptance.Factories(),
		Steps: []resource.TestStep{
			{
				Config: head + `
output "sum" { value = provider::crosscloud::bandwidth_mbps("10Gbps") + provider::crosscloud::bandwidth_mbps("BPS_500M") }
output "key" { value = nonsensitive(provider::crosscloud::decode_activation_key(var.key)) }
output "foreign" { value = provider::crosscloud::decode_activation_key("something else") }
output "id" { value = provider::crosscloud::parse_interconnect_id("us-east-1/mcc-1a2b3c4d") }
`,
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownOutputValue("sum", knownvalue.Int64Exact(10500)),
					statecheck.ExpectKnownOutputValue("key", object(map[string]knownvalue.Check{
						"readable": knownvalue.Bool(true), "bandwidth_mbps": knownvalue.Int64Exact(1000), "account_id": knownvalue.StringExact("my-project"),
					})),
					statecheck.ExpectKnownOutputValue("foreign", object(map[string]knownvalue.Check{"readable": knownvalue.Bool(false), "shared_id": knownvalue.Null()})),
					statecheck.ExpectKnownOutputValue("id", object(map[string]knownvalue.Check{"cloud": knownvalue.StringExact("aws"), "connection_id": knownvalue.StringExact("mcc-1a2b3c4d")})),
				},
			},
			{
				Config:      head + `output "key" { value = provider::crosscloud::decode_activation_key(var.key).shared_id }`,
				ExpectError: regexp.MustCompile(`(?s)Output refers to sensitive values`),
			},
			{
				Config:      head + `output "speed" { value = provider::crosscloud::bandwidth_mbps("fast") }`,
				ExpectError: regexp.MustCompile(`(?s)bandwidth\s+"fast"\s+is\s+not\s+valid`),
			},
			{
				Config:      head + `output "id" { value = provider::crosscloud::parse_interconnect_id("ai") }`,
				ExpectError: regexp.MustCompile(`(?s)"ai"\s+names\s+no\s+link`),
			},
		},
	})
}
