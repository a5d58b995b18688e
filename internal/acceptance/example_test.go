package acceptance_test

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/hashicorp/go-plugin"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/acceptance"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/provider"
)

// source is the provider's address in configurations, whatever the engine's
// registry.
const source = "terraform-crosscloud/crosscloud"

// engine is the terraform or tofu that tests use.
func engine(t *testing.T) string {
	t.Helper()
	if path := os.Getenv("TF_ACC_TERRAFORM_PATH"); path != "" {
		return path
	}
	for _, name := range []string{"terraform", "tofu"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("there is neither terraform nor tofu")
	return ""
}

// attach serves the provider in this process, and returns the variable by which
// an engine finds it.
func attach(t *testing.T) string {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	reattach, closed := make(chan *plugin.ReattachConfig), make(chan struct{})
	failed := make(chan error, 1)
	go func() {
		failed <- tf6server.Serve(source, providerserver.NewProtocol6(provider.New("test", provider.WithPace(acceptance.Pace()))()),
			tf6server.WithDebug(ctx, reattach, closed), tf6server.WithLoggingSink(t))
	}()
	t.Cleanup(func() { stop(); <-closed })
	select {
	case err := <-failed:
		t.Fatalf("serving the provider: %v", err)
	case c := <-reattach:
		text, err := json.Marshal(map[string]any{source: map[string]any{
			"Protocol": c.Protocol, "ProtocolVersion": c.ProtocolVersion, "Pid": c.Pid, "Test": c.Test,
			"Addr": map[string]string{"Network": c.Addr.Network(), "String": c.Addr.String()},
		}})
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	return ""
}

// The example of testing a module against the sandbox passes with a real engine,
// and leaves nothing.
func TestExampleOfTestingAModule(t *testing.T) {
	s := acceptance.New(t)
	e := newExamples(t, s)
	r := e.root("sandbox-test", map[string]string{"direct_connect_gateway_id": s.GatewayID})
	if out := r.must(0, "test"); strings.Count(out, "... pass") < 5 || strings.Contains(out, "skip") {
		t.Errorf("not every run passed:\n%s", out)
	}
	e.empty()
}
