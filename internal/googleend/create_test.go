package googleend

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

const create = "POST " + parent + "/transports"

func proposal() link.Proposal {
	return link.Proposal{
		Marker: theMarker, Bandwidth: bandwidth.Gbps, Environment: "aws-us-east-1",
		Peer: link.Site{Account: "111122223333", Region: "us-east-1"}, Attempt: link.Attempt{Link: theMarker},
	}
}

func redemption(k activation.Key) link.Redemption {
	return link.Redemption{Marker: theMarker, Key: k, Environment: "aws-us-east-1", Attempt: link.Attempt{Link: theMarker}}
}

// hubConfig is a configuration in hub mode, with everything set.
func hubConfig() Config {
	return Config{Name: "ai", Hub: "wan", AutoAccept: true, PSCRouting: true, StackType: "IPV4_IPV6", AdvertisedRoutes: []string{"10.0.0.0/16", "2001:db8::/32"}}
}

func TestCreateRequests(t *testing.T) {
	propose := func(e *End) (link.Observation, error) { return e.Propose(t.Context(), proposal()) }
	redeem := func(e *End) (link.Observation, error) { return e.Redeem(t.Context(), redemption(key(t, sharedUUID))) }
	byURL := config()
	byURL.Network = "https://www.googleapis.com/compute/v1/projects/host/global/networks/shared"
	for name, c := range map[string]struct {
		config Config
		change func(*Options)
		call   func(*End) (link.Observation, error)
	}{
		"propose-network":     {config: config(), call: propose},
		"propose-network-url": {config: byURL, call: propose},
		"propose-hub":         {config: hubConfig(), call: propose},
		"redeem-network":      {config: config(), call: redeem},
		"redeem-hub":          {config: hubConfig(), call: redeem},
		"redeem-with-profile": {config: config(), call: redeem, change: func(o *Options) { o.ProfileWithKey = true }},
		"redeem-foreign-key": {config: config(), call: func(e *End) (link.Observation, error) {
			r := redemption(activation.NewKey("opaque"))
			r.SharedID = strings.ToUpper(sharedUUID)
			return e.Redeem(t.Context(), r)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, map[string][]answer{create: {operation("create", "")}})
			changes := []func(*Options){}
			if c.change != nil {
				changes = append(changes, c.change)
			}
			o, err := c.call(New(newAccount(t, f, changes...), c.config))
			if err != nil {
				t.Fatal(err)
			}
			want := link.Observation{Ref: link.Ref{ID: theID, Operation: theOp}, State: link.Creating, Partial: true}
			if diff := cmp.Diff(want, o, cmp.AllowUnexported(activation.Key{})); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			golden(t, name, f.last("POST"))
		})
	}
}

func TestCreateTokens(t *testing.T) {
	f := newFake(t, map[string][]answer{create: {operation("create", "")}})
	a := newAccount(t, f)
	token := func(c Config, p link.Proposal) string {
		t.Helper()
		if _, err := New(a, c).Propose(t.Context(), p); err != nil {
			t.Fatal(err)
		}
		q, err := url.ParseQuery(f.last("POST").query)
		if err != nil {
			t.Fatal(err)
		}
		return q.Get("requestId")
	}
	first := token(config(), proposal())
	if again := token(config(), proposal()); again != first {
		t.Errorf("the same request has tokens %s and %s", first, again)
	}
	second, wider, elsewhere := proposal(), proposal(), config()
	second.Attempt.Number = 1
	wider.Bandwidth = 10 * bandwidth.Gbps
	elsewhere.Region = "us-east4"
	elsewhere.Description = "changed"
	for name, other := range map[string]string{
		"attempt": token(config(), second), "bandwidth": token(config(), wider), "description": token(elsewhere, proposal()),
	} {
		if other == first {
			t.Errorf("another %s has the same token", name)
		}
	}
}

func TestCreateReplies(t *testing.T) {
	for name, c := range map[string]struct {
		reply       answer
		after       []answer
		state       link.State
		kind        cloud.Kind
		field, says string
		remedy      string
	}{
		"done at once":         {reply: operation("create", `,"done":true,"response":{}`), after: []answer{ok(`{"name":"` + theID + `","state":"PENDING_KEY"}`)}, state: link.AwaitingPeer},
		"done, and gone since": {reply: operation("create", `,"done":true,"response":{}`), state: link.Absent},
		"failed at once":       {reply: operation("create", `,"done":true,"error":{"code":3,"message":"bad key"}`), kind: cloud.Invalid, says: "bad key"},
		"exists":               {reply: refuse(409, "ALREADY_EXISTS", "there"), kind: cloud.Conflict, remedy: "Import"},
		"busy":                 {reply: refuse(409, "ABORTED", "busy"), kind: cloud.Conflict, remedy: "Somebody else"},
		"no such profile":      {reply: refuse(404, "NOT_FOUND", "Resource 'projects/p/locations/us-east4/remoteTransportProfiles/x' was not found"), kind: cloud.Invalid, field: "region", remedy: "crosscloud_environments"},
		"no such network":      {reply: refuse(404, "NOT_FOUND", "projects/p/global/networks/vpc not found"), kind: cloud.Invalid, field: "network"},
		"no such hub":          {reply: refuse(404, "NOT_FOUND", "projects/p/locations/global/hubs/h not found"), kind: cloud.Invalid, field: "hub"},
		"over quota":           {reply: refuse(429, "RESOURCE_EXHAUSTED", "Quota limit 'Transports' has been exceeded"), kind: cloud.Quota},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, map[string][]answer{create: {c.reply}, "GET " + onTransport: c.after})
			o, err := New(newAccount(t, f), config()).Propose(t.Context(), proposal())
			if c.state != "" {
				if err != nil || o.State != c.state || o.ID != theID || o.Operation != "" {
					t.Errorf("got %v %q, %v", o.Ref, o.State, err)
				}
				return
			}
			e, ok := errors.AsType[*cloud.Error](err)
			if !ok || e.Kind != c.kind || e.Field != c.field || !strings.Contains(e.Error(), c.says) || !strings.Contains(e.Remedy, c.remedy) {
				t.Errorf("got %+v", e)
			}
		})
	}
}

func TestLostReplyIsAskedForAgain(t *testing.T) {
	f := newFake(t, map[string][]answer{create: {{drop: true}, operation("create", "")}})
	o, err := New(newAccount(t, f), config()).Propose(t.Context(), proposal())
	if err != nil || o.Operation != theOp {
		t.Fatalf("got %v, %v", o.Ref, err)
	}
	if f.count(create) != 2 || f.asked[0].query != f.asked[1].query || string(f.asked[0].body) != string(f.asked[1].body) {
		t.Errorf("asked %v", f.asked)
	}
}

func TestKeyStaysOutOfRedeemErrors(t *testing.T) {
	for name, k := range map[string]activation.Key{"published": key(t, sharedUUID), "foreign": activation.NewKey("opaque+key")} {
		for how, reply := range map[string]answer{
			"refused": refuse(400, "INVALID_ARGUMENT", "Invalid key \""+k.Reveal()+"\""),
			"failed":  operation("create", fmt.Sprintf(`,"done":true,"error":{"code":3,"message":"Invalid key %s"}`, k.Reveal())),
		} {
			t.Run(name+" "+how, func(t *testing.T) {
				f := newFake(t, map[string][]answer{create: {reply}})
				_, err := New(newAccount(t, f), config()).Redeem(t.Context(), redemption(k))
				if cloud.KindOf(err) != cloud.Invalid || !strings.Contains(err.Error(), "(activation key)") {
					t.Errorf("got %v", err)
				}
				for err := err; err != nil; err = errors.Unwrap(err) {
					if strings.Contains(fmt.Sprintf("%+v", err), k.Reveal()) {
						t.Errorf("the key is in %+v", err)
					}
				}
			})
		}
	}
}

func TestRequestsAreNotLogged(t *testing.T) {
	t.Setenv("GOOGLE_SDK_GO_LOGGING_LEVEL", "debug")
	file, err := os.Create(filepath.Join(t.TempDir(), "stderr"))
	if err != nil {
		t.Fatal(err)
	}
	// The SDK writes to what os.Stderr is when its client is made.
	before := os.Stderr
	os.Stderr = file
	t.Cleanup(func() { os.Stderr = before })
	f := newFake(t, map[string][]answer{create: {operation("create", "")}})
	if _, err := New(newAccount(t, f), config()).Redeem(t.Context(), redemption(key(t, sharedUUID))); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	logged, err := os.ReadFile(file.Name())
	if err != nil || len(logged) != 0 {
		t.Errorf("logged %s, %v", logged, err)
	}
}

func TestCreateWithoutAnAttachPoint(t *testing.T) {
	f := newFake(t, nil)
	_, err := New(newAccount(t, f), Config{Name: "ai"}).Propose(t.Context(), proposal())
	if e, ok := errors.AsType[*cloud.Error](err); !ok || e.Kind != cloud.Invalid || e.Field != "network" || len(f.calls()) != 0 {
		t.Errorf("got %v after %v", err, f.calls())
	}
}

func TestInspect(t *testing.T) {
	const call = "GET /v1beta/projects/p/locations/us-east4/remoteTransportProfiles:fromActivationKey"
	foreign := activation.NewKey("opaque key+/=")
	profile := ok(`{"remoteTransportProfile":{"name":"projects/p/locations/us-east4/remoteTransportProfiles/aws-us-east-1","providerSite":"us-east-1"}}`)
	for name, c := range map[string]struct {
		key   activation.Key
		reply []answer
		want  link.Terms
		kind  cloud.Kind
		none  bool
		calls int
	}{
		"published": {key: key(t, sharedUUID), none: true},
		"foreign":   {key: foreign, reply: []answer{profile}, want: link.Terms{Environment: "aws-us-east-1", PeerRegion: "us-east-1"}, calls: 1},
		"no call":   {key: foreign, none: true, calls: 1},
		"empty":     {key: foreign, reply: []answer{ok("{}")}, none: true, calls: 1},
		"bad key":   {key: foreign, reply: []answer{refuse(400, "INVALID_ARGUMENT", "bad key "+foreign.Reveal())}, kind: cloud.Invalid, calls: 1},
		"cut off":   {key: foreign, reply: []answer{{drop: true}}, kind: cloud.Unavailable, calls: 4},
		"moved":     {key: foreign, reply: []answer{{status: 302, header: map[string]string{"Location": "/elsewhere"}}}, kind: cloud.Unknown, calls: 1},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, map[string][]answer{call: c.reply})
			terms, err := New(newAccount(t, f), config()).Inspect(t.Context(), c.key)
			if errors.Is(err, link.ErrNotOffered) != c.none || cloud.KindOf(err) != c.kind {
				t.Fatalf("error %v", err)
			}
			if diff := cmp.Diff(c.want, terms); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			// The standard transport may add a try of its own to what breaks
			// on a connection that was kept.
			if n := len(f.calls()); n < c.calls || n > c.calls+1 || c.calls == 0 && n != 0 {
				t.Errorf("called %v", f.calls())
			}
			if said := fmt.Sprintf("%v", err); strings.Contains(said, c.key.Reveal()) || strings.Contains(said, url.QueryEscape(c.key.Reveal())) {
				t.Errorf("the key is in %s", said)
			}
			if c.calls > 0 {
				q, err := url.ParseQuery(f.last("GET").query)
				if err != nil || q.Get("activationKey") != c.key.Reveal() {
					t.Errorf("asked with another key: %v", err)
				}
			}
		})
	}
}
