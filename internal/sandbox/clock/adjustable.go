package clock

import (
	"container/heap"
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
	alarms        alarms
	timer         *time.Timer
}

// adjustedAlarm is something that falls due. index is its place among the others,
// -1 when it is no longer there.
type adjustedAlarm struct {
	at         time.Time
	seq, index int
	f          func()
}

// alarms are a heap: the one that is due first is the first; of two at one time,
// the older.
type alarms []*adjustedAlarm

// Len is part of heap.Interface, as the methods below.
func (q alarms) Len() int { return len(q) }

// Less says which of two is due first.
func (q alarms) Less(i, j int) bool {
	return q[i].at.Before(q[j].at) || q[i].at.Equal(q[j].at) && q[i].seq < q[j].seq
}

// Swap swaps two.
func (q alarms) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].index, q[j].index = i, j
}

// Push adds one at the end.
func (q *alarms) Push(x any) {
	alarm, _ := x.(*adjustedAlarm)
	alarm.index = len(*q)
	*q = append(*q, alarm)
}

// Pop takes the last one away.
func (q *alarms) Pop() any {
	last := (*q)[len(*q)-1]
	(*q)[len(*q)-1] = nil
	*q = (*q)[:len(*q)-1]
	last.index = -1
	return last
}

// NewAdjustable makes a clock that stands at start and runs at the speed given: 1
// is the machine's, 0 stands still. A negative speed is 0.
func NewAdjustable(start time.Time, speed float64) *Adjustable {
	return &Adjustable{origin: start, since: time.Now(), speed: max(speed, 0)}
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
	alarm := &adjustedAlarm{at: a.now().Add(d), seq: a.seq, f: f}
	heap.Push(&a.alarms, alarm)
	if alarm.index == 0 {
		a.ring()
	}
	return func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		if alarm.index >= 0 {
			heap.Remove(&a.alarms, alarm.index)
		}
	}
}

// ring runs what is due and sets the timer for what is next. The lock is held.
func (a *Adjustable) ring() {
	now := a.now()
	for len(a.alarms) > 0 && !a.alarms[0].at.After(now) {
		if next, ok := heap.Pop(&a.alarms).(*adjustedAlarm); ok {
			go next.f()
		}
	}
	if a.timer != nil {
		a.timer.Stop()
		a.timer = nil
	}
	if len(a.alarms) == 0 || a.speed == 0 {
		return
	}
	// One nanosecond more, so that rounding never rings too early.
	wait := time.Duration(float64(a.alarms[0].at.Sub(now))/a.speed) + 1
	a.timer = time.AfterFunc(wait, func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.ring()
	})
}
