// Package clock is the sandbox's time.
//
// Both simulated clouds take their time from a Clock: the real one, or a Manual
// one that its owner advances, so that days pass in milliseconds.
package clock

import (
	"sync"
	"time"
)

// Clock tells the time and calls back when some of it has passed.
type Clock interface {
	// Now is the clock's time.
	Now() time.Time
	// AfterFunc calls f once d has passed. f runs in a goroutine of its own,
	// or, on a Manual clock, in the one that advances it. The returned stop
	// cancels the call if it has not begun.
	AfterFunc(d time.Duration, f func()) (stop func())
}

// Real is the machine's clock.
type Real struct{}

// Now is time.Now.
func (Real) Now() time.Time { return time.Now() }

// AfterFunc is time.AfterFunc.
func (Real) AfterFunc(d time.Duration, f func()) func() {
	t := time.AfterFunc(d, f)
	return func() { t.Stop() }
}

// Manual is a clock that stands still until it is advanced. The zero value
// stands at the zero time; NewManual starts at a given one.
type Manual struct {
	mu    sync.Mutex
	now   time.Time
	seq   int
	queue []*alarm
}

type alarm struct {
	at  time.Time
	seq int
	f   func()
}

// NewManual makes a clock that stands at start.
func NewManual(start time.Time) *Manual { return &Manual{now: start} }

// Now is the time the clock stands at.
func (m *Manual) Now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.now
}

// AfterFunc queues f for when the clock has been advanced by d.
func (m *Manual) AfterFunc(d time.Duration, f func()) func() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.seq++
	a := &alarm{at: m.now.Add(d), seq: m.seq, f: f}
	m.queue = append(m.queue, a)
	return func() { m.remove(a) }
}

func (m *Manual) remove(a *alarm) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i, q := range m.queue {
		if q == a {
			m.queue = append(m.queue[:i], m.queue[i+1:]...)
			return
		}
	}
}

// Advance moves the clock on by d and runs, in order of time, everything that
// falls due, including what those calls queue themselves.
func (m *Manual) Advance(d time.Duration) {
	m.mu.Lock()
	end := m.now.Add(d)
	m.mu.Unlock()
	for {
		f := m.next(end)
		if f == nil {
			return
		}
		f()
	}
}

// next takes the earliest alarm due by end, moving the clock to it; when there
// is none it moves the clock to end and returns nil.
func (m *Manual) next(end time.Time) func() {
	m.mu.Lock()
	defer m.mu.Unlock()
	best := -1
	for i, a := range m.queue {
		if a.at.After(end) {
			continue
		}
		if best < 0 || a.at.Before(m.queue[best].at) || a.at.Equal(m.queue[best].at) && a.seq < m.queue[best].seq {
			best = i
		}
	}
	if best < 0 {
		if end.After(m.now) {
			m.now = end
		}
		return nil
	}
	a := m.queue[best]
	m.queue = append(m.queue[:best], m.queue[best+1:]...)
	if a.at.After(m.now) {
		m.now = a.at
	}
	return a.f
}
