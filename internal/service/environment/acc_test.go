package environment_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/acceptance"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox"
	sandboxaws "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/aws"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator"
	sandboxgoogle "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/google"
)

func TestMain(m *testing.M) {
	for k, v := range acceptance.Credentials() {
		if err := os.Setenv(k, v); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// changed starts a stage on which the clouds do not all say the same.
func changed(t *testing.T) *acceptance.Stage {
	t.Helper()
	s := acceptance.New(t, func(c *sandbox.Config) {
		c.AWS.Traits = map[string]sandboxaws.EnvironmentTraits{
			"mce-aws-gcp-iad": {ActivationPageURL: "https://console.example.com/keys"},
			"mce-aws-gcp-fra": {Provider: "oci"},
		}
	})
	for _, err := range []error{
		s.AWS.SetEnvironmentBandwidths("mce-aws-gcp-lhr", []bandwidth.Bandwidth{bandwidth.Gbps, 5 * bandwidth.Gbps}, []bandwidth.Bandwidth{100 * bandwidth.Gbps}),
		s.Google.SetProfileBandwidths("europe-west2", "aws-eu-west-2", 5*bandwidth.Gbps, 10*bandwidth.Gbps),
		s.Google.SetProfileFlow("europe-west2", "aws-eu-west-2", sandboxgoogle.FlowInputOnly),
		s.AWS.SetEnvironmentState("mce-aws-gcp-pdx", sandboxaws.EnvironmentUnavailable),
		s.Google.SetProfileOrderState("us-west2", "aws-us-west-1", false),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// data is a block of the data source.
func data(name, arguments string) string {
	return "\ndata \"crosscloud_environments\" \"" + name + "\" {\n" + arguments + "\n}\n"
}

// regions are the AWS regions of the environments that the clouds have joined,
// in order, without some.
func regions(without ...string) []knownvalue.Check {
	var all []string
	for _, e := range coordinator.DefaultEnvironments() {
		if !slices.Contains(without, e.AWSRegion) {
			all = append(all, e.AWSRegion)
		}
	}
	slices.Sort(all)
	var checks []knownvalue.Check
	for _, r := range all {
		checks = append(checks, object(map[string]knownvalue.Check{"aws_region": knownvalue.StringExact(r)}))
	}
	return checks
}

// object is a check of some attributes of an environment.
func object(of map[string]knownvalue.Check) knownvalue.Check { return knownvalue.ObjectPartial(of) }

// list is a check of a list of texts.
func list(words ...string) knownvalue.Check {
	checks := []knownvalue.Check{}
	for _, w := range words {
		checks = append(checks, knownvalue.StringExact(w))
	}
	return knownvalue.ListExact(checks)
}

func TestFilters(t *testing.T) {
	s := changed(t)
	const everything = "500Mbps 1Gbps 2Gbps 5Gbps 10Gbps 20Gbps 50Gbps 100Gbps"
	text, null, none := knownvalue.StringExact, knownvalue.Null(), []knownvalue.Check{}
	virginia := object(map[string]knownvalue.Check{
		"aws_region": text("us-east-1"), "google_region": text("us-east4"),
		"environment_id": text("mce-aws-gcp-iad"), "remote_profile": text("aws-us-east-1"),
		"aws_state": text("available"), "google_order_state": text("OPEN"), "open": knownvalue.Bool(true),
		"bandwidths": list(strings.Fields(everything)...), "aws_bandwidths": list(strings.Fields(everything)...), "google_bandwidths": list(strings.Fields(everything)...),
		"key_flow": text("INPUT_OR_OUTPUT"), "sla": text("HIGH"), "activation_page": text("https://console.example.com/keys"),
	})
	london := object(map[string]knownvalue.Check{
		"aws_region": text("eu-west-2"), "bandwidths": list("5Gbps"), "aws_bandwidths": list("1Gbps", "5Gbps"),
		"google_bandwidths": list("5Gbps", "10Gbps"), "key_flow": text("INPUT_ONLY"), "open": knownvalue.Bool(true),
	})
	// AWS joins Frankfurt with somebody else, so only Google lists it.
	frankfurt := object(map[string]knownvalue.Check{
		"aws_region": text("eu-central-1"), "google_region": text("europe-west3"), "environment_id": null, "aws_state": null,
		"remote_profile": text("aws-eu-central-1"), "open": knownvalue.Bool(false), "bandwidths": list(), "aws_bandwidths": list(),
	})
	oregon := object(map[string]knownvalue.Check{"aws_state": text("unavailable"), "google_order_state": text("OPEN"), "open": knownvalue.Bool(false)})
	california := object(map[string]knownvalue.Check{"aws_state": text("available"), "google_order_state": text("CLOSED"), "open": knownvalue.Bool(false)})
	tests := map[string]struct {
		arguments string
		want      []knownvalue.Check
	}{
		"none":                   {"", regions()},
		"project":                {`project = "sandbox-project"`, regions()},
		"AWS region":             {`aws_region = "us-east-1"`, []knownvalue.Check{virginia}},
		"Google region":          {`google_region = "europe-west2"`, []knownvalue.Check{london}},
		"both regions":           {"aws_region = \"eu-west-2\"\ngoogle_region = \"europe-west2\"", []knownvalue.Check{london}},
		"regions of two pairs":   {"aws_region = \"us-east-1\"\ngoogle_region = \"europe-west2\"", none},
		"one cloud only":         {`aws_region = "eu-central-1"`, []knownvalue.Check{frankfurt}},
		"closed by AWS":          {`aws_region = "us-west-2"`, []knownvalue.Check{oregon}},
		"closed by Google":       {`google_region = "us-west2"`, []knownvalue.Check{california}},
		"bandwidth":              {`bandwidth = "1Gbps"`, regions("eu-west-2", "eu-central-1")},
		"bandwidth of Google's":  {`bandwidth = "BPS_5G"`, regions("eu-central-1")},
		"bandwidth of nobody":    {`bandwidth = "3Gbps"`, none},
		"region and bandwidth":   {"aws_region = \"eu-west-2\"\nbandwidth = \"5000Mbps\"", []knownvalue.Check{london}},
		"region and other speed": {"aws_region = \"eu-west-2\"\nbandwidth = \"10Gbps\"", none},
	}
	// All in one configuration: one run of the engine reads them all.
	cfg := s.Provider("")
	var checks []statecheck.StateCheck
	for name, tt := range tests {
		name = strings.NewReplacer(" ", "_", "'", "").Replace(name)
		cfg += data(name, tt.arguments)
		checks = append(checks, statecheck.ExpectKnownValue("data.crosscloud_environments."+name, tfjsonpath.New("environments"), knownvalue.ListExact(tt.want)))
	}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: acceptance.Factories(),
		Steps:                    []resource.TestStep{{Config: cfg, ConfigStateChecks: checks}},
	})
}

func TestRefusals(t *testing.T) {
	s := acceptance.New(t)
	of := func(arguments string) string { return s.Provider("") + data("test", arguments) }
	withoutProject := strings.Replace(of(""), fmt.Sprintf("project      = %q", sandboxgoogle.DefaultProject), "", 1)
	tests := map[string]struct{ config, says string }{
		"AWS region that is none":    {of(`aws_region = "Virginia"`), `(?s)aws_region = "Virginia".*an AWS region`},
		"Google region that is none": {of(`google_region = "us-east"`), `(?s)google_region = "us-east".*a Google Cloud region`},
		"bandwidth that is none":     {of(`bandwidth = "fast"`), `(?s)Invalid bandwidth.*bandwidth = "fast"`},
		"project that is none":       {of(`project = "P"`), `(?s)project = "P".*a project id`},
		"no project":                 {withoutProject, `(?s)cannot be read.*no project to ask as.*Attribute: project.*GOOGLE_PROJECT`},
		"project of others":          {of(`project = "somebody-else"`), `(?s)cannot be read.*list the locations of projects/somebody-else.*PERMISSION_DENIED`},
		"Google region unknown":      {of(`google_region = "mars-north1"`), `(?s)google_region = "mars-north1".*Attribute: google_region`},
	}
	for _, name := range []string{"GOOGLE_PROJECT", "GOOGLE_CLOUD_PROJECT", "GCLOUD_PROJECT", "CLOUDSDK_CORE_PROJECT"} {
		t.Setenv(name, "")
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			resource.UnitTest(t, resource.TestCase{
				ProtoV6ProviderFactories: acceptance.Factories(),
				Steps:                    []resource.TestStep{{Config: tt.config, ExpectError: regexp.MustCompile(tt.says)}},
			})
		})
	}
}
