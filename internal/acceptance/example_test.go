package acceptance_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/go-plugin"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/acceptance"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/provider"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox"
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
	stage := acceptance.New(t)
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("..", "..", "examples", "sandbox-test"))); err != nil {
		t.Fatal(err)
	}
	// The provider runs in this process, and reads its variables here.
	for _, v := range sandbox.Env(stage.AWSURL, stage.GoogleURL) {
		t.Setenv(v.Name, v.Value)
	}
	path, env := engine(t), append(os.Environ(), "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1",
		"TF_REATTACH_PROVIDERS="+attach(t), "TF_VAR_direct_connect_gateway_id="+stage.GatewayID)
	for _, args := range [][]string{{"init", "-input=false", "-no-color"}, {"test", "-no-color"}} {
		var out bytes.Buffer
		cmd := exec.CommandContext(t.Context(), path, args...)
		cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = dir, env, &out, &out
		if err := cmd.Run(); err != nil {
			t.Fatalf("%s: %v\n%s", args[0], err, &out)
		}
		if text := out.String(); args[0] == "test" && (strings.Count(text, "... pass") < 3 || strings.Contains(text, "skip")) {
			t.Errorf("not every run passed:\n%s", text)
		}
	}
	if left := stage.Left(); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}
