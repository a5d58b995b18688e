package google_test

import (
	"encoding/json"
	"strings"
	"testing"

	networkconnectivity "google.golang.org/api/networkconnectivity/v1"

	sandboxgoogle "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/google"
)

// decodeJSON reads raw JSON.
func decodeJSON(t *testing.T, raw []byte, into any) {
	t.Helper()
	if err := json.Unmarshal(raw, into); err != nil {
		t.Fatal(err)
	}
}

// reread reads an operation as it comes over the wire.
func (f *fixture) reread(op string) string {
	f.Helper()
	return f.raw("GET", "/v1/"+op, "").body
}

// started reads the name out of an operation's first answer.
func started(t *testing.T, r reply) string {
	t.Helper()
	var op struct{ Name string }
	decodeJSON(t, []byte(r.body), &op)
	if op.Name == "" {
		t.Fatalf("HTTP %d, no operation: %s", r.status, r.body)
	}
	return op.Name
}

func TestOperationBodies(t *testing.T) {
	f := setup(t)
	request := `{"remoteProfile":"` + profileID + `","bandwidth":"BPS_1G","remoteAccountId":"` + account + `","network":"default"}`
	create := f.raw("POST", "/v1/"+parent+"/transports?transportId=a&alt=json", request)
	golden(t, "create_started.json", create.body)
	f.clock.Advance(timing.Operation)
	golden(t, "create_done.json", f.reread(started(t, create)))
	golden(t, "transport_pending_key.json", f.raw("GET", "/v1/"+name("a"), "").body)

	remove := f.raw("DELETE", "/v1/"+name("a"), "")
	golden(t, "delete_started.json", remove.body)
	f.clock.Advance(timing.Deleting)
	golden(t, "delete_done.json", f.reread(started(t, remove)))

	f.cloud.SetSwitches(sandboxgoogle.Switches{ServiceAgentMissing: true})
	failing := f.raw("POST", "/v1/"+parent+"/transports?transportId=a", request)
	f.clock.Advance(timing.Operation)
	golden(t, "create_failed.json", f.reread(started(t, failing)))
}

func TestResponseHoldsTheProjectNumberAndGetItsID(t *testing.T) {
	f := setup(t)
	op := f.mustCreate("a", googleFirst())
	f.clock.Advance(timing.Operation)
	var response networkconnectivity.Transport
	decodeJSON(t, f.operation(op).Response, &response)
	const number = "projects/480112233445/"
	if !strings.HasPrefix(response.RemoteProfile, number) || !strings.HasPrefix(response.Network, number) {
		t.Errorf("response: %s, %s", response.RemoteProfile, response.Network)
	}
	if response.Name != name("a") || response.GeneratedActivationKey == "" || response.PeeringNetwork == "" || response.State != "PENDING_KEY" {
		t.Errorf("response: %+v", response)
	}
	if got := f.transport("a"); got.RemoteProfile != profileName || got.Network != networkName {
		t.Errorf("get: %s, %s", got.RemoteProfile, got.Network)
	}
}

func TestPatchOperationIsAnUpdate(t *testing.T) {
	f := setup(t)
	f.pendingKey("a")
	op, err := f.patch("", &body{Description: "x"})
	if err != nil {
		t.Fatal(err)
	}
	f.clock.Advance(timing.Operation)
	var metadata networkconnectivity.OperationMetadata
	decodeJSON(t, f.operation(op).Metadata, &metadata)
	if metadata.Verb != "update" || metadata.Target != name("a") || metadata.EndTime == "" || metadata.ApiVersion != "v1" {
		t.Errorf("got %+v", metadata)
	}
}

func TestUnknownOperationIs404(t *testing.T) {
	f := setup(t)
	unknown := parent + "/operations/operation-1"
	_, err := f.api.Operations.Get(unknown).Do()
	wantError(t, err, 404, "was not found")
	_, err = f.api.Operations.Delete(unknown).Do()
	wantError(t, err, 404, "was not found")
	_, err = f.api.Operations.Cancel(unknown, &networkconnectivity.GoogleLongrunningCancelOperationRequest{}).Do()
	wantError(t, err, 404, "was not found")
}

// cancel asks to cancel an operation.
func (f *fixture) cancel(op *networkconnectivity.GoogleLongrunningOperation) {
	f.Helper()
	if _, err := f.api.Operations.Cancel(op.Name, &networkconnectivity.GoogleLongrunningCancelOperationRequest{}).Do(); err != nil {
		f.Fatal(err)
	}
}

func TestCancelledOperationEndsWithCodeOne(t *testing.T) {
	f := setup(t)
	create := f.mustCreate("a", googleFirst())
	f.cancel(create)
	f.failed(create, 1, "cancelled")
	f.state("a", "")
	f.clock.Advance(timing.Operation)
	f.state("a", "")

	f.pendingKey("a")
	patch, err := f.patch("", &body{Description: "x"})
	if err != nil {
		t.Fatal(err)
	}
	f.cancel(patch)
	f.failed(patch, 1, "cancelled")
	f.clock.Advance(timing.Operation)
	if got := f.transport("a").Description; got != "first" {
		t.Errorf("the cancelled patch took effect: %q", got)
	}
}

func TestWhatCannotBeUndoneRunsOn(t *testing.T) {
	f := setup(t)
	f.pendingKey("a")
	op, err := f.api.Transports.Delete(name("a")).Do()
	if err != nil {
		t.Fatal(err)
	}
	f.cancel(op)
	f.clock.Advance(timing.Deleting)
	f.done(op)
	var metadata networkconnectivity.OperationMetadata
	decodeJSON(t, f.operation(op).Metadata, &metadata)
	if !metadata.RequestedCancellation {
		t.Error("the operation does not say that it was asked")
	}
	f.cancel(op)
	f.done(op)
}

func TestDeletedOperationIsForgottenAndItsWorkGoesOn(t *testing.T) {
	f := setup(t)
	op := f.mustCreate("a", googleFirst())
	if _, err := f.api.Operations.Delete(op.Name).Do(); err != nil {
		t.Fatal(err)
	}
	_, err := f.api.Operations.Get(op.Name).Do()
	wantError(t, err, 404, "was not found")
	f.clock.Advance(timing.Operation)
	f.state("a", "PENDING_KEY")
}

func TestListOfOperations(t *testing.T) {
	f := setup(t)
	done := f.mustCreate("a", googleFirst())
	f.clock.Advance(timing.Operation)
	running, err := f.patch("", &body{Description: "x"})
	if err != nil {
		t.Fatal(err)
	}
	for filter, want := range map[string]string{"done=true": done.Name, "done=false": running.Name} {
		r, err := f.api.Operations.List(parent).Filter(filter).Do()
		if err != nil || len(r.Operations) != 1 || r.Operations[0].Name != want {
			t.Errorf("%s: %+v, %v", filter, r, err)
		}
	}
	r, err := f.api.Operations.List("projects/" + project + "/locations/-").PageSize(1).Do()
	if err != nil || len(r.Operations) != 1 || r.NextPageToken == "" {
		t.Errorf("%+v, %v", r, err)
	}
	_, err = f.api.Operations.List(parent).ReturnPartialSuccess(true).Do()
	wantError(t, err, 501, "UNIMPLEMENTED")
}
