package proposal_test

import (
	"encoding/base64"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/echoprovider"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/acceptance"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/inventory"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

var update = flag.Bool("update", false, "write the golden files")

func TestMain(m *testing.M) {
	for k, v := range acceptance.Credentials() {
		if err := os.Setenv(k, v); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// Through the engine: what the key is for is told, a condition can compare
// it, and the key is not used up.
func TestProposal(t *testing.T) {
	b := acceptance.NewBuilder(t, acceptance.New(t))
	half := b.Propose("ai", "us-east-1", inventory.SideGoogle, link.AwaitingPeer)
	t.Setenv("TF_VAR_key", half.Key.Reveal())
	config := func(wanted string) string {
		return b.Provider("") + fmt.Sprintf(`
variable "key" {
  type      = string
  ephemeral = true
}

ephemeral "crosscloud_connection_proposal" "test" {
  activation_key = var.key
}

locals {
  said = ephemeral.crosscloud_connection_proposal.test
}

provider "echo" {
  data = { for k, v in local.said : k => v if k != "activation_key" }
}

resource "echo" "test" {
  lifecycle {
    precondition {
      condition     = local.said.bandwidth == %q
      error_message = "The key is for another bandwidth."
    }
  }
}
`, wanted)
	}
	text := knownvalue.StringExact
	factories := acceptance.Factories()
	factories["echo"] = echoprovider.NewProviderServer()
	resource.UnitTest(t, resource.TestCase{
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_10_0)},
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{
			{Config: config("10Gbps"), ExpectError: regexp.MustCompile("The key is for another bandwidth")},
			{
				Config: config("1Gbps"),
				ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue("echo.test", tfjsonpath.New("data"), knownvalue.ObjectExact(map[string]knownvalue.Check{
					"aws_region": text("us-east-1"), "bandwidth": text("1Gbps"), "bandwidth_mbps": knownvalue.NotNull(), "environment_id": text("mce-aws-gcp-iad"),
					"peer_region": text("us-east4"), "shared_id": text(half.SharedID), "account_id": text("123456789012"),
				}))},
			},
		},
	})
	again, err := b.Link("ai", "us-east-1").Ends[inventory.SideGoogle].Observe(t.Context(), half.Ref)
	if err != nil || again.State != link.AwaitingPeer {
		t.Errorf("describing the key used it up: %s, %v", again.State, err)
	}
}

// open opens the ephemeral resource at the protocol, and says what was said.
func open(t *testing.T, p *acceptance.Protocol, config map[string]any) string {
	t.Helper()
	const name = "crosscloud_connection_proposal"
	typ := p.Schemas.EphemeralResourceSchemas[name].ValueType()
	cfg := p.Dynamic(acceptance.Value(typ, config))
	checked, err := p.ValidateEphemeralResourceConfig(t.Context(), &tfprotov6.ValidateEphemeralResourceConfigRequest{TypeName: name, Config: cfg})
	if err != nil {
		t.Fatal(err)
	}
	if said := acceptance.Said(checked.Diagnostics); said != "" {
		return said
	}
	resp, err := p.OpenEphemeralResource(t.Context(), &tfprotov6.OpenEphemeralResourceRequest{TypeName: name, Config: cfg})
	if err != nil {
		t.Fatal(err)
	}
	return acceptance.Said(resp.Diagnostics)
}

// Every refusal, as it is shown; and none shows the key.
func TestRefusals(t *testing.T) {
	b := acceptance.NewBuilder(t, acceptance.New(t))
	key := b.Propose("ai", "us-east-1", inventory.SideGoogle, link.AwaitingPeer).Key.Reveal()
	used := b.Propose("used", "eu-west-2", inventory.SideGoogle, link.AwaitingPeer).Key
	l := b.Link("used", "eu-west-2")
	if _, err := l.Ends[inventory.SideAWS].Redeem(t.Context(), link.Redemption{Marker: l.Marker, Key: used, Attempt: link.Attempt{Link: l.Marker}}); err != nil {
		t.Fatal(err)
	}
	p := acceptance.Speak(t, b.Stage, "")
	texts := map[string]string{}
	for name, config := range map[string]map[string]any{
		"another region":    {"activation_key": key, "aws_region": "us-west-2"},
		"used":              {"activation_key": used.Reveal(), "aws_region": "eu-west-2"},
		"mangled":           {"activation_key": key[:len(key)-9]},
		"another kind":      {"activation_key": base64.StdEncoding.EncodeToString([]byte("a secret of something else"))},
		"nothing":           {"activation_key": ""},
		"region of no form": {"activation_key": key, "aws_region": "Virginia"},
	} {
		said := open(t, p, config)
		given, _ := config["activation_key"].(string)
		if said == "" || len(given) > 12 && strings.Contains(said, given[:12]) {
			t.Errorf("%s: nothing was said, or the key was: %s", name, said)
		}
		texts[name] = said
	}
	golden(t, "refusals.txt", texts)
}

// golden holds named texts against a file of testdata, with ids replaced.
func golden(t *testing.T, name string, texts map[string]string) {
	t.Helper()
	var w strings.Builder
	for _, k := range slices.Sorted(maps.Keys(texts)) {
		fmt.Fprintf(&w, "== %s\n%s\n", k, texts[k])
	}
	got := regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`).ReplaceAllString(w.String(), "00000000-0000-0000-0000-000000000000")
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s: -want +got (go test -update writes it):\n%s", file, diff)
	}
}
