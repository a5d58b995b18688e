package sandbox_test

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"runtime/pprof"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox"
	sandboxgoogle "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/google"
)

// start starts a sandbox that a test closes.
func start(t *testing.T, cfg sandbox.Config) *sandbox.Sandbox {
	t.Helper()
	s, err := sandbox.Start(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("closing the sandbox: %v", err)
		}
	})
	return s
}

// get asks a cloud for a page and returns its status and body.
func get(t *testing.T, client *http.Client, address, token string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

// running are the goroutines that a sandbox or an HTTP server of one runs in, by
// the goroutine profile.
func running(t *testing.T) []string {
	t.Helper()
	var text bytes.Buffer
	if err := pprof.Lookup("goroutine").WriteTo(&text, 2); err != nil {
		t.Fatal(err)
	}
	var found []string
	for stack := range strings.SplitSeq(text.String(), "\n\n") {
		if strings.Contains(stack, "net/http.(*Server)") || strings.Contains(stack, "net/http.(*conn)") || strings.Contains(stack, "/internal/sandbox.") {
			if !strings.Contains(stack, "internal/sandbox_test.") {
				found = append(found, stack)
			}
		}
	}
	return found
}

// soon waits until a condition holds. It gives up when that takes absurdly long.
func soon(t *testing.T, holds func() bool) bool {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for !holds() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return false
		}
	}
	return true
}

func TestCloseLeavesNothingRunning(t *testing.T) {
	// The tests before this one have closed theirs, but a goroutine needs a moment to end.
	if !soon(t, func() bool { return len(running(t)) == 0 }) {
		t.Fatalf("the test begins with servers running:\n%s", strings.Join(running(t), "\n\n"))
	}
	client := &http.Client{Transport: &http.Transport{}}
	var addresses []string
	for range 3 {
		s, err := sandbox.Start(t.Context(), sandbox.Config{Seed: true, Speed: 10, ControlAddress: "127.0.0.1:0"})
		if err != nil {
			t.Fatal(err)
		}
		// The connections stay open: Close must not wait for clients.
		get(t, client, s.AWSURL+"/", "")
		get(t, client, s.GoogleURL+"/", "")
		get(t, client, s.ControlURL+"/", "")
		if len(running(t)) == 0 {
			t.Fatal("the test does not see the servers")
		}
		if err := s.Close(); err != nil {
			t.Errorf("closing the sandbox: %v", err)
		}
		addresses = append(addresses, s.AWSURL, s.GoogleURL, s.ControlURL)
	}
	if !soon(t, func() bool { return len(running(t)) == 0 }) {
		t.Errorf("these still run:\n%s", strings.Join(running(t), "\n\n"))
	}
	client.CloseIdleConnections()
	for _, address := range addresses {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		// Whoever could listen here again shows that it is free.
		l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", u.Host)
		if err != nil {
			t.Errorf("%s is not free: %v", u.Host, err)
			continue
		}
		_ = l.Close()
	}
}

func TestStartThatFailsLeavesNothingRunning(t *testing.T) {
	taken, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	// AWS listens already when Google cannot.
	s, err := sandbox.Start(t.Context(), sandbox.Config{GoogleAddress: taken.Addr().String()})
	if err == nil || s != nil {
		t.Fatalf("got %v, %v; want an error alone", s, err)
	}
	if !strings.Contains(err.Error(), taken.Addr().String()) {
		t.Errorf("the error does not name the address: %v", err)
	}
	if !soon(t, func() bool { return len(running(t)) == 0 }) {
		t.Errorf("these still run:\n%s", strings.Join(running(t), "\n\n"))
	}
}

func TestLoopbackOnly(t *testing.T) {
	const reachable, form = "the sandbox listens on loopback only", "is not host:port"
	tests := map[string]struct{ address, want string }{
		"every interface":       {":0", reachable},
		"every IPv4 interface":  {"0.0.0.0:0", reachable},
		"every IPv6 interface":  {"[::]:0", reachable},
		"private":               {"192.168.1.10:7420", reachable},
		"public":                {"8.8.8.8:7420", reachable},
		"IPv6":                  {"[2001:db8::1]:7420", reachable},
		"link local":            {"[fe80::1]:7420", reachable},
		"public, mapped":        {"[::ffff:8.8.8.8]:7420", reachable},
		"a name":                {"localhost:7420", reachable},
		"a name that looks so":  {"127.0.0.1.example.com:7420", reachable},
		"zone":                  {"[::1%lo]:7420", reachable},
		"no port":               {"127.0.0.1", form},
		"IPv6 without brackets": {"::1:7420", form},
	}
	for name, tt := range tests {
		for side, cfg := range map[string]sandbox.Config{
			"AWS": {AWSAddress: tt.address}, "Google": {GoogleAddress: tt.address}, "control": {ControlAddress: tt.address},
			"AWS's coordinator": {AWSCoordinator: tt.address}, "Google's coordinator": {GoogleCoordinator: tt.address},
		} {
			t.Run(name+", "+side, func(t *testing.T) {
				s, err := sandbox.Start(t.Context(), cfg)
				if err == nil {
					_ = s.Close()
					t.Fatalf("listens on %s and %s", s.AWSURL, s.GoogleURL)
				}
				if !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), tt.address) {
					t.Errorf("got %v, want it to say %q and name %s", err, tt.want, tt.address)
				}
			})
		}
	}
	for _, address := range []string{"", "127.0.0.1:0"} {
		t.Run("allowed "+address, func(t *testing.T) {
			s := start(t, sandbox.Config{AWSAddress: address, GoogleAddress: address})
			if s.AWSURL == s.GoogleURL {
				t.Errorf("both clouds are at %s", s.AWSURL)
			}
			for _, u := range []string{s.AWSURL, s.GoogleURL} {
				if !regexp.MustCompile(`^http://127\.0\.0\.1:[1-9][0-9]*$`).MatchString(u) {
					t.Errorf("%s is no base URL on loopback", u)
				}
			}
		})
	}
}

func TestDefaultAddressesDiffer(t *testing.T) {
	if sandbox.DefaultAWSAddress == sandbox.DefaultGoogleAddress {
		t.Errorf("both clouds listen on %s by default", sandbox.DefaultAWSAddress)
	}
	for _, address := range []string{sandbox.DefaultAWSAddress, sandbox.DefaultGoogleAddress} {
		host, port, err := net.SplitHostPort(address)
		if err != nil || host != "127.0.0.1" || port == "0" {
			t.Errorf("%s is no fixed address on loopback (%v)", address, err)
		}
	}
}

func TestEnv(t *testing.T) {
	s := start(t, sandbox.Config{})
	env := s.Env()
	if diff := cmp.Diff(sandbox.Env(s.AWSURL, s.GoogleURL), env); diff != "" {
		t.Errorf("the sandbox's variables are not those of its addresses:\n%s", diff)
	}
	var names []string
	for _, v := range env {
		names = append(names, v.Name)
		if v.Value == "" {
			t.Errorf("%s is empty", v.Name)
		}
		if regexp.MustCompile(`^(AWS|GOOGLE|CLOUDSDK)_[A-Z0-9_]+$`).FindString(v.Name) == "" {
			t.Errorf("%q is no name of a variable of the clouds' clients", v.Name)
		}
	}
	slices.Sort(names)
	if twice := len(names) - len(slices.Compact(slices.Clone(names))); twice != 0 {
		t.Errorf("%d variables are set twice: %q", twice, names)
	}
}

// networks asks Google for the networks of the default project.
func networks(t *testing.T, s *sandbox.Sandbox) string {
	t.Helper()
	status, body := get(t, http.DefaultClient, s.GoogleURL+"/compute/v1/projects/"+sandboxgoogle.DefaultProject+"/global/networks/"+sandbox.SeedNetwork, sandboxgoogle.AccessToken)
	http.DefaultClient.CloseIdleConnections()
	return http.StatusText(status) + " " + body
}

func TestSeed(t *testing.T) {
	s := start(t, sandbox.Config{Seed: true})
	var seeded []string
	for _, r := range s.AWS.Resources() {
		if r.Kind != "vpc" && r.Kind != "route-table" {
			seeded = append(seeded, r.Kind+" "+r.ID)
		}
	}
	if diff := cmp.Diff([]string{"direct-connect-gateway " + s.GatewayID, "vpn-gateway " + s.VPNGatewayID}, seeded); diff != "" {
		t.Errorf("AWS, -want +got:\n%s", diff)
	}
	if got := networks(t, s); !strings.HasPrefix(got, "OK ") || !strings.Contains(got, `"mtu": 8500`) {
		t.Errorf("Google's network: %s", got)
	}
}

func TestNoSeed(t *testing.T) {
	s := start(t, sandbox.Config{})
	if s.GatewayID != "" || len(s.AWS.Resources()) != 0 || len(s.Google.Resources()) != 0 {
		t.Errorf("the clouds are not empty: %q %v %v", s.GatewayID, s.AWS.Resources(), s.Google.Resources())
	}
	if got := networks(t, s); !strings.HasPrefix(got, "Not Found ") {
		t.Errorf("Google's network: %s", got)
	}
}

func TestFrontStandsBeforeEveryDoor(t *testing.T) {
	var mu sync.Mutex
	passed := map[sandbox.Door]int{}
	s := start(t, sandbox.Config{Front: func(d sandbox.Door, h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			passed[d]++
			mu.Unlock()
			h.ServeHTTP(w, r)
		})
	}})
	for _, address := range []string{s.AWSURL, s.GoogleURL, s.AWSCoordinatorURL, s.GoogleCoordinatorURL} {
		get(t, http.DefaultClient, address+"/", "")
	}
	want := map[sandbox.Door]int{sandbox.DoorAWS: 1, sandbox.DoorGoogle: 1, sandbox.DoorAWSCoordinator: 1, sandbox.DoorGoogleCoordinator: 1}
	if diff := cmp.Diff(want, passed); diff != "" {
		t.Errorf("requests by door (-want +got):\n%s", diff)
	}
}
