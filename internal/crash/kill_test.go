//go:build linux

package crash

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/acceptance"
)

// victim is who is killed with signal 9.
type victim int

const (
	// everyone is the engine and its provider, as when a runner is shut down.
	everyone victim = iota
	// provider alone is killed, as when memory runs out; the engine lives on
	// and writes what it knows.
	providerAlone
)

// shot is one run with real processes of which one is killed.
type shot struct {
	s      scenario
	before *target
	p      point
	whom   victim
}

// target is a moment with a real engine's state file.
type target struct {
	*moment
	state []byte
}

func (s shot) String() string {
	whom := map[victim]string{everyone: "engine and provider", providerAlone: "the provider"}[s.whom]
	return fmt.Sprintf("%s, %s %s", s.s.name, whom, s.p)
}

// TestKill kills real processes with signal 9: a real engine, and the provider's
// real binary, at calls all over each scenario. Then the engine applies again,
// plans, and destroys: with CROSSCLOUD_CRASH=full at least 60 times, else a few.
func TestKill(t *testing.T) {
	t.Parallel()
	engine := os.Getenv("TF_ACC_TERRAFORM_PATH")
	if engine == "" {
		t.Skip("TF_ACC_TERRAFORM_PATH names no engine: nothing real can be killed")
	}
	binary := buildProvider(t)
	aims, n := []string{"create, AWS first"}, 3
	if whole() {
		aims, n = []string{"create, AWS first", "create, Google first", "bandwidth up", "move to another network", "destroy"}, 60
	}
	shots := shots(t, engine, binary, aims, n)
	var count tally
	slots := make(chan struct{}, 2*runtime.GOMAXPROCS(0))
	var wg sync.WaitGroup
	for _, s := range shots {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			count.add(t, s.String(), s.fire(t, engine, binary))
		})
	}
	wg.Wait()
	fmt.Printf("kill -9: %d real runs: %s\n", len(shots), &count)
}

// shots spreads n shots evenly over the calls of some scenarios, by turns before
// and after the call's effect, and at everyone and at the provider alone.
func shots(t *testing.T, engine, binary string, names []string, n int) (all []shot) {
	t.Helper()
	var aims []scenario
	for _, name := range names {
		aims = append(aims, named(t, name))
	}
	each := (n + len(aims) - 1) / len(aims)
	for _, s := range aims {
		before, calls, err := aim(t, s, engine, binary)
		if err != nil {
			t.Fatalf("%s, in peace: %v", s.name, err)
		}
		for i := range each {
			p := point{call: 1 + i*calls/each, what: killedBefore}
			if i%2 == 1 {
				p.what = killedAfter
			}
			all = append(all, shot{s, before, p, victim(i / 2 % 2)})
		}
	}
	return all
}

// aim makes in peace what a scenario needs before, keeps it, and counts the calls
// of the scenario's run.
func aim(t testing.TB, s scenario, engine, binary string) (before *target, calls int, err error) {
	scope := &scope{TB: t}
	defer scope.close()
	w, err := newWorld(scope, scenario{name: s.name})
	if err != nil {
		return nil, 0, err
	}
	r, err := newRange(t, w, engine, binary)
	if err != nil {
		return nil, 0, err
	}
	if s.before != nil {
		if err := errors.Join(r.configure(s.before), r.engine("apply", "-auto-approve")); err != nil {
			return nil, 0, fmt.Errorf("before: %w", err)
		}
	}
	before = &target{}
	if before.moment, err = w.freeze(); err != nil {
		return nil, 0, err
	}
	if before.state, err = os.ReadFile(r.stateFile()); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, 0, err
	}
	w.dir.set(0, none, func() {})
	err = r.act(s)
	return before, max(w.dir.count(), 1), err
}

// fire runs the scenario, kills, applies again until nothing changes, and
// destroys.
func (s shot) fire(t *testing.T, engine, binary string) (v verdict) {
	scope := &scope{TB: t}
	defer scope.close()
	w, err := s.before.thaw(scope)
	if err != nil {
		return verdict{unconverged: err}
	}
	r, err := newRange(t, w, engine, binary)
	if err == nil && s.before.state != nil {
		err = errors.Join(r.configure(s.s.before), os.WriteFile(r.stateFile(), s.before.state, 0o600))
	}
	if err != nil {
		return verdict{unconverged: err}
	}
	r.w.dir.set(s.p.call, s.p.what, func() { r.kill(s.whom) })
	first := r.act(s.s)
	r.w.dir.set(0, none, func() {})
	if s.s.after != nil {
		v.unconverged = r.converged(s.s, first)
	}
	v.duplicate = r.w.twins()
	if err := r.engine("destroy", "-auto-approve"); err != nil {
		v.orphan = fmt.Errorf("destroy: %w", err)
	}
	if left := r.w.stage.Left(); len(left) > 0 {
		v.orphan = errors.Join(v.orphan, fmt.Errorf("left: %s", strings.Join(left, ", ")))
	}
	if keys := acceptance.KeysIn(r.written()); len(keys) > 0 {
		v.leak = fmt.Errorf("%d activation keys in the state or in what the engine said", len(keys))
	}
	return v
}

// converged applies at most three times, and expects a plan without changes and a
// matched link.
func (r *shootingRange) converged(s scenario, first error) error {
	var err error
	for range 3 {
		if err = r.act(s); err == nil {
			break
		}
	}
	if err != nil {
		return fmt.Errorf("three applies do not help: %w", errors.Join(err, first))
	}
	if err := r.engine("plan", "-detailed-exitcode"); err != nil {
		return fmt.Errorf("the next plan is not empty: %w", err)
	}
	if !strings.Contains(r.written(), `"status": "matched"`) {
		return errors.New("the link in the state is not matched")
	}
	return nil
}

// shootingRange is a world with a directory for a real engine.
type shootingRange struct {
	w            *world
	dir          string
	path, binary string

	mu  sync.Mutex
	pid int
	out bytes.Buffer
}

// newRange makes the directory for a world.
func newRange(t testing.TB, w *world, engine, binary string) (*shootingRange, error) {
	t.Helper()
	r := &shootingRange{w: w, dir: t.TempDir(), path: engine, binary: binary}
	rc := fmt.Sprintf("provider_installation {\n  dev_overrides {\n    %q = %q\n  }\n  direct {}\n}\n", "terraform-crosscloud/crosscloud", filepath.Dir(binary))
	return r, os.WriteFile(filepath.Join(r.dir, "terraformrc"), []byte(rc), 0o600)
}

// stateFile is where the engine keeps its state.
func (r *shootingRange) stateFile() string { return filepath.Join(r.dir, "terraform.tfstate") }

// act is the scenario's own command.
func (r *shootingRange) act(s scenario) error {
	if s.after == nil {
		return r.engine("destroy", "-auto-approve")
	}
	if err := r.configure(s.after); err != nil {
		return err
	}
	return r.engine("apply", "-auto-approve")
}

// configure writes the configuration.
func (r *shootingRange) configure(c map[string]any) error {
	text := `terraform {
  required_providers {
    crosscloud = { source = "terraform-crosscloud/crosscloud" }
  }
}
` + r.w.stage.Provider(`owner = "acme/crash"`) + `
resource "crosscloud_interconnect" "crash" ` + hcl(settingsWithGateway(c, r.w.stage.GatewayID)) + "\n"
	return os.WriteFile(filepath.Join(r.dir, "main.tf"), []byte(text), 0o600)
}

// hcl is a value of what tests write, in HCL.
func hcl(v any) string {
	switch v := v.(type) {
	case map[string]any:
		var b strings.Builder
		b.WriteString("{\n")
		for k, e := range v {
			fmt.Fprintf(&b, "%s = %s\n", k, hcl(e))
		}
		return b.String() + "}"
	case map[string]string:
		m := map[string]any{}
		for k, s := range v {
			m[k] = s
		}
		return hcl(m)
	case []string:
		var quoted []string
		for _, s := range v {
			quoted = append(quoted, strconv.Quote(s))
		}
		return "[" + strings.Join(quoted, ", ") + "]"
	case string:
		return strconv.Quote(v)
	}
	return fmt.Sprint(v)
}

// engine runs one command of the engine to its end, natural or not.
func (r *shootingRange) engine(args ...string) error {
	cmd := exec.CommandContext(context.Background(), r.path, append(args, "-input=false", "-no-color")...)
	cmd.Dir = r.dir
	cmd.Env = append(os.Environ(), "TF_CLI_CONFIG_FILE="+filepath.Join(r.dir, "terraformrc"), "TF_IN_AUTOMATION=1", "TF_LOG=")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		return err
	}
	r.mu.Lock()
	r.pid = cmd.Process.Pid
	r.mu.Unlock()
	err := cmd.Wait()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.pid = 0
	r.out.Write(out.Bytes())
	if err != nil {
		return fmt.Errorf("%s: %w\n%s", args[0], err, out.String())
	}
	return nil
}

// kill sends signal 9.
func (r *shootingRange) kill(whom victim) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.pid == 0 {
		return
	}
	if whom == providerAlone {
		for _, pid := range children(r.pid) {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
		return
	}
	_ = syscall.Kill(-r.pid, syscall.SIGKILL)
}

// children are the processes that a process has started.
func children(parent int) (pids []int) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%[1]d/children", parent))
	if err == nil {
		for field := range strings.FieldsSeq(string(text)) {
			if pid, err := strconv.Atoi(field); err == nil {
				pids = append(pids, pid)
			}
		}
	}
	if len(pids) > 0 {
		return pids
	}
	// Any thread may have started them, and not every kernel lists them.
	entries, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, entry := range entries {
		stat, err := os.ReadFile(entry)
		if err != nil {
			continue
		}
		_, after, _ := strings.Cut(string(stat), ") ")
		if fields := strings.Fields(after); len(fields) > 1 && fields[1] == strconv.Itoa(parent) {
			if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(entry))); err == nil {
				pids = append(pids, pid)
			}
		}
	}
	return pids
}

// written is the state file and all that the engine has said.
func (r *shootingRange) written() string {
	state, err := os.ReadFile(r.stateFile())
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err.Error()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return string(state) + r.out.String()
}

// buildProvider builds the provider's binary.
func buildProvider(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "terraform-provider-crosscloud")
	cmd := exec.CommandContext(t.Context(), "go", "build", "-ldflags", "-s -w", "-o", binary, "../..")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("building the provider: %v\n%s", err, out)
	}
	return binary
}
