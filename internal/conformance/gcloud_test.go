package conformance

import (
	"encoding/json"
	"os/exec"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox"
)

// gcloud walks networks and their peerings with gcloud as it comes.
func (h *house) gcloud(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("gcloud"); err != nil {
		missing(t, "gcloud", err)
	}
	s := h.start(t, provoking)
	env := clients(t, s, "CLOUDSDK_CONFIG="+t.TempDir(), "CLOUDSDK_CORE_DISABLE_PROMPTS=1")
	command := func(reply any, args ...string) {
		t.Helper()
		out, diag, err := run(t.Context(), env, "gcloud", slices.Concat([]string{"compute", "networks"}, args, []string{"--format=json", "--quiet"})...)
		if err != nil {
			t.Fatalf("gcloud compute networks %q: %v\n%s", args, err, diag)
		}
		if reply == nil {
			return
		}
		if err := json.Unmarshal([]byte(out), reply); err != nil {
			t.Fatalf("gcloud compute networks %q: %v: %s", args, err, out)
		}
	}
	google := transports(t, s)
	if _, err := google.Create(region, wanted()).TransportId("walk").Do(); err != nil {
		t.Fatal(err)
	}
	other := stateOf(t, google, "walk", "PENDING_KEY").PeeringNetwork

	type network struct {
		Name     string
		Mtu      int
		Peerings []struct {
			Name                                   string
			ImportCustomRoutes, ExportCustomRoutes bool
		}
	}
	command(nil, "create", "mine", "--subnet-mode=custom", "--mtu=8896")
	command(nil, "peerings", "create", "link", "--network=mine", "--peer-network="+other, "--import-custom-routes", "--export-custom-routes")
	command(nil, "peerings", "update", "link", "--network=mine", "--no-export-custom-routes")
	var peered []network
	command(&peered, "peerings", "list", "--network=mine")
	if len(peered) != 1 || len(peered[0].Peerings) != 1 || !peered[0].Peerings[0].ImportCustomRoutes || peered[0].Peerings[0].ExportCustomRoutes {
		t.Errorf("peerings: %+v", peered)
	}
	var routes []any
	command(&routes, "peerings", "list-routes", "link", "--network=mine", "--region="+sandbox.DefaultGoogleRegion, "--direction=INCOMING")
	command(nil, "peerings", "delete", "link", "--network=mine")
	var described network
	command(&described, "describe", "mine")
	if diff := cmp.Diff(network{Name: "mine", Mtu: 8896}, described); diff != "" {
		t.Errorf("network (-want +got):\n%s", diff)
	}
	command(nil, "delete", "mine")
	var list []network
	command(&list, "list")
	if len(list) != 1 || list[0].Name != sandbox.SeedNetwork {
		t.Errorf("networks: %+v", list)
	}
	h.done("gcloud")
}
