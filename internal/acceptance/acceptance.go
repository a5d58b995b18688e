// Package acceptance is the stage for tests of the provider through a real
// Terraform: a sandbox in process, the provider in process, and the
// configuration that joins them.
package acceptance

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/provider"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox"
	sandboxaws "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/aws"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator"
	sandboxgoogle "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/google"
)

// Stage is a sandbox with a provider that is configured for it.
type Stage struct {
	*sandbox.Sandbox

	mu    sync.Mutex
	calls []string
}

// Quick is a timing in which nothing takes long.
func Quick() coordinator.Timing {
	return coordinator.Timing{
		Provisioning: 150 * time.Millisecond, Update: 80 * time.Millisecond,
		Deleting: 50 * time.Millisecond, Lingering: 100 * time.Millisecond, Operation: 20 * time.Millisecond,
	}
}

// SwitchVariable puts switches of every stage's sandbox into positions, such as
// "aws.UnknownConnection=denied,aws.DeletedInLists=true" (sandbox.Config.SetSwitch),
// so that whole suites can be run with them.
const SwitchVariable = "CROSSCLOUD_SANDBOX_SWITCH"

// Positions are what SwitchVariable says; empty where it says nothing.
func Positions() []string {
	return strings.FieldsFunc(os.Getenv(SwitchVariable), func(r rune) bool { return r == ',' })
}

// At says whether the stages are in one of some positions: one in which what a
// test does is refused, as it should be.
func At(positions ...string) bool {
	return slices.ContainsFunc(Positions(), func(p string) bool { return slices.Contains(positions, p) })
}

// NeedsFreeTier skips a test whose link is of the size of AWS's free tier where AWS
// refuses that to everybody.
func NeedsFreeTier(t testing.TB) {
	t.Helper()
	if At("aws.FreeTierCheck=billing-unverified") {
		t.Skip("AWS has no free tier in this position")
	}
}

// New starts a seeded sandbox for a test, with quick timing unless change says
// otherwise, and with the switches that SwitchVariable names. Credentials come by
// the environment, as users give them.
func New(t testing.TB, change ...func(*sandbox.Config)) *Stage {
	t.Helper()
	s := &Stage{}
	cfg := sandbox.Config{
		AWS:    sandboxaws.Config{Timing: Quick()},
		Google: sandboxgoogle.Config{Timing: Quick()},
		Seed:   true,
		Front:  watched(t),
	}
	for _, position := range Positions() {
		if err := cfg.SetSwitch(position); err != nil {
			t.Fatalf("reading %s: %v", SwitchVariable, err)
		}
	}
	for _, f := range change {
		f(&cfg)
	}
	awsLog, googleLog := cfg.AWS.Log, cfg.Google.Log
	cfg.AWS.Log = func(r sandboxaws.Record) {
		s.called("aws:" + r.Operation)
		if awsLog != nil {
			awsLog(r)
		}
	}
	cfg.Google.Log = func(r sandboxgoogle.Record) {
		s.called("google:" + r.Method)
		if googleLog != nil {
			googleLog(r)
		}
	}
	running, err := sandbox.Start(context.Background(), cfg)
	if err != nil {
		t.Fatalf("starting the sandbox: %v", err)
	}
	s.Sandbox = running
	t.Cleanup(func() {
		if err := running.Close(); err != nil && !errors.Is(err, http.ErrServerClosed) {
			t.Errorf("closing the sandbox: %v", err)
		}
	})
	return s
}

func (s *Stage) called(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, what)
}

// Calls are the API calls to both clouds since the last Forget, in the order in
// which they were answered.
func (s *Stage) Calls() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.calls...)
}

// Forget forgets the calls.
func (s *Stage) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = nil
}

// Pace is a pace for tests: it looks often.
func Pace() cloud.Pace {
	return cloud.Pace{Floor: 15 * time.Millisecond, Ceiling: 200 * time.Millisecond, Share: 0.2}
}

// Factories are the provider in process, as plugin-testing takes it.
func Factories(options ...provider.Option) map[string]func() (tfprotov6.ProviderServer, error) {
	options = append([]provider.Option{provider.WithPace(Pace())}, options...)
	return map[string]func() (tfprotov6.ProviderServer, error){
		"crosscloud": providerserver.NewProtocol6WithError(provider.New("test", options...)()),
	}
}

// Provider is a provider block for the stage with more attributes inside.
func (s *Stage) Provider(more string) string {
	return providerBlock(more, s.awsBlock(), s.googleBlock())
}

// ProviderOf is Provider with one cloud only, "aws" or "google": the other is
// another team's.
func (s *Stage) ProviderOf(cloud, more string) string {
	if cloud == "aws" {
		return providerBlock(more, s.awsBlock())
	}
	return providerBlock(more, s.googleBlock())
}

func providerBlock(parts ...string) string {
	return "\nprovider \"crosscloud\" {\n  " + strings.Join(parts, "\n  ") + "\n}\n"
}

func (s *Stage) awsBlock() string {
	return fmt.Sprintf(`aws = {
    region    = %q
    endpoints = { interconnect = %[2]q, direct_connect = %[2]q, ec2 = %[2]q, sts = %[2]q }
  }`, sandbox.DefaultAWSRegion, s.AWSURL)
}

func (s *Stage) googleBlock() string {
	return fmt.Sprintf(`google = {
    project      = %q
    region       = %q
    access_token = %q
    endpoints    = { network_connectivity = "%[4]s/v1/", compute = "%[4]s/compute/v1/" }
  }`, sandboxgoogle.DefaultProject, sandbox.DefaultGoogleRegion, sandboxgoogle.AccessToken, s.GoogleURL)
}

// Left is what exists on both clouds apart from what was seeded: ends of links,
// and what was attached to them.
func (s *Stage) Left() []string {
	var left []string
	for _, r := range s.AWS.Resources() {
		if r.Kind == "connection" || r.Kind == "association" {
			left = append(left, "AWS "+r.Kind+" "+r.ID+" "+r.State)
		}
	}
	for _, r := range s.Google.Resources() {
		if r.Kind == sandboxgoogle.KindTransport || r.Kind == sandboxgoogle.KindPeering {
			left = append(left, "Google "+r.Kind+" "+r.Name+" "+r.State)
		}
	}
	return left
}

// Empty is a check, for plugin-testing's CheckDestroy, that nothing is left.
func (s *Stage) Empty(*terraform.State) error {
	if left := s.Left(); len(left) > 0 {
		return fmt.Errorf("the clouds are not empty: %s", strings.Join(left, ", "))
	}
	return nil
}

// Credentials are the variables that a test's process needs to reach any stage.
func Credentials() map[string]string {
	return map[string]string{
		"AWS_ACCESS_KEY_ID":         sandboxaws.DefaultAccessKeyID,
		"AWS_SECRET_ACCESS_KEY":     sandboxaws.DefaultSecretAccessKey,
		"AWS_EC2_METADATA_DISABLED": "true",
		"CHECKPOINT_DISABLE":        "1",
	}
}

// Settings are Provider's as values, for tests that speak the protocol
// themselves.
func (s *Stage) Settings(owner string) map[string]any {
	return map[string]any{
		"owner": owner,
		"aws": map[string]any{
			"region":    sandbox.DefaultAWSRegion,
			"endpoints": map[string]any{"interconnect": s.AWSURL, "direct_connect": s.AWSURL, "ec2": s.AWSURL, "sts": s.AWSURL},
		},
		"google": map[string]any{
			"project": sandboxgoogle.DefaultProject, "region": sandbox.DefaultGoogleRegion, "access_token": sandboxgoogle.AccessToken,
			"endpoints": map[string]any{"network_connectivity": s.GoogleURL + "/v1/", "compute": s.GoogleURL + "/compute/v1/"},
		},
	}
}
