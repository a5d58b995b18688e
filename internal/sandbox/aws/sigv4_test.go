package aws

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestAuthentication(t *testing.T) {
	const body = `{"state":"available"}`
	tests := map[string]struct {
		sign   func(*client)       // before signing
		tamper func(*http.Request) // after signing
		cfg    func(*Config)       // of the cloud
		want   string              // code; "" for accepted
	}{
		"signed": {},
		"no signature": {
			tamper: func(r *http.Request) { r.Header.Del("Authorization") },
			want:   "MissingAuthenticationTokenException"},
		"another scheme": {
			tamper: func(r *http.Request) { r.Header.Set("Authorization", "Bearer x") },
			want:   "IncompleteSignatureException"},
		"unreadable credential": {
			tamper: func(r *http.Request) {
				r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=x, SignedHeaders=host, Signature=x")
			},
			want: "IncompleteSignatureException"},
		"no date": {
			tamper: func(r *http.Request) { r.Header.Del("X-Amz-Date") },
			want:   "IncompleteSignatureException"},
		"unknown key": {
			sign: func(c *client) { c.credentials.AccessKeyID = "AKIANOBODY0000000000" },
			want: "UnrecognizedClientException"},
		"wrong secret": {
			sign: func(c *client) { c.credentials.SecretAccessKey = "wrong" },
			want: "InvalidSignatureException"},
		"scoped to another service": {
			sign: func(c *client) { c.service = "directconnect" },
			want: "InvalidSignatureException"},
		"scoped to no region": {
			sign: func(c *client) { c.region = "nowhere" },
			want: "InvalidSignatureException"},
		"changed body": {
			tamper: func(r *http.Request) {
				other, _ := http.NewRequest(http.MethodPost, "/", strings.NewReader(strings.Replace(body, "available", "requested", 1)))
				r.Body = other.Body
			},
			want: "InvalidSignatureException"},
		"changed header": {
			tamper: func(r *http.Request) { r.Header.Set("X-Amz-Target", "Interconnect.ListEnvironments") },
			want:   "InvalidSignatureException"},
		"changed query": {
			tamper: func(r *http.Request) { r.URL.RawQuery = "a=b" },
			want:   "InvalidSignatureException"},
		"header that is not signed": {
			tamper: func(r *http.Request) { r.Header.Set("X-Amz-Extra", "1") },
			want:   "InvalidSignatureException"},
		"16 minutes late": {
			cfg:  func(cfg *Config) { cfg.SigningTime = func() time.Time { return time.Now().Add(16 * time.Minute) } },
			want: "InvalidSignatureException"},
		"14 minutes late": {
			cfg: func(cfg *Config) { cfg.SigningTime = func() time.Time { return time.Now().Add(14 * time.Minute) } }},
		"16 minutes early": {
			cfg:  func(cfg *Config) { cfg.SigningTime = func() time.Time { return time.Now().Add(-16 * time.Minute) } },
			want: "InvalidSignatureException"},
		"14 minutes early": {
			cfg: func(cfg *Config) { cfg.SigningTime = func() time.Time { return time.Now().Add(-14 * time.Minute) } }},
		"session token": {
			sign: func(c *client) { c.credentials.SessionToken = "token" },
			cfg:  sessionToken},
		"session token missing": {
			cfg:  sessionToken,
			want: "UnrecognizedClientException"},
		"another session token": {
			sign: func(c *client) { c.credentials.SessionToken = "wrong" },
			cfg:  sessionToken,
			want: "UnrecognizedClientException"},
		"session token nobody issued": {
			sign: func(c *client) { c.credentials.SessionToken = "token" },
			want: "UnrecognizedClientException"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			if tc.cfg != nil {
				r = newRig(t, tc.cfg)
			}
			c := r.client
			if tc.sign != nil {
				tc.sign(&c)
			}
			req := c.request("Interconnect.ListConnections", []byte(body))
			if tc.tamper != nil {
				tc.tamper(req)
			}
			resp, raw := c.send(req)
			if tc.want == "" {
				if resp.StatusCode != http.StatusOK {
					t.Errorf("got %d %s", resp.StatusCode, raw)
				}
				return
			}
			var f failure
			if err := json.Unmarshal(raw, &f); err != nil {
				t.Fatal(err)
			}
			if resp.StatusCode != http.StatusForbidden || f.Code != tc.want || f.Message == "" {
				t.Errorf("got %d %s, want 403 %s", resp.StatusCode, raw, tc.want)
			}
		})
	}
}

func sessionToken(cfg *Config) {
	cfg.Credentials = map[string]Credential{DefaultAccessKeyID: {Secret: DefaultSecretAccessKey, SessionToken: "token"}}
}

// TestSignatureCoversPathAndQuery signs a request with an unusual path and query
// by the SDK's signer and checks that the same bytes are verified.
func TestSignatureCoversPathAndQuery(t *testing.T) {
	r := newRig(t)
	c := r.client
	c.url += "/a b/ü"
	req := c.request("Interconnect.ListConnections", nil)
	if _, f := r.cloud.authenticate(receive(req), nil, "interconnect"); f != nil {
		t.Errorf("path: %s", f.message)
	}
	c = r.client
	c.url += "/?b=2&a=1&a=0&a-b=x+y%2Fz&empty=#" // the client adds a path, which the fragment takes
	req = c.request("Interconnect.ListConnections", nil)
	if _, f := r.cloud.authenticate(receive(req), nil, "interconnect"); f != nil {
		t.Errorf("query: %s", f.message)
	}
}

// receive is a request as a server sees it.
func receive(req *http.Request) *http.Request {
	if req.Host == "" {
		req.Host = req.URL.Host
	}
	return req
}

func TestRegionAndAccountComeFromTheSignature(t *testing.T) {
	r := newRig(t)
	conn := r.create(nil)
	in := document{"identifier": conn["id"]}
	r.client.must("GetConnection", in)
	r.client.in("eu-west-2").refused("ResourceNotFoundException", "GetConnection", in)
	r.other().refused("ResourceNotFoundException", "GetConnection", in)
	if got := r.other().must("ListConnections", document{})["connections"].([]any); len(got) != 0 {
		t.Errorf("another account sees %v", got)
	}
	if conn["ownerAccount"] != DefaultAccountID {
		t.Errorf("owner %v", conn["ownerAccount"])
	}
}
