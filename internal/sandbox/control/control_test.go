package control

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	sandboxaws "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/aws"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/clock"
	sandboxgoogle "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/google"
)

// rig is a control API with both clouds on a clock that stands still.
func rig(t *testing.T) (*Server, Clouds) {
	t.Helper()
	c := Clouds{Clock: clock.NewAdjustable(time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC), 0), Faults: &Faults{}}
	c.AWS = sandboxaws.New(sandboxaws.Config{Clock: c.Clock, Intercept: c.Faults.AWS})
	c.Google = sandboxgoogle.New(sandboxgoogle.Config{Clock: c.Clock, Intercept: c.Faults.Google})
	t.Cleanup(c.Google.Close)
	return New(c), c
}

// ask sends one request and gives its status and body.
func ask(t *testing.T, h http.Handler, method, path, body string) (int, string) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(method, path, strings.NewReader(body)))
	return w.Code, strings.TrimSpace(w.Body.String())
}

func TestClock(t *testing.T) {
	s, _ := rig(t)
	for _, step := range []struct{ method, body, want string }{
		{"GET", "", `{"now":"2027-01-01T00:00:00Z","speed":0}`},
		{"POST", `{"advance":"168h"}`, `{"now":"2027-01-08T00:00:00Z","speed":0}`},
		{"POST", `{"advance":"-1h"}`, `{"error":"\"-1h\" is not a duration such as \"90s\" or \"24h\""}`},
		{"POST", `{"speed":-1}`, `{"error":"speed must be 0 or more"}`},
		{"POST", `{"hurry":1}`, `{"error":"json: unknown field \"hurry\""}`},
	} {
		if _, got := ask(t, s, step.method, "/v1/clock", step.body); got != step.want {
			t.Errorf("%s %s: got %s, want %s", step.method, step.body, got, step.want)
		}
	}
	machine := New(Clouds{Faults: &Faults{}})
	if code, _ := ask(t, machine, "POST", "/v1/clock", `{"speed":2}`); code != http.StatusBadRequest {
		t.Error("the machine's clock was changed")
	}
}

func TestFaultsThatAreRefused(t *testing.T) {
	s, _ := rig(t)
	for body, want := range map[string]string{
		`{"cloud":"azure","kind":"refuse"}`:                        "cloud must be",
		`{"cloud":"aws","kind":"burn"}`:                            "kind must be one of",
		`{"cloud":"aws","kind":"delay"}`:                           "a delay needs delay",
		`{"cloud":"aws","kind":"refuse","status":200}`:             "status must be an error's",
		`{"cloud":"aws","kind":"refuse","times":-2}`:               "skip and times",
		`{"cloud":"google","kind":"refuse_after"}`:                 "use drop_reply",
		`{"cloud":"aws","kind":"delay","delay":"soon"}`:            "not a duration",
		`{"cloud":"aws","kind":"refuse","code":"CoffeeException"}`: "aws has no error",
		`{"cloud":"google","kind":"refuse","code":"COFFEE"}`:       "google has no error",
		`not json`: "invalid character",
		`{"cloud":"aws","kind":"refuse","` + "x" + `":1}`: "unknown field",
		`{"cloud":"` + strings.Repeat("a", 2<<20) + `"}`:  "too large",
	} {
		code, got := ask(t, s, "POST", "/v1/faults", body)
		if code != http.StatusBadRequest || !strings.Contains(got, want) {
			t.Errorf("%.60s: %d %.200s, want %q", body, code, got, want)
		}
	}
}

// TestFaultsStrike sends GetTransport calls to Google and sees what each gets.
func TestFaultsStrike(t *testing.T) {
	tests := map[string]struct {
		fault string
		want  []string // status of each call, or "closed"
	}{
		"once":              {`{"cloud":"google","operation":"transports.get","kind":"refuse","status":503}`, []string{"503", "404", "404"}},
		"twice":             {`{"cloud":"google","operation":"transports.get","kind":"throttle","times":2,"retry_after":"7s"}`, []string{"429 after 7", "429 after 7", "404"}},
		"by its name":       {`{"cloud":"google","operation":"transports.get","kind":"refuse","code":"FAILED_PRECONDITION"}`, []string{"400", "404", "404"}},
		"after one":         {`{"cloud":"google","operation":"transports.get","kind":"refuse","skip":1}`, []string{"404", "500", "404"}},
		"always":            {`{"cloud":"google","kind":"refuse","times":-1}`, []string{"500", "500", "500"}},
		"request dropped":   {`{"cloud":"google","operation":"get","kind":"drop_request"}`, []string{"closed", "404", "404"}},
		"reply dropped":     {`{"cloud":"google","operation":"get","kind":"drop_reply"}`, []string{"closed", "404", "404"}},
		"another operation": {`{"cloud":"google","operation":"transports.delete","kind":"refuse"}`, []string{"404", "404", "404"}},
		"another cloud":     {`{"cloud":"aws","kind":"refuse"}`, []string{"404", "404", "404"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s, c := rig(t)
			if code, got := ask(t, s, "POST", "/v1/faults", tt.fault); code != http.StatusOK {
				t.Fatal(got)
			}
			server := httptest.NewServer(c.Google)
			defer server.Close()
			var got []string
			for range 3 {
				got = append(got, get(t, server.URL))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
		})
	}
}

// get asks for a transport that does not exist.
func get(t *testing.T, url string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/v1/projects/"+sandboxgoogle.DefaultProject+"/locations/us-east4/transports/none", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+sandboxgoogle.AccessToken)
	// A connection of its own: the client would repeat the call on another one.
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(r)
	if err != nil {
		return "closed"
	}
	defer func() { _ = resp.Body.Close() }()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		return "closed"
	}
	if after := resp.Header.Get("Retry-After"); after != "" {
		return fmt.Sprintf("%d after %s", resp.StatusCode, after)
	}
	return fmt.Sprint(resp.StatusCode)
}

func TestEventsAndFaultsAreListed(t *testing.T) {
	s, _ := rig(t)
	for body, want := range map[string]int{
		`{"cloud":"aws","event":"close","id":"mce-aws-gcp-iad"}`:                                                               200,
		`{"cloud":"aws","event":"open","id":"mce-aws-gcp-iad"}`:                                                                200,
		`{"cloud":"aws","event":"close","id":"nowhere"}`:                                                                       400,
		`{"cloud":"aws","event":"fail","id":"mcc-00000000"}`:                                                                   400,
		`{"cloud":"aws","event":"link_down","id":"mcc-00000000"}`:                                                              400,
		`{"cloud":"google","event":"close","location":"us-east4","profile":"aws-us-east-1"}`:                                   200,
		`{"cloud":"google","event":"open","location":"us-east4","profile":"none"}`:                                             400,
		`{"cloud":"google","event":"suspend","id":"projects/p/locations/l/transports/t"}`:                                      400,
		`{"cloud":"google","event":"link_up","id":"projects/p/locations/l/transports/t"}`:                                      400,
		`{"cloud":"aws","event":"stall","state":"pending"}`:                                                                    200,
		`{"cloud":"aws","event":"unstall","state":"pending"}`:                                                                  200,
		`{"cloud":"aws","event":"quota_full"}`:                                                                                 200,
		`{"cloud":"aws","event":"expire_key","id":"mcc-00000000"}`:                                                             400,
		`{"cloud":"google","event":"stall","state":"CREATING"}`:                                                                200,
		`{"cloud":"google","event":"stall","state":"DREAMING"}`:                                                                400,
		`{"cloud":"google","event":"quota_full"}`:                                                                              200,
		`{"cloud":"google","event":"expire_key","id":"projects/p/locations/l/transports/t"}`:                                   400,
		`{"cloud":"google","event":"earthquake"}`:                                                                              400,
		`{"cloud":"aws","event":"earthquake"}`:                                                                                 400,
		`{"cloud":"azure","event":"open"}`:                                                                                     400,
		`{"cloud":"aws","event":"partner_refuses","call":"UpdateConnection"}`:                                                  200,
		`{"cloud":"aws","event":"partner_agrees","call":"UpdateConnection"}`:                                                   200,
		`{"cloud":"google","event":"partner_refuses","call":"Coffee"}`:                                                         400,
		`{"cloud":"aws","event":"partner_deletes","id":"mcc-00000000"}`:                                                        400,
		`{"cloud":"google","event":"partner_deletes","id":"projects/p/locations/l/transports/t"}`:                              400,
		`{"cloud":"aws","event":"channel_down","environment":"aws-gcp-us-east","interconnect":"quad-1","channel":"channel-1"}`: 400,
	} {
		if code, got := ask(t, s, "POST", "/v1/events", body); code != want {
			t.Errorf("%s: %d %s, want %d", body, code, got, want)
		}
	}
	for _, path := range []string{"/v1/resources", "/v1/transitions"} {
		code, got := ask(t, s, "GET", path, "")
		var parsed map[string]any
		if code != http.StatusOK || json.Unmarshal([]byte(got), &parsed) != nil || len(parsed) != 2 {
			t.Errorf("%s: %d %s", path, code, got)
		}
	}
	ask(t, s, "POST", "/v1/faults", `{"cloud":"aws","kind":"refuse"}`)
	if _, got := ask(t, s, "GET", "/v1/faults", ""); !strings.Contains(got, `"times":1`) {
		t.Errorf("faults: %s", got)
	}
	if _, got := ask(t, s, "DELETE", "/v1/faults", ""); got != "[]" {
		t.Errorf("faults after DELETE: %s", got)
	}
}

func TestSnapshot(t *testing.T) {
	_, c := rig(t)
	gateway := c.AWS.CreateGateway("kept", 64512)
	if err := c.Google.CreateNetwork(sandboxgoogle.DefaultProject, "kept"); err != nil {
		t.Fatal(err)
	}
	c.Clock.Advance(time.Hour)
	file := filepath.Join(t.TempDir(), "state.json")
	if err := c.SaveFile(file); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file can be read by others: %v %v", info.Mode(), err)
	}
	_, fresh := rig(t)
	if err := fresh.LoadFile(file); err != nil {
		t.Fatal(err)
	}
	if got := fresh.AWS.Resources(); len(got) != 1 || got[0].ID != gateway {
		t.Errorf("AWS has %v", got)
	}
	if diff := cmp.Diff(c.Google.Resources(), fresh.Google.Resources()); diff != "" {
		t.Errorf("Google (-saved +restored):\n%s", diff)
	}
	if now := fresh.Clock.Now(); !now.Equal(c.Clock.Now()) {
		t.Errorf("the clock stands at %s, want %s", now, c.Clock.Now())
	}
}

func TestSnapshotOverHTTP(t *testing.T) {
	s, c := rig(t)
	c.AWS.CreateGateway("kept", 64512)
	_, saved := ask(t, s, "GET", "/v1/snapshot", "")
	other, oc := rig(t)
	if code, got := ask(t, other, "PUT", "/v1/snapshot", saved); code != http.StatusOK || len(oc.AWS.Resources()) != 1 {
		t.Errorf("%d %s, %d resources", code, got, len(oc.AWS.Resources()))
	}
	for body, want := range map[string]string{
		`{"version":2}`: "version 2", `{"version":1}`: "is of []", `nonsense`: "reading a snapshot", "": "reading a snapshot",
		`{"version":1,"sides":["aws"]}`:                                             "this sandbox runs",
		`{"version":1,"sides":["aws","google"]}`:                                    "1 lines, not 3",
		`{"version":1,"sides":["aws","google"]}` + "\n" + `{"version":99}` + "\n{}": "restoring aws",
	} {
		if code, got := ask(t, other, "PUT", "/v1/snapshot", body); code != http.StatusBadRequest || !strings.Contains(got, want) {
			t.Errorf("%s: %d %s, want %q", body, code, got, want)
		}
	}
	if err := oc.LoadFile(filepath.Join(t.TempDir(), "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is missing: %v", err)
	}
}
