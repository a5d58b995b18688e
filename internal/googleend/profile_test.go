package googleend

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/api/networkconnectivity/v1"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

func TestProfiles(t *testing.T) {
	const list = "GET " + parent + "/remoteTransportProfiles"
	reply := ok(`{"remoteTransportProfiles":[{"name":"projects/p/locations/us-east4/remoteTransportProfiles/aws-us-east-1","provider":"Amazon Web Services",
		"providerSite":"us-east-1","supportedBandwidths":["BPS_10G","BANDWIDTH_UNSPECIFIED","BPS_1G"],"flow":"INPUT_OR_OUTPUT","orderState":"OPEN","sla":"HIGH","displayName":"d"}]}`)
	f := newFake(t, map[string][]answer{list: {refuse(403, "PERMISSION_DENIED", "no"), reply}})
	clock := &fakeClock{}
	a := newAccount(t, f, func(o *Options) { o.Clock = clock })
	if _, err := a.Profiles(t.Context(), "p", "us-east4"); cloud.KindOf(err) != cloud.Denied {
		t.Fatalf("first: %v", err)
	}
	want := []Profile{{
		ID: "aws-us-east-1", Name: "projects/p/locations/us-east4/remoteTransportProfiles/aws-us-east-1", Region: "us-east4",
		Provider: "Amazon Web Services", Site: "us-east-1", DisplayName: "d",
		Tiers: []bandwidth.Bandwidth{bandwidth.Gbps, 10 * bandwidth.Gbps}, Flow: "INPUT_OR_OUTPUT",
		Flows: []link.Side{link.Initiator, link.Acceptor}, OrderState: "OPEN", Open: true, SLA: "HIGH",
	}}
	for range 2 {
		got, err := a.Profiles(t.Context(), "p", "us-east4")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	}
	if n := f.count(list); n != 2 {
		t.Errorf("%d lists; the error should be forgotten and the result kept", n)
	}
	if err := clock.Sleep(t.Context(), keepProfiles); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Profiles(t.Context(), "p", "us-east4"); err != nil || f.count(list) != 3 {
		t.Errorf("after a minute: %d lists, %v", f.count(list), err)
	}
}

func TestProfileFlows(t *testing.T) {
	for flow, want := range map[string][]link.Side{
		"INPUT_ONLY": {link.Acceptor}, "OUTPUT_ONLY": {link.Initiator},
		"INPUT_OR_OUTPUT": {link.Initiator, link.Acceptor}, "KEY_PROVISIONING_FLOW_UNSPECIFIED": nil, "": nil,
	} {
		t.Run(flow, func(t *testing.T) {
			p := profileOf(&networkconnectivity.RemoteTransportProfile{Flow: flow, OrderState: "CLOSED"}, "r")
			if diff := cmp.Diff(want, p.Flows); diff != "" || p.Open || p.Region != "r" {
				t.Errorf("open %v, region %q; flows -want +got:\n%s", p.Open, p.Region, diff)
			}
		})
	}
}

func TestLocations(t *testing.T) {
	const list = "GET /v1/projects/p/locations"
	f := newFake(t, map[string][]answer{list: {
		ok(`{"locations":[{"locationId":"us-west1","metadata":{"@type":"x","locationFeatures":["GATEWAY_SPOKES","TRANSPORTS"]}},{"locationId":"us-central1","metadata":{"locationFeatures":["SITE_TO_CLOUD_SPOKES"]}}],"nextPageToken":"two"}`),
		ok(`{"locations":[{"locationId":"global"},{"locationId":"us-east4","metadata":{"locationFeatures":["TRANSPORTS"]}}]}`),
	}})
	got, err := newAccount(t, f).Locations(t.Context(), "p")
	if diff := cmp.Diff([]string{"us-east4", "us-west1"}, got); diff != "" || err != nil {
		t.Errorf("%v -want +got:\n%s", err, diff)
	}
}
