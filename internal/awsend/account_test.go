package awsend

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/google/go-cmp/cmp"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect/types"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

func TestIDIsAskedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.hold = make(chan struct{})
		a := f.account(Options{})
		var wg sync.WaitGroup
		for range 10 {
			wg.Go(func() {
				if id, err := a.ID(t.Context()); id != testAccount || err != nil {
					t.Errorf("ID is %q, %v", id, err)
				}
			})
		}
		synctest.Wait()
		close(f.hold)
		wg.Wait()
		if n := f.count("GetCallerIdentity"); n != 1 {
			t.Errorf("STS was asked %d times, want once", n)
		}
	})
}

func TestIDDoesNotKeepAnError(t *testing.T) {
	f := newFake()
	f.fail["GetCallerIdentity"] = errors.New("connection reset by peer")
	a := f.account(Options{})
	if _, err := a.ID(t.Context()); cloud.KindOf(err) != cloud.Unavailable {
		t.Errorf("got %v, want unavailable", err)
	}
	delete(f.fail, "GetCallerIdentity")
	if id, err := a.ID(t.Context()); id != testAccount || err != nil {
		t.Errorf("after the failure, ID is %q, %v", id, err)
	}
}

func TestAnAccountThatIsNotAllowedIsNeitherReadNorChanged(t *testing.T) {
	f := newFake()
	f.add("mcc-00000001", types.ConnectionStateAvailable, nil)
	a := f.account(Options{AllowedAccountIDs: []string{"999999999999"}})
	e := New(a, Config{Name: "ai", GatewayID: testGateway})
	ref := link.Ref{ID: "mcc-00000001"}
	calls := map[string]func(context.Context) error{
		"Site":         func(ctx context.Context) error { _, err := e.Site(ctx); return err },
		"Observe":      func(ctx context.Context) error { _, err := e.Observe(ctx, ref); return err },
		"Poll":         func(ctx context.Context) error { _, err := e.Poll(ctx, ref); return err },
		"Find":         func(ctx context.Context) error { _, err := e.Find(ctx, link.Marker{Name: "ai"}); return err },
		"Match":        func(ctx context.Context) error { _, err := e.Match(ctx, "x"); return err },
		"Propose":      func(ctx context.Context) error { _, err := e.Propose(ctx, link.Proposal{}); return err },
		"Redeem":       func(ctx context.Context) error { _, err := e.Redeem(ctx, link.Redemption{}); return err },
		"Delete":       func(ctx context.Context) error { _, err := e.Delete(ctx, ref, link.Attempt{}); return err },
		"Check":        func(ctx context.Context) error { _, _, err := e.Check(ctx, link.CheckRequest{}); return err },
		"Environments": func(ctx context.Context) error { _, err := a.Environments(ctx, ""); return err },
		"Connections":  func(ctx context.Context) error { _, err := a.Connections(ctx, ""); return err },
		"SetBandwidth": func(ctx context.Context) error {
			_, err := e.SetBandwidth(ctx, ref, bandwidth.Gbps, link.Attempt{})
			return err
		},
	}
	for name, call := range calls {
		t.Run(name, func(t *testing.T) {
			if err := call(t.Context()); cloud.KindOf(err) != cloud.Denied {
				t.Errorf("got %v, want denied", err)
			}
		})
	}
	if calls := slices.Compact(f.calls); !slices.Equal(calls, []string{"GetCallerIdentity"}) {
		t.Errorf("AWS was called: %v", calls)
	}
}

func TestNoRegion(t *testing.T) {
	a := newAccount(Options{}, newFake(), nil)
	_, err := a.Environments(t.Context(), "")
	if ce, ok := errors.AsType[*cloud.Error](err); !ok || ce.Kind != cloud.Invalid || ce.Field != "region" {
		t.Errorf("got %v, want an error about region", err)
	}
}

func TestRegionsHaveClientsOfTheirOwn(t *testing.T) {
	fakes := map[string]*fakeAWS{}
	a := newAccount(Options{Config: aws.Config{Region: testRegion}}, newFake(), func(region string) clients {
		fakes[region] = newFake()
		return clients{interconnect: fakes[region], gateways: fakes[region]}
	})
	for _, region := range []string{"", testRegion, "eu-west-2", "eu-west-2"} {
		if _, err := a.Connections(t.Context(), region); err != nil {
			t.Fatal(err)
		}
	}
	for _, region := range []string{testRegion, "eu-west-2"} {
		if n := fakes[region].count("ListConnections"); n != 2 {
			t.Errorf("%s was listed %d times, want 2", region, n)
		}
	}
}

func TestNewAccountCallsTheEndpoints(t *testing.T) {
	var mu sync.Mutex
	hits := map[string]string{}
	server := func(name string) string {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, scope, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=AKIATEST/")
			_, scope, _ = strings.Cut(scope, "/")
			scope, _, _ = strings.Cut(scope, "/aws4_request")
			mu.Lock()
			hits[name] = scope
			mu.Unlock()
			w.WriteHeader(http.StatusTeapot)
		}))
		t.Cleanup(s.Close)
		return s.URL
	}
	a := NewAccount(Options{
		Config: aws.Config{
			Region:      testRegion,
			Credentials: credentials.NewStaticCredentialsProvider("AKIATEST", "secret", ""),
			Retryer:     func() aws.Retryer { return aws.NopRetryer{} },
		},
		Endpoints: Endpoints{Interconnect: server("interconnect"), DirectConnect: server("dx"), STS: server("sts"), EC2: "http://127.0.0.1:2"},
	})
	if _, err := a.ID(t.Context()); err == nil {
		t.Error("a teapot told the account")
	}
	if _, err := a.Connections(t.Context(), "eu-west-2"); err == nil {
		t.Error("a teapot listed connections")
	}
	r, err := a.region(t.Context(), "eu-west-2")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.gateways.DescribeDirectConnectGateways(t.Context(), nil); err == nil {
		t.Error("a teapot described gateways")
	}
	want := map[string]string{"sts": "us-east-1/sts", "interconnect": "eu-west-2/interconnect", "dx": "eu-west-2/directconnect"}
	if diff := cmp.Diff(want, hits); diff != "" {
		t.Errorf("calls by endpoint (-want +got):\n%s", diff)
	}
	if a.Region() != testRegion || a.Config("").Region != testRegion || a.Config("eu-west-2").Region != "eu-west-2" {
		t.Error("the regions are mixed up")
	}
	if got := a.Endpoints().EC2; got != "http://127.0.0.1:2" {
		t.Errorf("the endpoint of EC2 is %q", got)
	}
}

func TestEnvironmentsAreKeptForAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		a := f.account(Options{})
		for _, step := range []struct {
			pass time.Duration
			want int
		}{{0, 1}, {59 * time.Second, 1}, {time.Second, 2}} {
			if err := (cloud.SystemClock{}).Sleep(t.Context(), step.pass); err != nil {
				t.Fatal(err)
			}
			if _, err := a.Environments(t.Context(), ""); err != nil {
				t.Fatal(err)
			}
			if n := f.count("ListEnvironments"); n != step.want {
				t.Errorf("after %s more: listed %d times, want %d", step.pass, n, step.want)
			}
		}
	})
}

func TestEnvironments(t *testing.T) {
	f := newFake()
	got, err := f.account(Options{}).Environments(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	want := []Environment{{
		ID: testEnv, Region: testRegion, PeerRegion: "us-east4", Provider: "gcp", Type: "Multicloud", State: "available",
		Available:        []bandwidth.Bandwidth{bandwidth.Gbps, 10 * bandwidth.Gbps},
		Supported:        []bandwidth.Bandwidth{bandwidth.Gbps, 10 * bandwidth.Gbps, 100 * bandwidth.Gbps},
		RemoteIdentifier: "account",
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestChoose(t *testing.T) {
	google := Environment{ID: "g4", PeerRegion: "us-east4", Provider: "gcp"}
	other := Environment{ID: "g1", PeerRegion: "us-east1", Provider: "Google Cloud"}
	azure := Environment{ID: "az", PeerRegion: "eastus", Provider: "azure"}
	twin := Environment{ID: "tw", PeerRegion: "us-east4", Provider: "oci"}
	carrier := Environment{ID: "lm", PeerRegion: "us-east4", Provider: "google-fiber", LastMile: true}
	tests := map[string]struct {
		envs []Environment
		peer string
		want []Environment
	}{
		"by region":                    {[]Environment{google, other, azure}, "us-east4", []Environment{google}},
		"spelling":                     {[]Environment{google}, "US-EAST4", []Environment{google}},
		"another cloud's region":       {[]Environment{google, azure}, "eastus", []Environment{azure}},
		"one name at two clouds":       {[]Environment{twin, google}, "us-east4", []Environment{google}},
		"a carrier is no cloud":        {[]Environment{carrier}, "us-east4", nil},
		"nowhere":                      {[]Environment{google}, "us-east9", nil},
		"unknown region, by provider":  {[]Environment{azure, google, carrier}, "", []Environment{google}},
		"unknown region, several":      {[]Environment{google, other}, "", []Environment{google, other}},
		"unknown region, other clouds": {[]Environment{azure}, "", nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, choose(tt.envs, tt.peer)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestConnections(t *testing.T) {
	f := newFake()
	f.pageSize = 1
	f.add("mcc-00000001", types.ConnectionStateAvailable, map[string]string{TagLink: "ai", TagOwner: "acme", "team": "net"})
	f.add("mcc-00000002", types.ConnectionStateDeleted, nil)
	f.add("mcc-00000003", types.ConnectionStateFailed, nil)
	got, err := f.account(Options{}).Connections(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || got[0].ID != "mcc-00000001" || got[1].ID != "mcc-00000003" {
		t.Fatalf("got %v", got)
	}
	if got[0].Partial || got[0].Mark != (link.Marker{Name: "ai", Owner: "acme"}) {
		t.Errorf("the first is not complete: %+v", got[0])
	}
	if diff := cmp.Diff(map[string]string{"team": "net"}, got[0].Detail.(*Detail).Foreign); diff != "" {
		t.Errorf("foreign tags (-want +got):\n%s", diff)
	}
	if n := f.count("ListConnections"); n != 3 {
		t.Errorf("there were %d pages, want 3", n)
	}
}

func TestParseARN(t *testing.T) {
	tests := map[string]struct {
		arn  string
		want [3]string
		ok   bool
	}{
		"commercial": {"arn:aws:interconnect:us-east-1:123456789012:connection/mcc-1a2b3c4d", [3]string{"us-east-1", "123456789012", "mcc-1a2b3c4d"}, true},
		"partition":  {"arn:aws-us-gov:interconnect:us-gov-west-1:123456789012:connection/lmcc-1a2b3c4d", [3]string{"us-gov-west-1", "123456789012", "lmcc-1a2b3c4d"}, true},
		"id":         {"mcc-1a2b3c4d", [3]string{}, false},
		"gateway":    {"arn:aws:directconnect::123456789012:dx-gateway/" + testGateway, [3]string{}, false},
		"long id":    {"arn:aws:interconnect:us-east-1:123456789012:connection/mcc-1a2b3c4d5", [3]string{}, false},
		"no region":  {"arn:aws:interconnect::123456789012:connection/mcc-1a2b3c4d", [3]string{}, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			region, account, id, err := ParseARN(tt.arn)
			if got := [3]string{region, account, id}; got != tt.want || (err == nil) != tt.ok {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
}
