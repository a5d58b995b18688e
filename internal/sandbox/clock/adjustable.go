package clock

import (
	"sync"
	"time"
)

// Adjustable is a clock that runs at any multiple of the machine's time, stands
// still at speed 0, and can be advanced. What falls due while it is advanced or
// hurried runs at once, in order of time, each in a goroutine of its own.
type Adjustable struct {
	mu sync.Mutex
	// origin is the virtual time at the real time since; speed is how many
	// virtual seconds pass in a real one.
	origin, since time.Time
	speed         float64
	seq           int
	alarms        map[int]adjustedAlarm
	timer         *time.Timer
}

type adjustedAlarm struct {
	at time.Time
	f  func()
}

// NewAdjustable makes a clock that stands at start and runs at the speed given: 1
// is the machine's, 0 stands still. A negative speed is 0.
func NewAdjustable(start time.Time, speed float64) *Adjustable {
	return &Adjustable{origin: start, since: time.Now(), speed: max(speed, 0), alarms: map[int]adjustedAlarm{}}
}

// Now is the clock's time.
func (a *Adjustable) Now() time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.now()
}

func (a *Adjustable) now() time.Time {
	return a.origin.Add(time.Duration(float64(time.Since(a.since)) * a.speed))
}

// Speed is how many times faster than the machine's the clock runs.
func (a *Adjustable) Speed() float64 {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.speed
}

// SetSpeed changes the speed from now on. A negative speed is 0.
func (a *Adjustable) SetSpeed(speed float64) {
	a.change(func() { a.speed = max(speed, 0) })
}

// Advance moves the clock on by d; a negative d is 0.
func (a *Adjustable) Advance(d time.Duration) {
	a.change(func() { a.origin = a.origin.Add(max(d, 0)) })
}

// change settles the time that has passed, changes how it goes on, and looks
// what is due.
func (a *Adjustable) change(f func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.origin, a.since = a.now(), time.Now()
	f()
	a.ring()
}

// AfterFunc calls f once d of the clock's time has passed.
func (a *Adjustable) AfterFunc(d time.Duration, f func()) func() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.seq++
	id := a.seq
	a.alarms[id] = adjustedAlarm{a.now().Add(d), f}
	a.ring()
	return func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		delete(a.alarms, id)
	}
}

// ring runs what is due and sets the timer for what is next. The lock is held.
func (a *Adjustable) ring() {
	now := a.now()
	for {
		id, next, ok := a.earliest()
		if !ok || next.at.After(now) {
			break
		}
		delete(a.alarms, id)
		go next.f()
	}
	if a.timer != nil {
		a.timer.Stop()
		a.timer = nil
	}
	_, next, ok := a.earliest()
	if !ok || a.speed == 0 {
		return
	}
	// One nanosecond more, so that rounding never rings too early.
	wait := time.Duration(float64(next.at.Sub(now))/a.speed) + 1
	a.timer = time.AfterFunc(wait, func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.ring()
	})
}

// earliest is the alarm that is due first; of two at one time, the older.
func (a *Adjustable) earliest() (id int, first adjustedAlarm, ok bool) {
	for i, alarm := range a.alarms {
		if !ok || alarm.at.Before(first.at) || alarm.at.Equal(first.at) && i < id {
			id, first, ok = i, alarm, true
		}
	}
	return id, first, ok
}
