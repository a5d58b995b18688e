package inventory_test

import (
	"context"
	"slices"
	"testing"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/acceptance"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/googleend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/inventory"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox"
	sandboxaws "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/aws"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator"
	sandboxgoogle "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/google"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/sandboxtest"
)

// bench is a sandbox, the accounts that look into it, and somebody who builds
// links there.
type bench struct {
	*acceptance.Stage
	inventory.Clouds
	t      *testing.T
	amazon *awsend.Account
	google *googleend.Account
}

func newBench(t *testing.T, change ...func(*sandbox.Config)) *bench {
	t.Helper()
	s := acceptance.New(t, change...)
	sandboxtest.Isolate(t, sandboxtest.Map(s.Env()))
	b := &bench{Stage: s, t: t}
	var err error
	if b.amazon, err = awsend.Load(t.Context(), awsend.Settings{}); err != nil {
		t.Fatal(err)
	}
	if b.google, err = googleend.Load(t.Context(), googleend.Settings{}, nil); err != nil {
		t.Fatal(err)
	}
	b.Clouds = inventory.Clouds{
		AWS:    func(context.Context) (*awsend.Account, error) { return b.amazon, nil },
		Google: func(context.Context) (*googleend.Account, error) { return b.google, nil },
	}
	return b
}

// environment is the environment of an AWS region.
func environment(t *testing.T, region string) coordinator.Environment {
	t.Helper()
	all := coordinator.DefaultEnvironments()
	i := slices.IndexFunc(all, func(e coordinator.Environment) bool { return e.AWSRegion == region })
	if i < 0 {
		t.Fatalf("no environment is in %s", region)
	}
	return all[i]
}

// link describes a link that AWS initiates.
func (b *bench) link(name, region string) (link.Link, link.Want) {
	e := environment(b.t, region)
	return link.Link{
			Marker: link.Marker{Name: name},
			Ends: [2]link.End{
				awsend.New(b.amazon, awsend.Config{Name: name, Region: region, GatewayID: b.GatewayID}),
				googleend.New(b.google, googleend.Config{Name: name, Region: e.GoogleRegion, Network: sandbox.SeedNetwork}),
			},
		}, link.Want{
			Bandwidth: bandwidth.Gbps, Environment: [2]string{e.AWSEnvironmentID, "aws-" + region},
		}
}

// build makes a whole link.
func (b *bench) build(name, region string) link.View {
	b.t.Helper()
	l, w := b.link(name, region)
	driver := link.Driver{Pace: acceptance.Pace()}
	v, err := driver.Converge(b.t.Context(), l, w, link.View{})
	if err != nil {
		b.t.Fatalf("building %s: %v", name, err)
	}
	return v
}

// propose makes one half of a link and waits until it is in a state.
func (b *bench) propose(name, region string, side link.Side, until link.State) link.Observation {
	b.t.Helper()
	e := environment(b.t, region)
	request := link.Proposal{
		Marker: link.Marker{Name: name}, Bandwidth: bandwidth.Gbps, Environment: e.AWSEnvironmentID,
		Peer:    link.Site{Account: sandboxgoogle.DefaultProject, Region: e.GoogleRegion},
		Attempt: link.Attempt{Link: link.Marker{Name: name}},
	}
	if side == inventory.SideGoogle {
		request.Environment, request.Peer = "aws-"+region, link.Site{Account: sandboxaws.DefaultAccountID, Region: region}
	}
	l, _ := b.link(name, region)
	o, err := l.Ends[side].Propose(b.t.Context(), request)
	if err != nil {
		b.t.Fatalf("proposing %s: %v", name, err)
	}
	return b.until(l.Ends[side], o, until)
}

// until looks at an end until it is in a state.
func (b *bench) until(end link.End, o link.Observation, state link.State) link.Observation {
	b.t.Helper()
	for o.State != state {
		if err := (cloud.SystemClock{}).Sleep(b.t.Context(), acceptance.Pace().Floor); err != nil {
			b.t.Fatalf("%s is %s, not %s: %v", o.ID, o.State, state, err)
		}
		var err error
		if o, err = end.Observe(b.t.Context(), o.Ref); err != nil {
			b.t.Fatal(err)
		}
	}
	return o
}

// transport is the full name of a transport of the sandbox.
func transport(region, name string) string {
	return googleend.TransportName(sandboxgoogle.DefaultProject, region, name)
}

// failing are clouds that answer as if one of them, or its credentials, were
// gone.
func (b *bench) failing(aws, google error) inventory.Clouds {
	c := b.Clouds
	if aws != nil {
		c.AWS = func(context.Context) (*awsend.Account, error) { return nil, aws }
	}
	if google != nil {
		c.Google = func(context.Context) (*googleend.Account, error) { return nil, google }
	}
	return c
}
