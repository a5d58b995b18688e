package link

import (
	"context"
	"fmt"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
)

// Resize changes the bandwidth of a link that stands, and nothing else of it. It
// is written at one end, and Resize returns when every end that is ours reports
// it. A change by somebody else is waited for, for a bounded time. v holds the
// references of the ends; a link that is not whole is not resized.
//
// The View returned is what was last seen. Errors are *Error.
func (d *Driver) Resize(ctx context.Context, l Link, b bandwidth.Bandwidth, v View) (View, error) {
	s := &session{driver: d, link: l, want: Want{Bandwidth: b}, view: l.unseen(v), decide: decideResize, since: d.clock().Now()}
	err := s.run(ctx)
	return s.view, s.explain(ctx, err)
}

// decideResize is decide for a link that is only to change its bandwidth.
func decideResize(c situation) step {
	for _, rule := range []func(situation) (step, bool){stepMissing, stepMoving, stepDead, stepIdentity, stepBandwidth} {
		if s, ok := rule(c); ok {
			return s
		}
	}
	return step{do: finish}
}

// stepMissing ends where an end is gone or about to be.
func stepMissing(c situation) (step, bool) {
	for _, s := range c.link.ours() {
		if o := c.view[s]; o.Operation == "" && (o.State.Gone() || o.State == Deleting) {
			return c.fail(CodeBroken, s, "it is "+o.word(),
				"The bandwidth of a link can be changed only while both of its ends stand.",
				"Look at the link first: what made the end go has to be undone there."), true
		}
	}
	return step{}, false
}

// Remember notes on the link which bandwidth it had, at the end whose cloud
// keeps notes; 0 removes the note. kept is false where no end keeps any. Errors
// are *Error.
func (d *Driver) Remember(ctx context.Context, l Link, v View, b bandwidth.Bandwidth) (kept bool, err error) {
	s := &session{driver: d, link: l, view: l.unseen(v), since: d.clock().Now()}
	for _, side := range l.ours() {
		end, ok := l.Ends[side].(Rememberer)
		if !ok || v[side].ID == "" {
			continue
		}
		doing := "noting that the bandwidth was " + b.String()
		if b == 0 {
			doing = "removing the note of the earlier bandwidth"
		}
		s.progress(ctx, fmt.Sprintf("%s at %s", doing, l.name(side)))
		_, err := s.persist(ctx, func() (Observation, error) { return Observation{}, end.Remember(ctx, v[side].Ref, b) })
		if err != nil && !cloud.IsNotFound(err) {
			return false, s.explain(ctx, s.cloudError(side, err))
		}
		kept = true
	}
	return kept, nil
}

// Remembered is the bandwidth that a note on the link tells; 0 when there is
// none.
func (v View) Remembered() bandwidth.Bandwidth {
	for _, o := range v {
		if o.Remembered != 0 {
			return o.Remembered
		}
	}
	return 0
}
