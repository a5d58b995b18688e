package awsend_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox"
	sandboxaws "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/aws"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/sandboxtest"
)

// The shared configuration of these tests.
const (
	sharedConfig = `[default]
region = default-region-1
[profile work]
region = work-region-1
`
	sharedCredentials = `[default]
aws_access_key_id = DEFAULTKEY
aws_secret_access_key = secret
[work]
aws_access_key_id = WORKKEY
aws_secret_access_key = secret
`
)

// isolate gives the test an environment of its own, with the given variables and
// with the shared configuration.
func isolate(t *testing.T, env map[string]string) {
	t.Helper()
	all := map[string]string{}
	for name, text := range map[string]string{"AWS_CONFIG_FILE": sharedConfig, "AWS_SHARED_CREDENTIALS_FILE": sharedCredentials} {
		all[name] = filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(all[name], []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	maps.Copy(all, env)
	sandboxtest.Isolate(t, all)
}

// load is Load that must succeed.
func load(t *testing.T, s awsend.Settings) *awsend.Account {
	t.Helper()
	a, err := awsend.Load(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// keyOf is the access key id that an account signs with.
func keyOf(t *testing.T, a *awsend.Account) string {
	t.Helper()
	c, err := a.Config("").Credentials.Retrieve(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return c.AccessKeyID
}

// fakeSTS is STS: it says who calls, hands out roles, and notes what it was
// asked.
type fakeSTS struct {
	url string

	mu    sync.Mutex
	asked []url.Values
	heads []http.Header
}

func newSTS(t *testing.T) *fakeSTS {
	t.Helper()
	f := &fakeSTS{}
	s := httptest.NewServer(f)
	t.Cleanup(s.Close)
	f.url = s.URL
	return f
}

func (f *fakeSTS) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked, f.heads = append(f.asked, r.PostForm), append(f.heads, r.Header.Clone())
	w.Header().Set("Content-Type", "text/xml")
	switch action := r.PostForm.Get("Action"); action {
	case "GetCallerIdentity":
		fmt.Fprint(w, `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>`+
			`<Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`)
	case "AssumeRole":
		fmt.Fprintf(w, `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>`+
			`<AccessKeyId>ROLEKEY</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>%s</Expiration>`+
			`</Credentials></AssumeRoleResult></AssumeRoleResponse>`, time.Now().Add(time.Hour).UTC().Format(time.RFC3339))
	default:
		http.Error(w, "unexpected "+action, http.StatusBadRequest)
	}
}

// calls are the actions that were asked for, with the key that signed them.
func (f *fakeSTS) calls() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var calls []string
	for i, form := range f.asked {
		_, signer, _ := strings.Cut(f.heads[i].Get("Authorization"), "Credential=")
		signer, _, _ = strings.Cut(signer, "/")
		calls = append(calls, form.Get("Action")+" by "+signer)
	}
	return calls
}

func TestLoadRegion(t *testing.T) {
	tests := map[string]struct {
		settings awsend.Settings
		env      map[string]string
		want     string
	}{
		"none":                  {awsend.Settings{}, map[string]string{"AWS_PROFILE": "work", "AWS_CONFIG_FILE": "none"}, ""},
		"default profile":       {awsend.Settings{}, nil, "default-region-1"},
		"profile":               {awsend.Settings{Profile: "work"}, nil, "work-region-1"},
		"profile by AWS":        {awsend.Settings{}, map[string]string{"AWS_PROFILE": "work"}, "work-region-1"},
		"default variable":      {awsend.Settings{Profile: "work"}, map[string]string{"AWS_DEFAULT_REGION": "eu-west-1"}, "eu-west-1"},
		"variable":              {awsend.Settings{}, map[string]string{"AWS_REGION": "eu-west-2", "AWS_DEFAULT_REGION": "eu-west-1"}, "eu-west-2"},
		"setting wins over all": {awsend.Settings{Region: "us-east-1", Profile: "work"}, map[string]string{"AWS_REGION": "eu-west-2"}, "us-east-1"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			isolate(t, tt.env)
			if got := load(t, tt.settings).Region(); got != tt.want {
				t.Errorf("the region is %q, want %q", got, tt.want)
			}
		})
	}
}

func TestLoadCredentials(t *testing.T) {
	keys := map[string]string{"AWS_ACCESS_KEY_ID": "ENVKEY", "AWS_SECRET_ACCESS_KEY": "secret"}
	tests := map[string]struct {
		settings awsend.Settings
		env      map[string]string
		want     string
	}{
		"default profile":                  {awsend.Settings{}, nil, "DEFAULTKEY"},
		"profile":                          {awsend.Settings{Profile: "work"}, nil, "WORKKEY"},
		"profile by AWS":                   {awsend.Settings{}, map[string]string{"AWS_PROFILE": "work"}, "WORKKEY"},
		"profile wins over AWS's":          {awsend.Settings{Profile: "default"}, map[string]string{"AWS_PROFILE": "work"}, "DEFAULTKEY"},
		"keys":                             {awsend.Settings{}, keys, "ENVKEY"},
		"profile set here wins over keys":  {awsend.Settings{Profile: "work"}, keys, "WORKKEY"},
		"keys win over the default's keys": {awsend.Settings{Region: "us-east-1"}, keys, "ENVKEY"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			isolate(t, tt.env)
			if got := keyOf(t, load(t, tt.settings)); got != tt.want {
				t.Errorf("signs with %q, want %q", got, tt.want)
			}
		})
	}
}

func TestLoadRefusesAProfileThatIsNotThere(t *testing.T) {
	isolate(t, nil)
	a, err := awsend.Load(t.Context(), awsend.Settings{Profile: "nobody"})
	if cloud.KindOf(err) != cloud.Denied || a != nil || !strings.Contains(err.Error(), "nobody") {
		t.Errorf("got %v, %v; want a cloud.Denied that names the profile", a, err)
	}
}

func TestLoadMakesNoCall(t *testing.T) {
	sts := newSTS(t)
	isolate(t, map[string]string{"AWS_ENDPOINT_URL": sts.url})
	load(t, awsend.Settings{Region: "us-east-1", AllowedAccountIDs: []string{"1"}, AssumeRole: &awsend.AssumeRole{RoleARN: "arn:aws:iam::1:role/r"}})
	if calls := sts.calls(); len(calls) > 0 {
		t.Errorf("calls: %q", calls)
	}
}

func TestLoadKeepsTheEndpoints(t *testing.T) {
	isolate(t, nil)
	want := awsend.Endpoints{Interconnect: "http://a", DirectConnect: "http://b", EC2: "http://c", STS: "http://d"}
	if diff := cmp.Diff(want, load(t, awsend.Settings{Endpoints: want}).Endpoints()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestAssumeRole(t *testing.T) {
	const arn = "arn:aws:iam::111122223333:role/links"
	tests := map[string]struct {
		role awsend.AssumeRole
		env  bool
		want map[string]string
	}{
		"all": {
			awsend.AssumeRole{RoleARN: arn, SessionName: "acme", ExternalID: "id-7", Duration: 2 * time.Hour}, false,
			map[string]string{"RoleArn": arn, "RoleSessionName": "acme", "ExternalId": "id-7", "DurationSeconds": "7200"},
		},
		"ARN alone": {
			awsend.AssumeRole{RoleARN: arn}, false,
			map[string]string{"RoleArn": arn, "ExternalId": "", "DurationSeconds": "900"},
		},
		"STS of the environment": {awsend.AssumeRole{RoleARN: arn}, true, map[string]string{"RoleArn": arn}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			sts := newSTS(t)
			// No region: the role is asked for all the same.
			s := awsend.Settings{AssumeRole: &tt.role, Profile: "work", Endpoints: awsend.Endpoints{STS: sts.url}}
			env := map[string]string{"AWS_CONFIG_FILE": "none"}
			if tt.env {
				s.Endpoints.STS = ""
				env["AWS_ENDPOINT_URL_STS"] = sts.url
			}
			isolate(t, env)
			a := load(t, s)
			if got := keyOf(t, a); got != "ROLEKEY" {
				t.Errorf("signs with %q, want the role's key", got)
			}
			if id, err := a.ID(t.Context()); id != "111122223333" || err != nil {
				t.Errorf("the account is %q, %v", id, err)
			}
			if head := sts.heads[0].Get("Authorization"); !strings.Contains(head, "/us-east-1/sts/") {
				t.Errorf("the role is asked for with %q, want a region in it", head)
			}
			// The role is asked for once, with the keys of the profile.
			if diff := cmp.Diff([]string{"AssumeRole by WORKKEY", "GetCallerIdentity by ROLEKEY"}, sts.calls()); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			for field, want := range tt.want {
				if got := sts.asked[0].Get(field); got != want {
					t.Errorf("%s is %q, want %q", field, got, want)
				}
			}
			if sts.asked[0].Get("RoleSessionName") == "" {
				t.Error("the session has no name")
			}
		})
	}
}

func TestUserAgent(t *testing.T) {
	tests := map[string]struct {
		settings awsend.Settings
		want     string
		not      string
	}{
		"product":           {awsend.Settings{Product: "terraform-provider-crosscloud", Version: "1.2.3"}, " terraform-provider-crosscloud/1.2.3", ""},
		"more":              {awsend.Settings{Product: "p", Version: "1", Extra: "acme-ci/7 (build 9)"}, " acme-ci/7 (build 9)", ""},
		"nothing":           {awsend.Settings{}, "aws-sdk-go-v2/", "crosscloud"},
		"more, not as well": {awsend.Settings{Extra: "acme-ci/7"}, "acme-ci/7", "acme-ci/7 acme-ci/7"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			sts := newSTS(t)
			isolate(t, nil)
			tt.settings.Endpoints.STS = sts.url
			if _, err := load(t, tt.settings).ID(t.Context()); err != nil {
				t.Fatal(err)
			}
			got := sts.heads[0].Get("User-Agent")
			if !strings.Contains(got, tt.want) || tt.not != "" && strings.Contains(got, tt.not) {
				t.Errorf("the user agent is %q, want %q in it and not %q", got, tt.want, tt.not)
			}
		})
	}
}

func TestMissingCredentialsAreToldWhenNeeded(t *testing.T) {
	sandboxtest.Isolate(t, nil)
	a := load(t, awsend.Settings{Region: "us-east-1"})
	for what, call := range map[string]func(context.Context) error{
		"identity":     func(ctx context.Context) error { _, err := a.ID(ctx); return err },
		"environments": func(ctx context.Context) error { _, err := a.Environments(ctx, ""); return err },
	} {
		err := call(t.Context())
		e, ok := errors.AsType[*cloud.Error](err)
		if !ok || e.Kind != cloud.Denied {
			t.Errorf("%s: got %v, want a cloud.Denied", what, err)
			continue
		}
		for _, name := range []string{"AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"} {
			if !strings.Contains(e.Remedy, name) {
				t.Errorf("%s: the remedy does not name %s: %s", what, name, e.Remedy)
			}
		}
	}
}

// Load honours every variable of the sandbox that is meant for it.
func TestLoadHonoursTheSandboxesVariables(t *testing.T) {
	s, err := sandbox.Start(t.Context(), sandbox.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	env := sandboxtest.Map(s.Env())
	maps.DeleteFunc(env, func(name, _ string) bool { return !strings.HasPrefix(name, "AWS_") })
	without := func(t *testing.T, names ...string) *awsend.Account {
		rest := maps.Clone(env)
		for _, name := range names {
			delete(rest, name)
		}
		sandboxtest.Isolate(t, rest)
		return load(t, awsend.Settings{})
	}
	checks := map[string]func(*testing.T){
		"AWS_ENDPOINT_URL": func(t *testing.T) {
			if id, err := without(t).ID(t.Context()); id != sandboxaws.DefaultAccountID || err != nil {
				t.Errorf("the account is %q, %v", id, err)
			}
		},
		"AWS_ACCESS_KEY_ID": func(t *testing.T) {
			if got := keyOf(t, without(t)); got != env["AWS_ACCESS_KEY_ID"] {
				t.Errorf("signs with %q", got)
			}
		},
		"AWS_SECRET_ACCESS_KEY": func(t *testing.T) {
			if c, err := without(t).Config("").Credentials.Retrieve(t.Context()); c.SecretAccessKey != env["AWS_SECRET_ACCESS_KEY"] || err != nil {
				t.Errorf("the secret is another, %v", err)
			}
		},
		"AWS_REGION": func(t *testing.T) {
			if got := without(t, "AWS_DEFAULT_REGION").Region(); got != env["AWS_REGION"] {
				t.Errorf("the region is %q", got)
			}
		},
		"AWS_DEFAULT_REGION": func(t *testing.T) {
			if got := without(t, "AWS_REGION").Region(); got != env["AWS_DEFAULT_REGION"] {
				t.Errorf("the region is %q", got)
			}
		},
		"AWS_EC2_METADATA_DISABLED": func(t *testing.T) {
			_, err := without(t, "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY").ID(t.Context())
			if err == nil || !strings.Contains(err.Error(), "AWS_EC2_METADATA_DISABLED") {
				t.Errorf("without keys: %v", err)
			}
		},
	}
	for name := range env {
		if checks[name] == nil {
			t.Errorf("%s is set and nobody reads it", name)
		}
	}
	for name, check := range checks {
		if env[name] == "" {
			t.Errorf("%s is not set", name)
		}
		t.Run(name, check)
	}
}
