package attachpoint_test

import (
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/acceptance"
)

func TestMain(m *testing.M) {
	for k, v := range acceptance.Credentials() {
		if err := os.Setenv(k, v); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

func block(name, arguments string) string {
	return fmt.Sprintf("\ndata \"crosscloud_attach_points\" %q {\n%s\n}\n", name, arguments)
}

func TestFilters(t *testing.T) {
	s := acceptance.New(t)
	other := s.AWS.CreateGateway("another", 64513)
	text := knownvalue.StringExact
	both := []string{other, s.GatewayID}
	tests := map[string]struct {
		arguments string
		want      []string
	}{
		"none":                {"", both},
		"region":              {`aws_region = "eu-west-2"`, both},
		"google_region":       {`google_region = "us-east4"`, both},
		"region_without_any":  {`google_region = "us-west1"`, nil},
		"environment":         {`environment_id = "mce-aws-gcp-iad"`, both},
		"id":                  {fmt.Sprintf("id = %q", other), []string{other}},
		"name":                {`name = "another"`, []string{other}},
		"name_prefix":         {`name_prefix = "ano"`, []string{other}},
		"name_of_none":        {`name = "ano"`, nil},
		"type":                {`type = "DirectConnectGateway"`, both},
		"type_of_none":        {`type = "Carrier"`, nil},
		"name_and_type":       {"name = \"another\"\ntype = \"DirectConnectGateway\"", []string{other}},
		"environment_and_not": {"environment_id = \"mce-aws-gcp-iad\"\nname = \"none\"", nil},
	}
	cfg := s.Provider("")
	var checks []statecheck.StateCheck
	for _, name := range slices.Sorted(maps.Keys(tests)) {
		cfg += block(name, tests[name].arguments)
		ids := []knownvalue.Check{}
		for _, id := range tests[name].want {
			ids = append(ids, text(id))
		}
		checks = append(checks, statecheck.ExpectKnownValue("data.crosscloud_attach_points."+name, tfjsonpath.New("ids"), knownvalue.ListExact(ids)))
	}
	checks = append(checks,
		statecheck.ExpectKnownValue("data.crosscloud_attach_points.name", tfjsonpath.New("attach_points"), knownvalue.ListExact([]knownvalue.Check{
			knownvalue.ObjectExact(map[string]knownvalue.Check{
				"id": text(other), "name": text("another"), "type": text("DirectConnectGateway"), "environment_ids": knownvalue.ListExact([]knownvalue.Check{text("mce-aws-gcp-iad")}),
			}),
		})),
		statecheck.ExpectKnownValue("data.crosscloud_attach_points.none", tfjsonpath.New("aws_region"), text("us-east-1")),
	)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: acceptance.Factories(),
		Steps:                    []resource.TestStep{{Config: cfg, ConfigStateChecks: checks}},
	})
}

func TestRefusals(t *testing.T) {
	s := acceptance.New(t)
	tests := map[string]struct{ arguments, says string }{
		"region of no form":        {`aws_region = "Virginia"`, `(?s)aws_region = "Virginia".*an\s+AWS\s+region`},
		"environment of none":      {`environment_id = "mce-nothing"`, `(?s)attach\s+points\s+cannot\s+be\s+read.*list\s+the\s+attach\s+points\s+of\s+mce-nothing`},
		"environment and region":   {"environment_id = \"mce-aws-gcp-iad\"\ngoogle_region = \"us-east4\"", `Invalid Attribute Combination`},
		"Google region of no form": {`google_region = "us-east-4"`, `a\s+Google\s+Cloud\s+region`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			resource.UnitTest(t, resource.TestCase{
				ProtoV6ProviderFactories: acceptance.Factories(),
				Steps:                    []resource.TestStep{{Config: s.Provider("") + block("test", tt.arguments), ExpectError: regexp.MustCompile(tt.says)}},
			})
		})
	}
}
