package crash

import (
	"context"
	"errors"
	"fmt"
	"slices"
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

// hungMoment is a moment of a world in which something hangs.
type hungMoment struct {
	*moment
	second string
	hangs  stored
}

// thaw makes a world that goes on from there.
func (m *hungMoment) thaw(t testing.TB, s hungScenario) (*hung, error) {
	w, err := m.moment.thaw(t)
	return &hung{TB: t, world: w, hungScenario: s, second: m.second, hangs: new(m.hangs)}, err
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

// prepare makes in peace a link and what the scenario needs before, and keeps it.
func (s hungScenario) prepare(t testing.TB) (*hungMoment, error) {
	scope := &scope{TB: t}
	defer scope.close()
	w, err := newWorld(scope, scenario{})
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
	h := &hung{TB: scope, world: w, hungScenario: s, hangs: &stored{}}
	_, h.second = w.stage.AWS.CreateVPC(sandbox.DefaultAWSRegion, "second", "10.65.0.0/16")
	if s.before != nil {
		if _, err := h.hang(t.Context(), s.before, 0); err != nil {
			return nil, fmt.Errorf("before: %w", err)
		}
	}
	if s.forget {
		h.hangs = &stored{}
	}
	frozen, err := w.freeze()
	return &hungMoment{frozen, h.second, *h.hangs}, err
}

// hang is one process that applies a configuration of what hangs.
func (h *hung) hang(ctx context.Context, c hanging, killAfterSave int) (hungResult, error) {
	e, err := h.engine(ctx, h.kind, h.hangs)
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
func hungPoints(t testing.TB, s hungScenario, before *hungMoment) ([]point, error) {
	scope := &scope{TB: t}
	defer scope.close()
	h, err := before.thaw(scope, s)
	if err != nil {
		return nil, err
	}
	h.dir.set(0, none, func() {})
	r, err := h.hang(t.Context(), s.after, 0)
	if err != nil {
		return nil, err
	}
	return everyPoint(h.dir.count(), r.saves), nil
}

// runHung runs a scenario with trouble at one point, applies until nothing
// changes, and removes first what hangs, then the link.
func runHung(t testing.TB, s hungScenario, before *hungMoment, p point) error {
	scope := &scope{TB: t}
	defer scope.close()
	h, err := before.thaw(scope, s)
	if err != nil {
		return err
	}
	ctx, kill := context.WithCancel(t.Context())
	defer kill()
	h.dir.set(p.call, p.what, kill)
	_, first := h.hang(ctx, s.after, p.save)
	h.rest()

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
	scenarios := slices.Concat(attachmentScenarios(), tierScenarios())
	all := seriesOf(t, scenarios, func(s hungScenario) string { return s.name }, func(s hungScenario) (series, error) {
		before, err := s.prepare(t)
		if err != nil {
			return series{}, err
		}
		at, err := hungPoints(t, s, before)
		return series{points: at, run: func(t testing.TB, p point) {
			if err := runHung(t, s, before, p); err != nil {
				t.Errorf("%s, %s: %v", s.name, p, err)
			}
		}}, err
	})
	total, runs := runAll(t, all, every, 24)
	fmt.Printf("what hangs on links: %d scenarios, %d fault points, %d runs\n", len(all), total, runs)
}
