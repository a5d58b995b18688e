package google_test

import (
	"fmt"
	"net/url"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	networkconnectivity "google.golang.org/api/networkconnectivity/v1"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
)

// names are the last parts of the names of transports.
func names(list []*networkconnectivity.Transport) []string {
	all := []string{}
	for _, t := range list {
		all = append(all, t.Name[len(parent+"/transports/"):])
	}
	return all
}

func TestListPages(t *testing.T) {
	f := setup(t, quota(-1))
	for _, id := range []string{"c", "a", "e", "b", "d"} {
		f.mustCreate(id, googleFirst())
	}
	var pages [][]string
	err := f.api.Transports.List(parent).PageSize(2).Pages(t.Context(), func(r *networkconnectivity.ListTransportsResponse) error {
		pages = append(pages, names(r.Transports))
		return nil
	})
	want := [][]string{{"a", "b"}, {"c", "d"}, {"e"}}
	if diff := cmp.Diff(want, pages); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func TestListWithoutAnythingIsEmpty(t *testing.T) {
	f := setup(t)
	if got := f.raw("GET", "/v1/"+parent+"/transports?prettyPrint=false", ""); got.body != "{}\n" {
		t.Errorf("got %q", got.body)
	}
}

func TestListDefaultAndLargestPage(t *testing.T) {
	f := setup(t, quota(-1))
	const many = 1001
	for i := range many {
		f.mustCreate(fmt.Sprintf("t%04d", i), googleFirst())
	}
	for asked, want := range map[int64]int{0: 500, 1000: 1000, 5000: 1000} {
		r, err := f.api.Transports.List(parent).PageSize(asked).Do()
		if err != nil || len(r.Transports) != want || r.NextPageToken == "" {
			t.Errorf("page size %d: %d transports, %v; want %d", asked, len(r.Transports), err, want)
		}
	}
	_, err := f.api.Transports.List(parent).PageSize(-1).Do()
	wantError(t, err, 400, "pageSize")
}

func TestPageTokenIsBoundToParentAndFilter(t *testing.T) {
	f := setup(t, quota(-1))
	f.mustCreate("a", googleFirst())
	f.mustCreate("b", googleFirst())
	r, err := f.api.Transports.List(parent).PageSize(1).Do()
	if err != nil {
		t.Fatal(err)
	}
	list := func(parent, filter, token string) error {
		_, err := f.api.Transports.List(parent).Filter(filter).PageToken(token).Do()
		return err
	}
	if err := list(parent, "", r.NextPageToken); err != nil {
		t.Errorf("the token itself: %v", err)
	}
	wantError(t, list(parent, "", "garbage"), 400, "page token")
	wantError(t, list(parent, "state=ACTIVE", r.NextPageToken), 400, "page token")
	wantError(t, list("projects/"+project+"/locations/us-west1", "", r.NextPageToken), 400, "page token")
}

func TestListOverAllLocations(t *testing.T) {
	f := setup(t)
	f.mustCreate("a", googleFirst())
	west := googleFirst()
	west.RemoteProfile = "aws-us-west-2"
	westParent := "projects/" + project + "/locations/us-west1"
	if _, err := f.api.Transports.Create(westParent, west).TransportId("b").Do(); err != nil {
		t.Fatal(err)
	}
	all := "projects/" + project + "/locations/-"
	r, err := f.api.Transports.List(all).Do()
	if err != nil || len(r.Transports) != 2 || len(r.Unreachable) != 0 {
		t.Fatalf("%d transports, unreachable %v, %v", len(r.Transports), r.Unreachable, err)
	}
	f.cloud.SetUnreachable("us-west1", true)
	r, err = f.api.Transports.List(all).Do()
	if err != nil || len(r.Transports) != 1 || !slices.Equal(r.Unreachable, []string{westParent}) {
		t.Errorf("%d transports, unreachable %v, %v", len(r.Transports), r.Unreachable, err)
	}
	_, err = f.api.Transports.List(westParent).Do()
	wantError(t, err, 503, "UNAVAILABLE")
	_, err = f.api.Transports.List("projects/" + project + "/locations/mars").Do()
	wantError(t, err, 403, "may not exist")
}

func TestListFilters(t *testing.T) {
	f := setup(t, quota(-1))
	f.pendingKey("a")
	prod := googleFirst()
	prod.Labels = map[string]string{"env": "prod", "team": "net"}
	f.mustCreate("b", prod)
	tests := map[string][]string{
		`state=CREATING`:                         {"b"},
		`state = "PENDING_KEY"`:                  {"a"},
		`labels.team=net`:                        {"a", "b"},
		`labels.env="prod"`:                      {"b"},
		`labels.team=net AND state=CREATING`:     {"b"},
		`name="` + name("a") + `"`:               {"a"},
		`labels.env=prod AND name=` + name("a"):  {},
		`labels.colour=red`:                      {},
		`labels.team=net AND labels.env="prod" `: {"b"},
	}
	for filter, want := range tests {
		r, err := f.api.Transports.List(parent).Filter(filter).Do()
		if err != nil {
			t.Errorf("%s: %v", filter, err)
			continue
		}
		if got := names(r.Transports); !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", filter, got, want)
		}
	}
	for _, filter := range []string{"state", "colour=red", "state!=ACTIVE", "state=A OR state=B", "labels.team:*"} {
		_, err := f.api.Transports.List(parent).Filter(filter).Do()
		wantError(t, err, 400, "filter")
	}
}

func TestProfilesOfALocationArePairedOnes(t *testing.T) {
	f := setup(t)
	r, err := f.api.RemoteTransportProfiles.List(parent).Do()
	if err != nil || len(r.RemoteTransportProfiles) != 1 {
		t.Fatalf("%d profiles, %v", len(r.RemoteTransportProfiles), err)
	}
	golden(t, "profile.json", f.raw("GET", "/v1/"+profileName, "").body)
	_, err = f.api.RemoteTransportProfiles.Get(parent + "/remoteTransportProfiles/aws-us-west-2").Do()
	wantError(t, err, 404, "remoteTransportProfiles/aws-us-west-2")
	everywhere, err := f.api.RemoteTransportProfiles.List("projects/" + project + "/locations/-").Filter(`providerSite="eu-west-2"`).Do()
	if err != nil || len(everywhere.RemoteTransportProfiles) != 1 {
		t.Errorf("%+v, %v", everywhere, err)
	}
	if got := f.raw("POST", "/v1/"+parent+"/remoteTransportProfiles", "{}"); got.status != 404 {
		t.Errorf("profiles can be written: HTTP %d", got.status)
	}
}

func TestProfilesCanBeChangedByTheOwner(t *testing.T) {
	f := setup(t)
	for _, err := range []error{
		f.cloud.SetProfileOrderState(location, profileID, false),
		f.cloud.SetProfileBandwidths(location, profileID, 5*bandwidth.Gbps),
		f.cloud.SetProfileFlow(location, profileID, "OUTPUT_ONLY"),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	got, err := f.api.RemoteTransportProfiles.Get(profileName).Do()
	if err != nil || got.OrderState != "CLOSED" || got.Flow != "OUTPUT_ONLY" || !slices.Equal(got.SupportedBandwidths, []string{"BPS_5G"}) {
		t.Errorf("%+v, %v", got, err)
	}
	for _, err := range []error{
		f.cloud.SetProfileOrderState(location, "aws-mars-1", false),
		f.cloud.SetProfileBandwidths(location, profileID, 3*bandwidth.Gbps),
		f.cloud.SetProfileFlow(location, profileID, "SIDEWAYS"),
	} {
		if err == nil {
			t.Error("a wrong change was accepted")
		}
	}
}

func TestLocationsSayWhichOnesHaveTransports(t *testing.T) {
	f := setup(t)
	golden(t, "location.json", f.raw("GET", "/v1/"+parent, "").body)
	paired := map[string]bool{}
	err := f.api.List("projects/"+project).PageSize(3).Pages(t.Context(), func(r *networkconnectivity.ListLocationsResponse) error {
		for _, l := range r.Locations {
			var metadata networkconnectivity.LocationMetadata
			decodeJSON(t, l.Metadata, &metadata)
			paired[l.LocationId] = slices.Contains(metadata.LocationFeatures, "TRANSPORTS")
		}
		return nil
	})
	if err != nil || len(paired) != 10 || !paired["us-east4"] || paired["us-central1"] || paired["global"] {
		t.Errorf("%v, %v", paired, err)
	}
	_, err = f.api.Get("projects/" + project + "/locations/mars").Do()
	wantError(t, err, 404, "was not found")
	if got := f.raw("GET", "/v1/projects/"+project+"/locations?filter="+url.QueryEscape("size=1"), ""); got.status != 400 {
		t.Errorf("HTTP %d", got.status)
	}
}
