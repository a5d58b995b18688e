package awsend

import (
	"errors"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect/types"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

// compareKeys lets go-cmp look at activation keys, which print as nothing.
var compareKeys = cmp.Comparer(func(a, b activation.Key) bool { return a == b })

func TestDescriptor(t *testing.T) {
	want := link.Descriptor{Cloud: "aws", Name: "AWS", Object: "connection", WritesBandwidth: true, TeardownOrder: 2}
	if got := newFake().end().Descriptor(); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestSite(t *testing.T) {
	f := newFake()
	for region, want := range map[string]string{"": testRegion, "eu-west-2": "eu-west-2"} {
		got, err := f.end(func(c *Config) { c.Region = region }).Site(t.Context())
		if want := (link.Site{Account: testAccount, Region: want}); got != want || err != nil {
			t.Errorf("with region %q: %+v, %v; want %+v", region, got, err, want)
		}
	}
}

// Every state of the service model has a meaning of its own here.
func TestStates(t *testing.T) {
	want := map[types.ConnectionState]link.State{
		"requested": link.AwaitingPeer, "pending": link.Joining, "available": link.Up, "updating": link.Updating,
		"down": link.Down, "deleting": link.Deleting, "deleted": link.Deleted, "failed": link.Failed,
		"hibernating": link.Joining,
	}
	for _, s := range types.ConnectionState("").Values() {
		if _, ok := want[s]; !ok {
			t.Errorf("state %q of the model is not tested", s)
		}
	}
	for word, state := range want {
		t.Run(string(word), func(t *testing.T) {
			f := newFake()
			f.add("mcc-00000001", word, nil)
			o, err := f.end().Observe(t.Context(), link.Ref{ID: "mcc-00000001"})
			if err != nil {
				t.Fatal(err)
			}
			if o.State != state || o.Raw != string(word) {
				t.Errorf("got %q (%q), want %q", o.State, o.Raw, state)
			}
			if shown := !o.Key.IsZero(); shown != (word == "requested") {
				t.Errorf("the key is shown: %v", shown)
			}
		})
	}
}

func TestObserve(t *testing.T) {
	f := newFake()
	c := f.add("mcc-00000001", types.ConnectionStateRequested, map[string]string{
		TagLink: "ai", TagOwner: "acme", "team": "net", "cost": "42",
	})
	c.BillingTier = new(int32(3))
	got, err := f.end().Observe(t.Context(), link.Ref{ID: "mcc-00000001", Operation: "ignored"})
	if err != nil {
		t.Fatal(err)
	}
	want := link.Observation{
		Ref: link.Ref{ID: "mcc-00000001"}, State: link.AwaitingPeer, Raw: "requested",
		SharedID: "8d7e6f5a-0000-4000-8000-000000000000", Environment: testEnv,
		Site: link.Site{Account: testAccount, Region: testRegion}, PeerSite: link.Site{Region: "us-east4"},
		Bandwidth: 10 * bandwidth.Gbps, Key: activation.NewKey("key-of-mcc-00000001"),
		Mark: link.Marker{Name: "ai", Owner: "acme"},
		Detail: &Detail{
			ARN: "arn:aws:interconnect:us-east-1:123456789012:connection/mcc-00000001", AccountID: testAccount,
			State: "requested", BillingTier: new(int32(3)), Description: "ai",
			Tags: map[string]string{"team": "net"}, Foreign: map[string]string{"cost": "42"},
			GatewayID: testGateway, EnvironmentID: testEnv, Location: "us-east4", Type: "Multicloud", ProviderName: "gcp",
		},
	}
	if diff := cmp.Diff(want, got, compareKeys); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestObserveWhatCannotBeRead(t *testing.T) {
	denied := apiError(http.StatusForbidden, &types.AccessDeniedException{Message: new("not allowed or does not exist")})
	expired := apiError(http.StatusForbidden, &smithy.GenericAPIError{Code: "ExpiredTokenException", Message: "expired"})
	tests := map[string]struct {
		id    string
		fail  error
		list  error
		state link.State
		kind  cloud.Kind
		calls int
	}{
		"not found":     {id: "mcc-00000009", state: link.Absent, calls: 1},
		"denied":        {id: "mcc-00000001", fail: denied, kind: cloud.Denied, calls: 1},
		"not listed":    {id: "mcc-00000009", fail: denied, state: link.Absent, calls: 1},
		"no list":       {id: "mcc-00000009", fail: denied, list: denied, kind: cloud.Denied, calls: 1},
		"credentials":   {id: "mcc-00000009", fail: expired, kind: cloud.Denied, calls: 1},
		"no id":         {state: link.Absent},
		"ARN for an id": {id: "arn:aws:interconnect:us-east-1:123456789012:connection/mcc-00000009", kind: cloud.Invalid},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFake()
			f.add("mcc-00000001", types.ConnectionStateAvailable, nil)
			f.fail["GetConnection"], f.fail["ListConnections"] = tt.fail, tt.list
			o, err := f.end().Observe(t.Context(), link.Ref{ID: tt.id})
			if o.State != tt.state || cloud.KindOf(err) != tt.kind || (err == nil) != (tt.kind == cloud.Unknown) {
				t.Errorf("got %q, %v; want %q, %s", o.State, err, tt.state, tt.kind)
			}
			if n := f.count("GetConnection"); n != tt.calls {
				t.Errorf("there were %d calls, want %d", n, tt.calls)
			}
		})
	}
}

func TestObserveAReplyWithoutAConnection(t *testing.T) {
	f := newFake()
	if _, err := f.end().Propose(t.Context(), link.Proposal{}); !cloud.Transient(err) {
		t.Errorf("got %v, want an error that is worth repeating", err)
	}
}

func TestPollSharesOneList(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		ids := []string{"mcc-00000001", "mcc-00000002", "mcc-00000003"}
		for _, id := range ids {
			f.add(id, types.ConnectionStatePending, nil)
		}
		a := f.account(Options{})
		var wg sync.WaitGroup
		for i := range 30 {
			e := New(a, Config{Name: "ai"})
			id := ids[i%len(ids)]
			wg.Go(func() {
				o, err := e.Poll(t.Context(), link.Ref{ID: id})
				if err != nil || o.ID != id || o.State != link.Joining || !o.Partial || o.Bandwidth != 10*bandwidth.Gbps || o.SharedID == "" {
					t.Errorf("%s: got %+v, %v", id, o, err)
				}
			})
		}
		wg.Wait()
		if l, g := f.count("ListConnections"), f.count("GetConnection"); l != 1 || g != 0 {
			t.Errorf("30 polls took %d lists and %d reads, want 1 and 0", l, g)
		}
	})
}

func TestPollReadsWhatTheListDoesNotShow(t *testing.T) {
	f := newFake()
	f.add("mcc-00000001", types.ConnectionStateDeleted, nil)
	for id, want := range map[string]link.State{"mcc-00000001": link.Deleted, "mcc-00000002": link.Absent, "": link.Absent} {
		o, err := f.end().Poll(t.Context(), link.Ref{ID: id})
		if o.State != want || err != nil {
			t.Errorf("%q: got %q, %v; want %q", id, o.State, err, want)
		}
	}
}

func TestFind(t *testing.T) {
	f := newFake()
	f.add("mcc-00000001", types.ConnectionStateAvailable, map[string]string{TagLink: "ai", TagOwner: "acme"})
	f.add("mcc-00000002", types.ConnectionStateDeleted, map[string]string{TagLink: "ai"})
	f.add("mcc-00000003", types.ConnectionStateAvailable, map[string]string{TagLink: "other"})
	f.add("mcc-00000004", types.ConnectionStateDeleting, map[string]string{TagLink: "ai", TagOwner: "somebody"})
	f.add("mcc-00000005", types.ConnectionStateAvailable, nil)
	f.add("mcc-00000006", types.ConnectionStateAvailable, map[string]string{TagLink: "ai"}).AttachPoint =
		&types.AttachPointMemberDirectConnectGateway{Value: "another"}
	got, err := f.end().Find(t.Context(), link.Marker{Name: "ai", Owner: "acme"})
	if err != nil {
		t.Fatal(err)
	}
	marks := map[string]link.Marker{}
	for _, o := range got {
		marks[o.ID] = o.Mark
	}
	want := map[string]link.Marker{"mcc-00000001": {Name: "ai", Owner: "acme"}, "mcc-00000004": {Name: "ai", Owner: "somebody"}}
	if diff := cmp.Diff(want, marks); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if n := f.count("GetConnection"); n != 4 {
		t.Errorf("%d connections were read, want 4: the deleted one and the other gateway's are not", n)
	}
	if got := gatewayFromAPI(input[interconnect.ListConnectionsInput](t, f).AttachPoint); got != testGateway {
		t.Errorf("the list was not restricted to the gateway: %q", got)
	}
}

func TestMatch(t *testing.T) {
	f := newFake()
	f.add("mcc-00000001", types.ConnectionStateAvailable, nil)
	f.add("mcc-00000002", types.ConnectionStateAvailable, nil)
	for shared, want := range map[string]string{
		"8d7e6f5a-0000-4000-8000-000000000001": "mcc-00000002",
		"8d7e6f5a-0000-4000-8000-000000000007": "",
		"":                                     "",
	} {
		o, err := f.end().Match(t.Context(), shared)
		if err != nil || o.ID != want || o.Partial || (o.State == link.Absent) != (want == "") {
			t.Errorf("%q: got %+v, %v; want %q", shared, o, err, want)
		}
	}
}

func TestInspect(t *testing.T) {
	f := newFake()
	got, err := f.end().Inspect(t.Context(), activation.NewKey("secret"))
	want := link.Terms{Environment: testEnv, PeerRegion: "us-east4", Tiers: []bandwidth.Bandwidth{10 * bandwidth.Gbps}, Flows: []link.Side{link.Acceptor}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if in := input[interconnect.DescribeConnectionProposalInput](t, f); *in.ActivationKey != "secret" {
		t.Error("the key was not sent")
	}
	f.fail["DescribeConnectionProposal"] = errors.New("connection reset by peer")
	if _, err := f.end().Inspect(t.Context(), activation.NewKey("secret")); cloud.KindOf(err) != cloud.Unavailable {
		t.Errorf("got %v, want unavailable", err)
	}
}
