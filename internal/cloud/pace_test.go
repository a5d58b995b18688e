package cloud_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
)

func TestInterval(t *testing.T) {
	p := cloud.Pace{Floor: time.Second, Ceiling: 15 * time.Second, Share: 0.2}
	tests := map[string]struct {
		elapsed, want time.Duration
	}{
		"at first":           {0, time.Second},
		"at the floor's end": {5 * time.Second, time.Second},
		"a share":            {30 * time.Second, 6 * time.Second},
		"at the ceiling":     {time.Hour, 15 * time.Second},
		"clock set back":     {-time.Hour, time.Second},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := p.Interval(tt.elapsed); got != tt.want {
				t.Errorf("Interval(%s) is %s, want %s", tt.elapsed, got, tt.want)
			}
		})
	}
	if got := (cloud.Pace{}).Interval(time.Hour); got != 0 {
		t.Errorf("the zero Pace waits %s", got)
	}
}

func TestIntervalJitters(t *testing.T) {
	p := cloud.Pace{Floor: time.Second, Ceiling: time.Minute, Share: 0.2, Jitter: 0.1}
	seen := map[time.Duration]bool{}
	for range 200 {
		d := p.Interval(100 * time.Second)
		if d < 18*time.Second || d > 22*time.Second {
			t.Fatalf("%s is more than a tenth away from 20s", d)
		}
		seen[d] = true
	}
	if len(seen) < 2 {
		t.Error("the interval never varies")
	}
}

func TestDefaultPaceSeesWhatIsQuickQuickly(t *testing.T) {
	p := cloud.DefaultPace()
	if d := p.Interval(0); d > 400*time.Millisecond {
		t.Errorf("the first look is after %s", d)
	}
	if d := p.Interval(13 * time.Minute); d > 17*time.Second {
		t.Errorf("after 13 minutes the interval is %s", d)
	}
}

func TestSystemClockSleeps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		clock := cloud.SystemClock{}
		start := clock.Now()
		if err := clock.Sleep(t.Context(), time.Hour); err != nil {
			t.Error(err)
		}
		if got := clock.Now().Sub(start); got != time.Hour {
			t.Errorf("slept %s, want 1h", got)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := clock.Sleep(ctx, time.Hour); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want context.DeadlineExceeded", err)
		}
		if err := clock.Sleep(ctx, 0); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("no sleep in an ended context gives %v", err)
		}
		if got := clock.Now().Sub(start); got != time.Hour+time.Minute {
			t.Errorf("%s passed, want 1h1m", got)
		}
	})
}
