package conformance

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/acceptance"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator"
	sandboxgoogle "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/google"
)

// requiredVariable makes a missing client a failure when it is "required".
const requiredVariable = "CROSSCLOUD_CONFORMANCE"

// missing ends a test whose client is not here.
func missing(t *testing.T, client string, why error) {
	t.Helper()
	if os.Getenv(requiredVariable) == "required" {
		t.Fatalf("%s is not here, and %s=required: %v", client, requiredVariable, why)
	}
	t.Skipf("%s is not here: %v", client, why)
}

// environments are the default ones and a second one in the default region, so
// that there are pages of environments.
func environments() []coordinator.Environment {
	all := coordinator.DefaultEnvironments()
	more := all[0]
	more.ID, more.AWSEnvironmentID, more.GoogleRegion = "aws-gcp-us-east-2", "mce-aws-gcp-cmh", "us-east5"
	return append(all, more)
}

// start starts a sandbox with quick timing and a control API, in which a deleted
// connection can be seen for a while.
func start(t *testing.T) *acceptance.Stage {
	t.Helper()
	return acceptance.New(t, func(c *sandbox.Config) {
		c.AWS.Environments, c.Google.Environments = environments(), environments()
		c.AWS.Timing.Lingering = time.Minute
		c.Google.TransportQuota = -1
		c.ControlAddress = "127.0.0.1:0"
	})
}

// machine are the variables of the machine that programs need: where programs
// and certificates are, nothing of who the user is.
func machine() []string {
	var kept []string
	for _, name := range []string{"PATH", "LANG", "TMPDIR", "SYSTEMROOT"} {
		if value, ok := os.LookupEnv(name); ok {
			kept = append(kept, name+"="+value)
		}
	}
	return kept
}

// clients is the environment of a client: the sandbox's own variables, and a
// home without settings.
func clients(t *testing.T, s *acceptance.Stage, more ...string) []string {
	t.Helper()
	env := append(machine(), "HOME="+t.TempDir())
	for _, v := range s.Env() {
		env = append(env, v.Name+"="+v.Value)
	}
	env = append(env,
		"GOOGLE_URL="+s.GoogleURL, "GOOGLE_TOKEN="+sandboxgoogle.AccessToken,
		"CONTROL_URL="+s.ControlURL, "GATEWAY="+s.GatewayID)
	return append(env, more...)
}

// run runs a program and returns what it wrote.
func run(ctx context.Context, env []string, name string, args ...string) (out, diag string, err error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env, cmd.Stdout, cmd.Stderr, cmd.WaitDelay = env, &stdout, &stderr, time.Second
	err = cmd.Run()
	return strings.TrimSpace(stdout.String()), strings.TrimSpace(stderr.String()), err
}
