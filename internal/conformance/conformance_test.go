package conformance

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/acceptance"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/conformance/contract"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox"
	sandboxaws "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/aws"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator/api"
)

func TestMain(m *testing.M) {
	for k, v := range acceptance.Credentials() {
		if err := os.Setenv(k, v); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// TestConformance walks the sandbox with every client, those of others and the
// provider, and holds all that passes its doors to the contracts of the clouds.
func TestConformance(t *testing.T) {
	set, err := contract.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	h := &house{set: set, watch: &contract.Watch{Departures: set.Departures()}}
	t.Run("walks", func(t *testing.T) {
		t.Run("Google's clients", h.google)
		t.Run("provider", h.provider)
		t.Run("boto3", h.boto3)
		t.Run("AWS CLI", h.awsCLI)
		t.Run("gcloud", h.gcloud)
	})
	t.Logf("\n%s", h.watch.Summary())
	for _, v := range h.watch.Violations() {
		t.Error(v)
	}
	h.covered(t)
}

// errs is a test that notes its errors and does not fail.
type errs struct {
	testing.TB

	found []string
}

// Error notes an error.
func (e *errs) Error(args ...any) { e.found = append(e.found, fmt.Sprint(args...)) }

// TestSpoiltRepliesAreSeen shows that TestConformance and every other test on the
// stage can fail: whatever the sandbox answers is spoilt on its way to the door.
func TestSpoiltRepliesAreSeen(t *testing.T) {
	set, err := contract.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	watched := &errs{TB: t}
	s := acceptance.New(watched, func(c *sandbox.Config) {
		front := c.Front
		c.Front = func(d sandbox.Door, handler http.Handler) http.Handler { return front(d, spoil(handler)) }
	})
	service := transports(t, s)
	if _, err := service.List(region).Do(); err != nil {
		t.Fatal(err)
	}
	if _, err := connections(s).ListConnections(t.Context(), &interconnect.ListConnectionsInput{}); err != nil {
		t.Fatal(err)
	}
	peer := api.NewClient(s.GoogleCoordinatorURL, coordinator.SharedToken)
	t.Cleanup(peer.Close)
	if _, err := peer.GetProvider(t.Context(), "providers/aws"); err != nil {
		t.Fatal(err)
	}
	want := []string{set.Connectivity.Name(), set.AWS.Name(), set.Coordinator.Name()}
	if len(watched.found) != len(want) {
		t.Fatalf("errors: %q", watched.found)
	}
	for i, name := range want {
		if got := watched.found[i]; !strings.HasPrefix(got, name) || !strings.Contains(got, `"spoilt"`) {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// connections is the client of AWS Interconnect that this repository has.
func connections(s *acceptance.Stage) *interconnect.Client {
	return interconnect.New(interconnect.Options{
		Region: sandbox.DefaultAWSRegion, BaseEndpoint: &s.AWSURL,
		Credentials: credentials.NewStaticCredentialsProvider(sandboxaws.DefaultAccessKeyID, sandboxaws.DefaultSecretAccessKey, ""),
	})
}

// spoil adds a member to every reply.
func spoil(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		h.ServeHTTP(answer, r)
		maps.Copy(w.Header(), answer.Header())
		w.Header().Del("Content-Length")
		w.WriteHeader(answer.Code)
		separator := []byte(`{"spoilt":true,`)
		body := bytes.TrimSpace(answer.Body.Bytes())
		if bytes.Equal(body, []byte("{}")) {
			separator = []byte(`{"spoilt":true`)
		}
		_, _ = w.Write(bytes.Replace(body, []byte("{"), separator, 1))
	})
}

// covered wants the walks that were walked to have seen all that they promise.
func (h *house) covered(t *testing.T) {
	counts := h.watch.Counts()
	seen := func(c contract.Contract, operations ...string) {
		t.Helper()
		for _, name := range operations {
			if counts[c.Name()].Operations[name] == 0 {
				t.Errorf("%s: %s was never seen", c.Name(), name)
			}
		}
	}
	if slices.Contains(h.walked, "boto3") {
		operations, _ := modelNames(t)
		for _, name := range operations {
			seen(h.set.AWS, name+" (json)", name+" (cbor)")
		}
		const environment = "/providers/{provider}/environments/{environment}"
		const connection = environment + "/interconnects/{interconnect}/connections/{connection}"
		seen(h.set.Coordinator, "POST "+environment+"/ConfirmActivationKey", "POST "+environment+"/interconnects/{interconnect}/connections",
			"PATCH "+connection, "DELETE "+connection, "POST "+connection+"/NotifyConnectionStatus", "POST "+connection+"/features")
	}
	if slices.Contains(h.walked, "google") {
		for _, id := range h.set.Connectivity.Methods() {
			for _, resource := range []string{"transports", "remoteTransportProfiles", "operations"} {
				if strings.HasPrefix(id, "networkconnectivity.projects.locations."+resource+".") {
					seen(h.set.Connectivity, id)
				}
			}
		}
		seen(h.set.Beta, "CreateTransport", "GetTransport", "ListTransports", "UpdateTransport", "DeleteTransport", "GetOperation",
			"ListRemoteTransportProfiles", "GetStatus", "ParseFromActivationKey")
		for _, verb := range []string{"insert", "get", "list", "patch", "delete", "addPeering", "updatePeering", "removePeering", "listPeeringRoutes"} {
			seen(h.set.Compute, "compute.networks."+verb)
		}
		seen(h.set.Compute, "compute.globalOperations.get", "compute.globalOperations.list", "compute.globalOperations.wait", "compute.regionOperations.list")
	}
}
