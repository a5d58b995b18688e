package awsend

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect/types"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

func proposal() link.Proposal {
	m := link.Marker{Name: "ai", Owner: "acme"}
	return link.Proposal{
		Marker: m, Bandwidth: 10 * bandwidth.Gbps, Environment: testEnv,
		Peer: link.Site{Account: testProject, Region: "us-east4"}, Attempt: link.Attempt{Link: m},
	}
}

func redemption() link.Redemption {
	m := link.Marker{Name: "ai", Owner: "acme"}
	return link.Redemption{
		Marker: m, Key: activation.NewKey("c2VjcmV0LWtleS1vZi10aGUtbGluaw=="), Environment: testEnv,
		Peer: link.Site{Account: testProject}, Attempt: link.Attempt{Link: m},
	}
}

// ignoreToken leaves out the token, which has tests of its own.
var ignoreToken = cmpopts.IgnoreFields(interconnect.CreateConnectionInput{}, "ClientToken")

func TestPropose(t *testing.T) {
	f := newFake()
	f.add("mcc-00000001", types.ConnectionStateRequested, nil)
	o, err := f.end().Propose(t.Context(), proposal())
	if err != nil || o.ID != "mcc-00000001" || o.Key.Reveal() != "key-of-mcc-00000001" || o.Partial {
		t.Errorf("got %+v, %v", o, err)
	}
	want := &interconnect.CreateConnectionInput{
		AttachPoint:   &types.AttachPointMemberDirectConnectGateway{Value: testGateway},
		Bandwidth:     new("10Gbps"),
		EnvironmentId: new(testEnv),
		Description:   new("ai"),
		RemoteAccount: &types.RemoteAccountIdentifierMemberIdentifier{Value: testProject},
		Tags:          map[string]string{"team": "net", TagLink: "ai", TagOwner: "acme"},
	}
	if diff := cmp.Diff(want, input[interconnect.CreateConnectionInput](t, f), ignoreToken); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestProposeWithoutOwnerAndPeer(t *testing.T) {
	f := newFake()
	f.add("mcc-00000001", types.ConnectionStateRequested, nil)
	p := proposal()
	p.Marker.Owner, p.Peer = "", link.Site{}
	e := f.end(func(c *Config) { c.Tags, c.Description = nil, "The AI pipeline" })
	if _, err := e.Propose(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	in := input[interconnect.CreateConnectionInput](t, f)
	if in.RemoteAccount != nil {
		t.Errorf("a remote account was sent: %v", in.RemoteAccount)
	}
	if diff := cmp.Diff(map[string]string{TagLink: "ai"}, in.Tags); diff != "" {
		t.Errorf("tags (-want +got):\n%s", diff)
	}
	if *in.Description != "The AI pipeline" {
		t.Errorf("the description is %q", *in.Description)
	}
}

func TestRedeem(t *testing.T) {
	f := newFake()
	f.add("mcc-00000001", types.ConnectionStatePending, nil)
	o, err := f.end().Redeem(t.Context(), redemption())
	if err != nil || o.ID != "mcc-00000001" || o.State != link.Joining || !o.Key.IsZero() {
		t.Errorf("got %+v, %v", o, err)
	}
	in := input[interconnect.AcceptConnectionProposalInput](t, f)
	if aws.ToString(in.ActivationKey) != redemption().Key.Reveal() || gatewayFromAPI(in.AttachPoint) != testGateway || *in.Description != "ai" {
		t.Errorf("the input lacks what was asked: %q on %q", *in.Description, gatewayFromAPI(in.AttachPoint))
	}
	if diff := cmp.Diff(map[string]string{"team": "net", TagLink: "ai", TagOwner: "acme"}, in.Tags); diff != "" {
		t.Errorf("tags (-want +got):\n%s", diff)
	}
}

func TestCreatingNeedsAGateway(t *testing.T) {
	f := newFake()
	e := f.end(func(c *Config) { c.GatewayID = "" })
	_, err := e.Propose(t.Context(), proposal())
	if cloud.KindOf(err) != cloud.Invalid || len(f.calls) > 0 {
		t.Errorf("got %v after %v", err, f.calls)
	}
}

// Tokens must not change from one release to the next: a call repeated after a
// lost reply would make a second link.
func TestTokensAreStable(t *testing.T) {
	f := newFake()
	f.add("mcc-00000001", types.ConnectionStateRequested, nil)
	e := f.end()
	for range 2 {
		if _, err := e.Propose(t.Context(), proposal()); err != nil {
			t.Fatal(err)
		}
		if _, err := e.Redeem(t.Context(), redemption()); err != nil {
			t.Fatal(err)
		}
		got := []string{
			*input[interconnect.CreateConnectionInput](t, f).ClientToken,
			*input[interconnect.AcceptConnectionProposalInput](t, f).ClientToken,
		}
		want := []string{"adee95ea-a856-4fe4-bb12-0cab24325c2f", "85507ca3-ca30-40fb-a54a-2718105d10b9"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

func TestTokensDependOnAllThatIsAsked(t *testing.T) {
	changes := map[string]func(*Config, *link.Proposal){
		"nothing":     func(*Config, *link.Proposal) {},
		"attempt":     func(_ *Config, p *link.Proposal) { p.Attempt.Number = 1 },
		"name":        func(_ *Config, p *link.Proposal) { p.Attempt.Link.Name = "ml" },
		"owner":       func(_ *Config, p *link.Proposal) { p.Attempt.Link.Owner = "" },
		"region":      func(c *Config, _ *link.Proposal) { c.Region = "eu-west-2" },
		"gateway":     func(c *Config, _ *link.Proposal) { c.GatewayID = "another" },
		"environment": func(_ *Config, p *link.Proposal) { p.Environment = "another" },
		"bandwidth":   func(_ *Config, p *link.Proposal) { p.Bandwidth = bandwidth.Gbps },
		"peer":        func(_ *Config, p *link.Proposal) { p.Peer.Account = "another" },
		"description": func(c *Config, _ *link.Proposal) { c.Description = "another" },
		"tags":        func(c *Config, _ *link.Proposal) { c.Tags = nil },
	}
	seen := map[string]string{}
	for name, change := range changes {
		f := newFake()
		f.add("mcc-00000001", types.ConnectionStateRequested, nil)
		p := proposal()
		e := f.end(func(c *Config) { change(c, &p) })
		if _, err := e.Propose(t.Context(), p); err != nil {
			t.Fatal(err)
		}
		token := *input[interconnect.CreateConnectionInput](t, f).ClientToken
		if other, dup := seen[token]; dup {
			t.Errorf("%s and %s have one token", name, other)
		}
		seen[token] = name
	}
}

func TestErrorsNeverShowTheKey(t *testing.T) {
	key := redemption().Key.Reveal()
	messages := map[string]string{
		"whole":   fmt.Sprintf("Value '%s' at 'activationKey' failed to satisfy constraint", key),
		"clipped": fmt.Sprintf("Value '%s...' is too long", key[:20]),
		"framed":  "x" + key + "x",
		"escaped": fmt.Sprintf("%q", key),
	}
	for name, message := range messages {
		t.Run(name, func(t *testing.T) {
			f := newFake()
			refusal := apiError(http.StatusBadRequest, &types.InterconnectValidationException{Message: &message})
			f.fail["AcceptConnectionProposal"], f.fail["DescribeConnectionProposal"] = refusal, refusal
			_, redeemErr := f.end().Redeem(t.Context(), redemption())
			_, inspectErr := f.end().Inspect(t.Context(), redemption().Key)
			for _, err := range []error{redeemErr, inspectErr} {
				if cloud.KindOf(err) != cloud.Invalid {
					t.Errorf("got %v, want invalid", err)
				}
				for e := err; e != nil; {
					if text := fmt.Sprintf("%v %+v", e, e); strings.Contains(text, key[:16]) {
						t.Errorf("the key is shown: %s", text)
					}
					u, ok := e.(interface{ Unwrap() error })
					if !ok {
						break
					}
					e = u.Unwrap()
				}
			}
		})
	}
}
