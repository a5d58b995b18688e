package conformance

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/acceptance"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/conformance/contract"
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

// house is what all walks share: the contracts, and who watches that they are
// kept.
type house struct {
	set   *contract.Set
	watch *contract.Watch

	mu sync.Mutex
	// walked are the walks that were not skipped.
	walked []string
}

// done notes that a walk was walked to its end.
func (h *house) done(walk string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.walked = append(h.walked, walk)
}

// What a walk's requests may be: wrong on purpose, or not.
const (
	strict    = false
	provoking = true
)

// front has the watch look at everything that passes a door.
func (h *house) front(may bool) func(sandbox.Door, http.Handler) http.Handler {
	return func(d sandbox.Door, handler http.Handler) http.Handler {
		rules := acceptance.Rules(h.set, d)
		if d == sandbox.DoorAWS || d == sandbox.DoorGoogle {
			rules.Provoking = may
		}
		return h.watch.Front(rules, handler)
	}
}

// start starts a sandbox with quick timing and a control API, in which a deleted
// connection can be seen for a while, and watches its doors.
func (h *house) start(t *testing.T, may bool) *acceptance.Stage {
	t.Helper()
	return acceptance.New(t, func(c *sandbox.Config) {
		c.Front = h.front(may)
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
