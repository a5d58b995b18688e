package cloud

import (
	"context"
	"math/rand/v2"
	"time"
)

// Pace says when to look again at something that takes its time. The interval
// is a share of the time already waited, between a floor and a ceiling: what is
// quick is seen quickly, and what takes a quarter of an hour costs few calls
// and is seen at most Share late.
type Pace struct {
	// Floor is the first interval and the shortest.
	Floor time.Duration
	// Ceiling is the longest interval.
	Ceiling time.Duration
	// Share of the time waited so far that an interval takes; 0.2 means that
	// something that took 100 s is seen after at most 120 s.
	Share float64
	// Jitter is how much an interval may be lengthened or shortened, as a
	// share of it, so that many waits do not march in step.
	Jitter float64
}

// DefaultPace suits a link: its provisioning takes 2 s in the sandbox and about
// 13 minutes at the clouds.
func DefaultPace() Pace {
	return Pace{Floor: 350 * time.Millisecond, Ceiling: 15 * time.Second, Share: 0.2, Jitter: 0.1}
}

// Interval is how long to wait before the next look after having waited for
// elapsed. A zero Pace never waits.
func (p Pace) Interval(elapsed time.Duration) time.Duration {
	d := min(max(time.Duration(float64(elapsed)*p.Share), p.Floor), p.Ceiling)
	if p.Jitter > 0 {
		d = time.Duration(float64(d) * (1 + p.Jitter*(2*rand.Float64()-1)))
	}
	return d
}

// Clock is the time that waiting goes by.
type Clock interface {
	// Now is the time.
	Now() time.Time
	// Sleep returns after d, or with ctx's error when ctx ends first.
	Sleep(ctx context.Context, d time.Duration) error
}

// SystemClock is the machine's clock.
type SystemClock struct{}

// Now is time.Now.
func (SystemClock) Now() time.Time { return time.Now() }

// Sleep waits on a timer and on ctx.
func (SystemClock) Sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
