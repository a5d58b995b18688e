package acceptance_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/acceptance"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/provider"
	sandboxaws "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/aws"
	sandboxgoogle "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/google"
)

// serve is the variable with which the engine starts this test's binary as the
// provider, so that each team's provider is a process of its own with an
// environment of its own.
const serve = "CROSSCLOUD_TEST_SERVE"

func TestMain(m *testing.M) {
	if os.Getenv(serve) == "" {
		os.Exit(m.Run())
	}
	err := providerserver.Serve(context.Background(), provider.New("test", provider.WithPace(acceptance.Pace())), providerserver.ServeOpts{
		Address: provider.Address, ProtocolVersion: 6,
	})
	if err != nil {
		log.Fatal(err)
	}
}

// knowsWriteOnly says that the engine has ephemeral values and write-only
// attributes: Terraform and OpenTofu have them since 1.11.
func knowsWriteOnly(t *testing.T, engine string) bool {
	t.Helper()
	out, err := exec.Command(engine, "version", "-json").Output()
	if err != nil {
		t.Fatalf("asking %s for its version: %v", engine, err)
	}
	var v struct {
		Version string `json:"terraform_version"`
	}
	var major, minor int
	if json.Unmarshal(out, &v) != nil {
		t.Fatalf("%s says %s", engine, out)
	}
	if _, err := fmt.Sscanf(v.Version, "%d.%d", &major, &minor); err != nil {
		t.Fatalf("%s says %s", engine, out)
	}
	return major > 1 || minor >= 11
}

// team is one team's working directory, with the credentials of one cloud.
type team struct{ *root }

// newTeam copies an example and makes an environment that knows one cloud only.
func newTeam(t *testing.T, engine string, s *acceptance.Stage, cloud, initiator string) *team {
	t.Helper()
	dir := t.TempDir()
	text, err := os.ReadFile(filepath.Join("..", "..", "examples", "two-teams", cloud, "main.tf"))
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{
		"main.tf":                           string(text),
		"bin/terraform-provider-crosscloud": fmt.Sprintf("#!/bin/sh\n%s=1 exec '%s' \"$@\"\n", serve, self),
		"rc":                                fmt.Sprintf("provider_installation {\n  dev_overrides {\n    \"terraform-crosscloud/crosscloud\" = %q\n  }\n  direct {}\n}\n", filepath.Join(dir, "bin")),
	} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	env := map[string]string{
		"PATH": os.Getenv("PATH"), "HOME": dir, "CHECKPOINT_DISABLE": "1", "TF_CLI_CONFIG_FILE": filepath.Join(dir, "rc"),
		"TF_IN_AUTOMATION": "1", "TF_LOG": "TRACE", "TF_LOG_PATH": filepath.Join(dir, "trace.log"), "TF_VAR_initiator": initiator,
	}
	maps.Copy(env, map[string]map[string]string{
		"aws": {
			"AWS_ACCESS_KEY_ID": sandboxaws.DefaultAccessKeyID, "AWS_SECRET_ACCESS_KEY": sandboxaws.DefaultSecretAccessKey,
			"AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL": s.AWSURL,
			"TF_VAR_direct_connect_gateway_id": s.GatewayID, "TF_VAR_google_project": sandboxgoogle.DefaultProject,
		},
		"google": {
			"GOOGLE_OAUTH_ACCESS_TOKEN": sandboxgoogle.AccessToken, "GOOGLE_PROJECT": sandboxgoogle.DefaultProject,
			"GOOGLE_NETWORK_CONNECTIVITY_CUSTOM_ENDPOINT": s.GoogleURL, "GOOGLE_COMPUTE_CUSTOM_ENDPOINT": s.GoogleURL,
			"TF_VAR_aws_account": sandboxaws.DefaultAccountID,
		},
	}[cloud])
	return &team{&root{t: t, engine: engine, dir: dir, env: env}}
}

// without fails the test where anything that was written holds the key, in clear
// or in part.
func (m *team) without(key string) {
	m.t.Helper()
	searched := 0
	err := filepath.WalkDir(m.dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == "activation.key" {
			return err
		}
		text, err := os.ReadFile(path)
		searched += len(text)
		if strings.Contains(string(text), key[:60]) {
			m.t.Errorf("%s holds the activation key", d.Name())
		}
		return err
	})
	if err != nil || searched < 100_000 {
		m.t.Errorf("searched %d bytes: %v", searched, err)
	}
}

// TestTwoTeams runs the example: two configurations, each with the credentials of
// one cloud, and the key handed from one to the other.
func TestTwoTeams(t *testing.T) {
	path := engine(t)
	if !knowsWriteOnly(t, path) {
		t.Skip("the engine has no write-only attributes")
	}
	for initiator, acceptor := range map[string]string{"aws": "google", "google": "aws"} {
		t.Run(initiator+" initiates", func(t *testing.T) {
			t.Parallel()
			s := acceptance.New(t)
			first, second := newTeam(t, path, s, initiator, initiator), newTeam(t, path, s, acceptor, initiator)

			first.apply()
			if got := first.status(); got != "awaiting_"+acceptor {
				t.Errorf("the initiator's pairing is %q", got)
			}
			key, err := os.ReadFile(filepath.Join(first.dir, "activation.key"))
			if err != nil || len(key) < 60 {
				t.Fatalf("the key was not handed over: %v", err)
			}

			if out := second.must(1, "plan"); !strings.Contains(out, "No activation key is given") {
				t.Errorf("without the key the acceptor's plan says:\n%s", out)
			}
			second.env["TF_VAR_activation_key"], second.env["TF_VAR_activation_key_version"] = string(key), "1"
			second.apply()
			delete(second.env, "TF_VAR_activation_key")
			second.must(0, "plan", "-detailed-exitcode")
			first.must(0, "apply", "-auto-approve")
			for name, m := range map[string]*team{"initiator": first, "acceptor": second} {
				if got := m.status(); got != "unverified" {
					t.Errorf("the %s's pairing is %q", name, got)
				}
			}

			// Of the two directions, one removes the Google end first and one the AWS end.
			for _, m := range []*team{second, first} {
				if out := m.must(0, "destroy", "-auto-approve"); !strings.Contains(out, "belongs to another team") {
					t.Errorf("destroying does not tell of the other end:\n%s", out)
				}
				m.without(string(key))
			}
			if left := s.Left(); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}
