package acceptance_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/acceptance"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox"
)

// The first example: a link from nothing, changed in place, and removed.
func TestExampleOfQuickstart(t *testing.T) {
	s := acceptance.New(t)
	e := newExamples(t, s)
	r := e.root("quickstart", map[string]string{"direct_connect_gateway_id": s.GatewayID})
	r.apply()
	r.env["TF_VAR_bandwidth"] = "10Gbps"
	if out := r.must(0, "plan"); !strings.Contains(out, "0 to add, 1 to change, 0 to destroy") {
		t.Errorf("the change is not in place:\n%s", out)
	}
	r.apply()
	if status := r.status(); status != "matched" {
		t.Errorf("the link is %s", status)
	}
	r.must(0, "destroy", "-auto-approve")
	e.empty()
}

// The whole path, from nothing in one apply, with an empty plan after it, and
// nothing left on either cloud after one destroy.
func TestExampleOfVPCToVPC(t *testing.T) {
	s := acceptance.New(t)
	e := newExamples(t, s)
	r := e.root("vpc-to-vpc", map[string]string{"direct_connect_gateway_id": s.GatewayID, "vpn_gateway_id": s.VPNGatewayID})
	r.apply()
	if out := r.must(0, "output", "pairing"); strings.Count(out, "learned") != 2 || !strings.Contains(out, `"matched"`) || strings.Contains(out, "false") {
		t.Errorf("prefixes of both ends are to be learned:\n%s", out)
	}
	if status := r.status(); status != "matched" {
		t.Errorf("the link is %s", status)
	}
	r.must(0, "destroy", "-auto-approve")
	e.empty()
}

// The module of two regions passes its own tests, and the configuration around it
// builds both paths, on two Direct Connect gateways and one network.
func TestExampleOfTwoRegions(t *testing.T) {
	s := acceptance.New(t, func(c *sandbox.Config) { c.SeedFile = "../../examples/two-regions/seed.json" })
	e := newExamples(t, s)

	module := e.root("two-regions/resilient-link", nil)
	if out := module.must(0, "test"); strings.Count(out, "... pass") < 5 || strings.Contains(out, "skip") {
		t.Errorf("not every run passed:\n%s", out)
	}
	e.empty()

	gateways, err := json.Marshal(map[string]string{"virginia": s.VPNGatewayID, "oregon": otherVPNGateway(t, s)})
	if err != nil {
		t.Fatal(err)
	}
	r := e.root("two-regions", map[string]string{"vpn_gateway_ids": string(gateways)})
	r.apply()
	if out := r.must(0, "output"); strings.Count(out, `"matched"`) != 4 || !strings.Contains(out, "paths = 2") {
		t.Errorf("two links with two attachments are wanted:\n%s", out)
	}
	r.must(0, "destroy", "-auto-approve")
	e.empty()
}

// otherVPNGateway is the seeded virtual private gateway that is not the first.
func otherVPNGateway(t *testing.T, s *acceptance.Stage) string {
	t.Helper()
	for _, r := range s.AWS.Resources() {
		if r.Kind == "vpn-gateway" && r.ID != s.VPNGatewayID {
			return r.ID
		}
	}
	t.Fatal("there is one virtual private gateway only")
	return ""
}

// One pipeline has the link and another its bandwidth: neither undoes the other's
// work, and the bandwidth goes by the hour.
func TestExampleOfScheduledBandwidth(t *testing.T) {
	s := acceptance.New(t)
	e := newExamples(t, s)
	owners := e.root("scheduled-bandwidth/link", map[string]string{"direct_connect_gateway_id": s.GatewayID})
	schedule := e.root("scheduled-bandwidth/schedule", nil)
	owners.apply()
	for at, want := range map[string]string{"2026-11-26T19:59:00Z": "1Gbps", "2026-11-26T20:00:00Z": "10Gbps", "2026-11-28T22:00:00Z": "1Gbps"} {
		schedule.env["TF_VAR_at"] = at
		if out := schedule.must(0, "plan"); !strings.Contains(out, `"`+want+`"`) {
			t.Errorf("at %s, %s is wanted:\n%s", at, want, out)
		}
	}
	schedule.env["TF_VAR_at"] = "2026-11-26T23:30:00Z"
	schedule.apply()
	if out := schedule.must(0, "output"); !strings.Contains(out, `"10Gbps"`) {
		t.Errorf("the link has not 10 Gbps: %s", out)
	}
	// The link's owners see it, and plan nothing.
	owners.must(0, "plan", "-detailed-exitcode")
	schedule.must(0, "destroy", "-auto-approve")
	owners.must(0, "plan", "-detailed-exitcode")
	owners.must(0, "destroy", "-auto-approve")
	e.empty()
}

// What exists is found and imported, nothing is changed by that on either cloud,
// and the plan after it is empty.
func TestExampleOfImport(t *testing.T) {
	s := acceptance.New(t)
	e := newExamples(t, s)
	lost := acceptance.Speak(t, s, "acme/network/vpc-to-vpc")
	had := func(name string, config map[string]any) {
		if _, said := lost.Apply(name, acceptance.State{}, config); strings.Contains(said, "ERROR") {
			t.Fatal(said)
		}
	}
	had("crosscloud_interconnect", map[string]any{
		"name": "vpc-to-vpc", "bandwidth": "1Gbps", "aws": map[string]any{"direct_connect_gateway_id": s.GatewayID},
		"google": map[string]any{"network": "default", "advertised_routes": []any{"10.128.0.0/20"}},
	})
	had("crosscloud_attachment", map[string]any{
		"name": "vpc-to-vpc", "interconnect": "projects/sandbox-project/locations/us-east4/transports/vpc-to-vpc", "google": map[string]any{},
		"aws": map[string]any{"gateway_id": s.VPNGatewayID, "allowed_prefixes": []any{"10.64.0.0/16"}},
	})
	s.Forget()
	r := e.root("import-existing", map[string]string{"vpn_gateway_id": s.VPNGatewayID})
	if out := r.must(0, "plan"); !strings.Contains(out, "2 to import, 0 to add, 0 to change, 0 to destroy") {
		t.Errorf("the plan changes something:\n%s", out)
	}
	r.apply()
	reads := regexp.MustCompile(`^aws:(Get|List|Describe)|^google:.*[.](get|list)[A-Za-z]*$`)
	if writes := slices.DeleteFunc(s.Calls(), reads.MatchString); len(writes) > 0 {
		t.Errorf("the import called %v", writes)
	}
	r.must(0, "destroy", "-auto-approve")
	e.empty()
}
