package google_test

import (
	"errors"
	"strings"
	"testing"

	compute "cloud.google.com/go/compute/apiv1"
	"cloud.google.com/go/compute/apiv1/computepb"
	"google.golang.org/api/googleapi"
	"google.golang.org/api/iterator"
)

// insert asks for a network.
func insert(name string) *computepb.InsertNetworkRequest {
	return &computepb.InsertNetworkRequest{Project: project, NetworkResource: &computepb.Network{
		Name: new(name), AutoCreateSubnetworks: new(false), Mtu: new(int32(8896)), Description: new("ours"),
		RoutingConfig: &computepb.NetworkRoutingConfig{RoutingMode: new("GLOBAL")},
	}}
}

// network reads a network.
func (f *fixture) network(name string) (*computepb.Network, error) {
	return f.networks.Get(f.Context(), &computepb.GetNetworkRequest{Project: project, Network: name})
}

// remove starts the deletion of a network.
func (f *fixture) remove(name string) *compute.Operation {
	f.Helper()
	op, err := f.networks.Delete(f.Context(), &computepb.DeleteNetworkRequest{Project: project, Network: name})
	if err != nil {
		f.Fatal(err)
	}
	return op
}

// wantCompute wants a refusal of Compute Engine with a status and a reason.
func wantCompute(t *testing.T, err error, status int, reason string) {
	t.Helper()
	refusal, ok := errors.AsType[*googleapi.Error](err)
	if !ok || refusal.Code != status || len(refusal.Errors) != 1 || refusal.Errors[0].Reason != reason {
		t.Errorf("got %v, want HTTP %d %s", err, status, reason)
	}
}

func TestNetworkIsMadeByAnOperation(t *testing.T) {
	f := setup(t)
	op, err := f.networks.Insert(t.Context(), insert("mine"))
	if err != nil {
		t.Fatal(err)
	}
	if op.Proto().GetStatus() != computepb.Operation_RUNNING || op.Proto().GetProgress() != 0 || op.Proto().GetOperationType() != "insert" {
		t.Errorf("started: %+v", op.Proto())
	}
	_, err = f.network("mine")
	wantCompute(t, err, 404, "notFound")
	f.clock.Advance(timing.Operation)
	if err := op.Poll(t.Context()); err != nil || !op.Done() || op.Proto().GetProgress() != 100 {
		t.Fatalf("polled: %+v, %v", op.Proto(), err)
	}
	got, err := f.network("mine")
	if err != nil || got.GetMtu() != 8896 || got.GetRoutingConfig().GetRoutingMode() != "GLOBAL" || got.GetAutoCreateSubnetworks() ||
		got.GetDescription() != "ours" || got.GetSelfLink() != "https://www.googleapis.com/compute/v1/projects/"+project+"/global/networks/mine" {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestNetworkBodies(t *testing.T) {
	f := setup(t)
	golden(t, "network.json", f.raw("GET", networks+"/default", "").body)
	golden(t, "network_list.json", f.raw("GET", networks, "").body)
	r := f.raw("POST", networks, `{"name":"mine","autoCreateSubnetworks":false}`)
	golden(t, "network_insert_started.json", r.body)
	f.clock.Advance(timing.Operation)
	op := started(t, r)
	golden(t, "network_insert_done.json", f.raw("GET", "/compute/v1/projects/"+project+"/global/operations/"+op, "").body)
	f.mustCreate("a", googleFirst())
	op = started(t, f.raw("DELETE", networks+"/default", ""))
	f.clock.Advance(timing.Operation)
	golden(t, "network_delete_in_use.json", f.raw("GET", "/compute/v1/projects/"+project+"/global/operations/"+op, "").body)
}

func TestNetworkRefusals(t *testing.T) {
	f := setup(t)
	tests := map[string]struct {
		body, reason string
		status       int
	}{
		"bad name":      {`{"name":"Mine"}`, "invalid", 400},
		"no name":       {`{}`, "invalid", 400},
		"taken":         {`{"name":"default"}`, "alreadyExists", 409},
		"mtu too small": {`{"name":"mine","mtu":1299}`, "invalid", 400},
		"mtu too large": {`{"name":"mine","mtu":"8897"}`, "invalid", 400},
		"mtu no number": {`{"name":"mine","mtu":"big"}`, "invalid", 400},
		"routing mode":  {`{"name":"mine","routingConfig":{"routingMode":"LUNAR"}}`, "invalid", 400},
		"unknown field": {`{"name":"mine","colour":"red"}`, "invalid", 400},
		"nested field":  {`{"name":"mine","routingConfig":{"colour":"red"}}`, "invalid", 400},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			r := f.raw("POST", networks, tc.body)
			if reason, message := r.code(t); r.status != tc.status || reason != tc.reason {
				t.Errorf("HTTP %d %s %q", r.status, reason, message)
			}
		})
	}
}

func TestNetworkInUseCannotBeDeleted(t *testing.T) {
	f := setup(t)
	f.pendingKey("a")
	op := f.remove("default")
	f.clock.Advance(timing.Operation)
	err := op.Poll(t.Context())
	if err == nil || !strings.Contains(err.Error(), "RESOURCE_IN_USE_BY_ANOTHER_RESOURCE") && !strings.Contains(err.Error(), "already being used by '"+name("a")+"'") {
		t.Errorf("got %v", err)
	}
	failed := op.Proto()
	if failed.GetHttpErrorStatusCode() != 400 || failed.GetHttpErrorMessage() != "BAD REQUEST" ||
		failed.GetError().GetErrors()[0].GetCode() != "RESOURCE_IN_USE_BY_ANOTHER_RESOURCE" {
		t.Errorf("got %+v", failed)
	}
	if _, err := f.network("default"); err != nil {
		t.Errorf("the network is gone: %v", err)
	}
	if _, err := f.api.Transports.Delete(name("a")).Do(); err != nil {
		t.Fatal(err)
	}
	f.clock.Advance(timing.Deleting)
	op = f.remove("default")
	f.clock.Advance(timing.Operation)
	if err := op.Poll(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, err = f.network("default")
	wantCompute(t, err, 404, "notFound")
}

func TestNetworkBeingDeletedIsNotReady(t *testing.T) {
	f := setup(t)
	f.remove("default")
	_, err := f.networks.Delete(t.Context(), &computepb.DeleteNetworkRequest{Project: project, Network: "default"})
	wantCompute(t, err, 400, "resourceNotReady")
}

func TestNetworkPatch(t *testing.T) {
	f := setup(t)
	op, err := f.networks.Patch(t.Context(), &computepb.PatchNetworkRequest{
		Project: project, Network: "default", NetworkResource: &computepb.Network{Mtu: new(int32(8896))},
	})
	if err != nil {
		t.Fatal(err)
	}
	f.clock.Advance(timing.Operation)
	if err := op.Poll(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, err := f.network("default"); err != nil || got.GetMtu() != 8896 || got.GetRoutingConfig().GetRoutingMode() != "REGIONAL" {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestNetworkRequestIDs(t *testing.T) {
	f := setup(t)
	request := insert("mine")
	request.RequestId = new(sharedID)
	first, err := f.networks.Insert(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	second, err := f.networks.Insert(t.Context(), request)
	if err != nil || second.Name() != first.Name() || second.Proto().GetClientOperationId() != sharedID {
		t.Errorf("got %v, %v", second, err)
	}
	request.RequestId = new("00000000-0000-0000-0000-000000000000")
	_, err = f.networks.Insert(t.Context(), request)
	wantCompute(t, err, 400, "invalid")
}

func TestNetworkListPages(t *testing.T) {
	f := setup(t)
	for _, name := range []string{"a", "b", "c"} {
		if err := f.cloud.CreateNetwork(project, name); err != nil {
			t.Fatal(err)
		}
	}
	list := func(filter *string) string {
		t.Helper()
		it := f.networks.List(t.Context(), &computepb.ListNetworksRequest{Project: project, MaxResults: new(uint32(2)), Filter: filter})
		all := ""
		for {
			n, err := it.Next()
			if errors.Is(err, iterator.Done) {
				return all
			}
			if err != nil {
				t.Fatal(err)
			}
			all += n.GetName() + " "
		}
	}
	if got := list(nil); got != "a b c default " {
		t.Errorf("got %q", got)
	}
	for _, filter := range []string{`name=b`, `name eq b`, `(name = "b")`} {
		if got := list(&filter); got != "b " {
			t.Errorf("%s: got %q", filter, got)
		}
	}
	if r := f.raw("GET", networks+"?filter=mtu%3D1", ""); r.status != 400 {
		t.Errorf("HTTP %d", r.status)
	}
}

func TestComputeOperationsCanBeReadAndWaitedFor(t *testing.T) {
	f := setup(t)
	op := f.remove("default")
	waited := make(chan *computepb.Operation)
	go func() {
		got, err := f.globals.Wait(f.Context(), &computepb.WaitGlobalOperationRequest{Project: project, Operation: op.Name()})
		if err != nil {
			f.Error(err)
		}
		waited <- got
	}()
	f.clock.Advance(timing.Operation)
	if got := <-waited; got.GetStatus() != computepb.Operation_DONE {
		t.Errorf("got %v", got.GetStatus())
	}
	_, err := f.globals.Get(t.Context(), &computepb.GetGlobalOperationRequest{Project: project, Operation: "operation-1"})
	wantCompute(t, err, 404, "notFound")
	it := f.globals.List(t.Context(), &computepb.ListGlobalOperationsRequest{Project: project, Filter: new("status=DONE AND operationType=delete")})
	if first, err := it.Next(); err != nil || first.GetName() != op.Name() {
		t.Errorf("got %v, %v", first, err)
	}
}

func TestWaitAnswersAfterTwoMinutesWithWhatIsThere(t *testing.T) {
	f := setup(t)
	op := f.remove("default")
	f.cloud.Close() // the operation never ends
	waited := make(chan *computepb.Operation, 1)
	go func() {
		got, err := f.globals.Wait(f.Context(), &computepb.WaitGlobalOperationRequest{Project: project, Operation: op.Name()})
		if err != nil {
			f.Error(err)
		}
		waited <- got
	}()
	for {
		select {
		case got := <-waited:
			if got.GetStatus() != computepb.Operation_RUNNING {
				t.Errorf("got %v", got.GetStatus())
			}
			return
		default:
			f.clock.Advance(timing.Update)
		}
	}
}

func TestTransportNeedsANetworkThatIsReady(t *testing.T) {
	f := setup(t)
	if _, err := f.networks.Insert(t.Context(), insert("mine")); err != nil {
		t.Fatal(err)
	}
	b := googleFirst()
	b.Network = "mine"
	_, err := f.create("a", b)
	wantError(t, err, 404, "networks/mine")
	f.clock.Advance(timing.Operation)
	f.mustCreate("a", b)
}
