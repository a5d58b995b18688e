package link

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
)

// noting is an end that keeps a note.
type noting struct {
	*fakeEnd
	note bandwidth.Bandwidth
	errs []error
}

func (n *noting) Remember(_ context.Context, _ Ref, b bandwidth.Bandwidth) error {
	if len(n.errs) > 0 {
		err := n.errs[0]
		n.errs = n.errs[1:]
		return err
	}
	n.note = b
	return nil
}

func TestResize(t *testing.T) {
	const ten = 10 * bandwidth.Gbps
	tests := map[string]struct {
		arrange func(w *world, l *Link, i, a *fakeEnd)
		to      bandwidth.Bandwidth
		writes  []string
		code    Code
		end     string
		got     bandwidth.Bandwidth
	}{
		"the leading end writes":             {to: ten, writes: []string{"ame"}, got: ten},
		"nothing to do":                      {to: bandwidth.Gbps, got: bandwidth.Gbps},
		"the other where the leader may not": {arrange: func(_ *world, _ *Link, i, _ *fakeEnd) { i.refusesBandwidth = true }, to: ten, writes: []string{"bal"}, got: ten},
		"neither may": {arrange: func(_ *world, _ *Link, i, a *fakeEnd) { i.refusesBandwidth, a.refusesBandwidth = true, true },
			to: ten, code: CodeCloud, end: "Ame", got: bandwidth.Gbps},
		"the partner refuses":       {arrange: func(_ *world, _ *Link, i, _ *fakeEnd) { i.revertsBandwidth = true }, to: ten, writes: []string{"ame"}, code: CodeRefused, end: "Ame", got: bandwidth.Gbps},
		"somebody else is changing": {arrange: func(_ *world, _ *Link, i, _ *fakeEnd) { i.fault = fault("bandwidth", false, 3, reason(cloud.Conflict)) }, to: ten, writes: []string{"ame"}, got: ten},
		"somebody else never stops": {arrange: func(_ *world, _ *Link, i, _ *fakeEnd) {
			i.fault = fault("bandwidth", false, 1_000, reason(cloud.Conflict))
		}, to: ten, code: CodeCloud, end: "Ame", got: bandwidth.Gbps},
		"the reply is lost": {arrange: func(_ *world, _ *Link, i, _ *fakeEnd) { i.fault = fault("bandwidth", true, 1, errors.New("reset")) }, to: ten, writes: []string{"ame", "ame"}, got: ten},
		"an end is being changed": {arrange: func(w *world, _ *Link, _, a *fakeEnd) {
			a.objects[0].turn(w.now, Updating)
			a.objects[0].turn(w.now.Add(10*time.Minute), Up)
		}, to: ten, writes: []string{"ame"}, got: ten},
		"an end is down":          {arrange: func(w *world, _ *Link, _, a *fakeEnd) { a.objects[0].turn(w.now, Down) }, to: ten, code: CodeRefused, end: "Bal", got: bandwidth.Gbps},
		"an end has failed":       {arrange: func(w *world, _ *Link, i, _ *fakeEnd) { i.objects[0].turn(w.now, Failed) }, to: ten, code: CodeBroken, end: "Ame", got: bandwidth.Gbps},
		"an end is gone":          {arrange: func(w *world, _ *Link, _, a *fakeEnd) { a.objects[0].turn(w.now, Deleted) }, to: ten, code: CodeBroken, end: "Bal", got: bandwidth.Gbps},
		"an end is being removed": {arrange: func(w *world, _ *Link, i, _ *fakeEnd) { i.objects[0].turn(w.now, Deleting) }, to: ten, code: CodeBroken, end: "Ame", got: bandwidth.Gbps},
		"two different links":     {arrange: func(_ *world, _ *Link, _, a *fakeEnd) { a.objects[0].sharedID = uuidB }, to: ten, code: CodeMismatch, end: "Bal", got: bandwidth.Gbps},
		"other configuration is left alone": {arrange: func(_ *world, _ *Link, _, a *fakeEnd) { a.note = "another" },
			to: ten, writes: []string{"ame"}, got: ten},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			l, i, a := w.pair("acme")
			v, err := w.driver().Converge(t.Context(), l, oneGig, View{})
			if err != nil {
				t.Fatal(err)
			}
			before := a.objects[0].note
			if tt.arrange != nil {
				tt.arrange(w, &l, i, a)
			}
			v, err = w.driver().Resize(t.Context(), l, tt.to, View{{Ref: v[0].Ref}, {Ref: v[1].Ref}})
			checkError(t, err, tt.code, tt.end)
			if diff := cmp.Diff(tt.writes, w.bandwidthWrites); diff != "" {
				t.Errorf("writers (-want +got):\n%s", diff)
			}
			if got := i.objects[0].bandwidth; got != tt.got {
				t.Errorf("the link has %s, want %s", got, tt.got)
			}
			if err == nil && (v[0].Bandwidth != tt.to || v[1].Bandwidth != tt.to) {
				t.Errorf("the ends report %s and %s", v[0].Bandwidth, v[1].Bandwidth)
			}
			if a.objects[0].note != before || len(i.objects)+len(a.objects) != 2 {
				t.Error("more than the bandwidth was changed")
			}
		})
	}
}

func TestRemember(t *testing.T) {
	w := newWorld()
	l, i, _ := w.pair("acme")
	v, err := w.driver().Converge(t.Context(), l, oneGig, View{})
	if err != nil {
		t.Fatal(err)
	}
	if kept, err := w.driver().Remember(t.Context(), l, v, bandwidth.Gbps); kept || err != nil {
		t.Errorf("no end keeps notes, and one was kept: %v, %v", kept, err)
	}
	tests := map[string]struct {
		errs []error
		note bandwidth.Bandwidth
		code Code
	}{
		"kept":             {note: bandwidth.Gbps},
		"somebody is busy": {errs: []error{reason(cloud.Conflict), reason(cloud.Throttled)}, note: bandwidth.Gbps},
		"the end is gone":  {errs: []error{reason(cloud.NotFound)}},
		"denied":           {errs: []error{reason(cloud.Denied)}, code: CodeCloud},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			n := &noting{fakeEnd: i, errs: tt.errs}
			l.Ends[Initiator] = n
			kept, err := w.driver().Remember(t.Context(), l, v, bandwidth.Gbps)
			checkError(t, err, tt.code, map[Code]string{CodeCloud: "Ame"}[tt.code])
			if kept != (err == nil) || n.note != tt.note {
				t.Errorf("kept %v, the note says %s", kept, n.note)
			}
		})
	}
	if got := (View{{}, {Remembered: bandwidth.Gbps}}).Remembered(); got != bandwidth.Gbps {
		t.Errorf("remembered %s", got)
	}
	if got := (View{}).Remembered(); got != 0 {
		t.Errorf("remembered %s of nothing", got)
	}
}

// Whatever strikes the ends, a resize ends with the new bandwidth at both or
// with an error, never makes or removes an end, and writes at one end only
// unless that one refused; and once the faults have passed, one more succeeds.
func TestResizeWhateverTheEndsDo(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		w := newWorld()
		l, i, a := w.pair("acme")
		v, err := w.driver().Converge(t.Context(), l, oneGig, View{})
		if err != nil {
			r.Fatal(err)
		}
		drawEnd(r, i)
		drawEnd(r, a)
		to := rapid.SampledFrom([]bandwidth.Bandwidth{bandwidth.Gbps, 10 * bandwidth.Gbps}).Draw(r, "to")
		refs := View{{Ref: v[0].Ref}, {Ref: v[1].Ref}}
		got, err := w.driver().Resize(t.Context(), l, to, refs)
		if err == nil && (got[0].Bandwidth != to || got[1].Bandwidth != to) {
			r.Fatalf("the ends report %s and %s", got[0].Bandwidth, got[1].Bandwidth)
		}
		for _, writer := range w.bandwidthWrites {
			if writer != "ame" {
				r.Fatalf("%s wrote, although the leading end may", writer)
			}
		}
		i.fault, a.fault = nil, nil
		if _, err := w.driver().Resize(t.Context(), l, to, refs); err != nil {
			r.Fatalf("after the faults: %v", err)
		}
		if len(i.live()) != 1 || len(a.live()) != 1 {
			r.Fatal("an end was made or removed")
		}
	})
}
