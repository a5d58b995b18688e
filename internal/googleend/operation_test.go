package googleend

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

func TestObserve(t *testing.T) {
	transport := ok(`{"name":"` + theID + `","state":"PENDING_CONFIG"}`)
	kept := link.Ref{ID: theID, Operation: theOp}
	read := []string{"GET " + onOp, "GET " + onTransport}
	for name, c := range map[string]struct {
		ref           link.Ref
		op, transport []answer
		want          link.Ref
		state         link.State
		partial       bool
		kind          cloud.Kind
		says          string
		calls         []string
	}{
		"no operation":          {ref: link.Ref{ID: theID}, transport: []answer{transport}, want: link.Ref{ID: theID}, state: link.Joining, calls: []string{"GET " + onTransport}},
		"no transport":          {ref: link.Ref{ID: theID}, want: link.Ref{ID: theID}, state: link.Absent, calls: []string{"GET " + onTransport}},
		"being created":         {ref: kept, op: []answer{operation("create", "")}, want: kept, state: link.Creating, partial: true, calls: []string{"GET " + onOp}},
		"being changed":         {ref: kept, op: []answer{operation("update", `,"done":false`)}, want: kept, state: link.Updating, partial: true, calls: []string{"GET " + onOp}},
		"being deleted":         {ref: kept, op: []answer{operation("delete", "")}, want: kept, state: link.Deleting, partial: true, calls: []string{"GET " + onOp}},
		"under way, not saying": {ref: kept, op: []answer{ok(`{"name":"` + theOp + `"}`)}, want: kept, state: link.Updating, partial: true, calls: []string{"GET " + onOp}},
		"created":               {ref: kept, op: []answer{operation("create", `,"done":true,"response":{"state":"ACTIVE"}`)}, transport: []answer{transport}, want: link.Ref{ID: theID}, state: link.Joining, calls: read},
		"deleted":               {ref: kept, op: []answer{operation("delete", `,"done":true,"response":{}`)}, want: link.Ref{ID: theID}, state: link.Absent, calls: read},
		"forgotten":             {ref: kept, transport: []answer{transport}, want: link.Ref{ID: theID}, state: link.Joining, calls: read},
		"failed":                {ref: kept, op: []answer{operation("create", `,"done":true,"error":{"code":9,"message":"the key was used already"}`)}, want: link.Ref{ID: theID}, kind: cloud.Precondition, says: "could not create the transport " + theID + ": Google said FAILED_PRECONDITION: the key was used already", calls: []string{"GET " + onOp}},
		"denied":                {ref: kept, op: []answer{refuse(403, "PERMISSION_DENIED", "no")}, kind: cloud.Denied, says: theOp, calls: []string{"GET " + onOp}},
		"unreadable":            {ref: link.Ref{ID: theID}, transport: []answer{ok("<html>")}, kind: cloud.Unknown, says: "could not read the transport", calls: []string{"GET " + onTransport}},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, map[string][]answer{"GET " + onOp: c.op, "GET " + onTransport: c.transport})
			o, err := New(newAccount(t, f), config()).Observe(t.Context(), c.ref)
			if (err != nil) != (c.says != "") || cloud.KindOf(err) != c.kind || err != nil && !strings.Contains(err.Error(), c.says) {
				t.Fatalf("error %v (%s); want %s, %q", err, cloud.KindOf(err), c.kind, c.says)
			}
			if o.Ref != c.want || o.State != c.state || o.Partial != c.partial {
				t.Errorf("got %v %q partial %v; want %v %q %v", o.Ref, o.State, o.Partial, c.want, c.state, c.partial)
			}
			if diff := cmp.Diff(c.calls, f.calls()); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
		})
	}
}

func TestObserveAfterTheServiceStumbled(t *testing.T) {
	f := newFake(t, map[string][]answer{"GET " + onTransport: {{status: 503}, ok(`{"name":"` + theID + `","state":"ACTIVE"}`)}})
	o, err := New(newAccount(t, f), config()).Observe(t.Context(), link.Ref{ID: theID})
	if err != nil || o.State != link.Up {
		t.Errorf("got %q, %v", o.State, err)
	}
}

func TestObserveWhileTheServiceIsDown(t *testing.T) {
	f := newFake(t, map[string][]answer{"GET " + onTransport: {{status: 503, header: map[string]string{"Retry-After": "60"}}}})
	_, err := New(newAccount(t, f), config()).Observe(t.Context(), link.Ref{ID: theID})
	if cloud.KindOf(err) != cloud.Unavailable || !cloud.Transient(err) {
		t.Errorf("got %v", err)
	}
}
