package awsend

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/directconnect"
	dxtypes "github.com/aws/aws-sdk-go-v2/service/directconnect/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/google/go-cmp/cmp"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/attachment"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect/types"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
	sandboxaws "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/aws"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator"
)

const (
	home, elsewhere = "us-east-1", "eu-west-2"
	otherAccount    = "210987654321"
)

// sky is a simulated AWS with two accounts.
type sky struct {
	*sandboxaws.Cloud
	t           *testing.T
	url         string
	ours, other *Account
}

func newSky(t *testing.T) *sky {
	t.Helper()
	quick := 5 * time.Millisecond
	c := sandboxaws.New(sandboxaws.Config{
		Timing: coordinator.Timing{Provisioning: quick, Update: quick, Deleting: quick, Lingering: quick, Operation: quick},
		Credentials: map[string]sandboxaws.Credential{
			"ours": {Secret: "s"}, "other": {Secret: "s", AccountID: otherAccount},
		},
	})
	server := httptest.NewServer(c)
	t.Cleanup(server.Close)
	s := &sky{Cloud: c, t: t, url: server.URL}
	s.ours, s.other = s.account("ours"), s.account("other")
	return s
}

func (s *sky) account(key string) *Account {
	return NewAccount(Options{Config: aws.Config{
		Region: home, BaseEndpoint: &s.url, Credentials: credentials.NewStaticCredentialsProvider(key, "s", ""),
	}})
}

// region is what an account has in a region.
func (s *sky) region(a *Account, name string) *region {
	r, err := a.region(s.t.Context(), name)
	if err != nil {
		s.t.Fatal(err)
	}
	return r
}

// associate associates a gateway as somebody else would.
func (s *sky) associate(gateway, peer string, prefixes ...string) {
	s.t.Helper()
	_, err := s.region(s.ours, home).associations.CreateDirectConnectGatewayAssociation(s.t.Context(), &directconnect.CreateDirectConnectGatewayAssociationInput{
		DirectConnectGatewayId: &gateway, GatewayId: &peer, AddAllowedPrefixesToDirectConnectGateway: prefixesToAPI(AttachmentConfig{AllowedPrefixes: prefixes}.allowed()),
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// vpc makes a VPC with a virtual private gateway and returns the latter.
func (s *sky) vpc(cidr string) string {
	_, gateway := s.CreateVPC(home, "test", cidr)
	return gateway
}

// detached makes a virtual private gateway without a VPC.
func (s *sky) detached() string {
	c := ec2.New(ec2.Options{Region: home, BaseEndpoint: &s.url, Credentials: credentials.NewStaticCredentialsProvider("ours", "s", "")})
	out, err := c.CreateVpnGateway(s.t.Context(), &ec2.CreateVpnGatewayInput{Type: "ipsec.1"})
	if err != nil {
		s.t.Fatal(err)
	}
	return aws.ToString(out.VpnGateway.VpnGatewayId)
}

// connection makes a link's connection on a gateway and returns its ARN.
func (s *sky) connection(gateway string) string {
	out, err := interconnect.NewFromConfig(s.ours.Config(home)).CreateConnection(s.t.Context(), &interconnect.CreateConnectionInput{
		AttachPoint: &types.AttachPointMemberDirectConnectGateway{Value: gateway}, Bandwidth: aws.String("1Gbps"), EnvironmentId: aws.String("mce-aws-gcp-iad"),
		RemoteAccount: &types.RemoteAccountIdentifierMemberIdentifier{Value: "acme-network"},
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return aws.ToString(out.Connection.Arn)
}

// settled waits until nothing is under way.
func (s *sky) settled() {
	for range 200 {
		busy := slices.ContainsFunc(s.Resources(), func(r sandboxaws.Resource) bool {
			return r.Kind == "association" && r.State != "associated" || r.State == "pending"
		})
		if !busy {
			return
		}
		_ = cloud.SystemClock{}.Sleep(s.t.Context(), time.Millisecond)
	}
	s.t.Fatal("the clouds do not settle")
}

var anyID = regexp.MustCompile(`\b((vgw|tgw|vpc)-)[0-9a-f]{17}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

// anonymous replaces ids, which are random, by their kind and their order.
func anonymous(text string) string {
	seen := map[string]string{}
	return anyID.ReplaceAllStringFunc(text, func(id string) string {
		if seen[id] == "" {
			kind, _, ok := strings.Cut(id, "-")
			if !ok || len(kind) > 3 {
				kind = "uuid"
			}
			seen[id] = fmt.Sprintf("%s-%d", kind, len(seen)+1)
		}
		return seen[id]
	})
}

// TestAssociationRules compares what a check says of every rule with a golden
// file.
func TestAssociationRules(t *testing.T) {
	cases := []struct {
		name  string
		setUp func(s *sky, c *AttachmentConfig)
	}{
		{"nothing wrong", func(s *sky, c *AttachmentConfig) { c.Peer = s.vpc("10.1.0.0/16") }},
		{"a transit gateway", func(s *sky, c *AttachmentConfig) {
			c.Peer, c.AllowedPrefixes = s.CreateTransitGateway(home, 64600), []string{"10.0.0.0/8"}
		}},
		{"a gateway of another region", func(s *sky, c *AttachmentConfig) { _, c.Peer = s.CreateVPC(elsewhere, "test", "10.1.0.0/16") }},
		{"a transit gateway of another region", func(s *sky, c *AttachmentConfig) { c.Peer = s.CreateTransitGateway(elsewhere, 64600) }},
		{"no VPC", func(s *sky, c *AttachmentConfig) { c.Peer = s.detached() }},
		{"the same ASN", func(s *sky, c *AttachmentConfig) { c.Peer = s.CreateTransitGateway(home, 64512) }},
		{"a transit gateway beside a virtual private gateway", func(s *sky, c *AttachmentConfig) {
			s.associate(c.GatewayID, s.vpc("10.1.0.0/16"))
			c.Peer = s.CreateTransitGateway(home, 64600)
		}},
		{"a virtual private gateway beside a transit gateway", func(s *sky, c *AttachmentConfig) {
			s.associate(c.GatewayID, s.CreateTransitGateway(home, 64600), "10.0.0.0/8")
			c.Peer = s.vpc("10.1.0.0/16")
		}},
		{"20 virtual private gateways", func(s *sky, c *AttachmentConfig) {
			for i := range 20 {
				s.associate(c.GatewayID, s.vpc(fmt.Sprintf("10.%d.0.0/16", i)))
			}
			c.Peer = s.vpc("10.100.0.0/16")
		}},
		{"6 transit gateways", func(s *sky, c *AttachmentConfig) {
			for i := range 6 {
				s.associate(c.GatewayID, s.CreateTransitGateway(home, 64600+int64(i)), "10.0.0.0/8")
			}
			c.Peer = s.CreateTransitGateway(home, 64700)
		}},
		{"another Direct Connect gateway", func(s *sky, c *AttachmentConfig) {
			c.Peer = s.vpc("10.1.0.0/16")
			s.associate(s.CreateGateway("second", 0), c.Peer)
		}},
		{"no Direct Connect gateway", func(s *sky, c *AttachmentConfig) {
			c.GatewayID, c.Peer = "5f294f92-bafb-4011-916d-9b0bd0e1f2a3", s.vpc("10.1.0.0/16")
		}},
		{"narrow prefixes", func(s *sky, c *AttachmentConfig) {
			c.Peer, c.AllowedPrefixes = s.vpc("10.1.0.0/16"), []string{"10.1.2.0/24"}
		}},
		{"another kind in place of the only one", func(s *sky, c *AttachmentConfig) {
			c.Replaces = s.vpc("10.1.0.0/16")
			s.associate(c.GatewayID, c.Replaces)
			c.Peer, c.AllowedPrefixes = s.CreateTransitGateway(home, 64600), []string{"10.0.0.0/8"}
		}},
		{"the same kind in place of the only one", func(s *sky, c *AttachmentConfig) {
			c.Replaces = s.vpc("10.1.0.0/16")
			s.associate(c.GatewayID, c.Replaces)
			c.Peer = s.vpc("10.2.0.0/16")
		}},
		{"one of 20 in place of another", func(s *sky, c *AttachmentConfig) {
			for i := range 20 {
				c.Replaces = s.vpc(fmt.Sprintf("10.%d.0.0/16", i))
				s.associate(c.GatewayID, c.Replaces)
			}
			c.Peer = s.vpc("10.100.0.0/16")
		}},
		{"what stands already", func(s *sky, c *AttachmentConfig) {
			c.Peer = s.vpc("10.1.0.0/16")
			s.associate(c.GatewayID, c.Peer)
		}},
		{"a core network", func(_ *sky, c *AttachmentConfig) { c.Peer = "core-network-0123456789abcdef0" }},
	}
	var b strings.Builder
	for _, c := range cases {
		s := newSky(t)
		config := AttachmentConfig{Region: home, GatewayID: s.CreateGateway("first", 64512)}
		c.setUp(s, &config)
		s.settled()
		facts, found, err := NewAssociation(s.ours, config).Check(t.Context(), true)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		text := fmt.Sprintf("offers %s\n", prefixTexts(facts.Offers))
		for _, f := range found {
			text += fmt.Sprintf("%s, %s, warning %t: %s\n  %s\n", f.Err.Field, f.Err.Kind, f.Warning, f.Err.Message, f.Err.Remedy)
		}
		fmt.Fprintf(&b, "== %s\n%s", c.name, anonymous(text))
	}
	file := filepath.Join("testdata", "attachment-rules.golden")
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("-want +got (go test -update writes it):\n%s", diff)
	}
}

// driver makes a driver that looks often.
func (s *sky) driver() *attachment.Driver {
	return &attachment.Driver{Pace: cloud.Pace{Floor: 2 * time.Millisecond, Ceiling: 10 * time.Millisecond}}
}

// one is an attachment of one part.
func one(c AttachmentConfig, a *Account, owner string) attachment.Attachment {
	return attachment.Attachment{Marker: link.Marker{Name: "vpc", Owner: owner}, Parts: []attachment.Part{{Side: NewAssociation(a, c)}}}
}

// TestMarkSaysWhoseAnAssociationIs holds that an association without a mark, or
// with another's, is not taken over, and that ours is.
func TestMarkSaysWhoseAnAssociationIs(t *testing.T) {
	s := newSky(t)
	c := AttachmentConfig{Region: home, GatewayID: s.CreateGateway("first", 0), Peer: s.vpc("10.1.0.0/16")}
	c.ConnectionARN = s.connection(c.GatewayID)
	v, err := s.driver().Converge(t.Context(), one(c, s.ours, "acme"), attachment.Want{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	again, err := s.driver().Converge(t.Context(), one(c, s.ours, "acme"), attachment.Want{}, nil)
	if err != nil || again[0].ID != v[0].ID {
		t.Errorf("ours is not taken over: %v, %+v", err, again)
	}
	if found, err := s.ours.Attached(t.Context(), home, c.ConnectionARN); err != nil || !cmp.Equal(found, map[string]string{"vpc": c.Peer}) {
		t.Errorf("the marks say %v, %v", found, err)
	}
	_, err = s.driver().Converge(t.Context(), one(c, s.ours, "other"), attachment.Want{}, nil)
	if le, ok := errors.AsType[*link.Error](err); !ok || le.Code != attachment.CodeForeign || !strings.Contains(le.Detail, `"vpc" of "acme"`) {
		t.Errorf("another's is taken over: %v", err)
	}
	if _, err := s.driver().Teardown(t.Context(), one(c, s.ours, "acme"), []attachment.Ref{v[0].Ref}); err != nil {
		t.Fatal(err)
	}
	if found, err := s.ours.Attached(t.Context(), home, c.ConnectionARN); err != nil || len(found) != 0 {
		t.Errorf("a mark is left: %v, %v", found, err)
	}
	s.associate(c.GatewayID, c.Peer)
	s.settled()
	_, err = s.driver().Converge(t.Context(), one(c, s.ours, "acme"), attachment.Want{}, nil)
	if le, ok := errors.AsType[*link.Error](err); !ok || le.Code != attachment.CodeForeign || !strings.Contains(le.Detail, "carries no mark") {
		t.Errorf("one without a mark is taken over: %v", err)
	}
}

// TestRefusedAssociationLeavesNoMark holds that the mark of what AWS refused is
// taken away.
func TestRefusedAssociationLeavesNoMark(t *testing.T) {
	s := newSky(t)
	c := AttachmentConfig{Region: home, GatewayID: s.CreateGateway("first", 64512), Peer: s.CreateTransitGateway(home, 64512), AllowedPrefixes: []string{"10.0.0.0/8"}}
	c.ConnectionARN = s.connection(c.GatewayID)
	_, err := s.driver().Converge(t.Context(), one(c, s.ours, "acme"), attachment.Want{}, nil)
	if err == nil || !strings.Contains(err.Error(), "must differ") {
		t.Errorf("got %v", err)
	}
	if found, err := s.ours.Attached(t.Context(), home, c.ConnectionARN); err != nil || len(found) != 0 {
		t.Errorf("a mark is left: %v, %v", found, err)
	}
}

// TestAcrossAccounts proposes in one account and accepts in the other, changes
// prefixes, and takes a proposal back.
func TestAcrossAccounts(t *testing.T) {
	s := newSky(t)
	gateway := s.CreateGateway("first", 0)
	r := s.region(s.other, home)
	peer := s.vpcOf("other")
	theirs := AttachmentConfig{Region: home, GatewayID: gateway, GatewayAccount: sandboxaws.DefaultAccountID, Peer: peer, AllowedPrefixes: []string{"10.1.0.0/16"}}
	ours := AttachmentConfig{Region: home, GatewayID: gateway, Peer: peer, PeerAccount: otherAccount}

	v, err := s.driver().Converge(t.Context(), one(ours, s.ours, ""), attachment.Want{Asked: true}, nil)
	if err != nil || v[0].State != attachment.Asked || !strings.Contains(v[0].Why, "account "+otherAccount+" has not proposed") {
		t.Fatalf("before the proposal: %v, %+v", err, v)
	}
	v, err = s.driver().Converge(t.Context(), one(theirs, s.other, ""), attachment.Want{Asked: true}, nil)
	if err != nil || v[0].State != attachment.Asked || v[0].Raw != "proposal requested" || !strings.Contains(v[0].Why, "has not accepted proposal "+v[0].ID) {
		t.Fatalf("the proposal: %v, %+v", err, v)
	}
	proposal := v[0].Ref
	if v, err = s.driver().Converge(t.Context(), one(ours, s.ours, ""), attachment.Want{}, nil); err != nil || v[0].State != attachment.Up {
		t.Fatalf("the acceptance: %v, %+v", err, v)
	}
	if v, err = s.driver().Converge(t.Context(), one(theirs, s.other, ""), attachment.Want{}, []attachment.Ref{proposal}); err != nil || v[0].State != attachment.Up || v[0].ID == proposal.ID {
		t.Fatalf("what the proposer sees: %v, %+v", err, v)
	}
	theirs.AllowedPrefixes = []string{"10.0.0.0/8"}
	if v, err = s.driver().Converge(t.Context(), one(theirs, s.other, ""), attachment.Want{Asked: true}, []attachment.Ref{v[0].Ref}); err != nil || v[0].State != attachment.Asked {
		t.Fatalf("other prefixes: %v, %+v", err, v)
	}
	if _, err = s.driver().Teardown(t.Context(), one(theirs, s.other, ""), []attachment.Ref{v[0].Ref}); err != nil {
		t.Fatal(err)
	}
	if p, err := r.proposal(t.Context(), theirs); err != nil || p != nil {
		t.Errorf("a proposal is left: %v, %v", p, err)
	}
	if all, err := r.associationsOf(t.Context(), gateway); err != nil || slices.ContainsFunc(all, func(a dxtypes.DirectConnectGatewayAssociation) bool { return sightOf(&a).State != attachment.Absent }) {
		t.Errorf("an association is left: %v, %v", all, err)
	}
}

// vpcOf makes a VPC with an attached virtual private gateway in another account.
func (s *sky) vpcOf(key string) string {
	c := ec2.New(ec2.Options{Region: home, BaseEndpoint: &s.url, Credentials: credentials.NewStaticCredentialsProvider(key, "s", "")})
	vpc, err := c.CreateVpc(s.t.Context(), &ec2.CreateVpcInput{CidrBlock: aws.String("10.1.0.0/16")})
	if err != nil {
		s.t.Fatal(err)
	}
	gateway, err := c.CreateVpnGateway(s.t.Context(), &ec2.CreateVpnGatewayInput{Type: "ipsec.1"})
	if err != nil {
		s.t.Fatal(err)
	}
	s.settled()
	if _, err := c.AttachVpnGateway(s.t.Context(), &ec2.AttachVpnGatewayInput{VpcId: vpc.Vpc.VpcId, VpnGatewayId: gateway.VpnGateway.VpnGatewayId}); err != nil {
		s.t.Fatal(err)
	}
	for range 200 {
		out, err := c.DescribeVpnGateways(s.t.Context(), &ec2.DescribeVpnGatewaysInput{VpnGatewayIds: []string{*gateway.VpnGateway.VpnGatewayId}})
		if err == nil && len(out.VpnGateways[0].VpcAttachments) > 0 && out.VpnGateways[0].VpcAttachments[0].State == "attached" {
			return *gateway.VpnGateway.VpnGatewayId
		}
		_ = cloud.SystemClock{}.Sleep(s.t.Context(), time.Millisecond)
	}
	s.t.Fatal("the gateway is not attached")
	return ""
}

// TestCoreNetworkIsOnlyWatched waits for what Cloud WAN makes, and leaves it.
func TestCoreNetworkIsOnlyWatched(t *testing.T) {
	s := newSky(t)
	c := AttachmentConfig{Region: home, GatewayID: s.CreateGateway("first", 0), Peer: "core-network-0123456789abcdef0"}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err := s.driver().Converge(ctx, one(c, s.ours, ""), attachment.Want{}, nil)
	if le, ok := errors.AsType[*link.Error](err); !ok || le.Code != attachment.CodeWaiting || !strings.Contains(le.Detail, "Cloud WAN has not attached core network") {
		t.Fatalf("got %v", err)
	}
	id, err := s.AttachCoreNetwork(c.GatewayID, c.Peer)
	if err != nil {
		t.Fatal(err)
	}
	v, err := s.driver().Converge(t.Context(), one(c, s.ours, ""), attachment.Want{}, nil)
	if err != nil || v[0].State != attachment.Up || v[0].ID != id {
		t.Fatalf("%v: %+v", err, v)
	}
	if _, err := s.driver().Teardown(t.Context(), one(c, s.ours, ""), []attachment.Ref{v[0].Ref}); err != nil {
		t.Fatal(err)
	}
	if len(s.Resources()) != 2 {
		t.Errorf("Cloud WAN's association is gone: %v", s.Resources())
	}
}
