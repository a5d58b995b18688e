package awsend

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect/types"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// checkCase is a configuration and a cloud to check it against.
type checkCase struct {
	cloud   func(*fakeAWS)
	config  func(*Config)
	request func(*link.CheckRequest)
}

func environmentIn(state types.EnvironmentState, available ...string) func(*fakeAWS) {
	return func(f *fakeAWS) {
		f.envs[0].State = state
		f.envs[0].Bandwidths.Available = available
	}
}

func existing(n int, state types.ConnectionState) func(*fakeAWS) {
	return func(f *fakeAWS) {
		for i := range n {
			f.add(fmt.Sprintf("mcc-%08d", i), state, nil)
		}
	}
}

func peer(site link.Site) func(*link.CheckRequest) {
	return func(r *link.CheckRequest) { r.Peer = site }
}

func exists(r *link.CheckRequest)     { r.Creating = false }
func asAcceptor(r *link.CheckRequest) { r.Side = link.Acceptor }

var checkCases = map[string]checkCase{
	"fits":        {},
	"no findings": {request: func(r *link.CheckRequest) { r.Bandwidth = 0 }},
	"other pair":  {request: peer(link.Site{Account: testProject, Region: "us-east9"})},
	"other pair of a link that exists": {request: func(r *link.CheckRequest) {
		r.Peer.Region, r.Creating = "us-east9", false
	}},
	"no environments":         {cloud: func(f *fakeAWS) { f.envs = nil }},
	"no peer, one Google":     {request: peer(link.Site{})},
	"no peer, several":        {cloud: func(f *fakeAWS) { f.envs = append(f.envs, googleEnvironment("mce-2", "us-east1")) }, request: peer(link.Site{})},
	"acceptor, several":       {cloud: func(f *fakeAWS) { f.envs = append(f.envs, googleEnvironment("mce-2", "us-east1")) }, request: func(r *link.CheckRequest) { r.Peer = link.Site{}; asAcceptor(r) }},
	"unavailable":             {cloud: environmentIn(types.EnvironmentStateUnavailable, "1Gbps", "10Gbps")},
	"unavailable, exists":     {cloud: environmentIn(types.EnvironmentStateUnavailable, "1Gbps", "10Gbps"), request: exists},
	"limited":                 {cloud: environmentIn(types.EnvironmentStateLimited, "1Gbps", "10Gbps")},
	"limited to nothing":      {cloud: environmentIn(types.EnvironmentStateLimited)},
	"tier not sold":           {request: func(r *link.CheckRequest) { r.Bandwidth = 3 * bandwidth.Gbps }},
	"tier not sold, exists":   {request: func(r *link.CheckRequest) { r.Bandwidth, r.Creating = 3*bandwidth.Gbps, false }},
	"tier planned":            {request: func(r *link.CheckRequest) { r.Bandwidth = 100 * bandwidth.Gbps }},
	"tier sold out, exists":   {request: func(r *link.CheckRequest) { r.Bandwidth, r.Creating = 100*bandwidth.Gbps, false }},
	"gateway missing":         {cloud: func(f *fakeAWS) { f.legal, f.existing = nil, nil }},
	"gateway not legal":       {cloud: func(f *fakeAWS) { f.legal = []string{"another"} }},
	"gateway not describable": {cloud: func(f *fakeAWS) { f.legal = nil; f.fail["DescribeDirectConnectGateways"] = errors.New("no") }},
	"gateway by exception": {cloud: func(f *fakeAWS) {
		f.legal = nil
		f.fail["DescribeDirectConnectGateways"] = answered("Direct Connect", "DescribeDirectConnectGateways", 400, nil, "DirectConnectClientException", "it does not exist")
	}},
	"gateway not known yet": {config: func(c *Config) { c.GatewayID = "" }},
	"gateway in capitals":   {config: func(c *Config) { c.GatewayID = strings.ToUpper(testGateway) }},
	"project id":            {request: peer(link.Site{Account: "no project", Region: "us-east4"})},
	"project with domain":   {request: peer(link.Site{Account: "example.com:prod", Region: "us-east4"})},
	"e-mail": {
		cloud:   func(f *fakeAWS) { f.envs[0].RemoteIdentifierType = types.RemoteAccountIdentifierTypeEmail },
		request: peer(link.Site{Account: testProject, Region: "us-east4"}),
	},
	"e-mail fits": {
		cloud:   func(f *fakeAWS) { f.envs[0].RemoteIdentifierType = types.RemoteAccountIdentifierTypeEmail },
		request: peer(link.Site{Account: "net@example.com", Region: "us-east4"}),
	},
	"another cloud's account": {
		cloud: func(f *fakeAWS) {
			f.envs[0].Provider = &types.ProviderMemberCloudServiceProvider{Value: "oci"}
		},
		request: peer(link.Site{Account: "ocid1:tenancy", Region: "us-east4"}),
	},
	"description": {config: func(c *Config) { c.Description = "AWS <-> Google" }},
	"tags": {config: func(c *Config) {
		c.Tags = map[string]string{"aws:x": "1", "Crosscloud:link": "1", "": "1", "long": strings.Repeat("x", 257)}
	}},
	"provider's quota":    {cloud: existing(2, types.ConnectionStateAvailable)},
	"all quotas":          {cloud: existing(10, types.ConnectionStateRequested)},
	"quotas, acceptor":    {cloud: existing(10, types.ConnectionStateRequested), request: asAcceptor},
	"quotas, exists":      {cloud: existing(10, types.ConnectionStateRequested), request: exists},
	"failed do not count": {cloud: existing(10, types.ConnectionStateFailed)},
	"everything at once": {
		cloud: func(f *fakeAWS) {
			f.legal = nil
			existing(2, types.ConnectionStateAvailable)(f)
		},
		config:  func(c *Config) { c.Description, c.Tags = "a/b", map[string]string{"aws:x": ""} },
		request: func(r *link.CheckRequest) { r.Bandwidth, r.Peer.Account = 3*bandwidth.Gbps, "x" },
	},
}

// prepare makes the end and the request of a case.
func (c checkCase) prepare() (*fakeAWS, *End, link.CheckRequest) {
	f := newFake()
	r := link.CheckRequest{
		Side: link.Initiator, Bandwidth: 10 * bandwidth.Gbps, Creating: true,
		Peer: link.Site{Account: testProject, Region: "us-east4"},
	}
	if c.cloud != nil {
		c.cloud(f)
	}
	if c.request != nil {
		c.request(&r)
	}
	e := f.end()
	if c.config != nil {
		e = f.end(c.config)
	}
	return f, e, r
}

func TestFindings(t *testing.T) {
	var all strings.Builder
	for _, name := range sortedKeys(checkCases) {
		_, e, r := checkCases[name].prepare()
		terms, found, err := e.Check(t.Context(), r)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		fmt.Fprintf(&all, "== %s\nenvironment: %q\n", name, terms.Environment)
		for _, f := range found {
			level := "error"
			if f.Warning {
				level = "warning"
			}
			if f.Err.End != endName || f.Err.Remedy == "" {
				t.Errorf("%s: a finding names no end or no remedy: %v", name, f.Err)
			}
			fmt.Fprintf(&all, "%s [%s] field %q: %v\n  %s\n", level, f.Err.Kind, f.Err.Field, f.Err, f.Err.Remedy)
		}
	}
	golden(t, "findings", all.String())
}

func TestCheckTerms(t *testing.T) {
	_, e, r := checkCase{}.prepare()
	got, _, err := e.Check(t.Context(), r)
	got.Looks = nil // TestLooks
	want := link.Terms{
		Environment: testEnv, PeerRegion: "us-east4", Tiers: []bandwidth.Bandwidth{bandwidth.Gbps, 10 * bandwidth.Gbps},
		Flows: []link.Side{link.Initiator, link.Acceptor},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func TestCheckCallsOnlyWhatIsNeeded(t *testing.T) {
	tests := map[string]struct {
		name string
		want []string
	}{
		"new link":         {"fits", []string{"DescribeDirectConnectGatewayAssociations", "ListAttachPoints", "ListConnections", "ListEnvironments"}},
		"existing link":    {"tier sold out, exists", []string{"ListEnvironments"}},
		"no environment":   {"other pair", []string{"ListConnections", "ListEnvironments"}},
		"closed":           {"unavailable", []string{"ListConnections", "ListEnvironments"}},
		"gateway to come":  {"gateway not known yet", []string{"ListConnections", "ListEnvironments"}},
		"gateway in doubt": {"gateway not legal", []string{"DescribeDirectConnectGateways", "ListAttachPoints", "ListConnections", "ListEnvironments"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			f, e, r := checkCases[tt.name].prepare()
			if _, _, err := e.Check(t.Context(), r); err != nil {
				t.Fatal(err)
			}
			slices.Sort(f.calls)
			if diff := cmp.Diff(tt.want, f.calls); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestCheckReportsCallsThatCannotBeMade(t *testing.T) {
	t.Run("associations may stay unread", func(t *testing.T) {
		f, e, r := checkCase{}.prepare()
		f.fail["DescribeDirectConnectGatewayAssociations"] = answered("Direct Connect", "DescribeDirectConnectGatewayAssociations", 400, nil, "AccessDeniedException", "no")
		terms, _, err := e.Check(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		last := terms.Looks[len(terms.Looks)-1]
		if last.Topic != link.TopicPrefixes || !strings.Contains(last.Skipped, "is not allowed") {
			t.Errorf("got %+v", last)
		}
	})
	for _, op := range []string{"ListEnvironments", "ListAttachPoints", "ListConnections"} {
		t.Run(op, func(t *testing.T) {
			f, e, r := checkCase{}.prepare()
			f.fail[op] = apiError(http.StatusForbidden, &types.AccessDeniedException{Message: new("no")})
			if _, _, err := e.Check(t.Context(), r); cloud.KindOf(err) != cloud.Denied {
				t.Errorf("got %v, want denied", err)
			}
		})
	}
}

// TestLooks holds which topics are looked at, and why others are not.
func TestLooks(t *testing.T) {
	for _, name := range []string{"fits", "other pair", "no peer, one Google", "gateway not known yet", "unavailable", "tier sold out, exists"} {
		t.Run(name, func(t *testing.T) {
			_, e, r := checkCases[name].prepare()
			terms, found, err := e.Check(t.Context(), r)
			if err != nil {
				t.Fatal(err)
			}
			skipped := map[link.Topic]string{}
			for _, l := range terms.Looks {
				if l.Skipped != "" {
					skipped[l.Topic] = l.Skipped
				}
			}
			const none, exists = "no single environment fits", "the link exists"
			want := map[string]map[link.Topic]string{
				"fits":                  {},
				"other pair":            {link.TopicBandwidth: none, link.TopicPeer: none, link.TopicGateway: none, link.TopicQuota: none, link.TopicPrefixes: none},
				"no peer, one Google":   {link.TopicPeer: "the other end's account is not known"},
				"gateway not known yet": {link.TopicGateway: "the gateway is not known yet", link.TopicPrefixes: "the gateway is not known yet"},
				"unavailable":           {link.TopicGateway: "the environment takes no connection", link.TopicPrefixes: "the environment takes no connection"},
				"tier sold out, exists": {link.TopicGateway: exists, link.TopicQuota: exists, link.TopicPrefixes: exists},
			}[name]
			if diff := cmp.Diff(want, skipped); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			for _, f := range found {
				if f.Topic == "" || skipped[f.Topic] != "" {
					t.Errorf("a finding has no topic, or one that was not looked at: %+v", f)
				}
			}
		})
	}
}

// TestOffers reads what the gateway offers already.
func TestOffers(t *testing.T) {
	f, e, r := checkCase{cloud: func(f *fakeAWS) { f.offers = []string{"10.0.0.0/16", "nonsense"} }}.prepare()
	terms, _, err := e.Check(t.Context(), r)
	if err != nil || fmt.Sprint(terms.Offers) != "[10.0.0.0/16]" || terms.OffersField != "" {
		t.Errorf("got %v (%q), %v, after %v", terms.Offers, terms.OffersField, err, f.calls)
	}
}
