package google_test

import (
	"strings"
	"testing"

	networkconnectivity "google.golang.org/api/networkconnectivity/v1"

	sandboxgoogle "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/google"
)

const (
	globalParent = "projects/" + project + "/locations/global"
	hubName      = globalParent + "/hubs/wan"
)

// makeHub makes hub "wan" over the API.
func (f *fixture) makeHub(h *networkconnectivity.Hub) *networkconnectivity.Hub {
	f.Helper()
	op, err := f.api.Global.Hubs.Create(globalParent, h).HubId("wan").Do()
	if err != nil {
		f.Fatal(err)
	}
	f.clock.Advance(timing.Operation)
	f.done(op)
	return f.hub()
}

func (f *fixture) hub() *networkconnectivity.Hub {
	f.Helper()
	got, err := f.api.Global.Hubs.Get(hubName).Do()
	if err != nil {
		f.Fatal(err)
	}
	return got
}

// inHub is a transport in hub mode.
func inHub() *networkconnectivity.Transport {
	b := googleFirst()
	b.Network, b.Hub, b.AutoAccept, b.PscRoutingEnabled = "", hubName, true, true
	return b
}

func TestHubIsMadeByAnOperation(t *testing.T) {
	f := setup(t)
	op, err := f.api.Global.Hubs.Create(globalParent, &networkconnectivity.Hub{Description: "ours", Labels: map[string]string{"a": "b"}}).
		HubId("wan").RequestId(sharedID).Do()
	if err != nil || op.Done || !strings.HasPrefix(op.Name, globalParent+"/operations/") {
		t.Fatalf("%+v, %v", op, err)
	}
	if got := f.hub(); got.State != "CREATING" {
		t.Errorf("state %s", got.State)
	}
	again, err := f.api.Global.Hubs.Create(globalParent, &networkconnectivity.Hub{}).HubId("wan").RequestId(sharedID).Do()
	if err != nil || again.Name != op.Name {
		t.Errorf("the same request id: %+v, %v", again, err)
	}
	f.clock.Advance(timing.Operation)
	f.done(op)
	var response networkconnectivity.Hub
	decodeJSON(t, f.operation(op).Response, &response)
	if response.Labels != nil || response.RouteTables[0] != "projects/480112233445/locations/global/hubs/wan/routeTables/default" {
		t.Errorf("response %+v", response)
	}
	got := f.hub()
	if got.State != "ACTIVE" || got.PresetTopology != "MESH" || got.PolicyMode != "PRESET" || got.UniqueId == "" || got.Labels["a"] != "b" ||
		got.RouteTables[0] != hubName+"/routeTables/default" || got.SpokeSummary != nil {
		t.Errorf("got %+v", got)
	}
}

func TestHubRefusals(t *testing.T) {
	f := setup(t)
	f.makeHub(&networkconnectivity.Hub{})
	hubs := f.api.Global.Hubs
	tests := map[string]struct {
		call   func() error
		status int
		text   string
	}{
		"taken": {func() error {
			_, err := hubs.Create(globalParent, &networkconnectivity.Hub{}).HubId("wan").Do()
			return err
		}, 409, "already exists"},
		"no id":   {func() error { _, err := hubs.Create(globalParent, &networkconnectivity.Hub{}).Do(); return err }, 400, "hub_id"},
		"unknown": {func() error { _, err := hubs.Get(globalParent + "/hubs/other").Do(); return err }, 404, "hubs/other"},
		"topology": {func() error {
			_, err := hubs.Create(globalParent, &networkconnectivity.Hub{PresetTopology: "RING"}).HubId("x").Do()
			return err
		}, 400, "preset_topology"},
		"immutable": {func() error {
			_, err := hubs.Patch(hubName, &networkconnectivity.Hub{PresetTopology: "STAR"}).UpdateMask("presetTopology").Do()
			return err
		}, 400, "not supported"},
		"request id":    {func() error { _, err := hubs.Delete(hubName).RequestId("x").Do(); return err }, 400, "request_id"},
		"delete, gone":  {func() error { _, err := hubs.Delete(globalParent + "/hubs/other").Do(); return err }, 404, "hubs/other"},
		"spokes of one": {func() error { _, err := hubs.ListSpokes(globalParent + "/hubs/other").Do(); return err }, 404, "hubs/other"},
		"spoke":         {func() error { _, err := f.api.Spokes.Get(parent + "/spokes/x").Do(); return err }, 404, "spokes/x"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) { wantError(t, tc.call(), tc.status, tc.text) })
	}
}

func TestHubPatchAndDelete(t *testing.T) {
	f := setup(t)
	f.makeHub(&networkconnectivity.Hub{Description: "first", Labels: map[string]string{"a": "b"}})
	op, err := f.api.Global.Hubs.Patch(hubName, &networkconnectivity.Hub{Description: "second"}).UpdateMask("description,labels").Do()
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.api.Global.Hubs.Delete(hubName).Do()
	wantError(t, err, 409, "ABORTED")
	f.clock.Advance(timing.Operation)
	f.done(op)
	if got := f.hub(); got.Description != "second" || got.Labels != nil {
		t.Errorf("got %+v", got)
	}
	list, err := f.api.Global.Hubs.List(globalParent).Do()
	if err != nil || len(list.Hubs) != 1 || list.Hubs[0].Name != hubName {
		t.Errorf("%+v, %v", list, err)
	}
	if op, err = f.api.Global.Hubs.Delete(hubName).Do(); err != nil {
		t.Fatal(err)
	}
	f.clock.Advance(timing.Operation)
	f.done(op)
	_, err = f.api.Global.Hubs.Get(hubName).Do()
	wantError(t, err, 404, "hubs/wan")
}

func TestTransportInAHubHasSpokes(t *testing.T) {
	f := setup(t)
	f.makeHub(&networkconnectivity.Hub{PresetTopology: "STAR"})
	f.mustCreate("a", inHub())
	if list, err := f.api.Spokes.List(parent).Do(); err != nil || len(list.Spokes) != 0 {
		t.Errorf("before the transport is made: %+v, %v", list, err)
	}
	f.clock.Advance(timing.Operation)
	got, err := f.api.Spokes.Get(parent + "/spokes/a").Do()
	if err != nil || got.Hub != hubName || got.State != "ACTIVE" || got.Group != hubName+"/groups/center" || got.SpokeType != "" {
		t.Errorf("%+v, %v", got, err)
	}
	for name, list := range map[string]func() ([]*networkconnectivity.Spoke, error){
		"location": func() ([]*networkconnectivity.Spoke, error) {
			r, err := f.api.Spokes.List("projects/" + project + "/locations/-").Do()
			return r.Spokes, err
		},
		"hub": func() ([]*networkconnectivity.Spoke, error) {
			r, err := f.api.Global.Hubs.ListSpokes(hubName).Do()
			return r.Spokes, err
		},
	} {
		spokes, err := list()
		if err != nil || len(spokes) != 2 || spokes[1].SpokeType != "VPC_NETWORK" || !strings.HasSuffix(spokes[1].LinkedVpcNetwork.Uri, f.transport("a").PeeringNetwork) {
			t.Errorf("%s: %+v, %v", name, spokes, err)
		}
	}
	if s := f.hub().SpokeSummary; s.SpokeStateCounts[0].Count != 2 || s.SpokeStateCounts[0].State != "ACTIVE" || len(s.SpokeTypeCounts) != 2 {
		t.Errorf("summary %+v", s)
	}
	_, err = f.api.Global.Hubs.Delete(hubName).Do()
	wantError(t, err, 400, "is used by")
}

func TestRejectedSpokesDisconnectTheTransport(t *testing.T) {
	f := setup(t)
	f.makeHub(&networkconnectivity.Hub{})
	f.mustCreate("a", inHub())
	f.clock.Advance(timing.Operation)
	if got := f.status("").GetConnectivityStatus().String(); got != sandboxgoogle.ConnectivityStatusConnected {
		t.Errorf("got %s", got)
	}
	if err := f.cloud.RejectSpokes(name("a"), true); err != nil {
		t.Fatal(err)
	}
	if got := f.status("").GetConnectivityStatus().String(); got != sandboxgoogle.ConnectivityStatusDisconnected {
		t.Errorf("got %s", got)
	}
	got, err := f.api.Spokes.Get(parent + "/spokes/a").Do()
	if err != nil || got.State != "INACTIVE" || got.Reasons[0].Code != "REJECTED" {
		t.Errorf("%+v, %v", got, err)
	}
	other := setup(t)
	other.pendingKey("a")
	if err := other.cloud.RejectSpokes(name("a"), true); err == nil {
		t.Error("a transport without a hub has spokes")
	}
}
