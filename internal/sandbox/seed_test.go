package sandbox_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox"
)

// everything is a seed with all that a seed can have.
const everything = `{
  "version": 1,
  "aws": {
    "gateways": [{"name": "core", "asn": 64513}, {"name": "spare"}],
    "environments": [{"id": "mce-aws-gcp-iad", "bandwidths": ["1Gbps", "BPS_2G"]}, {"id": "mce-aws-gcp-lhr", "state": "unavailable"}],
    "quotas": {"per_provider": 1}
  },
  "google": {
    "projects": ["sandbox-project", "acme-network"],
    "networks": [{"name": "default", "mtu": 8896}, {"project": "acme-network", "name": "prod"}],
    "hubs": [{"project": "acme-network", "name": "hub"}],
    "profiles": [{"location": "us-east4", "profile": "aws-us-east-1", "bandwidths": ["BPS_1G", "BPS_2G"]}, {"location": "europe-west2", "profile": "aws-eu-west-2", "closed": true}],
    "transport_quota": 2
  }
}`

// seeded starts a sandbox from a seed file.
func seeded(t *testing.T, text string) (*sandbox.Sandbox, error) {
	t.Helper()
	cfg := config()
	cfg.SeedFile = filepath.Join(t.TempDir(), "seed.json")
	if err := os.WriteFile(cfg.SeedFile, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := sandbox.Start(t.Context(), cfg)
	if err == nil {
		t.Cleanup(func() { _ = s.Close() })
	}
	return s, err
}

func TestSeedFile(t *testing.T) {
	s, err := seeded(t, everything)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for i, r := range s.AWS.Resources() {
		got = append(got, r.Kind)
		if i == 0 && r.ID != s.GatewayID {
			t.Errorf("the first gateway is %s, not %s", r.ID, s.GatewayID)
		}
	}
	for _, r := range s.Google.Resources() {
		got = append(got, r.Kind+" "+r.Name)
	}
	want := []string{
		"direct-connect-gateway", "direct-connect-gateway",
		"seeded-network projects/acme-network/global/networks/prod",
		"hub projects/acme-network/locations/global/hubs/hub",
		"seeded-network projects/sandbox-project/global/networks/default",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("resources (-want +got):\n%s", diff)
	}
	c := newCustomer(t, s.AWSURL, s.GoogleURL, s.GatewayID)
	_, environments := c.inAWS("ListEnvironments", object{})
	if text := fmt.Sprint(environments); !strings.Contains(text, "available:[1Gbps 2Gbps]") {
		t.Errorf("environments %s", text)
	}
	first := c.createAWS()
	if _, out := c.inAWS("CreateConnection", object{"bandwidth": "1Gbps", "environmentId": c.awsEnvironment,
		"attachPoint": object{"directConnectGateway": c.gateway}, "remoteAccount": object{"identifier": "acme-network"}, "clientToken": "two"}); !strings.Contains(fmt.Sprint(out), "QuotaExceeded") {
		t.Errorf("a second connection beside %v: %v", first["id"], out)
	}
}

func TestSeedFileRefused(t *testing.T) {
	for text, want := range map[string]string{
		`nonsense`:                 "reading a seed",
		`{"version":2}`:            "version 2",
		`{}`:                       "version 0",
		`{"version":1,"azure":{}}`: `unknown field "azure"`,
		`{"version":1,"aws":{"environments":[{"id":"moon","state":"limited"}]}}`:                            `"moon"`,
		`{"version":1,"aws":{"environments":[{"id":"mce-aws-gcp-iad","state":"asleep"}]}}`:                  "is not a state",
		`{"version":1,"aws":{"environments":[{"id":"mce-aws-gcp-iad","bandwidths":["fast"]}]}}`:             "fast",
		`{"version":1,"aws":{"vpcs":[{"name":"n","cidr":"10.0.0.1/8"}]}}`:                                   "is not an IPv4 network",
		`{"version":1,"google":{"networks":[{"name":"Not A Name"}]}}`:                                       "not a valid name",
		`{"version":1,"google":{"networks":[{"name":"n","mtu":9}]}}`:                                        "MTU",
		`{"version":1,"google":{"hubs":[{"project":"nobodys-project","name":"hub"}]}}`:                      "no project",
		`{"version":1,"google":{"profiles":[{"location":"us-east4","profile":"none"}]}}`:                    `"none"`,
		`{"version":1,"google":{"profiles":[{"location":"us-east4","profile":"x","bandwidths":["slow"]}]}}`: "slow",
	} {
		if _, err := seeded(t, text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", text, err, want)
		}
	}
	if _, err := sandbox.Start(t.Context(), sandbox.Config{SeedFile: filepath.Join(t.TempDir(), "none")}); err == nil {
		t.Error("a seed file that is missing is passed over")
	}
}
