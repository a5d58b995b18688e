package endtest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

// call is one of an end's methods with arguments that harm nobody.
type call struct {
	name string
	// changes says that it would change something.
	changes bool
	do      func(context.Context) error
}

// unreadable is a key that only a cloud can describe.
func unreadable() activation.Key {
	return activation.NewKey("this-is-no-activation-key-that-any-cloud-has-ever-issued-to-anyone")
}

// callsOf are all methods of an end that may call its cloud.
func (r *run) callsOf(t *testing.T, e link.End) []call {
	t.Helper()
	ref, try, request := link.Ref{ID: r.bench.AbsentID}, r.shared.try(), r.request(t)
	return []call{
		{"Site", false, func(ctx context.Context) error { _, err := e.Site(ctx); return err }},
		{"Check", false, func(ctx context.Context) error { _, _, err := e.Check(ctx, request); return err }},
		{"Find", false, func(ctx context.Context) error { _, err := e.Find(ctx, r.shared.marker); return err }},
		{"Match", false, func(ctx context.Context) error { _, err := e.Match(ctx, nobodysID); return err }},
		{"Observe", false, func(ctx context.Context) error { _, err := e.Observe(ctx, ref); return err }},
		{"Poll", false, func(ctx context.Context) error { _, err := e.Poll(ctx, ref); return err }},
		{"Inspect", false, func(ctx context.Context) error { _, err := e.Inspect(ctx, unreadable()); return err }},
		{"Propose", true, func(ctx context.Context) error {
			_, err := e.Propose(ctx, link.Proposal{Marker: r.shared.marker, Bandwidth: r.bench.Bandwidth, Environment: "none", Peer: request.Peer, Attempt: try})
			return err
		}},
		{"Redeem", true, func(ctx context.Context) error {
			_, err := e.Redeem(ctx, link.Redemption{Marker: r.shared.marker, Key: unreadable(), Peer: request.Peer, Attempt: try})
			return err
		}},
		{"SetBandwidth", true, func(ctx context.Context) error {
			_, err := e.SetBandwidth(ctx, ref, r.bench.Bandwidth, try)
			return err
		}},
		{"Amend", true, func(ctx context.Context) error {
			_, err := e.Amend(ctx, link.Observation{Ref: ref, Partial: true}, "", try)
			return err
		}},
		{"Delete", true, func(ctx context.Context) error { _, err := e.Delete(ctx, ref, try); return err }},
	}
}

// ended says whether an error is the context's own, and not one of the cloud's.
func ended(err, want error) bool {
	_, clouds := errors.AsType[*cloud.Error](err)
	return errors.Is(err, want) && !clouds
}

func endedContext(r *run, t *testing.T) {
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	late, cancel := context.WithDeadline(t.Context(), time.Now())
	defer cancel()
	<-late.Done()
	_, before := r.calls()
	for _, c := range r.callsOf(t, r.own()) {
		if c.changes && r.bench.Spend < OneLink {
			continue
		}
		for _, ctx := range []context.Context{cancelled, late} {
			err := c.do(ctx)
			if err == nil && c.name == "Site" {
				continue // it is known already
			}
			if !ended(err, ctx.Err()) {
				t.Errorf("%s: got %v, want %v", c.name, err, ctx.Err())
			}
		}
	}
	if _, after := r.calls(); after != before {
		t.Errorf("%d calls changed something all the same", after-before)
	}
}

func endingContext(r *run, t *testing.T) {
	if r.bench.Stall == nil {
		t.Skip("this bench cannot make the cloud wait")
	}
	// Everything that is remembered is remembered before the cloud waits.
	own := r.own()
	for _, c := range r.callsOf(t, own) {
		if c.changes {
			continue
		}
		t.Run(c.name, func(t *testing.T) { r.interrupt(t, c) })
	}
}

// interrupt ends the context of a call that its cloud does not answer.
func (r *run) interrupt(t *testing.T, c call) {
	stalled, release := r.bench.Stall()
	defer release()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- c.do(ctx) }()
	limit, stop := context.WithTimeout(t.Context(), r.bench.Timeout)
	defer stop()
	select {
	case <-stalled:
		cancel()
	case err := <-done:
		if err != nil && !errors.Is(err, link.ErrNotOffered) {
			t.Errorf("it failed without asking the cloud: %v", err)
		}
		return
	case <-limit.Done():
		t.Fatal("it neither asked the cloud nor returned")
	}
	select {
	case err := <-done:
		if !ended(err, context.Canceled) {
			t.Errorf("got %v, want %v", err, context.Canceled)
		}
	case <-limit.Done():
		t.Error("it went on waiting for the cloud")
	}
}
