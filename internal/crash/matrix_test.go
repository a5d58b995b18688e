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

// series are the runs of one scenario: each with trouble at one point.
type series struct {
	name   string
	points []point
	run    func(testing.TB, point)
}

// seriesOf prepares the runs of scenarios, all at once.
func seriesOf[S any](t testing.TB, scenarios []S, name func(S) string, prepare func(S) (series, error)) []series {
	t.Helper()
	all, errs := make([]series, len(scenarios)), make([]error, len(scenarios))
	var wg sync.WaitGroup
	for i, s := range scenarios {
		if asked(name(s)) {
			wg.Go(func() { all[i], errs[i] = prepare(s) })
		}
	}
	wg.Wait()
	for i, err := range errs {
		if all[i].name = name(scenarios[i]); err != nil {
			t.Fatalf("%s, in peace: %v", all[i].name, err)
		}
	}
	return all
}

// runAll runs all of the series, or one in every few runs, kills after a save
// included in any case. So many run at a time for each processor.
func runAll(t testing.TB, all []series, every, atATime int) (total, runs int) {
	slots := make(chan struct{}, atATime*runtime.GOMAXPROCS(0))
	var wg sync.WaitGroup
	for _, s := range all {
		for i, p := range s.points {
			total++
			if (i+total)%every != 0 && p.save == 0 {
				continue
			}
			runs++
			slots <- struct{}{}
			wg.Go(func() {
				defer func() { <-slots }()
				s.run(t, p)
			})
		}
	}
	wg.Wait()
	return total, runs
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
	var count tally
	all := seriesOf(t, scenarios(), func(s scenario) string { return s.name }, func(s scenario) (series, error) {
		before, err := prepared(t, s)
		if err != nil {
			return series{}, err
		}
		at, err := points(t, s, before)
		return series{points: at, run: func(t testing.TB, p point) {
			count.add(t, s.name+", "+p.String(), run(t, s, before, p))
		}}, err
	})
	total, runs := runAll(t, all, every, 48)
	fmt.Printf("crash matrix: %d scenarios, %d fault points, %d runs: %s\n", len(all), total, runs, &count)
	if os.Getenv("CROSSCLOUD_CRASH") == "full" && runs < 1_000 {
		t.Errorf("only %d runs: the matrix does not reach what it should", runs)
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
			before, err := prepared(t, s)
			if err != nil {
				t.Fatal(err)
			}
			all, err := points(t, s, before)
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
					if c.tells(run(t, s, before, p, c.broken)) != nil {
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
