package googleend

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/api/networkconnectivity/v1"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

func TestStates(t *testing.T) {
	for word, want := range map[string]link.State{
		"CREATING": link.Creating, "PENDING_KEY": link.AwaitingPeer, "PENDING_CONFIG": link.Joining,
		"ACTIVE": link.Up, "DELETING": link.Deleting, "DEPROVISIONED": link.Deprovisioned,
		"SUSPENDED": link.Suspended, "STATE_UNSPECIFIED": link.Joining, "REPAIRING": link.Joining, "": link.Joining,
	} {
		t.Run(word, func(t *testing.T) {
			o := observe(&networkconnectivity.Transport{Name: theID, State: word, GeneratedActivationKey: "k"}, place{"p", "us-east4"})
			if o.State != want || o.Raw != word {
				t.Errorf("got %q, raw %q", o.State, o.Raw)
			}
			if o.Key.IsZero() == (word == "PENDING_KEY") {
				t.Errorf("key shown: %v", !o.Key.IsZero())
			}
		})
	}
}

func TestObserveTransport(t *testing.T) {
	profile := "https://networkconnectivity.googleapis.com/v1/projects/123/locations/us-east4/remoteTransportProfiles/aws-us-east-1"
	in := &networkconnectivity.Transport{
		Name: "projects/123/locations/us-east4/transports/ai", State: "ACTIVE", Bandwidth: "BPS_10G",
		Labels: map[string]string{labelLink: "ai", labelOwner: "acme"}, RemoteProfile: profile, RemoteAccountId: "111122223333",
		ProvidedActivationKey: "opaque", Network: "n", PeeringNetwork: "projects/x-tp/global/networks/t", MtuLimit: 8896,
		CreateTime: "c", UpdateTime: "u",
	}
	want := link.Observation{
		Ref: link.Ref{ID: theID}, State: link.Up, Raw: "ACTIVE", Environment: "aws-us-east-1",
		Site: link.Site{Account: "p", Region: "us-east4"}, PeerSite: link.Site{Account: "111122223333", Region: "us-east-1"},
		Bandwidth: 10 * bandwidth.Gbps, Redeemed: activation.NewKey("opaque"), Mark: link.Marker{Name: "ai", Owner: "acme"},
		Detail: Transport{
			Name: theID, ID: "ai", Labels: in.Labels, RemoteProfile: profile, Network: "n",
			PeeringNetwork: "projects/x-tp/global/networks/t", MTULimit: 8896, CreateTime: "c", UpdateTime: "u",
		},
	}
	got := observe(in, place{"p", "-"})
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b activation.Key) bool { return a == b })); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if strings.Contains(fmt.Sprintf("%+v", got), "opaque") {
		t.Error("the key is printed")
	}
}

func TestSharedID(t *testing.T) {
	const a, b, c = sharedUUID, "22222222-2222-4333-8444-555555555555", "33333333-2222-4333-8444-555555555555"
	ka, kb := key(t, a).Reveal(), key(t, b).Reveal()
	for name, tt := range map[string]struct {
		in   networkconnectivity.Transport
		want string
	}{
		"nothing":                      {networkconnectivity.Transport{}, ""},
		"label":                        {networkconnectivity.Transport{Labels: map[string]string{labelSharedID: strings.ToUpper(c)}, ProvidedActivationKey: ka}, c},
		"provided key":                 {networkconnectivity.Transport{ProvidedActivationKey: ka, GeneratedActivationKey: kb, RemoteAccountId: "1"}, a},
		"own key of the initiator":     {networkconnectivity.Transport{GeneratedActivationKey: kb, RemoteAccountId: "1"}, b},
		"own key of an acceptor":       {networkconnectivity.Transport{GeneratedActivationKey: kb}, ""},
		"foreign key":                  {networkconnectivity.Transport{ProvidedActivationKey: "opaque"}, ""},
		"foreign key, other generated": {networkconnectivity.Transport{ProvidedActivationKey: "opaque", GeneratedActivationKey: kb, RemoteAccountId: "1"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := sharedIDOf(&tt.in); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func listOf(names ...string) answer {
	parts := make([]string, len(names))
	for i, n := range names {
		parts[i] = fmt.Sprintf(`{"name":"projects/123/locations/%s","state":"ACTIVE"}`, n)
	}
	return ok(`{"transports":[` + strings.Join(parts, ",") + `]}`)
}

func TestTransportsReadsAllPages(t *testing.T) {
	const call = "GET /v1/projects/p/locations/-/transports"
	f := newFake(t, map[string][]answer{call: {
		ok(`{"transports":[{"name":"projects/123/locations/us-east4/transports/a"}],"nextPageToken":"two"}`),
		ok(`{"transports":[{"name":"projects/123/locations/us-west1/transports/b"}],"unreachable":["projects/p/locations/europe-west2"]}`),
	}})
	got, err := newAccount(t, f).Transports(t.Context(), "p", "-")
	if cloud.KindOf(err) != cloud.Unavailable || !strings.Contains(err.Error(), "europe-west2") {
		t.Errorf("error %v", err)
	}
	var ids []string
	for _, o := range got {
		ids = append(ids, o.ID+" "+o.Site.Region)
	}
	want := []string{"projects/p/locations/us-east4/transports/a us-east4", "projects/p/locations/us-west1/transports/b us-west1"}
	if diff := cmp.Diff(want, ids); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if q := f.last("GET").query; !strings.Contains(q, "pageToken=two") {
		t.Errorf("second page asked for with %q", q)
	}
}

func TestPoll(t *testing.T) {
	const list = "GET " + parent + "/transports"
	one := ok(`{"name":"` + theID + `","state":"PENDING_CONFIG"}`)
	for name, c := range map[string]struct {
		answers map[string][]answer
		state   link.State
		kind    cloud.Kind
		calls   []string
	}{
		"listed":                   {answers: map[string][]answer{list: {listOf("us-east4/transports/other", "us-east4/transports/ai")}}, state: link.Up, calls: []string{list}},
		"not listed yet":           {answers: map[string][]answer{list: {listOf()}, "GET " + onTransport: {one}}, state: link.Joining, calls: []string{list, "GET " + onTransport}},
		"gone":                     {answers: map[string][]answer{list: {listOf()}}, state: link.Absent, calls: []string{list, "GET " + onTransport}},
		"location out of reach":    {answers: map[string][]answer{list: {ok(`{"unreachable":["x"]}`)}}, kind: cloud.Unavailable, calls: []string{list}},
		"listed, others out there": {answers: map[string][]answer{list: {ok(`{"transports":[{"name":"` + theID + `","state":"ACTIVE"}],"unreachable":["x"]}`)}}, state: link.Up, calls: []string{list}},
		"denied":                   {answers: map[string][]answer{list: {refuse(403, "PERMISSION_DENIED", "no")}}, kind: cloud.Denied, calls: []string{list}},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, c.answers)
			o, err := New(newAccount(t, f), config()).Poll(t.Context(), link.Ref{ID: theID})
			if o.State != c.state || cloud.KindOf(err) != c.kind || (err != nil) != (c.kind != cloud.Unknown) {
				t.Errorf("got %q, %v", o.State, err)
			}
			if diff := cmp.Diff(c.calls, f.calls()); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
		})
	}
}

// roundTrip is a Google without a network.
type roundTrip func(*http.Request) *http.Response

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r), nil }

func TestPollSharesTheList(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var lists atomic.Int32
		google := roundTrip(func(r *http.Request) *http.Response {
			lists.Add(1)
			body := listOf("us-east4/transports/a", "us-east4/transports/b").body
			return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}
		})
		a, err := NewAccount(t.Context(), Options{HTTPClient: &http.Client{Transport: google}, Project: "p", Region: "us-east4"})
		if err != nil {
			t.Fatal(err)
		}
		var polls sync.WaitGroup
		for _, name := range []string{"a", "b"} {
			c := config()
			c.Name = name
			polls.Go(func() {
				o, err := New(a, c).Poll(t.Context(), link.Ref{ID: TransportName("p", "us-east4", name)})
				if err != nil || o.State != link.Up {
					t.Errorf("%s: %q, %v", name, o.State, err)
				}
			})
		}
		polls.Wait()
		if n := lists.Load(); n != 1 {
			t.Errorf("%d lists for two links that asked at once", n)
		}
	})
}

func TestBadReference(t *testing.T) {
	f := newFake(t, nil)
	e := New(newAccount(t, f), config())
	for _, look := range []func() error{
		func() error { _, err := e.Observe(t.Context(), link.Ref{ID: "ai"}); return err },
		func() error { _, err := e.Poll(t.Context(), link.Ref{ID: "ai"}); return err },
	} {
		if err := look(); cloud.KindOf(err) != cloud.Invalid {
			t.Errorf("got %v", err)
		}
	}
	if n := len(f.calls()); n != 0 {
		t.Errorf("%d calls", n)
	}
}
