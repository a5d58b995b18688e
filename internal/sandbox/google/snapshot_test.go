package google_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"cloud.google.com/go/compute/apiv1/computepb"
	"github.com/google/go-cmp/cmp"
	networkconnectivity "google.golang.org/api/networkconnectivity/v1"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/clock"
	sandboxgoogle "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/google"
)

// moved is another cloud, on a clock of its own that stands where f's does, with
// the state of f's.
func (f *fixture) moved() *fixture {
	f.Helper()
	raw, err := f.cloud.Snapshot()
	if err != nil {
		f.Fatal(err)
	}
	other := setup(f.T)
	other.clock.Advance(f.clock.Now().Sub(other.clock.Now()))
	if err := other.cloud.Restore(raw); err != nil {
		f.Fatal(err)
	}
	again, err := other.cloud.Snapshot()
	if err != nil {
		f.Fatal(err)
	}
	if diff := cmp.Diff(indented(f.T, raw), indented(f.T, again)); diff != "" {
		f.Fatalf("a snapshot of what was restored differs (-want +got):\n%s", diff)
	}
	return other
}

// indented is JSON in lines, so that a difference can be read.
func indented(t *testing.T, raw []byte) string {
	t.Helper()
	var text bytes.Buffer
	if err := json.Indent(&text, raw, "", " "); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

func TestSnapshotGoesOnWhereItWas(t *testing.T) {
	tests := map[string]struct {
		given func(*fixture)
		then  func(*testing.T, *fixture)
	}{
		"creating": {
			func(f *fixture) { f.mustCreate("a", googleFirst()) },
			func(t *testing.T, f *fixture) {
				f.clock.Advance(timing.Operation - 1)
				f.state("a", "CREATING")
				f.clock.Advance(1)
				f.state("a", "PENDING_KEY")
			},
		},
		"redeeming a key": {
			func(f *fixture) { f.mustCreate("a", awsFirst(encode(f.T, payload()))) },
			func(t *testing.T, f *fixture) {
				f.clock.Advance(timing.Operation + timing.Provisioning)
				if f.peer.called("CreateConnection") != 1 || f.peer.called("NotifyConnectionStatus") != 1 {
					t.Errorf("the peer was called %q", f.peer.calls)
				}
				f.state("a", "PENDING_CONFIG")
			},
		},
		"joining": {
			func(f *fixture) {
				f.mustCreate("a", awsFirst(encode(f.T, payload())))
				f.clock.Advance(timing.Operation)
			},
			func(t *testing.T, f *fixture) {
				if err := f.cloud.NotifyConnectionStatus(t.Context(), environment, sharedID); err != nil {
					t.Fatal(err)
				}
				f.clock.Advance(timing.Provisioning)
				f.state("a", "ACTIVE")
			},
		},
		"waiting": {
			func(f *fixture) { f.pendingKey("a") },
			func(t *testing.T, f *fixture) {
				key := f.transport("a").GeneratedActivationKey
				if valid, _ := f.cloud.ConfirmActivationKey(t.Context(), environment, key); !valid {
					t.Error("the key is not good any more")
				}
				f.clock.Advance(7 * 24 * time.Hour)
				f.state("a", "")
			},
		},
		"changing the size": {
			func(f *fixture) {
				f.active("a")
				if _, err := f.patch("", &body{Bandwidth: "BPS_2G", Description: "x"}); err != nil {
					f.Fatal(err)
				}
				f.clock.Advance(timing.Update / 2)
			},
			func(t *testing.T, f *fixture) {
				f.clock.Advance(timing.Update/2 - 1)
				if got := f.transport("a"); got.Bandwidth != "BPS_1G" || got.Description != "first" {
					t.Errorf("too soon: %+v", got)
				}
				f.clock.Advance(1)
				if got := f.transport("a"); got.Bandwidth != "BPS_2G" || got.Description != "x" {
					t.Errorf("got %+v", got)
				}
			},
		},
		"deleting": {
			func(f *fixture) {
				f.active("a")
				if _, err := f.api.Transports.Delete(name("a")).Do(); err != nil {
					f.Fatal(err)
				}
			},
			func(t *testing.T, f *fixture) {
				f.clock.Advance(timing.Deleting)
				f.state("a", "")
				if f.peer.called("DeleteConnection") != 1 {
					t.Error("the peer was not told")
				}
			},
		},
		"a hub": {
			func(f *fixture) {
				f.makeHub(&networkconnectivity.Hub{})
				f.mustCreate("a", inHub())
				if _, err := f.api.Global.Hubs.Patch(hubName, &networkconnectivity.Hub{Description: "x"}).Do(); err != nil {
					f.Fatal(err)
				}
			},
			func(t *testing.T, f *fixture) {
				f.clock.Advance(timing.Operation)
				if got := f.hub(); got.Description != "x" || got.SpokeSummary == nil {
					t.Errorf("got %+v", got)
				}
			},
		},
		"a peering": {
			func(f *fixture) {
				f.active("a")
				if err := f.cloud.SetRemoteRoutes(name("a"), netip.MustParsePrefix("10.0.0.0/8")); err != nil {
					f.Fatal(err)
				}
				if _, err := f.addPeering("default", peeringTo(f.transport("a").PeeringNetwork, "IPV4_ONLY", true)); err != nil {
					f.Fatal(err)
				}
			},
			func(t *testing.T, f *fixture) {
				_, err := f.addPeering("default", peeringTo("other", "IPV4_ONLY", true))
				wantError(t, err, 400, "peering operation in progress")
				f.clock.Advance(timing.Operation)
				if len(f.routes("INCOMING", location)) != 2 {
					t.Error("no routes")
				}
			},
		},
		"trouble": {
			func(f *fixture) {
				f.mustCreate("a", googleFirst())
				f.stall(sandboxgoogle.StateCreating, true)
				f.cloud.SetTransportQuota(7)
				f.cloud.SetUnreachable("us-west1", true)
				if err := f.cloud.SetProfileOrderState(location, profileID, false); err != nil {
					f.Fatal(err)
				}
				f.clock.Advance(time.Hour)
			},
			func(t *testing.T, f *fixture) {
				f.clock.Advance(time.Hour)
				f.state("a", "CREATING")
				_, err := f.create("b", googleFirst())
				wantError(t, err, 400, "not open")
				f.stall(sandboxgoogle.StateCreating, false)
				f.state("a", "PENDING_KEY")
			},
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			f := setup(t)
			tc.given(f)
			tc.then(t, f.moved())
		})
	}
}

func TestSnapshotHoldsOperationsAndRequestIDs(t *testing.T) {
	f := setup(t)
	create := func(f *fixture) *networkconnectivity.GoogleLongrunningOperation {
		t.Helper()
		op, err := f.api.Transports.Create(parent, googleFirst()).TransportId("a").RequestId(sharedID).Do()
		if err != nil {
			t.Fatal(err)
		}
		return op
	}
	op := create(f)
	f.clock.Advance(timing.Operation)
	failing := f.mustCreateIn("us-west2", "aws-us-west-1")
	f.clock.Advance(timing.Operation)
	request := insert("mine")
	request.RequestId = new(sharedID)
	inserted, err := f.networks.Insert(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	other := f.moved()
	for _, name := range []string{op.Name, failing} {
		if want, got := f.reread(name), other.reread(name); want != got || !strings.Contains(got, `"done": true`) {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	if got := create(other); got.Name != op.Name {
		t.Errorf("the request id is forgotten: %s", got.Name)
	}
	if got, err := other.networks.Insert(t.Context(), request); err != nil || got.Name() != inserted.Name() {
		t.Errorf("the network's request id is forgotten: %v, %v", got, err)
	}
	other.clock.Advance(timing.Operation)
	if got, err := other.globals.Wait(t.Context(), &computepb.WaitGlobalOperationRequest{Project: project, Operation: inserted.Name()}); err != nil || got.GetStatus() != computepb.Operation_DONE {
		t.Errorf("%v, %v", got, err)
	}
	if diff := cmp.Diff(f.cloud.Transitions(), other.cloud.Transitions()); diff != "" {
		t.Errorf("transitions (-want +got):\n%s", diff)
	}
}

// mustCreateIn starts a creation whose key is wrong, so that it fails, and gives
// its operation.
func (f *fixture) mustCreateIn(location, profile string) string {
	f.Helper()
	r := f.raw("POST", strings.Replace(transports, "us-east4", location, 1)+"?transportId=x",
		`{"remoteProfile":"`+profile+`","providedActivationKey":"hello","network":"default"}`)
	return started(f.T, r)
}

func TestSnapshotKeepsTheServiceAccount(t *testing.T) {
	f := setup(t, withCallers)
	s := f.signer()
	token := f.tokenOf(s, platformScope)
	raw, err := f.cloud.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	other := setup(t, withCallers)
	if err := other.cloud.Restore(raw); err != nil {
		t.Fatal(err)
	}
	if r := other.send("GET", transports, "", "Bearer "+token); r.status != 200 {
		t.Errorf("the token: HTTP %d", r.status)
	}
	if status, _, word := other.exchange(jwtBearer, s.sign(t, rs256, f.good(s))); status != 200 {
		t.Errorf("an assertion for the old file's URL: HTTP %d %s", status, word)
	}
}

func TestRestoreReplacesEverything(t *testing.T) {
	f := setup(t)
	empty, err := f.cloud.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	f.mustCreate("a", googleFirst())
	if err := f.cloud.Restore(empty); err != nil {
		t.Fatal(err)
	}
	f.clock.Advance(time.Hour)
	f.state("a", "")
	if got := f.cloud.Transitions(); len(got) != 0 {
		t.Errorf("transitions: %v", got)
	}
}

func TestRestoreRefusals(t *testing.T) {
	f := setup(t)
	f.pendingKey("a")
	raw, err := f.cloud.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	edited := func(old, now string) string {
		t.Helper()
		if !bytes.Contains(raw, []byte(old)) {
			t.Fatalf("no %s in %s", old, raw)
		}
		return strings.ReplaceAll(string(raw), old, now)
	}
	tests := map[string]struct{ text, want string }{
		"no JSON":         {"hello", "reading a snapshot"},
		"empty":           {"", "reading a snapshot"},
		"newer":           {edited(`{"version":1,`, `{"version":2,`), "in version 2"},
		"the other cloud": {edited(`"cloud":"google"`, `"cloud":"aws"`), `of cloud "aws"`},
		"another project": {edited(`"project":"`+project, `"project":"other-project`), `no project "other-project"`},
		"another profile": {edited(`"id":"`+profileID, `"id":"aws-mars-1`), `no remote transport profile "aws-mars-1"`},
		"step of nothing": {edited(`"do":"expire-key"`, `"do":"dance"`), "missing"},
		"lost transport":  {edited(`"do":"expire-key","transport":"`+name("a"), `"do":"expire-key","transport":"x`), "does not hold it"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			err := f.cloud.Restore([]byte(tc.text))
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
			f.state("a", "PENDING_KEY")
		})
	}
}

// crowd is a snapshot of n transports that wait.
func crowd(tb testing.TB, n int) []byte {
	tb.Helper()
	var seed [32]byte
	time0 := clock.NewManual(time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC))
	cloud := sandboxgoogle.New(sandboxgoogle.Config{Clock: time0, Timing: timing, Rand: rand.NewChaCha8(seed), TransportQuota: -1})
	if err := cloud.CreateNetwork(project, "default"); err != nil {
		tb.Fatal(err)
	}
	body, err := json.Marshal(googleFirst())
	if err != nil {
		tb.Fatal(err)
	}
	for i := range n {
		r := httptest.NewRequest(http.MethodPost, fmt.Sprintf("%s?transportId=t%d", transports, i), bytes.NewReader(body))
		r.Header.Set("Authorization", "Bearer "+sandboxgoogle.AccessToken)
		w := httptest.NewRecorder()
		cloud.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			tb.Fatalf("HTTP %d %s", w.Code, w.Body)
		}
		time0.Advance(timing.Operation)
	}
	raw, err := cloud.Snapshot()
	if err != nil {
		tb.Fatal(err)
	}
	return raw
}

// BenchmarkRestore restores ten thousand transports, each with its operation,
// its transitions and a timer under way.
func BenchmarkRestore(b *testing.B) {
	raw := crowd(b, 10_000)
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		cloud := sandboxgoogle.New(sandboxgoogle.Config{Clock: clock.NewManual(time.Date(2026, 11, 2, 14, 0, 0, 0, time.UTC))})
		if err := cloud.Restore(raw); err != nil {
			b.Fatal(err)
		}
	}
}
