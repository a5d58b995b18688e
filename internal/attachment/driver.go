package attachment

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

// Driver does what decide names: it calls the sides, waits, and reports. The
// zero Driver is ready: the machine's clock, the default pace, no reports.
type Driver struct {
	// Clock that waiting goes by; nil is the machine's.
	Clock cloud.Clock
	// Pace of looking again; the zero Pace is cloud.DefaultPace.
	Pace cloud.Pace
	// Reporter is told what happens; nil is nobody.
	Reporter Reporter
	// TurnFor is how long to wait until a cloud that takes one change at a
	// time has finished somebody else's; 0 is 15 minutes.
	TurnFor time.Duration
	// StumbleFor is how long a call is repeated while its cloud fails; 0 is 2
	// minutes.
	StumbleFor time.Duration
	// SettleFor is how long to wait, once everything stands, for routes to
	// arrive; 0 is 8 times the pace's ceiling.
	SettleFor time.Duration
}

// Reporter is told what happens to an attachment. Calls come one at a time.
type Reporter interface {
	// Saved is called the moment a cloud has returned an id, and again when
	// more is known: whoever keeps state must keep this.
	Saved(ctx context.Context, v View)
	// Progress is called with what is being done or waited for.
	Progress(ctx context.Context, doing string, v View)
}

// maxTries is how often a part is made, or changed, before it is given up: a
// cloud that takes a change and does not carry it out.
const maxTries = 5

func (d *Driver) clock() cloud.Clock {
	if d.Clock == nil {
		return cloud.SystemClock{}
	}
	return d.Clock
}

func (d *Driver) pace() cloud.Pace {
	if d.Pace == (cloud.Pace{}) {
		return cloud.DefaultPace()
	}
	return d.Pace
}

// orElse is d, or otherwise where d is 0.
func orElse(d, otherwise time.Duration) time.Duration {
	if d == 0 {
		return otherwise
	}
	return d
}

func (d *Driver) turnFor() time.Duration    { return orElse(d.TurnFor, 15*time.Minute) }
func (d *Driver) stumbleFor() time.Duration { return orElse(d.StumbleFor, 2*time.Minute) }
func (d *Driver) settleFor() time.Duration  { return orElse(d.SettleFor, 8*d.pace().Ceiling) }

// Observe looks at every part. A part without an id is looked for by what it
// joins.
func (d *Driver) Observe(ctx context.Context, a Attachment, refs []Ref) (View, error) {
	s := newSession(d, a, refs)
	if err := s.look(ctx, func(int) bool { return true }); err != nil {
		return s.view, s.explain(ctx, err)
	}
	return s.view, nil
}

// Routes reads what every part that stands offers and has learned.
func (d *Driver) Routes(ctx context.Context, a Attachment, v View) ([]Routes, error) {
	routes := make([]Routes, len(a.Parts))
	err := each(a.Parts, func(i int, p Part) (err error) {
		routes[i], err = p.Side.Routes(ctx, v[i])
		return err
	})
	if err != nil {
		return routes, newSession(d, a, nil).explain(ctx, err)
	}
	return routes, nil
}

// Preflight is what checks found before anything is made.
type Preflight struct {
	// Facts of each part.
	Facts []Facts
	// Findings, errors first.
	Findings []link.Finding
	// Looks are what was looked at, at which end.
	Looks []link.Look
}

// Check compares the configuration with what exists on every cloud, and then
// what the clouds say with each other. The error is of a call that could not be
// made.
func (d *Driver) Check(ctx context.Context, a Attachment, creating bool) (Preflight, error) {
	p := Preflight{Facts: make([]Facts, len(a.Parts))}
	found := make([][]link.Finding, len(a.Parts))
	err := each(a.Parts, func(i int, part Part) (err error) {
		p.Facts[i], found[i], err = part.Side.Check(ctx, creating)
		return err
	})
	if err != nil {
		return p, err
	}
	for i, part := range a.Parts {
		for _, look := range link.LookedAt(link.TopicAccess, link.TopicNetwork, link.TopicPrefixes) {
			look.End = part.Side.Descriptor().Name
			p.Looks = append(p.Looks, look)
		}
		for j := range found[i] {
			found[i][j].Topic = link.TopicNetwork
		}
	}
	all := append(slices.Concat(found...), examine(a, p.Facts)...)
	for _, warnings := range []bool{false, true} {
		for _, f := range all {
			if f.Warning == warnings {
				p.Findings = append(p.Findings, f)
			}
		}
	}
	return p, nil
}

// each does something with every part, all at once, and returns the first error
// in their order.
func each(parts []Part, do func(int, Part) error) error {
	errs := make([]error, len(parts))
	var wg sync.WaitGroup
	for i, p := range parts {
		wg.Go(func() { errs[i] = do(i, p) })
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
