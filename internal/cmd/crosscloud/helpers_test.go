package main

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/acceptance"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/googleend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox"
	sandboxaws "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/aws"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator"
	sandboxgoogle "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/google"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/sandboxtest"
)

var update = flag.Bool("update", false, "write the golden files")

// golden holds a text against a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s: -want +got (go test -update writes it):\n%s", file, diff)
	}
}

// Ids that differ from run to run, and what stands for them, of the same length.
var (
	connectionID = regexp.MustCompile(`mcc-[0-9a-z]{8}\b`)
	requestID    = regexp.MustCompile(`request id ([0-9A-Za-z-]+)`)
	uuid         = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)
)

// normal is a text with the ids replaced.
func normal(text string) string {
	text = connectionID.ReplaceAllString(text, "mcc-00000000")
	return uuid.ReplaceAllString(text, "00000000-0000-0000-0000-000000000000")
}

// result is what a command did.
type result struct {
	status    int
	out, diag string
}

// command runs a command to its end.
func command(ctx context.Context, args ...string) result {
	var out, diag bytes.Buffer
	status := run(ctx, args, &out, &diag)
	return result{status, out.String(), diag.String()}
}

// clouds are a sandbox that the environment points at, and somebody who builds
// links there.
type clouds struct {
	*acceptance.Stage
	t      *testing.T
	amazon *awsend.Account
	google *googleend.Account
}

func newClouds(t *testing.T) *clouds {
	t.Helper()
	s := acceptance.New(t)
	sandboxtest.Isolate(t, sandboxtest.Map(s.Env()))
	c := &clouds{Stage: s, t: t}
	var err error
	if c.amazon, err = awsend.Load(t.Context(), awsend.Settings{}); err != nil {
		t.Fatal(err)
	}
	if c.google, err = googleend.Load(t.Context(), googleend.Settings{}, nil); err != nil {
		t.Fatal(err)
	}
	return c
}

// pairOfRegions is an environment: an AWS region, the Google region that it is joined
// with, and what AWS and Google call it.
type pairOfRegions struct{ aws, google, environment, profile string }

// at is the environment of an AWS region.
func at(t *testing.T, region string) pairOfRegions {
	t.Helper()
	all := coordinator.DefaultEnvironments()
	i := slices.IndexFunc(all, func(e coordinator.Environment) bool { return e.AWSRegion == region })
	if i < 0 {
		t.Fatalf("no environment is in %s", region)
	}
	return pairOfRegions{region, all[i].GoogleRegion, all[i].AWSEnvironmentID, "aws-" + region}
}

// link describes a link between two regions that AWS initiates.
func (c *clouds) link(name string, p pairOfRegions) link.Link {
	return link.Link{
		Marker: link.Marker{Name: name},
		Ends: [2]link.End{
			awsend.New(c.amazon, awsend.Config{Name: name, Region: p.aws, GatewayID: c.GatewayID}),
			googleend.New(c.google, googleend.Config{Name: name, Region: p.google, Network: sandbox.SeedNetwork}),
		},
	}
}

// build makes a complete link and returns both ends.
func (c *clouds) build(name, region string, b bandwidth.Bandwidth) link.View {
	c.t.Helper()
	p := at(c.t, region)
	driver := link.Driver{Pace: acceptance.Pace()}
	v, err := driver.Converge(c.t.Context(), c.link(name, p), link.Want{Bandwidth: b, Environment: [2]string{p.environment, p.profile}}, link.View{})
	if err != nil {
		c.t.Fatalf("building %s: %v", name, err)
	}
	return v
}

// propose makes the AWS half of a link, or Google's, and leaves its key lying.
func (c *clouds) propose(name, region string, side link.Side) {
	c.t.Helper()
	p := at(c.t, region)
	request := link.Proposal{
		Marker: link.Marker{Name: name}, Bandwidth: bandwidth.Gbps, Environment: p.environment,
		Peer:    link.Site{Account: sandboxgoogle.DefaultProject, Region: p.google},
		Attempt: link.Attempt{Link: link.Marker{Name: name}},
	}
	if side == link.Acceptor {
		request.Environment, request.Peer = p.profile, link.Site{Account: sandboxaws.DefaultAccountID, Region: p.aws}
	}
	end := c.link(name, p).Ends[side]
	o, err := end.Propose(c.t.Context(), request)
	if err != nil {
		c.t.Fatalf("proposing %s: %v", name, err)
	}
	for o.State != link.AwaitingPeer {
		if err := (cloud.SystemClock{}).Sleep(c.t.Context(), acceptance.Pace().Floor); err != nil {
			c.t.Fatal(err)
		}
		if o, err = end.Observe(c.t.Context(), o.Ref); err != nil {
			c.t.Fatal(err)
		}
	}
}

// secrets are the activation keys that the clouds show now.
func (c *clouds) secrets() []string {
	c.t.Helper()
	var keys []activation.Key
	for _, e := range coordinator.DefaultEnvironments() {
		connections, err := c.amazon.Connections(c.t.Context(), e.AWSRegion)
		if err != nil {
			c.t.Fatal(err)
		}
		for _, o := range connections {
			keys = append(keys, o.Key, o.Redeemed)
		}
	}
	var texts []string
	for _, k := range keys {
		if !k.IsZero() {
			texts = append(texts, k.Reveal())
		}
	}
	return texts
}

// leaks says whether a text shows a secret.
func leaks(text string, secrets []string) bool {
	return slices.ContainsFunc(secrets, func(s string) bool { return strings.Contains(text, s) })
}
