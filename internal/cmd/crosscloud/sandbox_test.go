package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/googleend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox"
	sandboxaws "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/aws"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/sandboxtest"
)

// safe is a buffer that several goroutines write. written is closed at the first
// write.
type safe struct {
	mu      sync.Mutex
	buf     bytes.Buffer
	written chan struct{}
}

func (s *safe) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.buf.Len() == 0 {
		close(s.written)
	}
	return s.buf.Write(p)
}

func (s *safe) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.String()
}

// started is "crosscloud sandbox" under way.
type started struct {
	// said is what it prints until it is ready, and diag what it logs.
	said string
	diag *safe
	// aws and google are its addresses.
	aws, google string
	// stop interrupts it and returns its exit status.
	stop func() int
}

// startSandbox runs "crosscloud sandbox" on free ports until it is ready.
func startSandbox(t *testing.T, flags ...string) started {
	t.Helper()
	ctx, interrupt := context.WithCancel(t.Context())
	read, write := io.Pipe()
	s := started{diag: &safe{written: make(chan struct{})}}
	status := make(chan int, 1)
	go func() {
		n := run(ctx, append([]string{"sandbox", "--aws", "127.0.0.1:0", "--google", "127.0.0.1:0"}, flags...), write, s.diag)
		_ = write.Close()
		status <- n
	}()
	s.stop = sync.OnceValue(func() int { interrupt(); return <-status })
	t.Cleanup(func() { s.stop() })
	lines := bufio.NewScanner(read)
	for lines.Scan() {
		s.said += lines.Text() + "\n"
		if strings.HasPrefix(lines.Text(), "Point clients here") {
			break
		}
	}
	m := regexp.MustCompile(`(?m)^AWS +http://(127\.0\.0\.1:\d+)\nGoogle +http://(127\.0\.0\.1:\d+)$`).FindStringSubmatch(s.said)
	if m == nil {
		t.Fatalf("the sandbox says %q, and %q", s.said, s.diag)
	}
	s.aws, s.google = m[1], m[2]
	return s
}

// exports reads what "sandbox env" prints: nothing but export commands with
// quoted values.
func exports(t *testing.T, text string) map[string]string {
	t.Helper()
	form := regexp.MustCompile(`^export ([A-Za-z_][A-Za-z0-9_]*)='((?:[^']|'\\'')*)'$`)
	env := map[string]string{}
	for line := range strings.Lines(text) {
		m := form.FindStringSubmatch(strings.TrimSuffix(line, "\n"))
		if m == nil {
			t.Fatalf("this is no export with a quoted value: %q", line)
		}
		if _, twice := env[m[1]]; twice {
			t.Errorf("%s is exported twice", m[1])
		}
		env[m[1]] = strings.ReplaceAll(m[2], `'\''`, "'")
	}
	return env
}

func TestSandboxStartsAndStops(t *testing.T) {
	s := startSandbox(t)
	if !strings.Contains(s.said, `eval "$(crosscloud sandbox env -aws `+s.aws+` -google `+s.google+`)"`) {
		t.Errorf("it does not say how it is reached: %s", s.said)
	}
	if !regexp.MustCompile(`(?m)^Direct Connect gateway "sandbox": [0-9a-f-]{36}$`).MatchString(s.said) || !strings.Contains(s.said, `VPC network "default" in project sandbox-project`) {
		t.Errorf("it does not say what there is: %s", s.said)
	}
	if status := s.stop(); status != exitOK {
		t.Errorf("the status is %d, and it says %s", status, s.diag)
	}
	for _, address := range []string{s.aws, s.google} {
		if c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address); err == nil {
			_ = c.Close()
			t.Errorf("%s still answers", address)
		}
	}
}

func TestSandboxEnv(t *testing.T) {
	s := startSandbox(t)
	got := command(t.Context(), "sandbox", "env", "--aws", s.aws, "--google", s.google)
	if got.status != exitOK || got.diag != "" {
		t.Fatalf("got %+v", got)
	}
	env := exports(t, got.out)
	gateway := env["TF_VAR_direct_connect_gateway_id"]
	if gateway == "" || !strings.Contains(s.said, `"sandbox": `+gateway+"\n") {
		t.Errorf("the gateway is %q, and the sandbox says %s", gateway, s.said)
	}
	if vpn := env["TF_VAR_vpn_gateway_id"]; vpn == "" || !strings.Contains(s.said, ": "+vpn+"\n") {
		t.Errorf("the virtual private gateway is %q, and the sandbox says %s", vpn, s.said)
	}
	delete(env, "TF_VAR_direct_connect_gateway_id")
	delete(env, "TF_VAR_vpn_gateway_id")
	if diff := cmp.Diff(sandboxtest.Map(sandbox.Env("http://"+s.aws, "http://"+s.google)), env); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	// What it prints is enough to reach both clouds.
	sandboxtest.Isolate(t, env)
	amazon, err := awsend.Load(t.Context(), awsend.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	if found, err := amazon.Environments(t.Context(), ""); len(found) == 0 || err != nil {
		t.Errorf("AWS: %v, %v", found, err)
	}
	google, err := googleend.Load(t.Context(), googleend.Settings{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if found, err := google.Profiles(t.Context(), google.Project(), google.Region()); len(found) == 0 || err != nil {
		t.Errorf("Google: %v, %v", found, err)
	}
}

func TestSandboxWithoutSeed(t *testing.T) {
	s := startSandbox(t, "--seed=false")
	if strings.Contains(s.said, "gateway") {
		t.Errorf("it speaks of a gateway: %s", s.said)
	}
	got := command(t.Context(), "sandbox", "env", "--aws", s.aws, "--google", s.google)
	if _, there := exports(t, got.out)["TF_VAR_direct_connect_gateway_id"]; there || got.status != exitOK || got.diag != "" {
		t.Errorf("got %+v", got)
	}
}

func TestSandboxControl(t *testing.T) {
	s := startSandbox(t, "--control", "127.0.0.1:0", "--speed", "60")
	if !regexp.MustCompile(`(?m)^Control http://127\.0\.0\.1:\d+$`).MatchString(s.said) {
		t.Errorf("it does not say where it is controlled: %s", s.said)
	}
	if status := s.stop(); status != exitOK {
		t.Errorf("the status is %d, and it says %s", status, s.diag)
	}
}

func TestSandboxLog(t *testing.T) {
	s := startSandbox(t, "--log")
	command(t.Context(), "sandbox", "env", "--aws", s.aws, "--google", s.google)
	select {
	case <-s.diag.written: // The record may come after the reply.
	case <-time.After(time.Minute):
		t.Fatal("nothing is logged")
	}
	if status := s.stop(); status != exitOK {
		t.Errorf("the status is %d", status)
	}
	var operations []any
	for line := range strings.Lines(s.diag.String()) {
		var record struct {
			Cloud   string         `json:"cloud"`
			Request map[string]any `json:"request"`
		}
		if err := json.Unmarshal([]byte(line), &record); err != nil {
			t.Fatalf("%v in %q", err, line)
		}
		operations = append(operations, record.Cloud, record.Request["Operation"])
	}
	if diff := cmp.Diff([]any{"aws", "DescribeDirectConnectGateways", "aws", "DescribeVpnGateways"}, operations); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestSandboxEnvWithoutASandbox(t *testing.T) {
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := l.Addr().String()
	_ = l.Close()
	got := command(t.Context(), "sandbox", "env", "--aws", nobody, "--google", nobody)
	if got.status != exitOK || !strings.Contains(got.diag, "no sandbox answers at "+nobody) || !strings.Contains(got.diag, "crosscloud sandbox") {
		t.Errorf("got %+v", got)
	}
	if env := exports(t, got.out); env["AWS_ENDPOINT_URL"] != "http://"+nobody {
		t.Errorf("AWS is at %q", env["AWS_ENDPOINT_URL"])
	}
}

func TestSandboxEnvQuotes(t *testing.T) {
	const address = `a'b $(exit 3) "c" \d`
	got := command(t.Context(), "sandbox", "env", "--aws", address)
	if env := exports(t, got.out); env["AWS_ENDPOINT_URL"] != "http://"+address {
		t.Errorf("AWS is at %q", env["AWS_ENDPOINT_URL"])
	}
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("there is no shell to ask")
	}
	said, err := exec.CommandContext(t.Context(), shell, "-ec", `eval "$1"; printf %s "$AWS_ENDPOINT_URL"`, "sh", got.out).CombinedOutput()
	if err != nil || string(said) != "http://"+address {
		t.Errorf("a shell makes of it %q, %v", said, err)
	}
}

func TestSandboxThatCannotStart(t *testing.T) {
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	free := "127.0.0.1:0"
	tests := map[string]struct {
		args []string
		want string
	}{
		"not on loopback":         {[]string{"--aws", "0.0.0.0:0", "--google", free}, "listens on loopback only"},
		"control not on loopback": {[]string{"--aws", free, "--google", free, "--control", "[::]:0"}, "listens on loopback only"},
		"Google not on loopback":  {[]string{"--aws", free, "--google", "[::]:0"}, "listens on loopback only"},
		"port taken":              {[]string{"--aws", l.Addr().String(), "--google", free}, "address already in use"},
		"a flag that is none":     {[]string{"--clouds", "3"}, "flag provided but not defined"},
		"an argument too many":    {[]string{"--seed", "now"}, `unexpected argument "now"`},
		"a duration that is none": {[]string{"--provisioning", "soon"}, "invalid value"},
		"env with a bad flag":     {[]string{"env", "--seed"}, "flag provided but not defined"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := command(t.Context(), append([]string{"sandbox"}, tt.args...)...)
			if got.status != exitError || got.out != "" || !strings.Contains(got.diag, tt.want) {
				t.Errorf("got %+v, want %q", got, tt.want)
			}
		})
	}
}

func TestSandboxSwitches(t *testing.T) {
	var out, diag bytes.Buffer
	if status := run(t.Context(), []string{"sandbox", "switches"}, &out, &diag); status != exitOK {
		t.Fatalf("%d: %s", status, &diag)
	}
	if got := strings.Fields(out.String()); !cmp.Equal(got, sandbox.OtherPositions()) {
		t.Errorf("it lists %q", got)
	}
	f, err := parseSandbox([]string{"-switch", "aws.UnknownConnection=denied", "-switch=google.RoutePaths=1"}, io.Discard)
	if cfg := f.config(); err != nil || cfg.AWS.Switches.UnknownConnection != sandboxaws.UnknownIsDenied || cfg.Google.Switches.RoutePaths != 1 {
		t.Errorf("%v: the switches are %+v and %+v", err, cfg.AWS.Switches, cfg.Google.Switches)
	}
	if _, err := parseSandbox([]string{"-switch", "aws.Coffee=true"}, io.Discard); err == nil || !strings.Contains(err.Error(), "Coffee") {
		t.Errorf("a switch that does not exist: %v", err)
	}
}
