package crash

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox"
)

// linkName is what resources name the link by that they hang on.
const linkName = "projects/sandbox-project/locations/us-east4/transports/crash"

// hung is a world with a link, and what hangs on it in a state file of its own.
type hung struct {
	testing.TB
	*world
	hungScenario
	// second is a virtual private gateway beside the seeded one.
	second string
	hangs  *stored
}

// hanging is a configuration of what hangs; nil is none.
type hanging func(h *hung) map[string]any

// hungScenario is one piece of the life of a resource that hangs on a link, as
// scenario is of a link's.
type hungScenario struct {
	name, kind    string
	before, after hanging
	forget        bool
	// link is the configuration of the link that it hangs on.
	link map[string]any
	// holds says what is wrong with the clouds when the resource is there, and
	// when it is not.
	holds func(h *hung, there bool) error
}

// newHung makes a link in peace, and what the scenario needs before.
func newHung(t testing.TB, s hungScenario) (*hung, error) {
	w, err := newWorld(t, scenario{})
	if err != nil {
		return nil, err
	}
	// AWS does not resize its free tier, which would else be the smallest.
	if err := w.stage.AWS.SetEnvironmentBandwidths("mce-aws-gcp-iad", []bandwidth.Bandwidth{bandwidth.Gbps, 2 * bandwidth.Gbps, 10 * bandwidth.Gbps}, nil); err != nil {
		return nil, err
	}
	if _, err := w.apply(t.Context(), s.link); err != nil {
		return nil, fmt.Errorf("the link: %w", err)
	}
	w.stage.Forget()
	h := &hung{TB: t, world: w, hungScenario: s, hangs: &stored{}}
	_, h.second = w.stage.AWS.CreateVPC(sandbox.DefaultAWSRegion, "second", "10.65.0.0/16")
	if s.before == nil {
		return h, nil
	}
	if _, err := h.hang(t.Context(), s.before, 0); err != nil {
		return nil, fmt.Errorf("before: %w", err)
	}
	if s.forget {
		h.hangs = &stored{}
	}
	return h, nil
}

// hang is one process that applies a configuration of what hangs.
func (h *hung) hang(ctx context.Context, c hanging, killAfterSave int) (hungResult, error) {
	e, err := startFor(ctx, h.kind, h.stage, h.hangs)
	if err != nil {
		return hungResult{}, err
	}
	e.killAfter = killAfterSave
	want := e.null()
	if c != nil {
		want = object(e.typ, c(h))
	}
	changed, err := e.apply(ctx, want)
	return hungResult{changed, e.saves}, err
}

// hungResult is what became of an apply.
type hungResult struct {
	changed bool
	saves   int
}

// hungPoints runs the scenario in peace, and names every place and kind of
// trouble.
func hungPoints(t testing.TB, s hungScenario) ([]point, error) {
	h, err := newHung(t, s)
	if err != nil {
		return nil, err
	}
	h.dir.set(0, none, func() {})
	r, err := h.hang(t.Context(), s.after, 0)
	if err != nil {
		return nil, err
	}
	var all []point
	for call := 1; call <= h.dir.count(); call++ {
		for what := killedBefore; what <= expired; what++ {
			all = append(all, point{call: call, what: what})
		}
	}
	for save := 1; save <= r.saves; save++ {
		all = append(all, point{save: save})
	}
	return all, nil
}

// runHung runs a scenario with trouble at one point, applies until nothing
// changes, and removes first what hangs, then the link.
func runHung(t testing.TB, s hungScenario, p point) error {
	scope := &scope{TB: t}
	defer scope.close()
	h, err := newHung(scope, s)
	if err != nil {
		return err
	}
	ctx, kill := context.WithCancel(t.Context())
	defer kill()
	h.dir.set(p.call, p.what, kill)
	_, first := h.hang(ctx, s.after, p.save)
	h.dir.set(0, none, func() {})

	var r hungResult
	settled := false
	for range 4 {
		if r, err = h.hang(t.Context(), s.after, 0); err == nil && !r.changed {
			settled = true
			break
		}
	}
	var problems []error
	if settled {
		problems = append(problems, s.holds(h, s.after != nil))
	} else {
		problems = append(problems, fmt.Errorf("still changing after 3 applies: %w", errors.Join(err, first)))
	}
	if _, err := h.hang(t.Context(), nil, 0); err != nil {
		problems = append(problems, fmt.Errorf("removing what hangs: %w", err))
	}
	if s.after != nil {
		problems = append(problems, s.holds(h, false))
	}
	if _, err := h.apply(t.Context(), nil); err != nil {
		problems = append(problems, fmt.Errorf("removing the link: %w", err))
	}
	if left := h.stage.Left(); len(left) > 0 {
		problems = append(problems, fmt.Errorf("left: %v", left))
	}
	return errors.Join(problems...)
}

// TestHungMatrix is TestCrashMatrix for what hangs on a link: the whole where
// CROSSCLOUD_CRASH=full, else an even sample.
func TestHungMatrix(t *testing.T) {
	t.Parallel()
	every := 61
	if whole() {
		every = 1
	}
	slots := make(chan struct{}, 24*runtime.GOMAXPROCS(0))
	var wg sync.WaitGroup
	scenarios := append(attachmentScenarios(), tierScenarios()...)
	total, runs := 0, 0
	for _, s := range scenarios {
		if !asked(s.name) {
			continue
		}
		all, err := hungPoints(t, s)
		if err != nil {
			t.Fatalf("%s, in peace: %v", s.name, err)
		}
		for i, p := range all {
			total++
			if (i+total)%every != 0 && p.save == 0 {
				continue
			}
			runs++
			slots <- struct{}{}
			wg.Go(func() {
				defer func() { <-slots }()
				if err := runHung(t, s, p); err != nil {
					t.Errorf("%s, %s: %v", s.name, p, err)
				}
			})
		}
	}
	wg.Wait()
	fmt.Printf("what hangs on links: %d scenarios, %d fault points, %d runs\n", len(scenarios), total, runs)
}
