package sandbox_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox"
	sandboxaws "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/aws"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/clock"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator"
	sandboxgoogle "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/google"
)

// roleVariable makes this test's binary run one cloud instead of the tests.
const roleVariable = "CROSSCLOUD_SANDBOX_TEST_ROLE"

func TestMain(m *testing.M) {
	role := os.Getenv(roleVariable)
	if role == "" {
		os.Exit(m.Run())
	}
	if err := runAlone(sandbox.Which(role), os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// address is what one process tells the test of itself.
type address struct{ URL, Coordinator, Gateway string }

// runAlone runs one cloud: it says where it is, hears where the other is, says
// that it has met it, and ends with its input.
func runAlone(which sandbox.Which, in io.Reader, out io.Writer) error {
	cfg := config()
	cfg.Only = which
	s, err := sandbox.Start(context.Background(), cfg)
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }()
	here := address{s.AWSURL + s.GoogleURL, s.AWSCoordinatorURL + s.GoogleCoordinatorURL, s.GatewayID}
	if err := json.NewEncoder(out).Encode(here); err != nil {
		return err
	}
	lines := bufio.NewScanner(in)
	if !lines.Scan() {
		return lines.Err()
	}
	if err := s.Meet(lines.Text()); err != nil {
		return err
	}
	fmt.Fprintln(out, "met")
	for lines.Scan() {
	}
	return lines.Err()
}

// config is a sandbox in which nothing takes long and nothing is scarce.
func config() sandbox.Config {
	timing := coordinator.Timing{
		Provisioning: 60 * time.Millisecond, Update: 30 * time.Millisecond,
		Deleting: 20 * time.Millisecond, Lingering: time.Minute, Operation: 5 * time.Millisecond,
	}
	return sandbox.Config{
		AWS:    sandboxaws.Config{Timing: timing},
		Google: sandboxgoogle.Config{Timing: timing, TransportQuota: -1},
		Seed:   true,
	}
}

// process is a cloud in a process of its own.
type process struct {
	address
	in  io.WriteCloser
	out *bufio.Scanner
}

func spawn(t *testing.T, which sandbox.Which) *process {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), self) // it ends with its input
	cmd.Env = append(os.Environ(), roleVariable+"="+string(which))
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p := &process{in: in, out: bufio.NewScanner(out)}
	t.Cleanup(func() {
		_ = in.Close()
		if err := cmd.Wait(); err != nil {
			t.Errorf("the %s process: %v", which, err)
		}
	})
	if err := json.Unmarshal([]byte(p.line(t)), &p.address); err != nil {
		t.Fatal(err)
	}
	return p
}

// line is the next line that the process says.
func (p *process) line(t *testing.T) string {
	t.Helper()
	if !p.out.Scan() {
		t.Fatal(errNoAnswer, p.out.Err())
	}
	return p.out.Text()
}

// meet tells the process where the other one is.
func (p *process) meet(t *testing.T, other *process) {
	t.Helper()
	if _, err := fmt.Fprintln(p.in, other.Coordinator); err != nil {
		t.Fatal(err)
	}
	if got := p.line(t); got != "met" {
		t.Fatal(got)
	}
}

func TestLinksBetweenTwoProcesses(t *testing.T) {
	aws, google := spawn(t, sandbox.AWS), spawn(t, sandbox.Google)
	aws.meet(t, google)
	google.meet(t, aws)
	newCustomer(t, aws.URL, google.URL, aws.Gateway).walk()
}

func TestLinksInOneProcess(t *testing.T) {
	for name, direct := range map[string]bool{"through the open API": false, "directly": true} {
		t.Run(name, func(t *testing.T) {
			before := runtime.NumGoroutine()
			cfg := config()
			cfg.Direct = direct
			s, err := sandbox.Start(t.Context(), cfg)
			if err != nil {
				t.Fatal(err)
			}
			c := newCustomer(t, s.AWSURL, s.GoogleURL, s.GatewayID)
			c.walk()
			if !direct && (len(s.AWSNode.Links()) != 0 || len(s.GoogleNode.Links()) != 0) {
				t.Errorf("links are left: %+v, %+v", s.AWSNode.Links(), s.GoogleNode.Links())
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
			c.http.CloseIdleConnections()
			c.until("goroutines to end", func() (any, bool) {
				n := runtime.NumGoroutine()
				return fmt.Sprintf("%d, and %d before", n, before), n <= before
			})
		})
	}
}

// On a clock that stands still, provisioning takes as long as the clock says,
// and so does the sweep of a link that cannot be finished.
func TestVirtualClock(t *testing.T) {
	manual := clock.NewManual(time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC))
	cfg := config()
	cfg.AWS.Clock, cfg.Google.Clock = manual, manual
	s, err := sandbox.Start(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	for _, ch := range []string{"channel-1", "channel-2"} {
		if err := s.GoogleNode.SetChannel(coordinator.ChannelRef{Environment: "aws-gcp-us-east", Interconnect: "quad-1", Channel: ch}, coordinator.ChannelState{Disabled: true}); err != nil {
			t.Fatal(err)
		}
	}
	c := newCustomer(t, s.AWSURL, s.GoogleURL, s.GatewayID)
	conn := c.createAWS()
	c.transport("POST", "?transportId=stuck", object{"providedActivationKey": conn["activationKey"], "network": sandbox.SeedNetwork})
	manual.Advance(time.Hour)
	c.untilAWS(conn["id"], object{"state": "pending"})
	c.untilGoogle("stuck", object{"state": sandboxgoogle.StatePendingConfig})
	manual.Advance(8 * 24 * time.Hour)
	c.untilAWS(conn["id"], object{"state": "failed"})
	c.untilGoogle("stuck", object{"state": sandboxgoogle.StateDeprovisioned})
}

func TestStartRefuses(t *testing.T) {
	tests := map[string]sandbox.Config{
		"an unknown cloud":              {Only: "azure"},
		"one cloud directly":            {Only: sandbox.AWS, Direct: true},
		"a coordinator for all to see":  {AWSCoordinator: "0.0.0.0:0"},
		"a peer that is not here":       {Only: sandbox.AWS, GoogleCoordinator: "192.0.2.1:80"},
		"a peer that is not HTTP":       {Only: sandbox.AWS, GoogleCoordinator: "https://127.0.0.1:80"},
		"a peer without a port":         {Only: sandbox.Google, AWSCoordinator: "127.0.0.1"},
		"a cloud that all can see":      {Only: sandbox.Google, GoogleAddress: "0.0.0.0:0"},
		"a coordinator that is no host": {Only: sandbox.Google, GoogleCoordinator: "nonsense"},
	}
	for name, cfg := range tests {
		t.Run(name, func(t *testing.T) {
			s, err := sandbox.Start(t.Context(), cfg)
			if err == nil {
				_ = s.Close()
				t.Error("it starts")
			}
		})
	}
	s, err := sandbox.Start(t.Context(), sandbox.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	if err := s.Meet(s.AWSCoordinatorURL); err == nil {
		t.Error("a sandbox of both clouds meets a third")
	}
}

// Every request between the clouds is logged, by the side that answers it, and
// no key is in the log.
func TestLogBetweenTheClouds(t *testing.T) {
	var mu sync.Mutex
	var lines []string
	cfg := config()
	cfg.CoordinatorLog = func(side sandbox.Which, r coordinator.Record) {
		line, err := json.Marshal(r)
		if err != nil {
			t.Error(err)
		}
		mu.Lock()
		defer mu.Unlock()
		lines = append(lines, fmt.Sprintf("%s %s", side, line))
	}
	s := start(t, cfg)
	c := newCustomer(t, s.AWSURL, s.GoogleURL, s.GatewayID)
	conn := c.join("logged")
	c.untilAWS(conn["id"], object{"state": "available"})
	for _, door := range []string{s.AWSCoordinatorURL, s.GoogleCoordinatorURL} {
		get(t, c.http, door+"/providers", "nobodys-token")
	}
	mu.Lock()
	defer mu.Unlock()
	all := strings.Join(lines, "\n")
	for _, want := range []string{
		`aws {"Time":`, `google {"Time":`, `/ConfirmActivationKey","Status":200`, `"Method":"POST"`,
		`"Path":"/providers","Status":401,"Message":"the bearer token is missing or wrong"`,
	} {
		if !strings.Contains(all, want) {
			t.Errorf("the log has no %s:\n%s", want, all)
		}
	}
	for _, secret := range []string{fmt.Sprint(conn["activationKey"]), coordinator.SharedToken, "nobodys-token"} {
		if strings.Contains(all, secret) {
			t.Errorf("the log shows %q", secret)
		}
	}
}
