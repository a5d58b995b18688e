package crash

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/acceptance"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator"
)

func TestMain(m *testing.M) {
	for k, v := range acceptance.Credentials() {
		if err := os.Setenv(k, v); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// scenario is one piece of a link's life: what is there before, what is done
// under trouble, and what is to be there at last.
type scenario struct {
	name string
	// before is applied in peace first; nil is nothing.
	before map[string]any
	// forget loses the state after before.
	forget bool
	// bringID imports the link under this id before the apply.
	bringID string
	// after is applied under trouble; nil destroys.
	after map[string]any
}

// settings is a configuration of the resource, with changes.
func settings(change func(c, aws, google map[string]any)) map[string]any {
	aws := map[string]any{"region": "us-east-1", "tags": map[string]string{"team": "ml"}}
	google := map[string]any{"project": "sandbox-project", "region": "us-east4", "network": "default", "advertised_routes": []string{"10.0.0.0/16"}}
	c := map[string]any{"name": "crash", "bandwidth": "1Gbps", "aws": aws, "google": google}
	if change != nil {
		change(c, aws, google)
	}
	return c
}

func scenarios() []scenario {
	type m = map[string]any
	plain := settings(nil)
	return []scenario{
		{name: "create, AWS first", after: plain},
		{name: "create, Google first", after: settings(func(c, _, _ m) { c["initiator"] = "google" })},
		{name: "bandwidth up", before: plain, after: settings(func(c, _, _ m) { c["bandwidth"] = "10Gbps" })},
		{name: "routes, tags and description", before: plain, after: settings(func(c, a, g m) {
			c["description"] = "other words"
			a["tags"] = map[string]string{"stage": "prod"}
			g["labels"] = map[string]string{"stage": "prod"}
			g["advertised_routes"] = []string{"10.1.0.0/16", "10.2.0.0/16"}
		})},
		{name: "move to another network", before: plain, after: settings(func(_, _, g m) { g["network"] = "other" })},
		{name: "destroy", before: plain},
		{name: "import", before: plain, forget: true, bringID: "projects/sandbox-project/locations/us-east4/transports/crash", after: plain},
		{name: "adopt", before: plain, forget: true, after: plain},
	}
}

// world is one run's clouds and state file.
type world struct {
	stage *acceptance.Stage
	dir   *director
	file  *stored
}

// brisk is a timing in which a life takes a fraction of a second.
func brisk() coordinator.Timing {
	return coordinator.Timing{
		Provisioning: 40 * time.Millisecond, Update: 20 * time.Millisecond, Deleting: 15 * time.Millisecond,
		Lingering: 30 * time.Millisecond, Operation: 5 * time.Millisecond,
	}
}

// newWorld makes the clouds and what the scenario needs before.
func newWorld(t testing.TB, s scenario) (*world, error) {
	w := &world{dir: &director{}, file: &stored{}}
	w.dir.set(0, none, func() {})
	w.stage = acceptance.New(t, func(c *sandbox.Config) {
		c.AWS.Timing, c.Google.Timing = brisk(), brisk()
		w.dir.install(c)
	})
	if err := w.stage.Google.CreateNetwork("sandbox-project", "other"); err != nil {
		return nil, err
	}
	if s.before == nil {
		return w, nil
	}
	if _, err := w.apply(t.Context(), s.before); err != nil {
		return nil, fmt.Errorf("before: %w", err)
	}
	if s.forget {
		w.file = &stored{}
	}
	return w, nil
}

// config is the value of a configuration; null destroys.
func (w *world) config(e *engine, c map[string]any) tftypes.Value {
	if c == nil {
		return e.null()
	}
	v := settingsWithGateway(c, w.stage.GatewayID)
	return object(e.typ, v)
}

// settingsWithGateway is a configuration with the stage's gateway.
func settingsWithGateway(c map[string]any, gateway string) map[string]any {
	full := map[string]any{}
	maps.Copy(full, c)
	aws := map[string]any{"direct_connect_gateway_id": gateway}
	if given, ok := c["aws"].(map[string]any); ok {
		maps.Copy(aws, given)
	}
	full["aws"] = aws
	return full
}

// apply is one process: it starts, applies and ends.
func (w *world) apply(ctx context.Context, c map[string]any) (changed bool, err error) {
	e, err := start(ctx, w.stage, w.file)
	if err != nil {
		return false, err
	}
	return e.apply(ctx, w.config(e, c))
}

// act is the scenario's own process, under trouble.
func (w *world) act(ctx context.Context, s scenario, killAfterSave int) (saves int, err error) {
	e, err := start(ctx, w.stage, w.file)
	if err != nil {
		return 0, err
	}
	e.killAfter = killAfterSave
	if s.bringID != "" {
		if err := e.bring(ctx, s.bringID); err != nil {
			return e.saves, err
		}
	}
	_, err = e.apply(ctx, w.config(e, s.after))
	return e.saves, err
}

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

// points runs the scenario in peace, and names every place and kind of trouble.
func points(t testing.TB, s scenario) ([]point, error) {
	w, err := newWorld(t, s)
	if err != nil {
		return nil, err
	}
	w.dir.set(0, none, func() {})
	saves, err := w.act(t.Context(), s, 0)
	if err != nil {
		return nil, err
	}
	calls := w.dir.count()
	var all []point
	for call := 1; call <= calls; call++ {
		for what := killedBefore; what <= expired; what++ {
			all = append(all, point{call: call, what: what})
		}
	}
	for save := 1; save <= saves; save++ {
		all = append(all, point{save: save})
	}
	return all, nil
}

// verdict of a run.
type verdict struct{ orphan, duplicate, unconverged error }

// run runs a scenario with trouble at one point, applies until nothing changes,
// and destroys.
func run(t testing.TB, s scenario, p point) (v verdict) {
	w, err := newWorld(t, s)
	if err != nil {
		return verdict{unconverged: err}
	}
	ctx, kill := context.WithCancel(t.Context())
	defer kill()
	w.dir.set(p.call, p.what, kill)
	_, first := w.act(ctx, s, p.save)
	w.dir.set(0, none, func() {})

	settled := false
	var last error
	for range 4 {
		changed, err := w.apply(t.Context(), s.after)
		last = err
		if err == nil && !changed {
			settled = true
			break
		}
	}
	switch {
	case !settled:
		v.unconverged = fmt.Errorf("still changing after 3 applies: %w", errors.Join(last, first))
	case s.after != nil:
		e, err := start(t.Context(), w.stage, w.file)
		if err != nil || e.status() != "matched" {
			v.unconverged = fmt.Errorf("the pairing is %q: %w", e.status(), err)
		}
	}
	v.duplicate = w.twins()
	if _, err := w.apply(t.Context(), nil); err != nil {
		v.orphan = fmt.Errorf("destroy: %w", err)
	}
	if left := w.stage.Left(); len(left) > 0 {
		v.orphan = errors.Join(v.orphan, fmt.Errorf("left: %s", strings.Join(left, ", ")))
	}
	return v
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

// TestCrashMatrix runs the matrix: the whole of it where CROSSCLOUD_CRASH=full,
// else an even sample.
func TestCrashMatrix(t *testing.T) {
	every := 9
	if os.Getenv("CROSSCLOUD_CRASH") == "full" {
		every = 1
	}
	type job struct {
		s scenario
		p point
	}
	var jobs []job
	total := 0
	for _, s := range scenarios() {
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
	var mu sync.Mutex
	var orphans, duplicates, unconverged int
	slots := make(chan struct{}, 48*runtime.GOMAXPROCS(0))
	var wg sync.WaitGroup
	for _, j := range jobs {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			v := run(t, j.s, j.p)
			mu.Lock()
			defer mu.Unlock()
			for what, err := range map[string]error{"orphan": v.orphan, "duplicate": v.duplicate, "unconverged": v.unconverged} {
				if err != nil {
					t.Errorf("%s, %s: %s: %v", j.s.name, j.p, what, err)
				}
			}
			orphans, duplicates, unconverged = orphans+count(v.orphan), duplicates+count(v.duplicate), unconverged+count(v.unconverged)
		})
	}
	wg.Wait()
	fmt.Printf("crash matrix: %d scenarios, %d fault points, %d runs: %d orphans, %d duplicates, %d unconverged\n",
		len(scenarios()), total, len(jobs), orphans, duplicates, unconverged)
}

func count(err error) int {
	if err != nil {
		return 1
	}
	return 0
}
