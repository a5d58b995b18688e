package interconnects_test

import (
	"fmt"
	"maps"
	"os"
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
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/inventory"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox"
)

func TestMain(m *testing.M) {
	for k, v := range acceptance.Credentials() {
		if err := os.Setenv(k, v); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// built is a stage with a link of each kind, and the names of their ends.
type built struct {
	*acceptance.Builder
	whole, orphan       link.View
	halfAWS, halfGoogle link.Observation
}

func everything(t *testing.T) *built {
	t.Helper()
	b := &built{Builder: acceptance.NewBuilder(t, acceptance.New(t, func(c *sandbox.Config) {
		c.AWS.Quotas.Requested, c.Google.TransportQuota, c.AWS.Switches.BillingTier = 10, -1, 1
	}))}
	b.orphan = b.Orphan("orphan", "eu-central-1")
	b.Owner = "Acme/network"
	b.whole = b.Build("ai-whole", "us-east-1")
	b.halfAWS = b.Propose("ai-half", "us-west-2", inventory.SideAWS, link.AwaitingPeer)
	b.Owner = ""
	b.halfGoogle = b.Propose("half-of-google", "eu-west-2", inventory.SideGoogle, link.AwaitingPeer)
	return b
}

// arn is the ARN of a connection.
func arn(o link.Observation) string { return o.Detail.(*awsend.Detail).ARN }

// block is a data source with arguments.
func block(typ, name, arguments string) string {
	return fmt.Sprintf("\ndata %q %q {\n%s\n}\n", typ, name, arguments)
}

var (
	text   = knownvalue.StringExact
	object = knownvalue.ObjectPartial
	null   = knownvalue.Null()
)

func TestFilters(t *testing.T) {
	b := everything(t)
	ids := map[string]string{
		"whole": b.whole[1].ID, "orphan": b.orphan[1].ID, "half of AWS": arn(b.halfAWS), "half of Google": b.halfGoogle.ID,
	}
	all := []string{"half of AWS", "whole", "half of Google", "orphan"} // by name
	tests := map[string]struct {
		arguments string
		want      []string
	}{
		"none":                   {"", all},
		"project":                {`project = "sandbox-project"`, all},
		"name":                   {`name = "orphan"`, []string{"orphan"}},
		"name that nobody has":   {`name = "orph"`, nil},
		"name prefix":            {`name_prefix = "ai-"`, []string{"half of AWS", "whole"}},
		"owner":                  {`owner = "Acme/network"`, []string{"half of AWS", "whole"}},
		"owner of nothing":       {`owner = "acme/network"`, nil},
		"shared id":              {fmt.Sprintf("shared_id = %q", strings.ToUpper(b.whole[0].SharedID)), []string{"whole"}},
		"AWS region":             {`aws_regions = ["us-west-2"]`, []string{"half of AWS"}},
		"AWS region of Google's": {`aws_regions = ["eu-west-2", "eu-central-1"]`, []string{"half of Google", "orphan"}},
		"Google region":          {`google_regions = ["us-east4"]`, []string{"whole"}},
		"Google region of AWS's": {`google_regions = ["us-west1"]`, []string{"half of AWS"}},
		"statuses":               {`statuses = ["broken", "awaiting_google"]`, []string{"half of AWS", "orphan"}},
		"matched":                {`statuses = ["matched"]`, []string{"whole"}},
		"half-open":              {`kinds = ["half_open"]`, []string{"half of AWS", "half of Google"}},
		"orphaned":               {`kinds = ["orphaned"]`, []string{"orphan"}},
		"whole":                  {`kinds = ["whole"]`, []string{"whole"}},
		"bandwidth":              {`bandwidth = "BPS_1G"`, all},
		"bandwidth of nothing":   {`bandwidth = "10Gbps"`, nil},
		"gateway":                {fmt.Sprintf("direct_connect_gateway_id = %q", b.GatewayID), []string{"half of AWS", "whole"}},
		"network":                {fmt.Sprintf("network = %q", sandbox.SeedNetwork), []string{"whole", "half of Google", "orphan"}},
		"network in full":        {fmt.Sprintf("network = \"projects/sandbox-project/global/networks/%s\"", sandbox.SeedNetwork), []string{"whole", "half of Google", "orphan"}},
		"another network":        {`network = "projects/others/global/networks/` + sandbox.SeedNetwork + `"`, nil},
		"hub":                    {`hub = "hub"`, nil},
		"tags":                   {`tags = { team = "network" }`, nil},
		"labels":                 {`labels = { team = "network" }`, nil},
		"two filters":            {"name_prefix = \"ai-\"\nkinds = [\"whole\"]", []string{"whole"}},
		"two that contradict":    {"name_prefix = \"ai-\"\nkinds = [\"orphaned\"]", nil},
	}
	cfg := b.Provider("")
	var checks []statecheck.StateCheck
	for _, name := range slices.Sorted(maps.Keys(tests)) {
		label := strings.NewReplacer(" ", "_", "'", "").Replace(name)
		cfg += block("crosscloud_interconnects", label, tests[name].arguments)
		want := []knownvalue.Check{}
		for _, w := range tests[name].want {
			want = append(want, text(ids[w]))
		}
		checks = append(checks, statecheck.ExpectKnownValue("data.crosscloud_interconnects."+label, tfjsonpath.New("ids"), knownvalue.ListExact(want)))
	}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: acceptance.Factories(),
		Steps:                    []resource.TestStep{{Config: cfg, ConfigStateChecks: checks}},
	})
}

// Each kind of link, in full, by each of its names; and no key in the state.
func TestOne(t *testing.T) {
	b := everything(t)
	aws, google := b.whole[0], b.whole[1]
	whole := map[string]knownvalue.Check{
		"kind": text("whole"), "initiator": text("aws"), "owner": text("Acme/network"), "bandwidth": text("1Gbps"), "bandwidth_mbps": knownvalue.Int64Exact(1000),
		"pairing": object(map[string]knownvalue.Check{"status": text("matched"), "remedy": null, "differences": knownvalue.ListExact([]knownvalue.Check{})}),
		"cost":    object(map[string]knownvalue.Check{"monthly": knownvalue.Float64Exact(3555.10), "currency": text("USD")}),
		"aws": object(map[string]knownvalue.Check{
			"connection_id": text(aws.ID), "arn": text(arn(aws)), "account_id": text("123456789012"), "region": text("us-east-1"), "state": text("available"),
			"bandwidth": text("1Gbps"), "environment_id": text("mce-aws-gcp-iad"), "direct_connect_gateway_id": text(b.GatewayID), "description": text("ai-whole"),
			"tags": knownvalue.MapExact(map[string]knownvalue.Check{}),
		}),
		"google": object(map[string]knownvalue.Check{
			"transport_id": text(google.ID), "project": text("sandbox-project"), "region": text("us-east4"), "state": text("ACTIVE"), "bandwidth": text("1Gbps"),
			"remote_profile": text("aws-us-east-1"), "network": knownvalue.StringRegexp(regexp.MustCompile("/" + sandbox.SeedNetwork + "$")), "hub": null,
			"stack_type": text("IPV4_ONLY"), "labels": knownvalue.MapExact(map[string]knownvalue.Check{}), "advertised_routes": knownvalue.ListExact([]knownvalue.Check{}),
		}),
	}
	id := func(s string) string { return fmt.Sprintf("id = %q", s) }
	tests := map[string]struct {
		arguments string
		want      map[string]knownvalue.Check
	}{
		"by_transport":  {id(google.ID), whole},
		"by_arn":        {id(arn(aws)), whole},
		"by_connection": {id("us-east-1/" + aws.ID), whole},
		"by_both_ends":  {id("us-east-1/" + aws.ID + "," + google.ID), whole},
		"by_shared_id":  {fmt.Sprintf("shared_id = %q", strings.ToUpper(aws.SharedID)), whole},
		"by_name":       {`name = "ai-whole"`, whole},
		"half_of_aws": {id("us-west-2/" + b.halfAWS.ID), map[string]knownvalue.Check{
			"name": text("ai-half"), "kind": text("half_open"), "initiator": text("aws"), "google": null,
			"pairing": object(map[string]knownvalue.Check{"status": text("awaiting_google"), "remedy": knownvalue.NotNull()}),
			// Of that region no price is known.
			"cost": object(map[string]knownvalue.Check{"monthly": null, "aws": knownvalue.NotNull(), "google": null}),
		}},
		"half_of_google": {`name = "half-of-google"`, map[string]knownvalue.Check{
			"id": text(b.halfGoogle.ID), "kind": text("half_open"), "initiator": text("google"), "aws": null, "owner": null,
			"pairing": object(map[string]knownvalue.Check{"status": text("awaiting_aws")}),
			"cost":    object(map[string]knownvalue.Check{"monthly": knownvalue.Float64Exact(2555), "aws": null}),
		}},
		"orphan": {id(b.orphan[1].ID), map[string]knownvalue.Check{
			"kind": text("orphaned"), "aws": null, "pairing": object(map[string]knownvalue.Check{"status": text("broken")}),
		}},
		"where_AWS_is_not_asked": {"name = \"ai-whole\"\naws_regions = [\"eu-west-2\"]", map[string]knownvalue.Check{
			"kind": text("orphaned"), "aws": null, "pairing": object(map[string]knownvalue.Check{"status": text("unverified")}),
		}},
	}
	cfg := b.Provider("")
	var checks []statecheck.StateCheck
	for name, tt := range tests {
		cfg += block("crosscloud_interconnect", name, tt.arguments)
		for attribute, want := range tt.want {
			checks = append(checks, statecheck.ExpectKnownValue("data.crosscloud_interconnect."+name, tfjsonpath.New(attribute), want))
		}
	}
	keys := []string{b.halfAWS.Key.Reveal(), b.halfGoogle.Key.Reveal()}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: acceptance.Factories(),
		Steps: []resource.TestStep{{
			Config: cfg, ConfigStateChecks: checks, ConfigPlanChecks: resource.ConfigPlanChecks{PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
			Check: func(st *terraform.State) error {
				for _, k := range keys {
					if k == "" || strings.Contains(st.String(), k) {
						return fmt.Errorf("the state shows an activation key, or there is none to look for")
					}
				}
				return nil
			},
		}},
	})
}

func TestRefusals(t *testing.T) {
	b := acceptance.NewBuilder(t, acceptance.New(t))
	b.Build("twin", "us-east-1")
	b.Build("twin", "eu-west-2")
	one := func(arguments string) string {
		return b.Provider("") + block("crosscloud_interconnect", "test", arguments)
	}
	many := func(arguments string) string {
		return b.Provider("") + block("crosscloud_interconnects", "test", arguments)
	}
	tests := map[string]struct{ config, says string }{
		"no name":              {one(""), `(?s)Missing Attribute Configuration|Invalid Attribute Combination`},
		"two names":            {one("name = \"a\"\nid = \"b\""), `Invalid Attribute Combination`},
		"id that names none":   {one(`id = "twin"`), `(?s)cannot\s+be\s+read.*"twin"\s+names\s+no\s+link`},
		"id of nothing":        {one(`id = "us-east-1/mcc-00000000"`), `(?s)AWS\s+knows\s+no\s+connection`},
		"name of nothing":      {one(`name = "nobody"`), `(?s)There is no such link.*lists a link with the name nobody\s+among the 2.*What to do`},
		"shared id of nothing": {one(`shared_id = "00000000-0000-4000-8000-000000000000"`), `(?s)There is no such link.*shared\s+id\s+00000000`},
		"name of two":          {one(`name = "twin"`), `(?s)There are several such links.*2 links have the name twin.*us-east4.*What to do`},
		"shared id of no form": {one(`shared_id = "x"`), `(?s)shared_id = "x".*the\s+UUID\s+of`},
		"region of no form":    {many(`aws_regions = ["Virginia"]`), `an\s+AWS\s+region`},
		"no regions":           {many(`aws_regions = []`), `(?s)aws_regions.*at\s+least\s+1`},
		"status of none":       {many(`statuses = ["fine"]`), `(?s)value must be one of.*"matched"`},
		"kind of none":         {many(`kinds = ["half"]`), `(?s)value must be one of.*"half_open"`},
		"bandwidth of no form": {many(`bandwidth = "fast"`), `Invalid bandwidth`},
		"project of others":    {many(`project = "somebody-else"`), `(?s)links cannot be listed.*somebody-else.*PERMISSION_DENIED`},
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
