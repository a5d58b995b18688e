package endtest

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/acceptance"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox"
	sandboxaws "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/aws"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator"
	sandboxgoogle "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/google"
)

// mostCalls is how many API calls one link may cost to make: seven to check, two
// to look for what exists, up to five to make both halves, and the rest to wait.
const mostCalls = 24

// timed is a stage whose clouds take as long as a sandbox that people run, with
// a note of when the first call came.
type timed struct {
	*acceptance.Stage
	mu    sync.Mutex
	first time.Time
}

func newTimed(t testing.TB) *timed {
	t.Helper()
	s := &timed{}
	s.Stage = acceptance.New(t, func(c *sandbox.Config) {
		c.AWS.Timing, c.Google.Timing = coordinator.DefaultTiming(), coordinator.DefaultTiming()
		c.AWS.Log = func(r sandboxaws.Record) { s.called(r.Time) }
		c.Google.Log = func(r sandboxgoogle.Record) { s.called(r.Time) }
	})
	return s
}

// called notes a call; calls are logged when they end, so not in order.
func (s *timed) called(at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.first.IsZero() || at.Before(s.first) {
		s.first = at
	}
}

// restart forgets the calls so far.
func (s *timed) restart() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.first = time.Time{}
	s.Forget()
}

// upAfter is the time from the first call until both halves of a link were up,
// by the clouds' own records.
func (s *timed) upAfter(t testing.TB, sharedID string) time.Duration {
	t.Helper()
	var ups [2]time.Time
	for _, tr := range s.AWS.Transitions() {
		if tr.SharedID == sharedID && tr.To == sandboxaws.StateAvailable {
			ups[0] = tr.Time
		}
	}
	for _, tr := range s.Google.Transitions() {
		if tr.SharedID == sharedID && tr.To == sandboxgoogle.StateActive {
			ups[1] = tr.Time
		}
	}
	if ups[0].IsZero() || ups[1].IsZero() {
		t.Fatalf("the clouds have no record that both halves of %s came up", sharedID)
	}
	last := ups[0]
	if ups[1].After(last) {
		last = ups[1]
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return last.Sub(s.first)
}

// TestCallsOfOneCreate holds the number of calls that one link costs to make,
// with a provisioning of two seconds and the pace that users have.
func TestCallsOfOneCreate(t *testing.T) {
	setCredentials(t)
	for _, initiator := range []string{aws, google} {
		t.Run(initiator, func(t *testing.T) {
			t.Parallel()
			s := newTimed(t)
			if _, err := create(t.Context(), &link.Driver{}, newLink(t, s.Stage, "counted", initiator)); err != nil {
				t.Fatal(err)
			}
			counts := map[string]int{}
			for _, c := range s.Calls() {
				counts[c]++
			}
			n := len(s.Calls())
			t.Logf("%d calls: %v", n, counts)
			if n > mostCalls {
				t.Errorf("one link cost %d calls, and %d is the most", n, mostCalls)
			}
		})
	}
}

// BenchmarkCreate makes links one after the other. calls/op are API calls at both
// clouds; ratio is the driver's time over the time that the clouds themselves
// took from the first call until both halves were up, so 1 is best.
func BenchmarkCreate(b *testing.B) {
	setCredentials(b)
	for _, initiator := range []string{aws, google} {
		b.Run(initiator, func(b *testing.B) {
			s, d := newTimed(b), &link.Driver{}
			var calls, links int
			var took, needed time.Duration
			for b.Loop() {
				b.StopTimer()
				l := newLink(b, s.Stage, fmt.Sprintf("bench-%d", links), initiator)
				s.restart()
				b.StartTimer()
				start := time.Now()
				v, err := create(b.Context(), d, l)
				took += time.Since(start)
				b.StopTimer()
				if err != nil {
					b.Fatal(err)
				}
				links++
				calls += len(s.Calls())
				needed += s.upAfter(b, v.SharedID())
				if _, err := d.Teardown(b.Context(), l, v); err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
			}
			b.ReportMetric(float64(calls)/float64(links), "calls/op")
			b.ReportMetric(float64(took)/float64(needed), "ratio")
		})
	}
}
