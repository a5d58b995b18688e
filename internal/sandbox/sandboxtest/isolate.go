// Package sandboxtest helps tests that use the clouds' clients: it keeps the
// machine's own credentials and settings out of them.
package sandboxtest

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox"
)

// Isolate gives a test an environment of its own: no variable and no file of the
// machine tells a cloud's client who or where it is, and none asks a metadata
// server. Then env is set. All is as before when the test ends.
func Isolate(t testing.TB, env map[string]string) {
	t.Helper()
	for _, pair := range os.Environ() {
		name, value, _ := strings.Cut(pair, "=")
		if name != "TF_APPEND_USER_AGENT" && !slices.ContainsFunc([]string{"AWS_", "GOOGLE_", "GCLOUD_", "CLOUDSDK_"}, func(prefix string) bool { return strings.HasPrefix(name, prefix) }) {
			continue
		}
		t.Setenv(name, value) // Registers that it is set again.
		if err := os.Unsetenv(name); err != nil {
			t.Fatal(err)
		}
	}
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("AWS_CONFIG_FILE", filepath.Join(home, "config"))
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", filepath.Join(home, "credentials"))
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	// A file that is not there keeps Google's clients from looking further.
	t.Setenv("GOOGLE_APPLICATION_CREDENTIALS", filepath.Join(home, "none.json"))
	for name, value := range env {
		t.Setenv(name, value)
	}
}

// Map is variables by name, as Isolate takes them.
func Map(variables []sandbox.Variable) map[string]string {
	env := map[string]string{}
	for _, v := range variables {
		env[v.Name] = v.Value
	}
	return env
}
