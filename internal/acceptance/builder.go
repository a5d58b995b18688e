package acceptance

import (
	"context"
	"slices"
	"testing"

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

// Builder makes links on a stage behind Terraform's back, as another team or
// another configuration would.
type Builder struct {
	*Stage
	// Owner that the links are marked with; empty is none.
	Owner string
	// AWSAccount and GoogleProject are the accounts that it acts as.
	AWSAccount    *awsend.Account
	GoogleProject *googleend.Account

	t testing.TB
}

// NewBuilder makes a builder. The test's environment is isolated and points at
// the stage from then on.
func NewBuilder(t testing.TB, s *Stage) *Builder {
	t.Helper()
	sandboxtest.Isolate(t, sandboxtest.Map(s.Env()))
	b := &Builder{Stage: s, t: t}
	var err error
	if b.AWSAccount, err = awsend.Load(t.Context(), awsend.Settings{}); err != nil {
		t.Fatal(err)
	}
	if b.GoogleProject, err = googleend.Load(t.Context(), googleend.Settings{}, nil); err != nil {
		t.Fatal(err)
	}
	return b
}

// Clouds are the builder's accounts, for the inventory.
func (b *Builder) Clouds() inventory.Clouds {
	return inventory.Clouds{
		AWS:    func(context.Context) (*awsend.Account, error) { return b.AWSAccount, nil },
		Google: func(context.Context) (*googleend.Account, error) { return b.GoogleProject, nil },
	}
}

// environment is the environment of an AWS region.
func (b *Builder) environment(region string) coordinator.Environment {
	b.t.Helper()
	all := coordinator.DefaultEnvironments()
	i := slices.IndexFunc(all, func(e coordinator.Environment) bool { return e.AWSRegion == region })
	if i < 0 {
		b.t.Fatalf("no environment is in %s", region)
	}
	return all[i]
}

// Link describes a link in an AWS region that AWS initiates.
func (b *Builder) Link(name, region string) link.Link {
	e := b.environment(region)
	return link.Link{
		Marker: link.Marker{Name: name, Owner: b.Owner},
		Ends: [2]link.End{
			awsend.New(b.AWSAccount, awsend.Config{Name: name, Owner: b.Owner, Region: region, GatewayID: b.GatewayID}),
			googleend.New(b.GoogleProject, googleend.Config{Name: name, Region: e.GoogleRegion, Network: sandbox.SeedNetwork}),
		},
	}
}

// Build makes a whole link of 1 Gbps.
func (b *Builder) Build(name, region string) link.View {
	b.t.Helper()
	return b.BuildAt(name, region, bandwidth.Gbps)
}

// BuildAt makes a whole link of a bandwidth.
func (b *Builder) BuildAt(name, region string, size bandwidth.Bandwidth) link.View {
	b.t.Helper()
	e := b.environment(region)
	driver := link.Driver{Pace: Pace()}
	v, err := driver.Converge(b.t.Context(), b.Link(name, region),
		link.Want{Bandwidth: size, Environment: [2]string{e.AWSEnvironmentID, "aws-" + region}}, link.View{})
	if err != nil {
		b.t.Fatalf("building %s: %v", name, err)
	}
	return v
}

// Propose makes one half of a link, inventory.SideAWS or inventory.SideGoogle,
// and waits until it is in a state, and shown.
func (b *Builder) Propose(name, region string, side link.Side, until link.State) link.Observation {
	b.t.Helper()
	e := b.environment(region)
	l := b.Link(name, region)
	request := link.Proposal{
		Marker: l.Marker, Bandwidth: bandwidth.Gbps, Environment: e.AWSEnvironmentID,
		Peer:    link.Site{Account: sandboxgoogle.DefaultProject, Region: e.GoogleRegion},
		Attempt: link.Attempt{Link: l.Marker},
	}
	if side == inventory.SideGoogle {
		request.Environment, request.Peer = "aws-"+region, link.Site{Account: sandboxaws.DefaultAccountID, Region: region}
	}
	o, err := l.Ends[side].Propose(b.t.Context(), request)
	if err != nil {
		b.t.Fatalf("proposing %s: %v", name, err)
	}
	b.AWS.ShowAll()
	return b.Until(l.Ends[side], o, until)
}

// Orphan makes a whole link and removes its AWS end.
func (b *Builder) Orphan(name, region string) link.View {
	b.t.Helper()
	v := b.Build(name, region)
	l := b.Link(name, region)
	if _, err := l.Ends[inventory.SideAWS].Delete(b.t.Context(), v[inventory.SideAWS].Ref, link.Attempt{Link: l.Marker}); err != nil {
		b.t.Fatal(err)
	}
	v[inventory.SideGoogle] = b.Until(l.Ends[inventory.SideGoogle], v[inventory.SideGoogle], link.Deprovisioned)
	v[inventory.SideAWS] = b.Until(l.Ends[inventory.SideAWS], v[inventory.SideAWS], link.Deleted)
	return v
}

// Until looks at an end until it is in a state.
func (b *Builder) Until(end link.End, o link.Observation, state link.State) link.Observation {
	b.t.Helper()
	for o.State != state {
		if err := (cloud.SystemClock{}).Sleep(b.t.Context(), Pace().Floor); err != nil {
			b.t.Fatalf("%s is %s, not %s: %v", o.ID, o.State, state, err)
		}
		var err error
		if o, err = end.Observe(b.t.Context(), o.Ref); err != nil {
			b.t.Fatal(err)
		}
	}
	return o
}
