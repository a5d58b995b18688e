package google_test

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	sandboxgoogle "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/google"
)

func TestSuspendedTransport(t *testing.T) {
	f := setup(t)
	id := f.active("a")
	if err := f.cloud.Suspend(name("a"), true); err != nil {
		t.Fatal(err)
	}
	f.state("a", "SUSPENDED")
	_, err := f.patch("", &body{Bandwidth: "BPS_10G"})
	wantError(t, err, 400, "not ready")
	if err := f.cloud.Suspend(name("a"), false); err != nil {
		t.Fatal(err)
	}
	f.state("a", "ACTIVE")
	if err := f.cloud.Suspend(name("a"), true); err != nil {
		t.Fatal(err)
	}
	if err := f.cloud.DeleteConnection(t.Context(), environment, id); err != nil {
		t.Fatal(err)
	}
	f.state("a", "DEPROVISIONED")
	f.wantStates("a", "CREATING", "PENDING_KEY", "PENDING_CONFIG", "ACTIVE", "SUSPENDED", "ACTIVE", "SUSPENDED", "DEPROVISIONED")
	if f.cloud.Suspend(name("none"), true) == nil {
		t.Error("a transport that does not exist was suspended")
	}
}

func TestLinkDownIsNoStateButAnOperationalStatus(t *testing.T) {
	f := setup(t)
	f.active("a")
	status := func() string {
		for _, r := range f.cloud.Resources() {
			if r.Name == name("a") {
				return r.OperationalStatus
			}
		}
		return ""
	}
	for down, want := range map[bool]string{true: "OPERATIONAL_STATUS_DOWN", false: "OPERATIONAL_STATUS_ACTIVE"} {
		if err := f.cloud.SetLinkDown(name("a"), down); err != nil {
			t.Fatal(err)
		}
		f.state("a", "ACTIVE")
		if got := status(); got != want {
			t.Errorf("down %v: %s, want %s", down, got, want)
		}
	}
	if f.cloud.SetLinkDown(name("none"), true) == nil {
		t.Error("a transport that does not exist was cut")
	}
}

func TestResourcesListsEverythingWithItsKind(t *testing.T) {
	f := setup(t)
	if _, err := f.networks.Insert(t.Context(), insert("mine")); err != nil {
		t.Fatal(err)
	}
	f.clock.Advance(timing.Operation)
	id := f.active("a")
	want := []sandboxgoogle.Resource{
		{Kind: sandboxgoogle.KindSeededNetwork, Name: networkName},
		{Kind: sandboxgoogle.KindNetwork, Name: "projects/" + project + "/global/networks/mine"},
		{Kind: sandboxgoogle.KindTransport, Name: name("a"), State: "ACTIVE", SharedID: id, OperationalStatus: "OPERATIONAL_STATUS_ACTIVE"},
	}
	if diff := cmp.Diff(want, f.cloud.Resources()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestCreateNetworkRefusals(t *testing.T) {
	f := setup(t)
	for _, tc := range [][2]string{{"other-project", "x"}, {project, "X"}, {project, "default"}} {
		if f.cloud.CreateNetwork(tc[0], tc[1]) == nil {
			t.Errorf("%v was accepted", tc)
		}
	}
}

// ledger collects records.
type ledger struct {
	mu      sync.Mutex
	records []sandboxgoogle.Record
}

func (l *ledger) add(r sandboxgoogle.Record) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.records = append(l.records, r)
}

func (l *ledger) all() []sandboxgoogle.Record {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.records)
}

func TestEveryCallIsLoggedWithoutItsBody(t *testing.T) {
	var log ledger
	f := setup(t, func(c *sandboxgoogle.Config) { c.Log = log.add })
	start := f.clock.Now()
	key := encode(t, payload())
	f.mustCreate("a", awsFirst(key))
	f.raw("GET", transports+"/b", "")
	f.raw("GET", networks+"/b", "")
	f.send("GET", transports, "", "")
	record := func(service, method, resource string, status int, code string) sandboxgoogle.Record {
		return sandboxgoogle.Record{
			Time: start, Service: service + ".googleapis.com", Method: service + "." + method,
			Project: project, Resource: resource, Status: status, Code: code,
		}
	}
	want := []sandboxgoogle.Record{
		record("networkconnectivity", "projects.locations.transports.create", name("a"), 200, ""),
		record("networkconnectivity", "projects.locations.transports.get", name("b"), 404, "NOT_FOUND"),
		record("compute", "networks.get", "projects/"+project+"/global/networks/b", 404, "notFound"),
		record("networkconnectivity", "projects.locations.transports.list", parent, 401, "UNAUTHENTICATED"),
	}
	if diff := cmp.Diff(want, log.all()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTransitionsHaveTimeAndSharedID(t *testing.T) {
	f := setup(t)
	start := f.clock.Now()
	f.mustCreate("a", awsFirst(encode(t, payload())))
	f.clock.Advance(timing.Operation + timing.Provisioning/2)
	want := []sandboxgoogle.Transition{
		{Time: start, Name: name("a"), To: "CREATING"},
		{Time: start.Add(timing.Operation + timing.Provisioning/2), Name: name("a"), SharedID: sharedID, From: "CREATING", To: "PENDING_CONFIG"},
	}
	if diff := cmp.Diff(want, f.cloud.Transitions()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestFaultsAreDoneToCalls(t *testing.T) {
	var fault *sandboxgoogle.Fault
	var seen []sandboxgoogle.Call
	var log ledger
	f := setup(t, func(c *sandboxgoogle.Config) {
		c.Log = log.add
		c.Intercept = func(k sandboxgoogle.Call) *sandboxgoogle.Fault {
			seen = append(seen, k)
			return fault
		}
	})
	f.raw("GET", transports+"/a", "")
	want := []sandboxgoogle.Call{{
		Service: "networkconnectivity.googleapis.com", Method: "networkconnectivity.projects.locations.transports.get",
		Project: project, Resource: name("a"), Location: location,
	}}
	if diff := cmp.Diff(want, seen); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}

	fault = &sandboxgoogle.Fault{Status: 503, Message: "try later", RetryAfter: 1500 * time.Millisecond}
	r := f.raw("POST", transports+"?transportId=a", mustJSON(t, googleFirst()))
	if code, message := r.code(t); r.status != 503 || code != "UNAVAILABLE" || message != "try later" || r.header.Get("Retry-After") != "2" {
		t.Errorf("HTTP %d %s %q, Retry-After %q", r.status, code, message, r.header.Get("Retry-After"))
	}
	fault = &sandboxgoogle.Fault{Status: 403, Code: "rateLimitExceeded"}
	if code, message := f.raw("GET", networks, "").code(t); code != "rateLimitExceeded" || message != "Forbidden" {
		t.Errorf("%s %q", code, message)
	}
	fault = nil
	f.state("a", "")
}

func TestDroppedReplyTookEffect(t *testing.T) {
	var log ledger
	f := setup(t, func(c *sandboxgoogle.Config) {
		c.Log = log.add
		c.Intercept = func(k sandboxgoogle.Call) *sandboxgoogle.Fault {
			return &sandboxgoogle.Fault{DropReply: strings.HasSuffix(k.Method, ".create")}
		}
	})
	r, err := http.NewRequestWithContext(t.Context(), "POST", f.url+transports+"?transportId=a", strings.NewReader(mustJSON(t, googleFirst())))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+sandboxgoogle.AccessToken)
	if answer, err := http.DefaultClient.Do(r); err == nil {
		_ = answer.Body.Close()
		t.Fatalf("got an answer: HTTP %d", answer.StatusCode)
	}
	f.state("a", "CREATING")
	if first := log.all()[0]; first.Status != 0 {
		t.Errorf("the dropped reply is logged with status %d", first.Status)
	}
}

func TestDelayPassesOnTheSandboxsClock(t *testing.T) {
	waiting := make(chan struct{})
	f := setup(t, func(c *sandboxgoogle.Config) {
		c.Intercept = func(sandboxgoogle.Call) *sandboxgoogle.Fault {
			close(waiting)
			return &sandboxgoogle.Fault{Delay: time.Minute}
		}
	})
	answered := make(chan reply)
	go func() { answered <- f.raw("GET", transports, "") }()
	<-waiting
	for {
		select {
		case r := <-answered:
			if r.status != 200 {
				t.Errorf("HTTP %d", r.status)
			}
			return
		default:
			f.clock.Advance(time.Minute)
		}
	}
}

func TestClosedCloudDoesNothingMore(t *testing.T) {
	f := setup(t)
	f.mustCreate("a", googleFirst())
	f.cloud.Close()
	f.clock.Advance(time.Hour)
	f.state("a", "CREATING")
}

func TestZeroConfigIsReady(t *testing.T) {
	cloud := sandboxgoogle.New(sandboxgoogle.Config{})
	defer cloud.Close()
	if err := cloud.CreateNetwork(sandboxgoogle.DefaultProject, "default"); err != nil {
		t.Fatal(err)
	}
	if got := len(cloud.Resources()); got != 1 {
		t.Errorf("%d resources", got)
	}
}
