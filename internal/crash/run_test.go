package crash

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
)

// point is one place and kind of trouble.
type point struct {
	call int
	what trouble
	save int
}

func (p point) String() string {
	if p.save > 0 {
		return fmt.Sprintf("killed after save %d", p.save)
	}
	return fmt.Sprintf("%s at call %d", troubles[p.what], p.call)
}

// kills says that the engine does not live to save what it knows.
func (p point) kills() bool {
	return p.save > 0 || p.what == killedBefore || p.what == killedAfter
}

// points runs the scenario in peace, and names every place and kind of trouble.
func points(t testing.TB, s scenario, before *moment) ([]point, error) {
	scope := &scope{TB: t}
	defer scope.close()
	w, err := before.thaw(scope)
	if err != nil {
		return nil, err
	}
	w.dir.set(0, none, func() {})
	saves, err := w.act(t.Context(), s, 0)
	if err != nil {
		return nil, err
	}
	all := everyPoint(w.dir.count(), saves)
	if s.giveUp {
		all = slices.DeleteFunc(all, point.kills)
	}
	return all, nil
}

// everyPoint is every kind of trouble at every call, and a kill after every save.
func everyPoint(calls, saves int) (all []point) {
	for call := 1; call <= calls; call++ {
		for what := killedBefore; what <= expired; what++ {
			all = append(all, point{call: call, what: what})
		}
	}
	for save := 1; save <= saves; save++ {
		all = append(all, point{save: save})
	}
	return all
}

// act is the scenario's own process, under trouble: or both of them, where there
// are two.
func (w *world) act(ctx context.Context, s scenario, killAfterSave int) (saves int, err error) {
	if !s.twice {
		return w.process(ctx, s, w.file, killAfterSave)
	}
	var other error
	var wg sync.WaitGroup
	wg.Go(func() {
		// The other checkout's engine is not the one that is killed.
		_, other = w.process(context.WithoutCancel(ctx), s, w.other, 0)
	})
	saves, err = w.process(ctx, s, w.file, killAfterSave)
	wg.Wait()
	return saves, errors.Join(err, other)
}

// process is one engine that carries out what the scenario does.
func (w *world) process(ctx context.Context, s scenario, file *stored, killAfterSave int) (saves int, err error) {
	e, err := start(ctx, w.stage, file)
	if err != nil {
		return 0, err
	}
	e.killAfter, e.forgetful = killAfterSave, w.forgetful
	if s.bringID != "" {
		if err := e.bring(ctx, s.bringID); err != nil {
			return e.saves, err
		}
	}
	_, err = e.apply(ctx, w.config(e, s.after))
	return e.saves, err
}

// verdict of a run: what must not be. Each is nil, or says what was found.
type verdict struct{ orphan, duplicate, unconverged, leak error }

// run runs a scenario with trouble at one point, applies until nothing changes,
// and destroys. With mutations, something is broken on purpose.
func run(t testing.TB, s scenario, before *moment, p point, mutations ...mutation) (v verdict) {
	scope := &scope{TB: t}
	defer scope.close()
	w, err := before.thaw(scope, mutations...)
	if err != nil {
		return verdict{unconverged: err}
	}
	ctx, kill := context.WithCancel(t.Context())
	defer kill()
	w.dir.set(p.call, p.what, kill)
	w.dir.spares = s.twice
	_, first := w.act(ctx, s, p.save)
	w.rest()

	files := []*stored{w.file}
	if s.twice {
		files = append(files, w.other)
	}
	if !s.giveUp || first == nil {
		for _, file := range files {
			v.unconverged = errors.Join(v.unconverged, w.settles(t, s, file, first))
		}
	}
	v.duplicate = w.twins()
	for _, file := range files {
		if _, err := w.applyTo(t.Context(), file, nil); err != nil {
			v.orphan = errors.Join(v.orphan, fmt.Errorf("destroy: %w", err))
		}
	}
	if w.partner != nil && v.orphan == nil {
		v.orphan = w.partner.remains(t.Context())
	}
	if left := w.stage.Left(); len(left) > 0 {
		v.orphan = errors.Join(v.orphan, fmt.Errorf("left: %s", strings.Join(left, ", ")))
	}
	for _, file := range files {
		if len(file.leaks) > 0 {
			v.leak = errors.Join(v.leak, fmt.Errorf("activation keys in %s", strings.Join(file.leaks, ", ")))
		}
	}
	return v
}

// settles applies in peace until nothing changes, at most three times. It then
// looks at what there is.
func (w *world) settles(t testing.TB, s scenario, file *stored, first error) error {
	var last error
	settled := false
	for i := 0; i < 4 && !settled; i++ {
		changed, err := w.applyTo(t.Context(), file, s.after)
		last, settled = err, err == nil && !changed
	}
	switch {
	case !settled:
		return fmt.Errorf("still changing after 3 applies: %w", errors.Join(last, first))
	case s.after != nil && file.status() != s.wantStatus():
		return fmt.Errorf("the pairing is %q", file.status())
	}
	return nil
}

// twins looks through both clouds' logs for an instant with two live ends at one
// cloud.
func (w *world) twins() error {
	live := map[string]bool{}
	for _, tr := range w.stage.AWS.Transitions() {
		live[tr.ID] = !slices.Contains([]string{"", "deleting", "deleted", "failed"}, string(tr.To))
		if n := alive(live); n > 1 {
			return fmt.Errorf("%d live connections at %s", n, tr.Time)
		}
	}
	clear(live)
	for _, tr := range w.stage.Google.Transitions() {
		live[tr.Name] = !slices.Contains([]string{"", "DELETING"}, tr.To)
		if n := alive(live); n > 1 {
			return fmt.Errorf("%d live transports at %s", n, tr.Time)
		}
	}
	return nil
}

func alive(live map[string]bool) int {
	n := 0
	for _, is := range live {
		if is {
			n++
		}
	}
	return n
}
