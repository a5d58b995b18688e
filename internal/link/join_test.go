package link

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestJoin(t *testing.T) {
	w := newWorld()
	ends := [2]End{w.end("aws", 2), w.end("google", 1)}
	both := up(nil)
	both[0].Mark = Marker{Name: "zeta"}
	half := Observation{Ref: Ref{ID: "mcc-half"}, State: AwaitingPeer, SharedID: uuidB}
	foreign := Observation{Ref: Ref{ID: "mcc-foreign"}, State: Up, SharedID: "33333333-3333-4333-8333-333333333333"}
	orphan := Observation{Ref: Ref{ID: "projects/p/locations/l/transports/orphan"}, State: Deprovisioned}
	gone := Observation{Ref: Ref{ID: "mcc-gone"}, State: Deleted, SharedID: uuidA}
	got := map[string]Status{}
	var order []string
	for _, s := range Join(ends, [2][]Observation{{gone, half, both[0], foreign}, {orphan, both[1]}}) {
		got[s.Name] = Pair(s.Link, s.View).Status
		order = append(order, s.Name)
	}
	want := map[string]Status{"mcc-half": "awaiting_google", "zeta": Matched, "mcc-foreign": Unverified, "orphan": Broken}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("links (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"mcc-foreign", "mcc-half", "orphan", "zeta"}, order); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}
