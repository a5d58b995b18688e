package google_test

import (
	"encoding/base64"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/clock"
	sandboxgoogle "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/google"
)

// target is a cloud that is called without a server between, so that a panic is
// seen, and whose answer is always an answer.
type target struct {
	cloud *sandboxgoogle.Cloud
	clock *clock.Manual
}

func newTarget(f *testing.F) target {
	f.Helper()
	var seed [32]byte
	c := clock.NewManual(time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC))
	cloud := sandboxgoogle.New(sandboxgoogle.Config{Clock: c, Timing: timing, Rand: rand.NewChaCha8(seed), TransportQuota: -1})
	if err := cloud.CreateNetwork(project, "default"); err != nil {
		f.Fatal(err)
	}
	return target{cloud, c}
}

// call sends a request and wants no failure of the cloud's own.
func (c target) call(t *testing.T, method, path, contentType, body string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+sandboxgoogle.AccessToken)
	r.Header.Set("Content-Type", contentType)
	w := httptest.NewRecorder()
	c.cloud.ServeHTTP(w, r)
	if w.Code == http.StatusInternalServerError || w.Code < 200 {
		t.Errorf("HTTP %d %s", w.Code, w.Body)
	}
	return w
}

func FuzzBodies(f *testing.F) {
	for _, seed := range []string{
		"", "{}", "[]", "null", "{", `{}{}`, `{"a":1}`, `{"labels":{"a":"b"},"advertisedRoutes":["10.0.0.0/8"]}`, `{"labels":null}`,
		`{"remoteProfile":"aws-us-east-1","bandwidth":"BPS_1G","remoteAccountId":"1","network":"default"}`,
		`{"providedActivationKey":"` + strings.Repeat("x", 40) + `","network":"default"}`, `{"bandwidth":7}`, `{"adminEnabled":"x"}`,
		`{"networkPeering":{"name":"x","network":"other","exchangeSubnetRoutes":true}}`, `{"networkPeering":[]}`, `{"name":"x"}`,
		`{"mtu":"1500","routingConfig":{"routingMode":"GLOBAL"}}`, `{"presetTopology":"STAR","exportPsc":true}`, `{"\ud800":1}`,
	} {
		f.Add(seed)
	}
	c := newTarget(f)
	f.Fuzz(func(t *testing.T, body string) {
		for _, request := range []string{
			"POST " + transports + "?transportId=a", "PATCH " + transports + "/a", "POST /v1beta/" + parent + "/transports?transportId=b",
			"PATCH /v1beta/" + name("b"), "POST /v1/" + globalParent + "/hubs?hubId=h", "PATCH /v1/" + hubName, "POST " + networks,
			"PATCH " + networks + "/default", "POST " + networks + "/default/addPeering", "PATCH " + networks + "/default/updatePeering",
			"POST " + networks + "/default/removePeering",
		} {
			method, path, _ := strings.Cut(request, " ")
			c.call(t, method, path, "application/json", body)
		}
		c.clock.Advance(timing.Update)
	})
}

func FuzzPageTokens(f *testing.F) {
	for _, seed := range []string{
		"", "x", "====", base64.RawURLEncoding.EncodeToString([]byte(`{"s":"x","a":"y"}`)), base64.RawURLEncoding.EncodeToString([]byte("null")),
		base64.RawURLEncoding.EncodeToString([]byte(`{"s":"` + parent + `/transports?","a":""}`)), "\x00",
	} {
		f.Add(seed, "10")
	}
	f.Add("", "-1")
	f.Add("", "99999999999999999999")
	c := newTarget(f)
	f.Fuzz(func(t *testing.T, token, size string) {
		query := url.Values{"pageToken": {token}, "pageSize": {size}, "maxResults": {size}}.Encode()
		for _, path := range []string{transports, "/v1/" + parent + "/operations", "/v1/" + globalParent + "/hubs", networks, networks + "/default/listPeeringRoutes"} {
			c.call(t, "GET", path+"?"+query, "", "")
		}
	})
}

func FuzzFilters(f *testing.F) {
	for _, seed := range []string{
		"", "state=ACTIVE", `name = "x" AND labels.a=b`, "(name eq x)", "((((", "labels.=", " AND ", "name=\"", "state!=ACTIVE", "name=x AND", "\xff",
	} {
		f.Add(seed)
	}
	c := newTarget(f)
	f.Fuzz(func(t *testing.T, filter string) {
		query := "?" + url.Values{"filter": {filter}}.Encode()
		for _, path := range []string{transports, "/v1/" + parent + "/remoteTransportProfiles", "/v1/" + parent + "/spokes", networks} {
			if w := c.call(t, "GET", path+query, "", ""); w.Code != http.StatusOK && w.Code != http.StatusBadRequest {
				t.Errorf("%s: HTTP %d", path, w.Code)
			}
		}
	})
}

func FuzzActivationKeys(f *testing.F) {
	good, err := payload().Encode()
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{
		"", "x", good.Reveal(), good.Reveal() + "=", good.Reveal()[:20], base64.StdEncoding.EncodeToString([]byte("{}")),
		base64.StdEncoding.EncodeToString([]byte(`{"version":-1,"connectionSizeMbps":99999999999}`)), base64.StdEncoding.EncodeToString([]byte("null")),
	} {
		f.Add(seed)
	}
	c := newTarget(f)
	f.Fuzz(func(t *testing.T, key string) {
		w := c.call(t, "GET", "/v1beta/"+parent+"/remoteTransportProfiles:fromActivationKey?"+url.Values{"activationKey": {key}}.Encode(), "", "")
		if w.Code != http.StatusOK && len(key) > 20 && strings.Contains(w.Body.String(), key) {
			t.Errorf("the refusal quotes the key: %s", w.Body)
		}
		if _, err := c.cloud.ConfirmActivationKey(t.Context(), environment, key); err != nil {
			t.Error(err)
		}
	})
}

func FuzzAssertions(f *testing.F) {
	c := newTarget(f)
	if _, err := c.cloud.ServiceAccountJSON("http://127.0.0.1:1/token"); err != nil {
		f.Fatal(err)
	}
	head := base64.RawURLEncoding.EncodeToString([]byte(rs256))
	for _, seed := range []string{"", "a.b.c", "..", head + ".e30.AAAA", head + ".bnVsbA.", "x", strings.Repeat(".", 100)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, assertion string) {
		form := url.Values{"grant_type": {jwtBearer}, "assertion": {assertion}}.Encode()
		if w := c.call(t, "POST", "/token", "application/x-www-form-urlencoded", form); w.Code != http.StatusBadRequest {
			t.Errorf("HTTP %d", w.Code)
		}
	})
}

func FuzzSnapshots(f *testing.F) {
	c := newTarget(f)
	raw, err := c.cloud.Snapshot()
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{string(raw), string(crowd(f, 2)), "", "{}", `{"version":1,"cloud":"google","steps":[{"do":"tell-peer"}]}`,
		`{"version":1,"cloud":"google","transports":[{"name":"projects/` + project + `/locations/us-east4/transports/a","state":"CREATING"}]}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if err := c.cloud.Restore([]byte(text)); err != nil {
			return
		}
		c.clock.Advance(time.Hour)
		c.call(t, "GET", transports, "", "")
		if _, err := c.cloud.Snapshot(); err != nil {
			t.Error(err)
		}
	})
}
