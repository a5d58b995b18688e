package acceptance_test

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/acceptance"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox"
)

// root is a working directory of an engine.
type root struct {
	t      *testing.T
	engine string
	dir    string
	env    map[string]string
}

// examples is where an example lies, with a provider that is configured for a
// stage by the environment of this process, in which it runs.
type examples struct {
	t                *testing.T
	engine, reattach string
	stage            *acceptance.Stage
}

func newExamples(t *testing.T, s *acceptance.Stage) *examples {
	t.Helper()
	path := engine(t)
	for _, v := range sandbox.Env(s.AWSURL, s.GoogleURL) {
		t.Setenv(v.Name, v.Value)
	}
	return &examples{t, path, attach(t), s}
}

// root copies an example, with all that lies below it, and initialises it.
func (e *examples) root(example string, variables map[string]string) *root {
	e.t.Helper()
	dir := e.t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("..", "..", "examples", filepath.FromSlash(example)))); err != nil {
		e.t.Fatal(err)
	}
	r := &root{e.t, e.engine, dir, map[string]string{
		"PATH": os.Getenv("PATH"), "HOME": dir, "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1", "TF_REATTACH_PROVIDERS": e.reattach,
	}}
	for name, value := range variables {
		r.env["TF_VAR_"+name] = value
	}
	r.must(0, "init")
	return r
}

// empty fails the test where something is left on a cloud.
func (e *examples) empty() {
	e.t.Helper()
	if left := e.stage.Left(); len(left) > 0 {
		e.t.Errorf("left behind: %v", left)
	}
}

// run runs the engine and gives what it wrote and its exit code.
func (m *root) run(args ...string) (string, int) {
	m.t.Helper()
	cmd := exec.CommandContext(m.t.Context(), m.engine, slices.Insert(slices.Clone(args), 1, "-no-color")...)
	cmd.Env = []string{"TF_INPUT=0"}
	cmd.Dir = m.dir
	for k, v := range m.env {
		cmd.Env = append(cmd.Env, k+"="+v)
	}
	out, err := cmd.CombinedOutput()
	if exit, ok := errors.AsType[*exec.ExitError](err); err != nil && !ok {
		m.t.Fatalf("%v: %v", args, err)
	} else if ok {
		m.note(out)
		return string(out), exit.ExitCode()
	}
	m.note(out)
	return string(out), 0
}

// note keeps what the engine wrote with the rest of what is searched for keys.
func (m *root) note(out []byte) {
	f, err := os.OpenFile(filepath.Join(m.dir, "console.log"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err == nil {
		_, err = f.Write(out)
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		m.t.Fatal(err)
	}
}

// must runs the engine and fails the test unless it exits with a code.
func (m *root) must(code int, args ...string) string {
	m.t.Helper()
	out, got := m.run(args...)
	if got != code {
		m.t.Fatalf("%v exited with %d, want %d:\n%s", args, got, code, out)
	}
	return out
}

// apply applies by way of a saved plan, which must not hold the key either, and
// then plans again: nothing is left to do.
func (m *root) apply() {
	m.t.Helper()
	m.must(0, "plan", "-out=plan.bin")
	m.must(0, "apply", "plan.bin")
	m.must(0, "plan", "-detailed-exitcode")
}

// status is the pairing's status in the state.
func (m *root) status() string {
	m.t.Helper()
	text, err := os.ReadFile(filepath.Join(m.dir, "terraform.tfstate"))
	if err != nil {
		m.t.Fatal(err)
	}
	var state struct {
		Resources []struct {
			Type      string
			Instances []struct {
				Attributes struct{ Pairing struct{ Status string } }
			}
		}
	}
	if err := json.Unmarshal(text, &state); err != nil {
		m.t.Fatal(err)
	}
	for _, r := range state.Resources {
		if r.Type == "crosscloud_interconnect" && len(r.Instances) == 1 {
			return r.Instances[0].Attributes.Pairing.Status
		}
	}
	return ""
}
