package crash

import (
	"context"
	"fmt"
	"maps"
	"os"
	"runtime/debug"
	"slices"
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
	// Nothing here is encrypted, and to read a machine's certificates for every
	// provider takes a sixth of the time.
	if err := os.Unsetenv("AWS_CA_BUNDLE"); err != nil {
		panic(err)
	}
	// Thousands of worlds come and go: collecting them less often takes more
	// memory and a third less time.
	debug.SetGCPercent(400)
	os.Exit(m.Run())
}

// world is one run's clouds and state files: the one, and another checkout's.
type world struct {
	stage       *acceptance.Stage
	dir         *director
	file, other *stored
	// calm is the engine of each state file since the trouble was over; nil
	// before that, when each apply is a process of its own.
	calm map[*stored]*engine
	// forgetful breaks the engines under trouble on purpose: see engine.
	forgetful bool
	// partner is the other team, and key what it has issued, where the scenario
	// is an acceptor's.
	partner *partner
	key     string
}

// mutation breaks something on purpose, to show that the matrix would tell.
type mutation int

const (
	// noTokens makes AWS forget a client token at once, as if every call had
	// one of its own.
	noTokens mutation = iota + 1
	// noEarlySave drops what a creation that failed had saved.
	noEarlySave
)

// unseen is how many reads do not show a new connection yet, so that nothing but
// the client token recognises a call whose reply was lost.
const unseen = 2

// brisk is a timing in which a life takes a fraction of a second.
func brisk() coordinator.Timing {
	return coordinator.Timing{
		Provisioning: 40 * time.Millisecond, Update: 20 * time.Millisecond, Deleting: 15 * time.Millisecond,
		Lingering: 30 * time.Millisecond, Operation: 5 * time.Millisecond,
	}
}

// newWorld makes the clouds and what the scenario needs before.
func newWorld(t testing.TB, s scenario) (*world, error) {
	w := bareWorld(t)
	if err := w.stage.Google.CreateNetwork("sandbox-project", "other"); err != nil {
		return nil, err
	}
	w.file.alone, w.other.alone = s.alone, s.alone
	if s.accepts() {
		outside, err := newOutsider(t, w)
		if err != nil {
			return nil, err
		}
		w.partner = &partner{outside, otherCloud(s.alone)}
		if w.key, err = w.partner.propose(t.Context()); err != nil {
			return nil, fmt.Errorf("the other team: %w", err)
		}
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

// bareWorld makes the clouds, with what is seeded.
func bareWorld(t testing.TB, mutations ...mutation) *world {
	w := &world{dir: &director{}, file: &stored{}, other: &stored{}}
	w.dir.set(0, none, func() {})
	w.stage = acceptance.New(t, func(c *sandbox.Config) {
		c.AWS.Timing, c.Google.Timing = brisk(), brisk()
		c.AWS.Switches.EventualConsistency = unseen
		// The contracts are held where each kind of message passes once; here the
		// same ones pass thousands of times.
		c.Front = nil
		w.dir.install(c)
		for _, m := range mutations {
			switch m {
			case noTokens:
				c.AWS.Switches.IdempotencyRetention = time.Nanosecond
			case noEarlySave:
				w.forgetful = true
			}
		}
	})
	return w
}

// moment is a world that stands still: the clouds' snapshot and the state files.
// What a scenario needs before is made once, and each of its runs starts there.
type moment struct {
	clouds      []byte
	gateway     [2]string
	file, other stored
	partner     *partner
	key         string
}

// freeze keeps the world as it is.
func (w *world) freeze() (*moment, error) {
	clouds, err := w.stage.State.Snapshot()
	return &moment{
		clouds: clouds, gateway: [2]string{w.stage.GatewayID, w.stage.VPNGatewayID},
		file: *w.file, other: *w.other, partner: w.partner, key: w.key,
	}, err
}

// thaw makes a world that goes on from there. With mutations, something is broken
// on purpose.
func (m *moment) thaw(t testing.TB, mutations ...mutation) (*world, error) {
	w := bareWorld(t, mutations...)
	if err := w.stage.State.Restore(m.clouds); err != nil {
		return nil, err
	}
	w.stage.GatewayID, w.stage.VPNGatewayID = m.gateway[0], m.gateway[1]
	w.file, w.other, w.key = new(m.file), new(m.other), m.key
	if m.partner == nil {
		return w, nil
	}
	outside, err := newOutsider(t, w)
	if err != nil {
		return nil, err
	}
	outside.connection, outside.transport = m.partner.connection, m.partner.transport
	w.partner = &partner{outside, m.partner.cloud}
	return w, nil
}

// prepared makes in peace what a scenario needs before, and keeps it.
func prepared(t testing.TB, s scenario) (*moment, error) {
	scope := &scope{TB: t}
	defer scope.close()
	w, err := newWorld(scope, s)
	if err != nil {
		return nil, err
	}
	return w.freeze()
}

// scope is a test that cleans up before its end: a matrix has thousands of
// worlds, and each is gone when its run is.
type scope struct {
	testing.TB
	cleanups []func()
}

// Cleanup keeps f for close.
func (s *scope) Cleanup(f func()) { s.cleanups = append(s.cleanups, f) }

// Logf is silent, for the same reason.
func (s *scope) Logf(string, ...any) {}

// close cleans up.
func (s *scope) close() {
	for _, f := range slices.Backward(s.cleanups) {
		f()
	}
}

// config is the value of a configuration; null destroys.
func (w *world) config(e *engine, c map[string]any) tftypes.Value {
	if c == nil {
		return e.null()
	}
	v := settingsWithGateway(c, w.stage.GatewayID)
	if c[keyVersion] != nil {
		v["activation_key_wo"] = w.key
	}
	return object(e.typ, v)
}

// settingsWithGateway is a configuration with the stage's gateway.
func settingsWithGateway(c map[string]any, gateway string) map[string]any {
	full := map[string]any{}
	maps.Copy(full, c)
	if c["aws"] == nil {
		return full
	}
	aws := map[string]any{"direct_connect_gateway_id": gateway}
	if given, ok := c["aws"].(map[string]any); ok {
		maps.Copy(aws, given)
	}
	full["aws"] = aws
	return full
}

// rest says that the trouble is over: one process does for each state file
// whatever comes now.
func (w *world) rest() {
	w.dir.set(0, none, func() {})
	w.forgetful, w.calm = false, map[*stored]*engine{}
}

// engine starts a process for a state file, or is the one that there is.
func (w *world) engine(ctx context.Context, kind string, file *stored) (*engine, error) {
	if e := w.calm[file]; e != nil {
		return e, nil
	}
	e, err := startFor(ctx, kind, w.stage, file)
	if err == nil && w.calm != nil {
		w.calm[file] = e
	}
	return e, err
}

// apply is one process: it starts, applies and ends.
func (w *world) apply(ctx context.Context, c map[string]any) (changed bool, err error) {
	return w.applyTo(ctx, w.file, c)
}

// applyTo is apply with the state file of one checkout.
func (w *world) applyTo(ctx context.Context, file *stored, c map[string]any) (changed bool, err error) {
	e, err := w.engine(ctx, resourceType, file)
	if err != nil {
		return false, err
	}
	return e.apply(ctx, w.config(e, c))
}
