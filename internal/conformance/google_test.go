package conformance

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"google.golang.org/api/googleapi"
	networkconnectivity "google.golang.org/api/networkconnectivity/v1"
	"google.golang.org/api/option"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/acceptance"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox"
	sandboxaws "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/aws"
	sandboxgoogle "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/google"
)

const (
	project     = sandboxgoogle.DefaultProject
	global      = "projects/" + project + "/locations/global"
	hub         = global + "/hubs/wan"
	walkID      = region + "/transports/walk"
	profileName = "aws-" + sandbox.DefaultAWSRegion
)

// google walks Google's services with Google's Go clients as they come, who find
// a service account by the environment and get their tokens from the sandbox.
func (h *house) google(t *testing.T) {
	s := h.start(t, provoking)
	raw, err := s.Google.ServiceAccountJSON(s.GoogleURL + "/token")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "account.json")
	if err := os.WriteFile(file, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GOOGLE_APPLICATION_CREDENTIALS", file)
	service, err := networkconnectivity.NewService(t.Context(), option.WithEndpoint(s.GoogleURL))
	if err != nil {
		t.Fatal(err)
	}
	w := &googleWalk{t: t, stage: s, at: service.Projects.Locations}
	w.places()
	w.transports()
	w.hubs()
	w.operations()
	w.beta()
	w.compute()
	if !slices.ContainsFunc(s.Calls(), func(call string) bool { return strings.HasPrefix(call, "google:") }) {
		t.Error("the walk was not seen")
	}
	h.done("google")
}

// googleWalk is a walk of Google's services.
type googleWalk struct {
	t     *testing.T
	stage *acceptance.Stage
	at    *networkconnectivity.ProjectsLocationsService
}

// ok wants a call to succeed.
func ok[T any](t *testing.T) func(T, error) T {
	t.Helper()
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// refused wants an error of Google's with a status.
func (w *googleWalk) refused(err error, status int) {
	w.t.Helper()
	if refusal, ok := errors.AsType[*googleapi.Error](err); !ok || refusal.Code != status || refusal.Message == "" {
		w.t.Errorf("got %v, want HTTP %d", err, status)
	}
}

// finished waits for an operation and wants it to succeed.
func (w *googleWalk) finished(op *networkconnectivity.GoogleLongrunningOperation, err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
	until(w.t, "operation "+op.Name, func() (any, bool) {
		got, err := w.at.Operations.Get(op.Name).Do()
		if err != nil {
			return err, false
		}
		if got.Done && got.Error != nil {
			w.t.Fatalf("operation %s failed: %+v", op.Name, got.Error)
		}
		return got, got.Done
	})
}

func (w *googleWalk) places() {
	t := w.t
	var names []string
	if err := w.at.List("projects/"+project).PageSize(3).Pages(t.Context(), func(page *networkconnectivity.ListLocationsResponse) error {
		for _, l := range page.Locations {
			names = append(names, l.LocationId)
		}
		return nil
	}); err != nil || !slices.Contains(names, sandbox.DefaultGoogleRegion) || len(names) < 4 {
		t.Errorf("locations: %q, %v", names, err)
	}
	ok[*networkconnectivity.Location](t)(w.at.Get(region).Do())
	list := ok[*networkconnectivity.ListRemoteTransportProfilesResponse](t)(w.at.RemoteTransportProfiles.List(region).Do())
	profile := ok[*networkconnectivity.RemoteTransportProfile](t)(w.at.RemoteTransportProfiles.Get(region + "/remoteTransportProfiles/" + profileName).Do())
	if len(list.RemoteTransportProfiles) != 1 || list.RemoteTransportProfiles[0].Name != profile.Name || !slices.Contains(profile.SupportedBandwidths, "BPS_1G") {
		t.Errorf("profile %+v, list %+v", profile, list)
	}
	_, err := w.at.RemoteTransportProfiles.Get(region + "/remoteTransportProfiles/none").Do()
	w.refused(err, http.StatusNotFound)
}

// wanted is a transport that Google initiates.
func wanted() *networkconnectivity.Transport {
	return &networkconnectivity.Transport{
		RemoteProfile: profileName, RemoteAccountId: sandboxaws.DefaultAccountID, Bandwidth: "BPS_1G", Network: sandbox.SeedNetwork,
		Labels: map[string]string{"team": "network"}, AdvertisedRoutes: []string{"10.0.0.0/16"},
	}
}

// transports makes, reads, changes and removes a transport.
func (w *googleWalk) transports() {
	t, transports := w.t, w.at.Transports
	w.finished(transports.Create(region, wanted()).TransportId("walk").RequestId("6f1c1f6e-6d8a-4b7e-9c56-0f6b7a0d3c11").Do())
	w.finished(transports.Create(region, wanted()).TransportId("walk").RequestId("6f1c1f6e-6d8a-4b7e-9c56-0f6b7a0d3c11").Do())
	_, err := transports.Create(region, wanted()).TransportId("walk").Do()
	w.refused(err, http.StatusConflict)
	_, err = transports.Create(region, &networkconnectivity.Transport{Bandwidth: "BPS_1G"}).TransportId("Not A Name").Do()
	w.refused(err, http.StatusBadRequest)
	_, err = transports.Create(region, &networkconnectivity.Transport{Bandwidth: "fast"}).TransportId("fast").Do()
	w.refused(err, http.StatusBadRequest)
	made := stateOf(t, transports, "walk", "PENDING_KEY")
	if made.GeneratedActivationKey == "" || made.PeeringNetwork == "" {
		t.Errorf("made: %+v", made)
	}
	w.finished(transports.Create(region, wanted()).TransportId("second").Do())
	seen := 0
	if err := transports.List(region).PageSize(1).Pages(t.Context(), func(page *networkconnectivity.ListTransportsResponse) error {
		seen += len(page.Transports)
		return nil
	}); err != nil || seen != 2 {
		t.Errorf("%d transports, %v", seen, err)
	}
	_, err = transports.List(region).PageToken("made up").Do()
	w.refused(err, http.StatusBadRequest)
	w.finished(transports.Patch(walkID, &networkconnectivity.Transport{Description: "changed", AdvertisedRoutes: []string{"10.1.0.0/16"}}).
		UpdateMask("description,advertisedRoutes").Do())
	if got := ok[*networkconnectivity.Transport](t)(transports.Get(walkID).Do()); got.Description != "changed" || got.AdvertisedRoutes[0] != "10.1.0.0/16" {
		t.Errorf("changed: %+v", got)
	}
	_, err = transports.Patch(walkID, &networkconnectivity.Transport{}).UpdateMask("speed").Do()
	w.refused(err, http.StatusBadRequest)
	w.finished(transports.Delete(region + "/transports/second").Do())
	_, err = transports.Get(region + "/transports/second").Do()
	w.refused(err, http.StatusNotFound)
}

// hubs makes, reads, changes and removes a hub, and looks at its spokes.
func (w *googleWalk) hubs() {
	t, hubs := w.t, w.at.Global.Hubs
	w.finished(hubs.Create(global, &networkconnectivity.Hub{Description: "ours"}).HubId("wan").Do())
	w.finished(hubs.Patch(hub, &networkconnectivity.Hub{Description: "changed"}).UpdateMask("description").Do())
	if got := ok[*networkconnectivity.Hub](t)(hubs.Get(hub).Do()); got.Description != "changed" {
		t.Errorf("hub: %+v", got)
	}
	if got := ok[*networkconnectivity.ListHubsResponse](t)(hubs.List(global).Do()); len(got.Hubs) != 1 {
		t.Errorf("hubs: %+v", got)
	}
	inHub := wanted()
	inHub.Network, inHub.Hub, inHub.AutoAccept = "", hub, true
	w.finished(w.at.Transports.Create(region, inHub).TransportId("inside").Do())
	spokes := ok[*networkconnectivity.ListSpokesResponse](t)(w.at.Spokes.List(region).Do())
	of := ok[*networkconnectivity.ListHubSpokesResponse](t)(hubs.ListSpokes(hub).Do())
	if len(spokes.Spokes) == 0 || len(of.Spokes) != len(spokes.Spokes) {
		t.Fatalf("spokes: %+v, of the hub: %+v", spokes, of)
	}
	ok[*networkconnectivity.Spoke](t)(w.at.Spokes.Get(spokes.Spokes[0].Name).Do())
	_, err := hubs.Delete(hub).Do()
	if err == nil {
		t.Error("a hub with a spoke is deleted")
	}
	w.finished(w.at.Transports.Delete(region + "/transports/inside").Do())
	w.finished(hubs.Delete(hub).Do())
}

// operations lists, cancels and forgets operations.
func (w *googleWalk) operations() {
	t := w.t
	list := ok[*networkconnectivity.GoogleLongrunningListOperationsResponse](t)(w.at.Operations.List(region).Do())
	if len(list.Operations) < 4 {
		t.Errorf("operations: %+v", list)
	}
	op := ok[*networkconnectivity.GoogleLongrunningOperation](t)(w.at.Transports.Patch(walkID, &networkconnectivity.Transport{Description: "never"}).UpdateMask("description").Do())
	ok[*networkconnectivity.Empty](t)(w.at.Operations.Cancel(op.Name, &networkconnectivity.GoogleLongrunningCancelOperationRequest{}).Do())
	until(t, "the end of "+op.Name, func() (any, bool) {
		got, err := w.at.Operations.Get(op.Name).Do()
		return err, err == nil && got.Done
	})
	ok[*networkconnectivity.Empty](t)(w.at.Operations.Delete(op.Name).Do())
	_, err := w.at.Operations.Get(op.Name).Do()
	w.refused(err, http.StatusNotFound)
}

// ctx bounds a call that waits.
func (w *googleWalk) ctx() context.Context { return w.t.Context() }
