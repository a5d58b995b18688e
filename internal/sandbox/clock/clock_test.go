package clock_test

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/clock"
)

var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// diary notes what a clock called, and when by that clock.
type diary struct {
	clock   *clock.Manual
	entries []string
}

func newDiary() *diary { return &diary{clock: clock.NewManual(start)} }

// at makes the clock call after d, and do more after that.
func (d *diary) at(after time.Duration, name string, more ...func()) (stop func()) {
	return d.clock.AfterFunc(after, func() {
		d.entries = append(d.entries, d.clock.Now().Sub(start).String()+" "+name)
		for _, f := range more {
			f()
		}
	})
}

// check holds what was called and how far the clock is.
func (d *diary) check(t *testing.T, now time.Duration, entries ...string) {
	t.Helper()
	if diff := cmp.Diff(entries, d.entries); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if got := d.clock.Now().Sub(start); got != now {
		t.Errorf("the clock stands at %s, want %s", got, now)
	}
}

func TestManualStandsStill(t *testing.T) {
	d := newDiary()
	d.at(0, "due")
	d.check(t, 0)
	d.clock.Advance(0)
	d.check(t, 0, "0s due")
}

func TestManualZeroValue(t *testing.T) {
	var m clock.Manual
	called := false
	m.AfterFunc(time.Second, func() { called = true })
	m.Advance(time.Second)
	if !called || !m.Now().Equal(time.Time{}.Add(time.Second)) {
		t.Errorf("called %v, at %s", called, m.Now())
	}
}

func TestManualCallsInOrderOfTime(t *testing.T) {
	d := newDiary()
	d.at(3*time.Second, "third")
	d.at(time.Second, "first")
	d.at(2*time.Second, "second")
	d.at(2*time.Second, "second, queued later")
	d.at(-time.Second, "overdue")
	d.at(time.Minute, "not yet")
	d.clock.Advance(10 * time.Second)
	d.check(t, 10*time.Second, "0s overdue", "1s first", "2s second", "2s second, queued later", "3s third")
}

func TestManualCallsWhatCallsQueue(t *testing.T) {
	d := newDiary()
	d.at(time.Second, "outer", func() {
		d.at(time.Second, "inner", func() {
			d.at(0, "at once")
			d.at(10*time.Second, "beyond")
		})
		d.at(500*time.Millisecond, "sooner")
	})
	d.at(1700*time.Millisecond, "other")
	d.clock.Advance(5 * time.Second)
	d.check(t, 5*time.Second, "1s outer", "1.5s sooner", "1.7s other", "2s inner", "2s at once")
	d.clock.Advance(7 * time.Second)
	d.check(t, 12*time.Second, "1s outer", "1.5s sooner", "1.7s other", "2s inner", "2s at once", "12s beyond")
}

func TestManualAdvancesAgain(t *testing.T) {
	d := newDiary()
	d.at(time.Second, "first")
	d.at(2*time.Second, "second")
	d.clock.Advance(1500 * time.Millisecond)
	d.check(t, 1500*time.Millisecond, "1s first")
	// Counted from where the clock stands now.
	d.at(time.Second, "later")
	d.clock.Advance(499 * time.Millisecond)
	d.check(t, 1999*time.Millisecond, "1s first")
	d.clock.Advance(time.Hour)
	d.check(t, time.Hour+1999*time.Millisecond, "1s first", "2s second", "2.5s later")
	d.clock.Advance(-time.Hour)
	d.check(t, time.Hour+1999*time.Millisecond, "1s first", "2s second", "2.5s later")
}

func TestManualAdvancesFromWithinACall(t *testing.T) {
	d := newDiary()
	d.at(time.Second, "outer", func() { d.clock.Advance(2 * time.Second) })
	d.at(2*time.Second, "inner")
	d.clock.Advance(time.Second)
	d.check(t, 3*time.Second, "1s outer", "2s inner")
}

func TestManualStop(t *testing.T) {
	d := newDiary()
	var stopOther func()
	d.at(time.Second, "first", func() { stopOther() })
	stopOther = d.at(2*time.Second, "stopped by the first")
	stop := d.at(3*time.Second, "stopped at once")
	stopLate := d.at(4*time.Second, "stopped too late")
	stop()
	stop()
	d.clock.Advance(10 * time.Second)
	stopLate()
	d.at(time.Second, "after")
	d.clock.Advance(time.Second)
	d.check(t, 11*time.Second, "1s first", "4s stopped too late", "11s after")
}

func TestManualIsSafeForManyAtOnce(t *testing.T) {
	m := clock.NewManual(start)
	var mu sync.Mutex
	called := 0
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			m.AfterFunc(time.Second, func() { mu.Lock(); called++; mu.Unlock() })
			m.AfterFunc(time.Hour, func() { t.Error("a stopped call was made") })()
			m.Advance(time.Second)
			_ = m.Now()
		})
	}
	wg.Wait()
	m.Advance(time.Second)
	if called != 20 {
		t.Errorf("%d calls were made, want 20", called)
	}
}

func TestReal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var machine clock.Real
		began := machine.Now()
		var at time.Duration
		machine.AfterFunc(time.Minute, func() { at = machine.Now().Sub(began) })
		stop := machine.AfterFunc(time.Second, func() { t.Error("a stopped call was made") })
		stop()
		stop()
		time.Sleep(time.Hour)
		synctest.Wait()
		if at != time.Minute {
			t.Errorf("called after %s, want 1m", at)
		}
	})
}
