package link

import (
	"context"
	"sync"
	"time"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
)

// Driver does what decide names: it calls the ends, waits, and reports. The zero
// Driver is ready: the machine's clock, the default pace, no reports.
type Driver struct {
	// Clock that waiting goes by; nil is the machine's.
	Clock cloud.Clock
	// Pace of looking again; the zero Pace is cloud.DefaultPace.
	Pace cloud.Pace
	// Reporter is told what happens; nil is nobody.
	Reporter Reporter
	// Grace is how long a cloud may not show what it has just made, or may
	// show the old bandwidth at the other end after a change; 0 is 30 s.
	Grace time.Duration
	// ConflictFor is how long a call is repeated while somebody else is
	// changing the object; 0 is 2 minutes.
	ConflictFor time.Duration
}

// Reporter is told what happens to a link. Calls come one at a time.
type Reporter interface {
	// Saved is called the moment a cloud has returned an id, and again when
	// more is known: whoever keeps state must keep this.
	Saved(ctx context.Context, v View)
	// Progress is called with what is being done or waited for.
	Progress(ctx context.Context, doing string, v View)
}

// Limits of the driver's patience, in tries.
const (
	// maxLives is how many attempt numbers are tried at making an object, or
	// at giving it another bandwidth, when tokens answer with what is gone or
	// was before: a pipeline may make a link, or change it, many times in the
	// time for which a cloud keeps tokens.
	maxLives = 100
	// maxAttempts is how many attempt numbers are tried at amending or
	// deleting an object that does not keep the change.
	maxAttempts = 8
	// maxRepeats is how often a call whose reply was lost is repeated under
	// the same token.
	maxRepeats = 5
	// glanceEvery is how many looks at the end that is waited for go by
	// until the other end is looked at too.
	glanceEvery = 4
)

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

func (d *Driver) grace() time.Duration {
	if d.Grace == 0 {
		return 30 * time.Second
	}
	return d.Grace
}

func (d *Driver) conflictFor() time.Duration {
	if d.ConflictFor == 0 {
		return 2 * time.Minute
	}
	return d.ConflictFor
}

// Observe looks at both ends. An end without an id is reported as Absent, and
// another team's as Unseen.
func (d *Driver) Observe(ctx context.Context, l Link, refs [2]Ref) (View, error) {
	return each(l, func(s Side, e End) (Observation, error) {
		if refs[s].ID == "" {
			return Observation{State: Absent}, nil
		}
		return e.Observe(ctx, refs[s])
	})
}

// Doubtful says that a View may not be the whole truth: no cloud shows the link,
// or one cloud does not show its end while the other's is joined to it. A partner
// whose other end is really gone says so before long. Confirm looks again.
func (l Link) Doubtful(v View) bool {
	_, widowed := l.widowed(v)
	return widowed || v.Gone()
}

// widowed is the side that is not shown while the other is joined to it.
func (l Link) widowed(v View) (Side, bool) {
	if !l.both() {
		return 0, false
	}
	i, a := v[Initiator].State, v[Acceptor].State
	switch {
	case i.Gone() && (a == Creating || a.Joined()):
		return Initiator, true
	case a.Gone() && i.Joined():
		return Acceptor, true
	}
	return 0, false
}

// confirmLooks is how often Confirm looks before it believes that an end is gone.
const confirmLooks = 4

// Confirm looks again at what is Doubtful: by the ids that are known and by the
// link's marker, a few times, since clouds are eventually consistent, and since an
// apply that was killed while it made the link anew has left ends whose ids nobody
// has written down. An end that does not appear is reported as Absent, and another
// team's as Unseen. Errors are *Error.
func (d *Driver) Confirm(ctx context.Context, l Link, refs [2]Ref) (View, error) {
	s := &session{driver: d, link: l}
	for side, ref := range refs {
		s.view[side].Ref = ref
	}
	for look := 1; ; look++ {
		v, err := each(l, func(side Side, _ End) (Observation, error) { return s.lookUp(ctx, side) })
		if err != nil || !l.Doubtful(v) || look == confirmLooks {
			return v, err
		}
		if err := d.clock().Sleep(ctx, 5*d.pace().Floor); err != nil {
			return v, s.explain(ctx, err)
		}
	}
}

// Converge brings the link to the wanted form, from whatever exists: it creates,
// completes, adopts or changes. v holds the references known so far; the zero
// View starts by looking for what carries the link's marker.
//
// The View returned is what was last seen, with every id that any cloud
// returned, also when there is an error; of a link that is refused because it may
// be somebody else's, it holds nothing. Errors are *Error.
func (d *Driver) Converge(ctx context.Context, l Link, w Want, v View) (View, error) {
	s := &session{driver: d, link: l, want: w, view: l.unseen(v), decide: decide, since: d.clock().Now()}
	err := s.explain(ctx, s.run(ctx))
	if s.refused {
		return l.unseen(View{}), err
	}
	return s.view, err
}

// each calls f for every end that is ours, at once, and gathers what they say.
// The first error wins, in the order of sides; observations are kept.
func each(l Link, f func(Side, End) (Observation, error)) (View, error) {
	var v View
	var errs [2]error
	var wg sync.WaitGroup
	for _, s := range l.ours() {
		wg.Go(func() { v[s], errs[s] = f(s, l.Ends[s]) })
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return l.unseen(v), err
		}
	}
	return l.unseen(v), nil
}
