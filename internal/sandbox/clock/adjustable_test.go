package clock

import (
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

var epoch = time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)

// record notes, in order, what rang and when.
type record struct {
	mu   sync.Mutex
	rang []string
}

func (r *record) note(what string) func() {
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.rang = append(r.rang, what)
	}
}

func (r *record) all() []string {
	synctest.Wait()
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.rang)
}

func TestAdjustable(t *testing.T) {
	tests := map[string]struct {
		speed float64
		do    func(a *Adjustable)
		now   time.Duration // since epoch
		rang  []string
	}{
		"stands still":          {speed: 0, do: func(*Adjustable) { time.Sleep(time.Hour) }, now: 0},
		"as the machine":        {speed: 1, do: func(*Adjustable) { time.Sleep(90 * time.Second) }, now: 90 * time.Second, rang: []string{"minute"}},
		"sixty times as fast":   {speed: 60, do: func(*Adjustable) { time.Sleep(90 * time.Second) }, now: 90 * time.Minute, rang: []string{"minute", "hour"}},
		"advanced":              {speed: 0, do: func(a *Adjustable) { a.Advance(2 * time.Hour) }, now: 2 * time.Hour, rang: []string{"hour", "minute"}},
		"advanced backwards":    {speed: 0, do: func(a *Adjustable) { a.Advance(-time.Hour) }, now: 0},
		"hurried":               {speed: 0, do: func(a *Adjustable) { a.SetSpeed(3600); time.Sleep(2 * time.Second) }, now: 2 * time.Hour, rang: []string{"minute", "hour"}},
		"stopped after a while": {speed: 1, do: func(a *Adjustable) { time.Sleep(30 * time.Second); a.SetSpeed(0); time.Sleep(time.Hour) }, now: 30 * time.Second},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a := NewAdjustable(epoch, tt.speed)
				var r record
				a.AfterFunc(time.Hour, r.note("hour"))
				a.AfterFunc(time.Minute, r.note("minute"))
				stop := a.AfterFunc(time.Second, r.note("stopped"))
				stop()
				tt.do(a)
				got := r.all()
				if len(got) == 2 && tt.speed == 0 && slices.Contains(tt.rang, got[0]) {
					// What falls due in one advance runs at once.
					slices.Sort(got)
					slices.Sort(tt.rang)
				}
				if !slices.Equal(got, tt.rang) {
					t.Errorf("rang %v, want %v", got, tt.rang)
				}
				if now := a.Now().Sub(epoch); (now - tt.now).Abs() > time.Millisecond {
					t.Errorf("now %s, want %s", now, tt.now)
				}
				a.SetSpeed(0)
			})
		})
	}
}

// Alarms ring in order of time, those at one time in the order they were set, and
// those that were stopped not at all; many take no long time to set.
func TestAdjustableManyAlarms(t *testing.T) {
	start := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
	a := NewAdjustable(start, 0)
	const count = 20_000
	rung := make(chan int, count)
	var stops []func()
	for i := range count {
		stops = append(stops, a.AfterFunc(time.Duration(count-i)*time.Second, func() { rung <- i }))
	}
	for i, stop := range stops {
		if i%2 == 0 {
			stop()
		}
	}
	for i := count - 1; i > count-20; i -= 2 {
		a.Advance(2 * time.Second)
		if got := <-rung; got != i {
			t.Fatalf("alarm %d rings before %d", got, i)
		}
	}
	stops[count-1]() // it has rung
	a.Advance(count * time.Second)
	for range count/2 - 10 {
		if got := <-rung; got%2 == 0 {
			t.Errorf("alarm %d was stopped", got)
		}
	}
}
