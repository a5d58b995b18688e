package sandbox_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox"
	sandboxgoogle "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/google"
)

// join makes a link that AWS initiates, and returns the connection.
func (c *customer) join(transport string) object {
	c.t.Helper()
	conn := c.createAWS()
	c.transport(http.MethodPost, "?transportId="+transport, object{"providedActivationKey": conn["activationKey"], "network": sandbox.SeedNetwork})
	return conn
}

// happen makes an event happen through the control API.
func (c *customer) happen(control string, event object) {
	c.t.Helper()
	body, err := json.Marshal(event)
	if err != nil {
		c.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(c.ctx, http.MethodPost, control+"/v1/events", bytes.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	if status, out := c.do(req); status != http.StatusOK {
		c.t.Fatalf("%v: %d %v", event, status, out)
	}
}

// A sandbox that ends while a link is half provisioned and starts again from its
// file finishes the link, and what was agreed between the clouds holds.
func TestRestart(t *testing.T) {
	cfg := config()
	cfg.Speed = 1
	cfg.StateFile = filepath.Join(t.TempDir(), "state.json")
	first, err := sandbox.Start(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	first.State.Clock.SetSpeed(0)
	c := newCustomer(t, first.AWSURL, first.GoogleURL, first.GatewayID)
	conn := c.join("half")
	if err := first.State.SaveFile(cfg.StateFile); err != nil {
		t.Fatal(err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}

	second, err := sandbox.Start(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = second.Close() }()
	if second.GatewayID != "" {
		t.Errorf("what was restored is seeded again: gateway %s", second.GatewayID)
	}
	again := newCustomer(t, second.AWSURL, second.GoogleURL, first.GatewayID)
	again.untilAWS(conn["id"], object{"state": "available"})
	again.untilGoogle("half", object{"state": sandboxgoogle.StateActive})
	if a, g := len(second.AWSNode.Links()), len(second.GoogleNode.Links()); a != 1 || g != 1 {
		t.Errorf("AWS's side of the open API has %d links, Google's %d", a, g)
	}
	saved, err := second.GoogleNode.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	if err := second.GoogleNode.Restore(saved); err != nil {
		t.Fatal(err)
	}
	if twice, err := second.GoogleNode.Snapshot(); err != nil || !bytes.Equal(saved, twice) {
		t.Errorf("restoring changes what was saved: %v\n%s\n%s", err, saved, twice)
	}
	again.connection("UpdateConnection", object{"identifier": conn["id"], "bandwidth": "2Gbps"})
	again.untilGoogle("half", object{"bandwidth": "BPS_2G"})
}

func TestRestoreOfACoordinatorRefuses(t *testing.T) {
	s := start(t, config())
	good, err := s.AWSNode.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct{ old, new, want string }{
		"nonsense":                {string(good), "nonsense", "invalid character"},
		"another version":         {`"version":1`, `"version":9`, "version 9"},
		"the other side":          {`"side":"aws"`, `"side":"gcp"`, "is of \"gcp\""},
		"an unknown interconnect": {`"interconnects":null`, `"interconnects":[{"environment":"moon","interconnect":"quad-1","state":"","channels":null}]`, "not configured"},
		"an unknown channel":      {`"interconnects":null`, `"interconnects":[{"environment":"aws-gcp-us-east","interconnect":"quad-1","state":"","channels":[{"id":"x"}]}]`, "no channel"},
		"a lost interconnect":     {`"connections":null`, `"connections":[{"environment":"moon","interconnect":"quad-1","id":"i","key":"k","mbps":500,"created":"2026-01-01T00:00:00Z","features":null}]`, "not configured"},
		"a key that was no key":   {`"connections":null`, `"connections":null,"spent":["zz"]`, "fingerprint"},
	} {
		t.Run(name, func(t *testing.T) {
			bad := strings.Replace(string(good), tc.old, tc.new, 1)
			if bad == string(good) {
				t.Fatalf("%q is not in %s", tc.old, good)
			}
			if err := s.AWSNode.Restore([]byte(bad)); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
}

// What happens between the clouds can be brought about from outside.
func TestEventsBetweenTheClouds(t *testing.T) {
	cfg := config()
	cfg.ControlAddress = "127.0.0.1:0"
	s := start(t, cfg)
	c := newCustomer(t, s.AWSURL, s.GoogleURL, s.GatewayID)
	channel := func(event, name string) {
		c.happen(s.ControlURL, object{"cloud": "google", "event": event, "environment": "aws-gcp-us-east", "interconnect": "quad-1", "channel": name})
	}
	// Three channels of four carry a link.
	channel("channel_down", "channel-2")
	conn := c.join("first")
	c.untilAWS(conn["id"], object{"state": "available"})
	if features := s.AWSNode.Links()[0].Features; len(features) != 3 {
		t.Errorf("the link has %d features", len(features))
	}
	channel("channel_up", "channel-2")

	c.happen(s.ControlURL, object{"cloud": "aws", "event": "partner_refuses", "call": "UpdateConnection"})
	if status, out := c.inAWS("UpdateConnection", object{"identifier": conn["id"], "bandwidth": "2Gbps"}); status == http.StatusOK {
		t.Errorf("the partner agreed: %v", out)
	}
	c.happen(s.ControlURL, object{"cloud": "aws", "event": "partner_agrees", "call": "UpdateConnection"})
	c.connection("UpdateConnection", object{"identifier": conn["id"], "bandwidth": "2Gbps"})
	c.untilAWS(conn["id"], object{"state": "available", "bandwidth": "2Gbps"})

	c.happen(s.ControlURL, object{"cloud": "aws", "event": "partner_deletes", "id": conn["id"]})
	c.untilAWS(conn["id"], object{"state": "down"})
	name := fmt.Sprintf("projects/%s/locations/%s/transports/first", sandboxgoogle.DefaultProject, sandbox.DefaultGoogleRegion)
	c.happen(s.ControlURL, object{"cloud": "google", "event": "partner_deletes", "id": name})
	c.untilGoogle("first", object{"state": sandboxgoogle.StateDeprovisioned})

	c.happen(s.ControlURL, object{"cloud": "google", "event": "partner_refuses", "call": "ConfirmActivationKey", "status": 200})
	second := c.createAWS()
	c.transport(http.MethodPost, "?transportId=second", object{"providedActivationKey": second["activationKey"], "network": sandbox.SeedNetwork})
	c.untilGoogle("second", nil)
}

// inProcess answers requests by the handlers of their hosts, without a network.
type inProcess map[string]http.Handler

// RoundTrip answers a request.
func (p inProcess) RoundTrip(req *http.Request) (*http.Response, error) {
	handler, ok := p[req.URL.Host]
	if !ok {
		return nil, fmt.Errorf("%s is not here", req.URL.Host)
	}
	answer := httptest.NewRecorder()
	req.RequestURI = req.URL.RequestURI()
	req.RemoteAddr = "127.0.0.1:1"
	if req.Host == "" {
		req.Host = req.URL.Host
	}
	handler.ServeHTTP(answer, req)
	return answer.Result(), nil
}

// settled says what is wrong with the links of a sandbox in which nothing is
// under way any more: each is up on both clouds, or waits for its key on AWS and
// is not on Google.
func settled(s *sandbox.Sandbox) string {
	google := map[string]string{}
	for _, r := range s.Google.Resources() {
		if r.Kind == sandboxgoogle.KindTransport {
			google[r.SharedID] = r.State
		}
	}
	for _, r := range s.AWS.Resources() {
		if r.Kind != "connection" {
			continue
		}
		there := google[r.SharedID]
		delete(google, r.SharedID)
		up := r.State == "available" && there == sandboxgoogle.StateActive
		if waiting := r.State == "requested" && there == ""; !up && !waiting {
			return fmt.Sprintf("link %s is %s on AWS, %q on Google", r.SharedID, r.State, there)
		}
	}
	if len(google) != 0 {
		return fmt.Sprintf("on Google alone are %v", google)
	}
	return ""
}

// Snapshots are taken while links are made, one after another, and each is
// restored into a sandbox that runs: whatever moment it is of, every link that
// was begun is finished there, on both clouds.
func TestSnapshotsWhileLinksAreMade(t *testing.T) {
	cfg := crowded()
	cfg.Speed = 1
	first, second := start(t, cfg), start(t, cfg)
	var snapshots [][]byte
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-stop:
				return
			case <-time.After(3 * time.Millisecond):
			}
			raw, err := first.State.Snapshot()
			if err != nil {
				t.Error(err)
				return
			}
			snapshots = append(snapshots, raw)
		}
	}()
	c := newCustomer(t, first.AWSURL, first.GoogleURL, first.GatewayID)
	for i := range 9 {
		c.join(fmt.Sprintf("link-%d", i))
	}
	close(stop)
	<-done
	for i := 0; i < len(snapshots); i += max(1, len(snapshots)/40) {
		if err := second.State.Restore(snapshots[i]); err != nil {
			t.Fatal(err)
		}
		var wrong string
		if !within(5*time.Second, func() bool { wrong = settled(second); return wrong == "" }) {
			t.Fatalf("snapshot %d of %d: %s", i, len(snapshots), wrong)
		}
	}
}

// within waits until a condition holds, at most for a while.
func within(limit time.Duration, holds func() bool) bool {
	for end := time.Now().Add(limit); !holds(); <-time.After(5 * time.Millisecond) {
		if time.Now().After(end) {
			return false
		}
	}
	return true
}

// What one side refuses changes none of the others.
func TestRestoreIsOfAllSidesOrNone(t *testing.T) {
	s := start(t, config())
	before := s.AWS.Resources()
	raw, err := s.State.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	s.AWS.CreateGateway("another", 64513)
	bad := bytes.Replace(raw, []byte(`{"side":"gcp"`), []byte(`{"side":"moon"`), 1)
	if bytes.Equal(bad, raw) {
		t.Fatalf("the snapshot does not name Google's side: %s", raw)
	}
	if err := s.State.Restore(bad); err == nil || len(s.AWS.Resources()) != len(before)+1 {
		t.Errorf("got %v; AWS has %v", err, s.AWS.Resources())
	}
}
