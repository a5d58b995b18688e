package googleend

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/sandboxtest"
)

// from makes a map the environment of a Load.
func from(env map[string]string) func(string) string {
	return func(name string) string { return env[name] }
}

// bearer is a Google that notes the token of each call, and hands out the token
// "of-" and the issuer of the assertion that asks for one.
type bearer struct {
	url string

	mu     sync.Mutex
	tokens []string
}

func newBearer(t *testing.T) *bearer {
	t.Helper()
	b := &bearer{}
	s := httptest.NewServer(b)
	t.Cleanup(s.Close)
	b.url = s.URL
	return b
}

func (b *bearer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	if r.URL.Path == "/token" {
		_, claims, _ := strings.Cut(r.FormValue("assertion"), ".")
		claims, _, _ = strings.Cut(claims, ".")
		text, _ := base64.RawURLEncoding.DecodeString(claims)
		var c struct{ Iss string }
		_ = json.Unmarshal(text, &c)
		fmt.Fprintf(w, `{"access_token":"of-%s","token_type":"Bearer","expires_in":3600}`, c.Iss)
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.tokens = append(b.tokens, strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))
	fmt.Fprint(w, `{"locations":[]}`)
}

// token is what an account authenticates with.
func (b *bearer) token(t *testing.T, a *Account) string {
	t.Helper()
	if _, err := a.Locations(t.Context(), "p"); err != nil {
		t.Fatal(err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.tokens[len(b.tokens)-1]
}

// serviceAccount is the key file of a service account whose tokens come from b.
func (b *bearer) serviceAccount(t *testing.T, name string) string {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(map[string]string{
		"type": "service_account", "client_email": name, "private_key_id": "1", "token_uri": b.url + "/token",
		"private_key": string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})),
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// file writes a file and returns its path.
func file(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "key.json")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestLoadPrecedence(t *testing.T) {
	const nc, comp = "https://nc.example.com", "https://compute.example.com"
	all := map[string]string{
		"GOOGLE_PROJECT": "project-1", "GOOGLE_CLOUD_PROJECT": "project-2", "GCLOUD_PROJECT": "project-3", "CLOUDSDK_CORE_PROJECT": "project-4",
		"GOOGLE_REGION": "region-1", "GCLOUD_REGION": "region-2", "CLOUDSDK_COMPUTE_REGION": "region-3",
		"GOOGLE_NETWORK_CONNECTIVITY_CUSTOM_ENDPOINT": nc + "/v1/", "GOOGLE_COMPUTE_CUSTOM_ENDPOINT": comp + "/compute/v1/",
	}
	without := func(names ...string) map[string]string {
		env := maps.Clone(all)
		for _, n := range names {
			delete(env, n)
		}
		return env
	}
	type got struct{ Project, Region, NetworkConnectivity, Compute string }
	tests := map[string]struct {
		settings Settings
		env      map[string]string
		want     got
	}{
		"nothing":    {Settings{}, nil, got{}},
		"all":        {Settings{}, all, got{"project-1", "region-1", nc, comp}},
		"second":     {Settings{}, without("GOOGLE_PROJECT", "GOOGLE_REGION"), got{"project-2", "region-2", nc, comp}},
		"third":      {Settings{}, without("GOOGLE_PROJECT", "GOOGLE_CLOUD_PROJECT", "GOOGLE_REGION", "GCLOUD_REGION"), got{"project-3", "region-3", nc, comp}},
		"gcloud's":   {Settings{}, map[string]string{"CLOUDSDK_CORE_PROJECT": "project-4"}, got{Project: "project-4"}},
		"empty ones": {Settings{}, map[string]string{"GOOGLE_PROJECT": "", "GCLOUD_PROJECT": "project-3"}, got{Project: "project-3"}},
		"settings win": {
			Settings{Project: "mine", Region: "here", Endpoints: Endpoints{NetworkConnectivity: "http://a", Compute: "http://b"}}, all,
			got{"mine", "here", "http://a", "http://b"},
		},
		"settings win, each alone": {Settings{Region: "here", Endpoints: Endpoints{Compute: "http://b"}}, all, got{"project-1", "here", nc, "http://b"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			tt.settings.AccessToken = "t"
			a, err := Load(t.Context(), tt.settings, from(tt.env))
			if err != nil {
				t.Fatal(err)
			}
			e := a.options.Endpoints
			if diff := cmp.Diff(tt.want, got{a.Project(), a.Region(), e.NetworkConnectivity, e.Compute}); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestLoadCredentials(t *testing.T) {
	b := newBearer(t)
	one, two := b.serviceAccount(t, "one"), b.serviceAccount(t, "two")
	tests := map[string]struct {
		settings Settings
		env      map[string]string
		want     string
	}{
		"token":                    {Settings{AccessToken: "mine"}, nil, "mine"},
		"token of the environment": {Settings{}, map[string]string{"GOOGLE_OAUTH_ACCESS_TOKEN": "theirs"}, "theirs"},
		"token wins over that of the environment":   {Settings{AccessToken: "mine"}, map[string]string{"GOOGLE_OAUTH_ACCESS_TOKEN": "theirs"}, "mine"},
		"token wins over the environment's file":    {Settings{AccessToken: "mine"}, map[string]string{"GOOGLE_CREDENTIALS": one}, "mine"},
		"JSON":                                      {Settings{Credentials: one}, nil, "of-one"},
		"JSON behind space":                         {Settings{Credentials: "\n  " + one}, nil, "of-one"},
		"file":                                      {Settings{Credentials: file(t, one)}, nil, "of-one"},
		"JSON of the environment":                   {Settings{}, map[string]string{"GOOGLE_CREDENTIALS": two}, "of-two"},
		"file of the environment":                   {Settings{}, map[string]string{"GOOGLE_CREDENTIALS": file(t, two)}, "of-two"},
		"JSON wins over that of the environment":    {Settings{Credentials: one}, map[string]string{"GOOGLE_CREDENTIALS": two}, "of-one"},
		"JSON wins over the environment's token":    {Settings{Credentials: one}, map[string]string{"GOOGLE_OAUTH_ACCESS_TOKEN": "theirs"}, "of-one"},
		"the environment's token wins over its key": {Settings{}, map[string]string{"GOOGLE_OAUTH_ACCESS_TOKEN": "theirs", "GOOGLE_CREDENTIALS": two}, "theirs"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			tt.settings.Endpoints.NetworkConnectivity = b.url
			a, err := Load(t.Context(), tt.settings, from(tt.env))
			if err != nil {
				t.Fatal(err)
			}
			if got := b.token(t, a); got != tt.want {
				t.Errorf("authenticates with %q, want %q", got, tt.want)
			}
		})
	}
}

func TestLoadTakesEveryTypeOfCredentials(t *testing.T) {
	for _, kind := range []string{"service_account", "authorized_user", "impersonated_service_account", "external_account"} {
		text := strings.Replace(newBearer(t).serviceAccount(t, "one"), `"service_account"`, `"`+kind+`"`, 1)
		if _, err := Load(t.Context(), Settings{Credentials: text}, from(nil)); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

func TestLoadRefuses(t *testing.T) {
	const secret = "c2VjcmV0LWNyZWRlbnRpYWxz"
	const remedy = "GOOGLE_APPLICATION_CREDENTIALS"
	tests := map[string]struct {
		settings     Settings
		says, remedy string
	}{
		"JSON cut short":        {Settings{Credentials: `{"type":"service_account","private_key":"` + secret}, "they are not the JSON of a credentials file", remedy},
		"type unknown":          {Settings{Credentials: `{"type":"` + secret + `"}`}, `their type must be "service_account"`, remedy},
		"type of another kind":  {Settings{Credentials: `{"type":7,"private_key":"` + secret + `"}`}, "they are not the JSON of a credentials file", remedy},
		"no type":               {Settings{Credentials: `{"private_key":"` + secret + `"}`}, "their type must be", remedy},
		"private key, no PEM":   {Settings{Credentials: `{"type":"service_account","private_key":"` + secret + `"}`}, "their private_key is not a private key in PEM form", remedy},
		"no private key":        {Settings{Credentials: `{"type":"service_account","secret":"` + secret + `"}`}, "their private_key is not a private key in PEM form", remedy},
		"private key, broken":   {Settings{Credentials: strings.Replace(newBearer(t).serviceAccount(t, "one"), `KEY-----\n`, `KEY-----\n`+secret, 1)}, "their private_key is not a private key in PEM form", remedy},
		"file that is not JSON": {Settings{Credentials: file(t, secret)}, "they are not the JSON of a credentials file", remedy},
		"file of another type":  {Settings{Credentials: file(t, `{"type":"user","private_key":"`+secret+`"}`)}, "their type must be", remedy},
		"no such file":          {Settings{Credentials: filepath.Join(t.TempDir(), secret)}, "neither JSON nor the path of a file that can be read", remedy},
		"a folder":              {Settings{Credentials: t.TempDir()}, "neither JSON nor the path of a file that can be read", remedy},
		"JSON in Base64":        {Settings{Credentials: strings.Repeat(secret, 200)}, "neither JSON nor the path of a file that can be read", remedy},
		"a token":               {Settings{Credentials: secret}, "neither JSON nor the path of a file that can be read", remedy},
		"endpoint, no URL":      {Settings{AccessToken: secret, Endpoints: Endpoints{Compute: "compute.example.com"}}, "the endpoint of Compute Engine", ""},
		"endpoint, a password":  {Settings{AccessToken: "t", Endpoints: Endpoints{NetworkConnectivity: "https://me:" + secret + "@example.com"}}, "the endpoint of Network Connectivity", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			a, err := Load(t.Context(), tt.settings, from(nil))
			if err == nil || a != nil {
				t.Fatalf("got %v, %v", a, err)
			}
			if !strings.Contains(err.Error(), tt.says) {
				t.Errorf("the error is %q, want it to say %q", err, tt.says)
			}
			checkSecret(t, err, secret)
			if e, ok := errors.AsType[*cloud.Error](err); ok != (tt.remedy != "") || ok && (e.Kind != cloud.Denied || !strings.Contains(e.Remedy, tt.remedy)) {
				t.Errorf("the error is %#v, want a remedy with %q", err, tt.remedy)
			}
		})
	}
}

// checkSecret holds that no part of an error's chain shows a secret.
func checkSecret(t *testing.T, err error, secret string) {
	t.Helper()
	for e := err; e != nil; e = errors.Unwrap(e) {
		if strings.Contains(e.Error(), secret) || strings.Contains(fmt.Sprintf("%+v", e), secret) {
			t.Errorf("the error shows the credentials: %+v", e)
		}
	}
}

func TestMissingCredentialsAreToldWhenNeeded(t *testing.T) {
	sandboxtest.Isolate(t, nil)
	a, err := Load(t.Context(), Settings{}, from(nil))
	if err != nil {
		t.Fatalf("loading asks for credentials: %v", err)
	}
	_, err = a.Locations(t.Context(), "p")
	e, ok := errors.AsType[*cloud.Error](err)
	if !ok || e.Kind != cloud.Denied || !strings.Contains(e.Remedy, "GOOGLE_APPLICATION_CREDENTIALS") || !strings.Contains(e.Remedy, "gcloud auth application-default login") {
		t.Errorf("got %#v", err)
	}
}

func TestLoadImpersonates(t *testing.T) {
	const account = "links@acme.iam.gserviceaccount.com"
	sandboxtest.Isolate(t, nil)
	for name, tt := range map[string]struct {
		settings Settings
		env      map[string]string
	}{
		"setting":              {Settings{Impersonate: account}, nil},
		"environment":          {Settings{}, map[string]string{"GOOGLE_IMPERSONATE_SERVICE_ACCOUNT": account}},
		"setting wins over it": {Settings{Impersonate: account}, map[string]string{"GOOGLE_IMPERSONATE_SERVICE_ACCOUNT": "other@acme.iam.gserviceaccount.com"}},
	} {
		t.Run(name, func(t *testing.T) {
			// Somebody must be there to do it.
			_, err := Load(t.Context(), tt.settings, from(tt.env))
			e, ok := errors.AsType[*cloud.Error](err)
			if !ok || !strings.Contains(err.Error(), account) || !strings.Contains(e.Remedy, "GOOGLE_APPLICATION_CREDENTIALS") {
				t.Errorf("got %#v, want an error that names the account and the variables", err)
			}
			tt.settings.AccessToken = "mine"
			a, err := Load(t.Context(), tt.settings, from(tt.env))
			if err != nil {
				t.Fatal(err)
			}
			if n := len(a.options.ClientOptions); n != 1 {
				t.Errorf("there are %d ways to authenticate, want the impersonation alone", n)
			}
		})
	}
}

// Load honours every variable of the sandbox that is meant for it.
func TestLoadHonoursTheSandboxesVariables(t *testing.T) {
	b := newBearer(t)
	shows := map[string]func(*Account) string{
		"GOOGLE_OAUTH_ACCESS_TOKEN":                   func(a *Account) string { return b.token(t, a) },
		"GOOGLE_PROJECT":                              (*Account).Project,
		"GOOGLE_REGION":                               (*Account).Region,
		"GOOGLE_NETWORK_CONNECTIVITY_CUSTOM_ENDPOINT": func(a *Account) string { return a.options.Endpoints.NetworkConnectivity + "/v1/" },
		"GOOGLE_COMPUTE_CUSTOM_ENDPOINT":              func(a *Account) string { return a.options.Endpoints.Compute + "/compute/v1/" },
	}
	// gcloud reads these; CLOUDSDK_CORE_PROJECT is read here too, see
	// TestLoadPrecedence.
	gcloud := []string{"CLOUDSDK_CORE_PROJECT", "CLOUDSDK_AUTH_ACCESS_TOKEN", "CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE", "CLOUDSDK_API_ENDPOINT_OVERRIDES_NETWORKCONNECTIVITY"}
	env := sandboxtest.Map(sandbox.Env("http://127.0.0.1:1", b.url))
	a, err := Load(t.Context(), Settings{}, from(env))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range env {
		switch show := shows[name]; {
		case strings.HasPrefix(name, "AWS_") || slices.Contains(gcloud, name):
		case show == nil:
			t.Errorf("%s is set and nobody reads it", name)
		case show(a) != value:
			t.Errorf("%s is %q, and the account has %q", name, value, show(a))
		}
	}
	for name := range shows {
		if env[name] == "" {
			t.Errorf("%s is not set", name)
		}
	}
}
