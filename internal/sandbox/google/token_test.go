package google_test

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	compute "cloud.google.com/go/compute/apiv1"
	"cloud.google.com/go/compute/apiv1/computepb"
	"golang.org/x/oauth2"
	oauth2google "golang.org/x/oauth2/google"
	networkconnectivity "google.golang.org/api/networkconnectivity/v1"
	"google.golang.org/api/option"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/clock"
	sandboxgoogle "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/google"
)

const platformScope = "https://www.googleapis.com/auth/cloud-platform"

// accountFile writes the service account's file and returns its path.
func (f *fixture) accountFile() string {
	f.Helper()
	raw, err := f.cloud.ServiceAccountJSON(f.url + "/token")
	if err != nil {
		f.Fatal(err)
	}
	path := filepath.Join(f.TempDir(), "account.json")
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		f.Fatal(err)
	}
	return path
}

// counted is a client's transport that counts requests by path.
type counted map[string]int

func (c counted) RoundTrip(r *http.Request) (*http.Response, error) {
	c[r.URL.Path]++
	return http.DefaultTransport.RoundTrip(r)
}

func TestApplicationDefaultCredentials(t *testing.T) {
	f := setup(t)
	t.Setenv("GOOGLE_APPLICATION_CREDENTIALS", f.accountFile())
	seen := counted{}
	ctx := context.WithValue(t.Context(), oauth2.HTTPClient, &http.Client{Transport: seen})
	found, err := oauth2google.FindDefaultCredentials(ctx, platformScope)
	if err != nil || found.ProjectID != project {
		t.Fatalf("%+v, %v", found, err)
	}
	service, err := networkconnectivity.NewService(ctx, option.WithEndpoint(f.url), option.WithHTTPClient(oauth2.NewClient(ctx, found.TokenSource)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := service.Projects.Locations.Transports.List(parent).Do(); err != nil {
		t.Fatal(err)
	}
	if seen["/token"] != 1 {
		t.Errorf("requests: %v", seen)
	}
}

func TestClientsFindTheCredentialsByThemselves(t *testing.T) {
	f := setup(t)
	file := f.accountFile()
	tests := map[string][]option.ClientOption{
		"by the environment": nil,
		"by an option":       {option.WithAuthCredentialsFile(option.ServiceAccount, file)},
	}
	for name, options := range tests {
		t.Run(name, func(t *testing.T) {
			if options == nil {
				t.Setenv("GOOGLE_APPLICATION_CREDENTIALS", file)
			}
			options := append([]option.ClientOption{option.WithEndpoint(f.url)}, options...)
			service, err := networkconnectivity.NewService(t.Context(), options...)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := service.Projects.Locations.Transports.List(parent).Do(); err != nil {
				t.Error(err)
			}
			// This client signs its own tokens and never asks for one.
			networks, err := compute.NewNetworksRESTClient(t.Context(), options...)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := networks.Get(t.Context(), &computepb.GetNetworkRequest{Project: project, Network: "default"}); err != nil {
				t.Error(err)
			}
		})
	}
}

// signer signs assertions as the service account.
type signer struct {
	key   *rsa.PrivateKey
	email string
}

func (f *fixture) signer() signer {
	f.Helper()
	raw, err := f.cloud.ServiceAccountJSON(f.url + "/token")
	if err != nil {
		f.Fatal(err)
	}
	var file struct {
		PrivateKey  string `json:"private_key"`
		ClientEmail string `json:"client_email"`
	}
	decodeJSON(f.T, raw, &file)
	block, _ := pem.Decode([]byte(file.PrivateKey))
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		f.Fatal(err)
	}
	return signer{key.(*rsa.PrivateKey), file.ClientEmail}
}

// sign makes an assertion.
func (s signer) sign(t *testing.T, header string, claims map[string]any) string {
	t.Helper()
	body, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	text := base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + base64.RawURLEncoding.EncodeToString(body)
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, s.key, crypto.SHA256, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	return text + "." + base64.RawURLEncoding.EncodeToString(signature)
}

const rs256 = `{"alg":"RS256","typ":"JWT"}`

// exchange sends an assertion to the token endpoint.
func (f *fixture) exchange(grant, assertion string) (status int, token, word string) {
	f.Helper()
	form := url.Values{"grant_type": {grant}, "assertion": {assertion}}
	r, err := http.NewRequestWithContext(f.Context(), "POST", f.url+"/token", strings.NewReader(form.Encode()))
	if err != nil {
		f.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		f.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	raw, err := io.ReadAll(answer.Body)
	if err != nil {
		f.Fatal(err)
	}
	var body struct {
		AccessToken string `json:"access_token"`
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}
	decodeJSON(f.T, raw, &body)
	return answer.StatusCode, body.AccessToken, body.Error + " " + body.Description
}

const jwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer"

// callers is the callers' time in these tests: far from the sandbox's.
var callers = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)

func withCallers(c *sandboxgoogle.Config) { c.CallerClock = clock.NewManual(callers) }

// good are claims that the token endpoint takes.
func (f *fixture) good(s signer) map[string]any {
	return map[string]any{
		"iss": s.email, "aud": f.url + "/token", "scope": platformScope, "iat": callers.Unix(), "exp": callers.Add(time.Hour).Unix(),
	}
}

func TestAssertionsAreVerified(t *testing.T) {
	f := setup(t, withCallers)
	s := f.signer()
	stranger, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		grant, header, assertion, word string
		change                         map[string]any
		by                             *rsa.PrivateKey
	}{
		"good":              {},
		"another grant":     {grant: "refresh_token", word: "unsupported_grant_type"},
		"no assertion":      {assertion: "x", word: "invalid_grant"},
		"another key":       {by: stranger, word: "Invalid JWT Signature."},
		"another algorithm": {header: `{"alg":"none"}`, word: "invalid_grant"},
		"another issuer":    {change: map[string]any{"iss": "me@example.com"}, word: "account not found"},
		"another audience":  {change: map[string]any{"aud": "https://oauth2.googleapis.com/token"}, word: "audience"},
		"expired":           {change: map[string]any{"iat": callers.Add(-2 * time.Hour).Unix(), "exp": callers.Add(-time.Hour).Unix()}, word: "short-lived"},
		"from the future":   {change: map[string]any{"iat": callers.Add(time.Hour).Unix(), "exp": callers.Add(2 * time.Hour).Unix()}, word: "short-lived"},
		"good for too long": {change: map[string]any{"exp": callers.Add(2 * time.Hour).Unix()}, word: "short-lived"},
		"no scope":          {change: map[string]any{"scope": ""}, word: "invalid_scope"},
		"unknown scope":     {change: map[string]any{"scope": "everything"}, word: "invalid_scope"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			claims, by, header, grant := f.good(s), s, rs256, jwtBearer
			maps.Copy(claims, tc.change)
			if tc.by != nil {
				by.key = tc.by
			}
			if tc.header != "" {
				header = tc.header
			}
			if tc.grant != "" {
				grant = tc.grant
			}
			assertion := by.sign(t, header, claims)
			if tc.assertion != "" {
				assertion = tc.assertion
			}
			status, token, word := f.exchange(grant, assertion)
			if tc.word == "" && (status != 200 || token == "") || tc.word != "" && (status != 400 || token != "" || !strings.Contains(word, tc.word)) {
				t.Errorf("HTTP %d, %q", status, word)
			}
		})
	}
}

// tokenOf gets an access token with a scope.
func (f *fixture) tokenOf(s signer, scope string) string {
	f.Helper()
	claims := f.good(s)
	claims["scope"] = scope
	status, token, word := f.exchange(jwtBearer, s.sign(f.T, rs256, claims))
	if status != 200 {
		f.Fatalf("HTTP %d %s", status, word)
	}
	return token
}

func TestTokensExpireOnTheClock(t *testing.T) {
	for ttl, want := range map[time.Duration]int{0: 401, -1: 200, 2 * time.Hour: 200} {
		f := setup(t, withCallers, switches(func(s *sandboxgoogle.Switches) { s.TokenTTL = ttl }))
		token := f.tokenOf(f.signer(), platformScope)
		f.clock.Advance(time.Hour - 1)
		if r := f.send("GET", transports, "", "Bearer "+token); r.status != 200 {
			t.Errorf("%v: within the hour HTTP %d", ttl, r.status)
		}
		f.clock.Advance(1)
		if r := f.send("GET", transports, "", "Bearer "+token); r.status != want {
			t.Errorf("%v: after the hour HTTP %d", ttl, r.status)
		}
	}
}

func TestScopesOfATokenAreChecked(t *testing.T) {
	f := setup(t, withCallers)
	s := f.signer()
	const prefix = "https://www.googleapis.com/auth/"
	tests := map[string]struct {
		scope      string
		transports int
		networks   int
	}{
		"platform": {platformScope, 200, 200},
		"compute":  {prefix + "compute", 403, 200},
		"mail":     {prefix + "gmail.send", 403, 403},
		"several":  {prefix + "gmail.send " + platformScope, 200, 200},
	}
	for name, tc := range tests {
		token := f.tokenOf(s, tc.scope)
		for path, status := range map[string]int{transports: tc.transports, networks: tc.networks} {
			r := f.send("GET", path, "", "Bearer "+token)
			if r.status != status || status == 403 && !strings.Contains(r.body, "insufficient authentication scopes") {
				t.Errorf("%s, %s: HTTP %d %s", name, path, r.status, r.body)
			}
		}
	}
}

func TestSelfSignedTokens(t *testing.T) {
	f := setup(t, withCallers)
	s := f.signer()
	tests := map[string]struct {
		change map[string]any
		status int
	}{
		"for the service":  {map[string]any{"aud": "https://compute.googleapis.com/", "scope": ""}, 200},
		"by scope":         {map[string]any{"aud": ""}, 200},
		"for another":      {map[string]any{"aud": "https://storage.googleapis.com/", "scope": ""}, 401},
		"by another scope": {map[string]any{"aud": "", "scope": "https://www.googleapis.com/auth/gmail.send"}, 403},
		"expired":          {map[string]any{"aud": "https://compute.googleapis.com/", "iat": 1, "exp": 2}, 401},
	}
	for name, tc := range tests {
		claims := f.good(s)
		maps.Copy(claims, tc.change)
		if r := f.send("GET", networks, "", "Bearer "+s.sign(t, rs256, claims)); r.status != tc.status {
			t.Errorf("%s: HTTP %d %s", name, r.status, r.body)
		}
	}
}

func TestServiceAccountNeedsAURL(t *testing.T) {
	f := setup(t)
	for _, bad := range []string{"", "/token", "127.0.0.1:1/token", "://"} {
		if _, err := f.cloud.ServiceAccountJSON(bad); err == nil {
			t.Errorf("%q was accepted", bad)
		}
	}
	first, err := f.cloud.ServiceAccountJSON(f.url + "/token")
	if err != nil {
		t.Fatal(err)
	}
	if second, err := f.cloud.ServiceAccountJSON(f.url + "/token"); err != nil || string(second) != string(first) {
		t.Errorf("the key is not the same: %v", err)
	}
}
