package googleend

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

// profile is a profile as Google writes it.
func profile(id, provider, site, flow, order string) string {
	return fmt.Sprintf(`{"name":"projects/p/locations/us-east4/remoteTransportProfiles/%s","provider":%q,"providerSite":%q,"supportedBandwidths":["BPS_1G","BPS_10G"],"flow":%q,"orderState":%q}`, id, provider, site, flow, order)
}

// offer is what the fake Google has in a check.
type offer struct {
	profiles   []string
	transports answer
	network    answer
}

func (o offer) answers() map[string][]answer {
	return map[string][]answer{
		"GET " + parent + "/remoteTransportProfiles":        {ok(`{"remoteTransportProfiles":[` + strings.Join(o.profiles, ",") + `]}`)},
		"GET " + parent + "/transports":                     {o.transports},
		"GET /compute/v1/projects/p/global/networks/vpc":    {o.network},
		"GET /compute/v1/projects/host/global/networks/vpc": {o.network},
	}
}

func TestCheck(t *testing.T) {
	const amazon, both = "Amazon Web Services", "INPUT_OR_OUTPUT"
	aws := profile("aws-us-east-1", amazon, "us-east-1", both, "OPEN")
	another := profile("aws-us-west-2", amazon, "us-west-2", both, "OPEN")
	azure := profile("azure-eastus", "Microsoft Azure", "eastus", both, "OPEN")
	peer := link.Site{Account: "111122223333", Region: "us-east-1"}
	sold := []bandwidth.Bandwidth{bandwidth.Gbps, 10 * bandwidth.Gbps}
	terms := link.Terms{Environment: "aws-us-east-1", PeerRegion: "us-east-1", Tiers: sold, Flows: []link.Side{link.Initiator, link.Acceptor}}
	fine := offer{profiles: []string{aws, azure}, transports: listOf(), network: ok(`{"name":"vpc","mtu":8896}`)}
	type found struct {
		field, says string
		warning     bool
	}
	for name, c := range map[string]struct {
		offer  func(*offer)
		config func(*Config)
		ask    func(*link.CheckRequest)
		terms  func(*link.Terms)
		want   []found
	}{
		"all well":                  {},
		"peer not known":            {ask: func(r *link.CheckRequest) { r.Peer = link.Site{} }},
		"azure":                     {ask: func(r *link.CheckRequest) { r.Peer = link.Site{Account: "tenant", Region: "eastus"} }, terms: func(t *link.Terms) { t.Environment, t.PeerRegion = "azure-eastus", "eastus" }},
		"region of the other cloud": {ask: func(r *link.CheckRequest) { r.Peer.Region = "eu-west-2" }, terms: noTerms, want: []found{{"region", "not joined with eu-west-2; these are: us-east4 with eastus (Microsoft Azure), us-east4 with us-east-1 (Amazon Web Services)", false}}},
		"the same, link exists":     {ask: func(r *link.CheckRequest) { r.Peer.Region, r.Creating = "eu-west-2", false }, terms: noTerms, want: []found{{"region", "not joined", true}}},
		"no profile":                {offer: func(o *offer) { o.profiles = nil }, ask: func(r *link.CheckRequest) { r.Peer = link.Site{} }, terms: noTerms, want: []found{{"region", "not joined with AWS; it is joined with no region", false}}},
		"several, initiator":        {offer: func(o *offer) { o.profiles = []string{aws, another} }, ask: func(r *link.CheckRequest) { r.Peer = link.Site{} }, terms: noTerms, want: []found{{"region", "several environments fit", false}}},
		"several, acceptor":         {offer: func(o *offer) { o.profiles = []string{aws, another} }, ask: func(r *link.CheckRequest) { r.Peer, r.Side = link.Site{}, link.Acceptor }, terms: noTerms},
		"closed":                    {offer: func(o *offer) { o.profiles = []string{profile("aws-us-east-1", amazon, "us-east-1", both, "CLOSED")} }, ask: func(r *link.CheckRequest) { r.Bandwidth = 0 }, terms: func(t *link.Terms) { t.Tiers = nil }, want: []found{{"region", "takes no orders now", false}}},
		"closed, link exists":       {offer: func(o *offer) { o.profiles = []string{profile("aws-us-east-1", amazon, "us-east-1", both, "CLOSED")} }, ask: func(r *link.CheckRequest) { r.Creating = false }},
		"wrong side": {offer: func(o *offer) {
			o.profiles = []string{profile("aws-us-east-1", amazon, "us-east-1", "INPUT_ONLY", "OPEN")}
		}, terms: func(t *link.Terms) { t.Flows = []link.Side{link.Acceptor} }, want: []found{{".initiator", "cannot be the initiator (INPUT_ONLY)", false}}},
		"tier":           {ask: func(r *link.CheckRequest) { r.Bandwidth = 5 * bandwidth.Gbps }, want: []found{{".bandwidth", "5Gbps is not sold for aws-us-east-1; these are: 1Gbps, 10Gbps", false}}},
		"tier not known": {ask: func(r *link.CheckRequest) { r.Bandwidth = 0 }},
		"account":        {ask: func(r *link.CheckRequest) { r.Peer.Account = "123" }, want: []found{{"", `"123" is not an AWS account id`, false}}},
		"no network": {offer: func(o *offer) {
			o.network = answer{status: 404, body: `{"error":{"code":404,"message":"x","errors":[{"reason":"notFound"}]}}`}
		}, want: []found{{"network", "no network vpc in project p", false}}},
		"network in a host project": {config: func(c *Config) { c.Network = "projects/host/global/networks/vpc" }},
		"network not readable": {offer: func(o *offer) {
			o.network = answer{status: 403, body: `{"error":{"code":403,"message":"x","errors":[{"reason":"forbidden"}]}}`}
		}, want: []found{{"network", "could not be checked", true}}},
		"small packets":            {offer: func(o *offer) { o.network = ok(`{"name":"vpc","mtu":1460}`) }, want: []found{{"network", "MTU of 1460 bytes and the transport's has 8896", true}}},
		"default packets":          {offer: func(o *offer) { o.network = ok(`{"name":"vpc"}`) }, want: []found{{"network", "1460", true}}},
		"quota":                    {offer: func(o *offer) { o.transports = listOf("us-east4/transports/other", "us-east4/transports/ai") }, want: []found{{"region", "already (other), and the quota is one", true}}},
		"quota, link exists":       {offer: func(o *offer) { o.transports = listOf("us-east4/transports/other") }, ask: func(r *link.CheckRequest) { r.Creating = false }},
		"hub":                      {config: func(c *Config) { c.Network, c.Hub, c.AutoAccept = "", "wan", true }},
		"hub elsewhere":            {config: func(c *Config) { c.Network, c.Hub = "", "projects/q/locations/global/hubs/wan" }, want: []found{{"hub", "in project q", false}}},
		"neither is known":         {config: func(c *Config) { c.Network, c.AutoAccept = "", true }},
		"both":                     {config: func(c *Config) { c.Hub = "wan" }, want: []found{{"network", "one of them only", false}}},
		"hub settings without hub": {config: func(c *Config) { c.AutoAccept, c.PSCRouting = true, true }, want: []found{{"auto_accept", "needs a hub", false}, {"psc_routing", "needs a hub", false}}},
		"reserved label":           {config: func(c *Config) { c.Labels = map[string]string{"crosscloud-link": "x"} }, want: []found{{"labels", "reserved", false}}},
		"bad prefix":               {config: func(c *Config) { c.AdvertisedRoutes = []string{"10.0.0.1"} }, want: []found{{"advertised_routes", "not a prefix", false}}},
		"prefix with an address":   {config: func(c *Config) { c.AdvertisedRoutes = []string{"10.0.0.1/16"} }, want: []found{{"advertised_routes", "not a network", false}}},
	} {
		t.Run(name, func(t *testing.T) {
			o, cfg, want := fine, config(), terms
			r := link.CheckRequest{Side: link.Initiator, Bandwidth: bandwidth.Gbps, Peer: peer, Creating: true}
			apply(c.offer, &o)
			apply(c.config, &cfg)
			apply(c.ask, &r)
			apply(c.terms, &want)
			got, findings, err := New(newAccount(t, newFake(t, o.answers())), cfg).Check(t.Context(), r)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range findings {
				if !slices.ContainsFunc(got.Looks, func(l link.Look) bool { return l.Topic == f.Topic && l.Skipped == "" }) {
					t.Errorf("finding %v is of topic %q, which was not looked at: %v", f.Err, f.Topic, got.Looks)
				}
			}
			if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(link.Terms{}, "Looks", "Offers", "OffersField")); diff != "" {
				t.Errorf("terms (-want +got):\n%s", diff)
			}
			if len(findings) != len(c.want) {
				t.Fatalf("findings %v, want %v", said(findings), c.want)
			}
			for i, f := range findings {
				if w := c.want[i]; f.Err.Field != w.field || f.Warning != w.warning || !strings.Contains(f.Err.Error(), w.says) || f.Err.Remedy == "" {
					t.Errorf("finding %v; want %v", said(findings), w)
				}
			}
		})
	}
}

// apply changes v, if there is a change.
func apply[T any](change func(*T), v *T) {
	if change != nil {
		change(v)
	}
}

func TestLooksAndOffers(t *testing.T) {
	cfg := config()
	cfg.AdvertisedRoutes = []string{"10.1.0.0/16", "nonsense", "10.0.0.0/24"}
	cfg.Network = ""
	offered := offer{profiles: []string{profile("aws-us-east-1", "Amazon Web Services", "us-east-1", "INPUT_OR_OUTPUT", "OPEN")}, transports: listOf()}
	account := newAccount(t, newFake(t, offered.answers()))
	got, _, err := New(account, cfg).Check(t.Context(), link.CheckRequest{Side: link.Initiator, Peer: link.Site{Region: "us-east-1"}})
	if err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(got.Offers) != "[10.0.0.0/24 10.1.0.0/16]" || got.OffersField != "advertised_routes" {
		t.Errorf("it offers %v by %q", got.Offers, got.OffersField)
	}
	want := append(link.LookedAt(link.TopicSettings, link.TopicEnvironment),
		link.Look{Topic: link.TopicKeyFlow, Skipped: "the link exists"}, link.Look{Topic: link.TopicBandwidth},
		link.Look{Topic: link.TopicPeer, Skipped: "the other end's account is not known"},
		link.Look{Topic: link.TopicNetwork, Skipped: "no network is given, or it is not known yet"},
		link.Look{Topic: link.TopicQuota, Skipped: "the link exists"}, link.Look{Topic: link.TopicPrefixes})
	if diff := cmp.Diff(want, got.Looks); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func noTerms(t *link.Terms) { *t = link.Terms{} }

func said(findings []link.Finding) []string {
	var all []string
	for _, f := range findings {
		all = append(all, fmt.Sprintf("%q warning %v: %v (%s)", f.Err.Field, f.Warning, f.Err, f.Err.Remedy))
	}
	return all
}

func TestCheckThatCannotBeMade(t *testing.T) {
	no := refuse(403, "PERMISSION_DENIED", "no")
	down := answer{status: 503, body: "{}"}
	for name, c := range map[string]struct {
		call  string
		reply answer
		kind  cloud.Kind
	}{
		"profiles":   {"GET " + parent + "/remoteTransportProfiles", no, cloud.Denied},
		"transports": {"GET " + parent + "/transports", no, cloud.Denied},
		"network":    {"GET /compute/v1/projects/p/global/networks/vpc", down, cloud.Unavailable},
	} {
		t.Run(name, func(t *testing.T) {
			answers := offer{profiles: nil, transports: listOf(), network: ok("{}")}.answers()
			answers[c.call] = []answer{c.reply}
			f := newFake(t, answers)
			_, _, err := New(newAccount(t, f), config()).Check(t.Context(), link.CheckRequest{Creating: true})
			if cloud.KindOf(err) != c.kind {
				t.Errorf("got %v", err)
			}
			if n := f.count(c.call); c.kind == cloud.Unavailable && n != maxTries {
				t.Errorf("%d tries, want %d: the client must not repeat what is repeated below it", n, maxTries)
			}
		})
	}
}

func TestCheckWithoutAPlace(t *testing.T) {
	f := newFake(t, nil)
	a := newAccount(t, f, func(o *Options) { o.Region = "" })
	if _, _, err := New(a, config()).Check(t.Context(), link.CheckRequest{}); cloud.KindOf(err) != cloud.Invalid || len(f.calls()) != 0 {
		t.Errorf("got %v after %v", err, f.calls())
	}
}
