package crash

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// job is one run of the matrix.
type job struct {
	s scenario
	p point
}

// plan lists the runs: all of them, or one in every few of each scenario, kills
// after a save included in any case.
func plan(t testing.TB, every int) (jobs []job, total int) {
	t.Helper()
	for _, s := range scenarios() {
		if !asked(s.name) {
			continue
		}
		all, err := points(t, s)
		if err != nil {
			t.Fatalf("%s, in peace: %v", s.name, err)
		}
		for i, p := range all {
			total++
			if (i+total)%every == 0 || p.save > 0 {
				jobs = append(jobs, job{s, p})
			}
		}
	}
	return jobs, total
}

// tally counts what must not be.
type tally struct {
	mu                                      sync.Mutex
	orphans, duplicates, unconverged, leaks int
}

// add counts a verdict and reports what it says.
func (c *tally) add(t testing.TB, name string, v verdict) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, f := range []struct {
		what  string
		count *int
		err   error
	}{
		{"orphan", &c.orphans, v.orphan}, {"duplicate", &c.duplicates, v.duplicate},
		{"unconverged", &c.unconverged, v.unconverged}, {"secret", &c.leaks, v.leak},
	} {
		if f.err != nil {
			*f.count++
			t.Errorf("%s: %s: %v", name, f.what, f.err)
		}
	}
}

func (c *tally) String() string {
	return fmt.Sprintf("%d orphans, %d duplicates, %d unconverged, %d secrets told", c.orphans, c.duplicates, c.unconverged, c.leaks)
}

// whole says that all of the matrix is wanted, or all of some scenarios.
func whole() bool { return os.Getenv("CROSSCLOUD_CRASH") != "" }

// asked says that a scenario is wanted: CROSSCLOUD_CRASH may have a part of some
// names, such as "accept alone", in place of "full".
func asked(scenario string) bool {
	part := os.Getenv("CROSSCLOUD_CRASH")
	return part == "full" || strings.Contains(scenario, part)
}

// TestCrashMatrix runs the matrix: the whole of it where CROSSCLOUD_CRASH=full,
// else an even sample.
func TestCrashMatrix(t *testing.T) {
	t.Parallel()
	every := 35
	if whole() {
		every = 1
	}
	jobs, total := plan(t, every)
	var count tally
	slots := make(chan struct{}, 48*runtime.GOMAXPROCS(0))
	var wg sync.WaitGroup
	for _, j := range jobs {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			count.add(t, j.s.name+", "+j.p.String(), run(t, j.s, j.p))
		})
	}
	wg.Wait()
	fmt.Printf("crash matrix: %d scenarios, %d fault points, %d runs: %s\n", len(scenarios()), total, len(jobs), &count)
	if os.Getenv("CROSSCLOUD_CRASH") == "full" && len(jobs) < 1_000 {
		t.Errorf("only %d runs: the matrix does not reach what it should", len(jobs))
	}
}

// TestTheMatrixCanFail breaks on purpose what keeps links single and never lost,
// and expects the matrix to tell.
func TestTheMatrixCanFail(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		broken   mutation
		scenario string
		what     trouble
		tells    func(verdict) error
	}{
		{"a client token for every call", noTokens, "create, AWS first", replyLost, func(v verdict) error { return v.duplicate }},
		{"ids saved at the end only", noEarlySave, "create, AWS first, and give up", expired, func(v verdict) error { return v.orphan }},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := named(t, c.scenario)
			all, err := points(t, s)
			if err != nil {
				t.Fatal(err)
			}
			var told atomic.Int32
			var wg sync.WaitGroup
			slots := make(chan struct{}, 8)
			for _, p := range all {
				if p.what != c.what || told.Load() > 0 {
					continue
				}
				slots <- struct{}{}
				wg.Go(func() {
					defer func() { <-slots }()
					if c.tells(run(t, s, p, c.broken)) != nil {
						told.Add(1)
					}
				})
			}
			wg.Wait()
			if told.Load() == 0 {
				t.Error("the matrix finds nothing wrong: it cannot fail")
			}
		})
	}
}

// named is one of the scenarios.
func named(t testing.TB, name string) scenario {
	t.Helper()
	for _, s := range scenarios() {
		if s.name == name {
			return s
		}
	}
	t.Fatalf("no scenario %q", name)
	return scenario{}
}
