package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/preflight"
	sandboxaws "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/aws"
	sandboxgoogle "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/google"
)

// sound is a configuration that both sandboxes take.
const sound = `
variable "gateway" { type = string }

variable "bandwidth" {
  type    = string
  default = "1Gbps"
}

locals {
  routes = [cidrsubnet("10.0.0.0/8", 8, 1)]
}

resource "crosscloud_interconnect" "ai" {
  name      = "ai"
  bandwidth = var.bandwidth
  aws       = { direct_connect_gateway_id = var.gateway }
  google    = { network = "default", advertised_routes = local.routes }
}
`

// noKey is what somebody takes for an activation key.
const noKey = "bm90IGEga2V5IGJ1dCBhIHNlY3JldA=="

// write writes a configuration and returns its folder.
func write(t *testing.T, text string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// reply is a report as programs read it.
type reply struct {
	Failed bool
	Checks []preflight.Check
	Notes  []struct{ Where, What string }
}

// worst is the check of a report that a test is about: one that is not ok, where
// several resources have it.
func (r reply) worst(end, topic string) preflight.Check {
	var found preflight.Check
	for _, c := range r.Checks {
		if c.End == end && string(c.Check) == topic && (found.Result == "" || found.Result == preflight.OK) {
			found = c
		}
	}
	return found
}

// preflightCase is something that is wrong with one check at one end.
type preflightCase struct {
	arrange    func(*testing.T, *clouds)
	config     func(string) string
	args       []string
	end, topic string
	result     preflight.Result
	says       string
	status     int
}

func replacing(old, by string) func(string) string {
	return func(s string) string { return strings.Replace(s, old, by, 1) }
}

func preflightCases() map[string]preflightCase {
	environment := func(t *testing.T) string { return at(t, "us-east-1").environment }
	return map[string]preflightCase{
		"regions not joined": {
			config: replacing(`google    = {`, `google    = { region = "us-west1",`), end: "AWS", topic: "environment", result: preflight.Failed, says: "no environment joins the two", status: exitRefused,
		},
		"closed at AWS": {
			arrange: func(t *testing.T, c *clouds) {
				if err := c.AWS.SetEnvironmentState(environment(t), sandboxaws.EnvironmentUnavailable); err != nil {
					t.Fatal(err)
				}
			},
			end: "AWS", topic: "environment", result: preflight.Failed, says: "takes no new connections", status: exitRefused,
		},
		"closed at Google": {
			arrange: func(t *testing.T, c *clouds) {
				if err := c.Google.SetProfileOrderState("us-east4", "aws-us-east-1", false); err != nil {
					t.Fatal(err)
				}
			},
			end: "Google", topic: "environment", result: preflight.Failed, says: "takes no orders now", status: exitRefused,
		},
		"key flow": {
			arrange: func(t *testing.T, c *clouds) {
				if err := c.Google.SetProfileFlow("us-east4", "aws-us-east-1", "OUTPUT_ONLY"); err != nil {
					t.Fatal(err)
				}
			},
			end: "Google", topic: "key flow", result: preflight.Failed, says: "cannot be the acceptor", status: exitRefused,
		},
		"tier not sold at AWS": {
			args: []string{"-var", "bandwidth=3Gbps"}, end: "AWS", topic: "bandwidth", result: preflight.Failed, says: "is not sold there", status: exitRefused,
		},
		"tier not sold at Google": {
			arrange: func(t *testing.T, c *clouds) {
				if err := c.Google.SetProfileBandwidths("us-east4", "aws-us-east-1", 10*bandwidth.Gbps); err != nil {
					t.Fatal(err)
				}
			},
			end: "Google", topic: "bandwidth", result: preflight.Failed, says: "1Gbps is not sold", status: exitRefused,
		},
		"gateway of nobody": {
			args: []string{"-var", "gateway=00000000-0000-4000-8000-000000000000"}, end: "AWS", topic: "gateway", result: preflight.Failed, says: "no such Direct Connect gateway", status: exitRefused,
		},
		"network of nobody": {
			config: replacing(`"default"`, `"nowhere"`), end: "Google", topic: "network", result: preflight.Failed, says: "there is no network nowhere", status: exitRefused,
		},
		"small packets": {
			arrange: func(t *testing.T, c *clouds) {
				if err := c.Google.SetNetworkMTU(sandboxgoogle.DefaultProject, "default", 1460); err != nil {
					t.Fatal(err)
				}
			},
			end: "Google", topic: "network", result: preflight.Warning, says: "MTU of 1460", status: exitOK,
		},
		"quota used up": {
			arrange: func(_ *testing.T, c *clouds) { c.build("other", "us-east-1", bandwidth.Gbps) },
			end:     "Google", topic: "quota", result: preflight.Warning, says: "the quota is one", status: exitOK,
		},
		"addresses on both sides": {
			config: func(s string) string {
				return s + `
resource "aws_vpn_gateway" "main" {}

resource "crosscloud_attachment" "ai" {
  name         = "ai"
  interconnect = crosscloud_interconnect.ai.id
  aws          = { gateway_id = aws_vpn_gateway.main.id, allowed_prefixes = ["10.1.2.0/24"] }
  google       = {}
}`
			},
			end: "AWS", topic: "prefixes", result: preflight.Warning, says: "10.1.2.0/24 of AWS overlaps 10.1.0.0/16 of Google", status: exitOK,
		},
		"account of somebody else": {
			config: func(s string) string {
				return s + "\nprovider \"crosscloud\" {\n  aws = { allowed_account_ids = [\"999999999999\"] }\n}\n"
			},
			end: "AWS", topic: "access", result: preflight.Failed, says: "999999999999", status: exitRefused,
		},
		"project of somebody else": {
			config: replacing(`google    = {`, `google    = { project = "somebody-else",`), end: "Google", topic: "access", result: preflight.Failed, says: "ermission", status: exitRefused,
		},
		"policy of the organization": {
			arrange: func(_ *testing.T, c *clouds) { c.AWS.SetSwitches(sandboxaws.Switches{PolicyDenies: true}) },
			end:     "AWS", topic: "access", result: preflight.Failed, says: "explicit deny in a service control policy", status: exitRefused,
		},
		"API not enabled": {
			arrange: func(_ *testing.T, c *clouds) {
				c.Google.SetSwitches(sandboxgoogle.Switches{NetworkConnectivityDisabled: true})
			},
			end: "Google", topic: "access", result: preflight.Failed, says: "SERVICE_DISABLED", status: exitRefused,
		},
		"key that is no key": {
			config: func(string) string {
				return "variable \"key\" { ephemeral = true }\nresource \"crosscloud_interconnect\" \"ai\" {\n  name = \"ai\"\n  google = { network = \"default\" }\n" +
					"  peer = { account = \"123456789012\", region = \"us-east-1\", shared_id = tonumber(var.key) }\n  activation_key_wo = var.key\n  activation_key_wo_version = 1\n}\n"
			},
			args: []string{"-var", "key=" + noKey}, topic: "activation key", end: "Google", result: preflight.Failed, says: "key", status: exitRefused,
		},
		"key that is missing": {
			config: func(string) string {
				return "resource \"crosscloud_interconnect\" \"ai\" {\n  name = \"ai\"\n  google = { network = \"default\" }\n  peer = { account = \"123456789012\", region = \"us-east-1\" }\n}\n"
			},
			topic: "configuration", result: preflight.Failed, says: "No activation key is given", status: exitRefused,
		},
		"argument that is invalid": {
			config: replacing(`name      = "ai"`, `name      = "AI!"`), topic: "configuration", result: preflight.Failed, says: "lower-case letters", status: exitRefused,
		},
	}
}

// TestPreflightFinds holds every check against a cloud or a configuration with which
// it must not be ok, and what it says.
func TestPreflightFinds(t *testing.T) {
	for name, tt := range preflightCases() {
		t.Run(name, func(t *testing.T) {
			c := newClouds(t)
			if tt.arrange != nil {
				tt.arrange(t, c)
			}
			config := sound
			if tt.config != nil {
				config = tt.config(config)
			}
			args := []string{"preflight", "--config", write(t, config)}
			if strings.Contains(config, `variable "gateway"`) {
				args = append(args, "-var", "gateway="+c.GatewayID)
			}
			args = append(args, tt.args...)
			got := command(t.Context(), append(args, "--output", "json")...)
			if got.status != tt.status {
				t.Errorf("the status is %d, want %d; it says %q", got.status, tt.status, got.diag)
			}
			var r reply
			if err := json.Unmarshal([]byte(got.out), &r); err != nil {
				t.Fatalf("%v in:\n%s%s", err, got.out, got.diag)
			}
			if r.Failed != (tt.status == exitRefused) {
				t.Errorf("failed is %t", r.Failed)
			}
			check := r.worst(tt.end, tt.topic)
			if check.Result != tt.result || len(check.Messages) == 0 {
				t.Fatalf("%s of %q came out %q:\n%s", tt.topic, tt.end, check.Result, got.out)
			}
			if m := check.Messages[0]; !strings.Contains(m.Text, tt.says) || m.Remedy == "" && tt.topic != "configuration" {
				t.Errorf("it says %q, and what to do is %q", m.Text, m.Remedy)
			}
			table := command(t.Context(), args...)
			if table.status != tt.status {
				t.Errorf("with a table the status is %d", table.status)
			}
			if leaks(got.out+table.out, []string{noKey}) {
				t.Errorf("it shows a key:\n%s%s", table.out, got.out)
			}
			golden(t, "preflight_"+strings.ReplaceAll(strings.ToLower(name), " ", "_")+".txt", tidy(table.out))
		})
	}
}

// tidy is an output without what differs from run to run.
func tidy(text string) string {
	for _, m := range requestID.FindAllStringSubmatch(text, -1) {
		text = strings.ReplaceAll(text, m[1], "0")
	}
	return normal(text)
}

func TestPreflightSound(t *testing.T) {
	c := newClouds(t)
	dir := write(t, sound)
	before := len(c.Left())
	t.Run("all known", func(t *testing.T) {
		t.Setenv("TF_VAR_gateway", c.GatewayID)
		got := command(t.Context(), "preflight", "-config", dir)
		if got.status != exitOK || got.diag != "" {
			t.Errorf("the status is %d, and it says %q", got.status, got.diag)
		}
		golden(t, "preflight.txt", normal(got.out))
	})
	t.Run("a variable without a value", func(t *testing.T) {
		got := command(t.Context(), "preflight", "-config", dir)
		if got.status != exitOK || got.diag != "" {
			t.Errorf("the status is %d, and it says %q", got.status, got.diag)
		}
		golden(t, "preflight_unknown.txt", normal(got.out))
	})
	if len(c.Left()) != before {
		t.Errorf("a preflight made something: %v", c.Left())
	}
}

func TestPreflightErrors(t *testing.T) {
	c := newClouds(t)
	for name, tt := range map[string]struct {
		args []string
		says string
	}{
		"no folder":          {[]string{"-config", filepath.Join(t.TempDir(), "none")}, "no such file"},
		"nothing in it":      {[]string{"-config", t.TempDir()}, "no Terraform configuration"},
		"not HCL":            {[]string{"-config", write(t, "resource {")}, "main.tf:1"},
		"no such argument":   {[]string{"-config", write(t, "resource \"crosscloud_interconnect\" \"x\" { nme = 1 }")}, `An argument named "nme" is not expected here`},
		"no such variable":   {[]string{"-config", write(t, sound), "-var", "x=1"}, "names no variable"},
		"output":             {[]string{"-output", "xml"}, "table or json"},
		"not a plan":         {[]string{"-config", filepath.Join(write(t, "x"), "..", "..")}, ""},
		"provider's mistake": {[]string{"-config", write(t, sound+"provider \"crosscloud\" { ows = {} }")}, `An argument named "ows" is not expected here`},
	} {
		t.Run(name, func(t *testing.T) {
			got := command(t.Context(), append([]string{"preflight"}, tt.args...)...)
			if got.status != exitError || !strings.Contains(got.diag, tt.says) {
				t.Errorf("the status is %d, and it says %q", got.status, got.diag)
			}
		})
	}
	t.Run("a cloud that does not answer", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		got := command(ctx, "preflight", "-config", write(t, sound), "-var", "gateway="+c.GatewayID)
		if got.status != exitError {
			t.Errorf("the status is %d, and it says %q", got.status, got.diag)
		}
	})
}

// TestPreflightOfAPlan checks a plan that Terraform has written.
func TestPreflightOfAPlan(t *testing.T) {
	c := newClouds(t)
	text, err := os.ReadFile("../../preflight/configuration/testdata/plan.json")
	if err != nil {
		t.Fatal(err)
	}
	plan := func(old, by string) string {
		name := filepath.Join(t.TempDir(), "plan.json")
		text := strings.ReplaceAll(strings.ReplaceAll(string(text), "11111111-1111-4111-8111-111111111111", c.GatewayID), old, by)
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	if got := command(t.Context(), "preflight", "-config", plan("", "")); got.status != exitOK || !strings.Contains(got.out, "34 ok, 0 to be looked at, 0 failed, 0 not checked.") {
		t.Errorf("the status is %d, and it says:\n%s%s", got.status, got.out, got.diag)
	}
	got := command(t.Context(), "preflight", "-config", plan(`"1Gbps"`, `"3Gbps"`))
	if got.status != exitRefused || !strings.Contains(got.out, "FAILED: bandwidth (AWS: crosscloud_interconnect.ai, bandwidth)") {
		t.Errorf("the status is %d, and it says:\n%s%s", got.status, got.out, got.diag)
	}
}

// TestPreflightOfAnAttachment checks an attachment to a link that exists.
func TestPreflightOfAnAttachment(t *testing.T) {
	c := newClouds(t)
	made := c.build("other", "us-east-1", bandwidth.Gbps)
	dir := write(t, `
resource "crosscloud_attachment" "ai" {
  name         = "ai"
  interconnect = "`+made[link.Acceptor].ID+`"
  aws          = { gateway_id = "vgw-00000000000000000", allowed_prefixes = ["10.1.2.0/24"] }
  google       = {}
}
`)
	got := command(t.Context(), "preflight", "-config", dir)
	if got.status != exitRefused || got.diag != "" {
		t.Errorf("the status is %d, and it says %q", got.status, got.diag)
	}
	golden(t, "preflight_attachment.txt", tidy(got.out))
}
