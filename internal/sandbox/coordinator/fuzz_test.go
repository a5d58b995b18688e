package coordinator_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/clock"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator/api"
)

// serve has a node answer a request without a network between.
func serve(t *testing.T, s *side, method, path, body string) *httptest.ResponseRecorder {
	t.Helper()
	req := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	req.Header.Set("Authorization", "Bearer "+coordinator.SharedToken)
	recorder := httptest.NewRecorder()
	s.node.ServeHTTP(recorder, req)
	return recorder
}

// alone is AWS's side without a network: nothing that it is asked here needs the
// other side, and inputs are tried faster.
func alone() *side {
	s := &side{cloud: newFakeCloud(), node: coordinator.NewNode(coordinator.NodeConfig{
		Self: coordinator.AWS(), Peer: coordinator.Google(), Clock: clock.NewManual(start), Interconnects: 1,
	})}
	s.node.SetCloud(s.cloud)
	s.node.Connect("http://127.0.0.1:0")
	return s
}

// answered wants an answer in JSON that is not a failure of the server.
func answered(t *testing.T, got *httptest.ResponseRecorder) {
	t.Helper()
	if got.Code >= http.StatusInternalServerError || !json.Valid(got.Body.Bytes()) {
		t.Errorf("%d %s", got.Code, got.Body)
	}
}

// FuzzBodies has a node take any connection and any feature. What it takes keeps
// the rules for parameters. Passwords are random, so that no two runs of an input
// are alike to the fuzzer: give it -fuzzminimizetime 10x, or it does little else
// than to minimise.
func FuzzBodies(f *testing.F) {
	feature, err := json.Marshal(wantedFeature(place("gcp")))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(`{"activationKey":"k","bandwidthMbps":1000}`, string(feature))
	f.Add(`{"deferProvisioning":true}`, strings.Replace(string(feature), "169.254.10.0", "::ffff:169.254.10.0", 1))
	f.Add(`[]`, strings.Replace(string(feature), `"ipv4SubnetPrefixLength":30`, `"ipv4SubnetPrefixLength":-1`, 1))
	f.Add(``, strings.Replace(string(feature), `"vlanId":3000`, `"vlanId":1e3`, 1))
	made := string(feature)
	f.Fuzz(func(t *testing.T, connection, feature string) {
		aws := alone()
		defer aws.node.Close()
		at := "/" + place("gcp").Name()
		offered, err := json.Marshal(api.Connection{ActivationKey: aws.offer(linkID, 1000).ActivationKey, BandwidthMbps: 1000})
		if err != nil {
			t.Fatal(err)
		}
		if got := serve(t, aws, http.MethodPost, at+"/connections?connectionId="+linkID, string(offered)); got.Code != http.StatusOK {
			t.Fatalf("%d %s", got.Code, got.Body)
		}
		if got := serve(t, aws, http.MethodPost, at+"/connections/"+linkID+"/features?featureId=l3-channel-1", made); got.Code != http.StatusOK {
			t.Fatalf("%d %s", got.Code, got.Body)
		}
		answered(t, serve(t, aws, http.MethodPost, at+"/connections?connectionId="+otherID, connection))
		answered(t, serve(t, aws, http.MethodPatch, at+"/connections/"+linkID+"?updateMask=bandwidthMbps", connection))
		answered(t, serve(t, aws, http.MethodDelete, at+"/connections/"+linkID+"/features/l3-channel-1", ""))
		answered(t, serve(t, aws, http.MethodPost, at+"/connections/"+linkID+"/features?featureId=f", feature))
		answered(t, serve(t, aws, http.MethodPost, "/providers/gcp/environments/"+env+"/ConfirmActivationKey", connection))
		for _, l := range aws.node.Links() {
			for _, made := range l.Features {
				c := made.FeatureConfig.L3BaseConfig
				if c.VLANID <= 1024 || c.VLANID > 4094 || c.MTUBytes > 9001 || !strings.HasPrefix(c.IPv4Subnet, "169.254.") {
					t.Errorf("taken: %+v", c)
				}
			}
		}
	})
}

// FuzzPageTokens has a node take any token. Nobody can make one.
func FuzzPageTokens(f *testing.F) {
	p := newPair(f)
	defer p.close()
	for i := range 3 {
		p.join(nth(i))
	}
	f.Add("", "")
	f.Add("AAAAAAAAAAAAAAAAAAAAAAAA", "1")
	f.Add("%", "99999999999")
	at := "/" + place("gcp").Name()
	f.Fuzz(func(t *testing.T, token, size string) {
		query := url.Values{"pageToken": {token}, "pageSize": {size}}
		got := serve(t, p.aws, http.MethodGet, at+"/connections?"+query.Encode(), "")
		answered(t, got)
		if token != "" && got.Code != http.StatusBadRequest {
			t.Errorf("a made-up token is answered with %d", got.Code)
		}
	})
}
