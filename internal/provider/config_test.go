package provider

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox"
	sandboxaws "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/aws"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/sandboxtest"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service"
)

func TestConfigureHandsOnWhatIsConfigured(t *testing.T) {
	sandboxtest.Isolate(t, map[string]string{"AWS_REGION": "eu-west-2", "GOOGLE_REGION": "europe-west2"})
	accounts := configured(t, object{
		"owner":  "acme/network",
		"aws":    object{"region": "us-east-1", "default_tags": object{"team": "net", "env": ""}},
		"google": object{"project": "acme-network", "access_token": "t", "default_labels": object{"team": "net"}},
	})
	if accounts.Owner != "acme/network" {
		t.Errorf("the owner is %q", accounts.Owner)
	}
	if diff := cmp.Diff(map[string]string{"team": "net", "env": ""}, accounts.DefaultTags); diff != "" {
		t.Errorf("default tags, -want +got:\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{"team": "net"}, accounts.DefaultLabels); diff != "" {
		t.Errorf("default labels, -want +got:\n%s", diff)
	}
	amazon, err := accounts.AWS(t.Context())
	if err != nil || amazon.Region() != "us-east-1" {
		t.Errorf("AWS: %v, %v", amazon, err)
	}
	google, err := accounts.Google(t.Context())
	if err != nil || google.Project() != "acme-network" || google.Region() != "europe-west2" {
		t.Errorf("Google: %v, %v", google, err)
	}
	// There is one account of each cloud, whoever asks and however often.
	if again, _ := accounts.AWS(t.Context()); again != amazon {
		t.Error("a second AWS account was made")
	}
	if again, _ := accounts.Google(t.Context()); again != google {
		t.Error("a second Google account was made")
	}
}

func TestConfigureOfNothing(t *testing.T) {
	sandboxtest.Isolate(t, nil)
	for name, cfg := range map[string]object{"no blocks": {}, "empty blocks": {"aws": object{}, "google": object{}}} {
		accounts := configured(t, cfg)
		if accounts.Owner != "" || len(accounts.DefaultTags) > 0 || len(accounts.DefaultLabels) > 0 {
			t.Errorf("%s: %+v", name, accounts)
		}
	}
}

func TestConfigureRefusesWhatIsUnknown(t *testing.T) {
	tests := map[string]object{
		"owner":             {"owner": unknown{}},
		"a block":           {"aws": unknown{}},
		"AWS region":        {"aws": object{"region": unknown{}}},
		"a tag":             {"aws": object{"default_tags": object{"k": unknown{}}}},
		"an account":        {"aws": object{"allowed_account_ids": []any{unknown{}}}},
		"an endpoint":       {"google": object{"endpoints": object{"compute": unknown{}}}},
		"Google's token":    {"google": object{"access_token": unknown{}}},
		"the assumed role":  {"aws": object{"assume_role": object{"role_arn": unknown{}}}},
		"Google's labels":   {"google": object{"default_labels": unknown{}}},
		"a role's duration": {"aws": object{"assume_role": object{"duration": unknown{}}}},
	}
	for name, cfg := range tests {
		t.Run(name, func(t *testing.T) {
			sandboxtest.Isolate(t, nil)
			accounts, diags := configure(t, cfg)
			if accounts != nil {
				t.Error("the provider is configured all the same")
			}
			if len(diags) != 1 || diags[0].Summary != "The provider configuration is not known yet" ||
				!strings.Contains(diags[0].Detail, "What to do:") || !strings.Contains(diags[0].Detail, "-target") {
				t.Errorf("got %+v", diags)
			}
		})
	}
}

// validate is what the provider says of a configuration before it is used.
func validate(t *testing.T, cfg any) []string {
	t.Helper()
	server, _ := serve(t)
	typ := schemas(t, server).Provider.ValueType()
	resp, err := server.ValidateProviderConfig(t.Context(), &tfprotov6.ValidateProviderConfigRequest{Config: dynamic(t, value(t, typ, cfg))})
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, d := range resp.Diagnostics {
		said = append(said, fmt.Sprintf("%s: %s: %s", d.Attribute, d.Summary, d.Detail))
	}
	return said
}

func TestValidation(t *testing.T) {
	aws := func(name string, v any) object { return object{"aws": object{name: v}} }
	google := func(name string, v any) object { return object{"google": object{name: v}} }
	role := func(more object) object {
		o := object{"role_arn": "arn:aws:iam::123456789012:role/links"}
		maps.Copy(o, more)
		return aws("assume_role", o)
	}
	endpoint := func(u string) object { return aws("endpoints", object{"sts": u}) }
	tests := map[string]struct {
		config object
		want   string // "" for a configuration in order
	}{
		"nothing":               {object{}, ""},
		"owner":                 {object{"owner": "acme/net:prod_1.2=+-@"}, ""},
		"owner with a space":    {object{"owner": "acme net"}, "owner"},
		"owner, empty":          {object{"owner": ""}, "owner"},
		"owner, too long":       {object{"owner": strings.Repeat("a", 129)}, "owner"},
		"AWS region":            {aws("region", "ap-southeast-2"), ""},
		"AWS region, a name":    {aws("region", "Virginia"), "an AWS region"},
		"AWS region, a zone":    {aws("region", "us-east-1a"), "an AWS region"},
		"profile, empty":        {aws("profile", ""), "profile"},
		"role":                  {role(object{"session_name": "acme@ci", "external_id": "id", "duration": "1h"}), ""},
		"role, no ARN":          {aws("assume_role", object{"role_arn": "links"}), "the ARN of an IAM role"},
		"role, ARN of a user":   {aws("assume_role", object{"role_arn": "arn:aws:iam::123456789012:user/links"}), "the ARN of an IAM role"},
		"role, session name":    {role(object{"session_name": "a b"}), "session_name"},
		"role, duration":        {role(object{"duration": "an hour"}), "duration"},
		"accounts":              {aws("allowed_account_ids", []any{"123456789012"}), ""},
		"accounts, none":        {aws("allowed_account_ids", []any{}), "allowed_account_ids"},
		"accounts, too short":   {aws("allowed_account_ids", []any{"12345"}), "12 digits"},
		"accounts, twice":       {aws("allowed_account_ids", []any{"123456789012", "123456789012"}), "allowed_account_ids"},
		"tags of ours":          {aws("default_tags", object{"crosscloud:owner": "me"}), "belong to this provider"},
		"endpoint":              {endpoint("http://127.0.0.1:7420/base"), ""},
		"endpoint, no scheme":   {endpoint("127.0.0.1:7420"), "a URL that begins with http:// or https://"},
		"endpoint, a password":  {endpoint("https://me:secret@example.com"), "a URL that begins with"},
		"endpoint, a query":     {endpoint("https://example.com/?a=b"), "a URL that begins with"},
		"project":               {google("project", "acme-network-1"), ""},
		"project of a domain":   {google("project", "example.com:acme-network"), ""},
		"project, a number":     {google("project", "123456789012"), "a project id"},
		"project, upper case":   {google("project", "Acme-Network"), "a project id"},
		"Google region":         {google("region", "us-east4"), ""},
		"Google region, a zone": {google("region", "us-east4-a"), "a Google Cloud region"},
		"Google region, AWS's":  {google("region", "us-east-1"), "a Google Cloud region"},
		"credentials":           {google("credentials", "key.json"), ""},
		"credentials, empty":    {google("credentials", ""), "credentials"},
		"token, empty":          {google("access_token", ""), "access_token"},
		"credentials and token": {object{"google": object{"credentials": "key.json", "access_token": "t"}}, "access_token"},
		"impersonation":         {google("impersonate_service_account", "a@b.iam.gserviceaccount.com"), ""},
		"impersonation, a name": {google("impersonate_service_account", "links"), "the e-mail address of a service account"},
		"labels of ours":        {google("default_labels", object{"crosscloud-owner": "me"}), "belong to this provider"},
		"labels, upper case":    {google("default_labels", object{"Team": "net"}), "a label key has"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := validate(t, tt.config)
			switch {
			case tt.want == "" && len(got) > 0:
				t.Errorf("refused: %q", got)
			case tt.want != "" && (len(got) == 0 || !strings.Contains(strings.Join(got, "\n"), tt.want)):
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// asks are calls that need each cloud's credentials.
func asks(accounts *service.Accounts) map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"AWS": func(ctx context.Context) error {
			a, err := accounts.AWS(ctx)
			if err == nil {
				_, err = a.Environments(ctx, "us-east-1")
			}
			return err
		},
		"Google": func(ctx context.Context) error {
			g, err := accounts.Google(ctx)
			if err == nil {
				_, err = g.Locations(ctx, "p")
			}
			return err
		},
	}
}

func TestMissingCredentialsAreToldWhenNeeded(t *testing.T) {
	names := map[string][]string{
		"AWS":    {"AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"},
		"Google": {"GOOGLE_APPLICATION_CREDENTIALS", "google.access_token", "gcloud auth application-default login"},
	}
	sandboxtest.Isolate(t, nil)
	accounts := configured(t, object{})
	for end, ask := range asks(accounts) {
		d := service.Diagnose("It cannot be read", ask(t.Context()))
		for _, name := range names[end] {
			if !strings.Contains(d.Detail(), name) {
				t.Errorf("%s: the error does not name %s:\n%s", end, name, d.Detail())
			}
		}
	}
}

func TestCredentialsThatCannotBeUsedAreToldWhenNeeded(t *testing.T) {
	const secret = "c2VjcmV0LWNyZWRlbnRpYWxz"
	sandboxtest.Isolate(t, nil)
	accounts := configured(t, object{"google": object{"credentials": secret}, "aws": object{"profile": "nobody"}})
	for end, ask := range asks(accounts) {
		err := ask(t.Context())
		if err == nil {
			t.Fatalf("%s: the credentials were taken", end)
		}
		if d := service.Diagnose("It cannot be read", err); strings.Contains(d.Summary()+d.Detail(), secret) {
			t.Errorf("%s: the error shows the credentials:\n%s", end, d.Detail())
		}
	}
}

func TestUserAgent(t *testing.T) {
	for name, tt := range map[string]struct {
		more string
		want []string
	}{
		"alone":     {"", []string{"terraform-provider-crosscloud/1.2.3"}},
		"with more": {"acme-ci/7 (build 9)", []string{"terraform-provider-crosscloud/1.2.3", "acme-ci/7 (build 9)"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := clouds(t)
			amazon, google := newRecorder(t, s.AWS), newRecorder(t, s.Google)
			env := keys()
			env["AWS_ENDPOINT_URL"], env["TF_APPEND_USER_AGENT"] = amazon.url, tt.more
			env["GOOGLE_NETWORK_CONNECTIVITY_CUSTOM_ENDPOINT"], env["GOOGLE_COMPUTE_CUSTOM_ENDPOINT"] = google.url, google.url
			sandboxtest.Isolate(t, env)
			useEverything(t, configured(t, object{}))
			if len(amazon.agents) < 3 || len(google.agents) < 2 {
				t.Fatalf("too few calls: %q, %q", amazon.services, google.services)
			}
			for _, agent := range slices.Concat(amazon.agents, google.agents) {
				for _, want := range tt.want {
					if strings.Count(agent, want) != 1 {
						t.Errorf("the user agent %q does not hold %q once", agent, want)
					}
				}
				if strings.Contains(agent, "  ") {
					t.Errorf("the user agent %q has a hole", agent)
				}
			}
			for _, agent := range google.agents {
				if !strings.HasPrefix(agent, "Terraform/9.9.9 ") {
					t.Errorf("the user agent %q does not name Terraform first", agent)
				}
			}
		})
	}
}

func TestAllowedAccounts(t *testing.T) {
	tests := map[string]struct {
		allowed []any
		refused bool
	}{
		"none named": {nil, false},
		"this one":   {[]any{"111111111111", sandboxaws.DefaultAccountID}, false},
		"another":    {[]any{"111111111111"}, true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := clouds(t)
			amazon := newRecorder(t, s.AWS)
			env := keys()
			env["AWS_ENDPOINT_URL"] = amazon.url
			sandboxtest.Isolate(t, env)
			aws := object{}
			if tt.allowed != nil {
				aws["allowed_account_ids"] = tt.allowed
			}
			account, err := configured(t, object{"aws": aws}).AWS(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			_, err = account.Environments(t.Context(), "")
			if !tt.refused {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if cloud.KindOf(err) != cloud.Denied || !strings.Contains(err.Error(), sandboxaws.DefaultAccountID) || !strings.Contains(err.Error(), "allowed_account_ids") {
				t.Errorf("got %v", err)
			}
			if diff := cmp.Diff([]string{"sts"}, amazon.asked()); diff != "" {
				t.Errorf("which services were asked, -want +got:\n%s", diff)
			}
		})
	}
}

// roles is STS that hands out a role, before an AWS that knows its keys.
type roles struct {
	aws http.Handler

	mu    sync.Mutex
	asked []url.Values
}

func (r *roles) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	var form url.Values
	if scope.FindStringSubmatch(req.Header.Get("Authorization"))[1] == "sts" && strings.Contains(req.Header.Get("Authorization"), sandboxaws.DefaultAccessKeyID) {
		_ = req.ParseForm()
		form = req.PostForm
	}
	if form.Get("Action") != "AssumeRole" {
		r.aws.ServeHTTP(w, req)
		return
	}
	r.mu.Lock()
	r.asked = append(r.asked, form)
	r.mu.Unlock()
	w.Header().Set("Content-Type", "text/xml")
	fmt.Fprintf(w, `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>`+
		`<AccessKeyId>ROLEKEY</AccessKeyId><SecretAccessKey>role-secret</SecretAccessKey><SessionToken>role-token</SessionToken><Expiration>%s</Expiration>`+
		`</Credentials></AssumeRoleResult></AssumeRoleResponse>`, time.Now().Add(time.Hour).UTC().Format(time.RFC3339))
}

func TestAssumeRole(t *testing.T) {
	const arn, account = "arn:aws:iam::210987654321:role/links", "210987654321"
	s := clouds(t, func(c *sandbox.Config) {
		c.AWS.Credentials = map[string]sandboxaws.Credential{
			sandboxaws.DefaultAccessKeyID: {Secret: sandboxaws.DefaultSecretAccessKey},
			"ROLEKEY":                     {Secret: "role-secret", SessionToken: "role-token", AccountID: account},
		}
	})
	sts := &roles{aws: s.AWS}
	at, others := newRecorder(t, sts), newRecorder(t, s.AWS)
	env := keys()
	env["AWS_ENDPOINT_URL"] = others.url
	sandboxtest.Isolate(t, env)
	amazon, err := configured(t, object{"aws": object{
		"assume_role": object{"role_arn": arn, "session_name": "acme", "external_id": "id-7", "duration": "2h"},
		"endpoints":   object{"sts": at.url},
	}}).AWS(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := amazon.Environments(t.Context(), ""); err != nil {
		t.Errorf("with the role: %v", err)
	}
	if id, err := amazon.ID(t.Context()); id != account || err != nil {
		t.Errorf("the account is %q, %v", id, err)
	}
	want := []url.Values{{
		"Action": {"AssumeRole"}, "Version": {"2011-06-15"}, "RoleArn": {arn}, "RoleSessionName": {"acme"}, "ExternalId": {"id-7"}, "DurationSeconds": {"7200"},
	}}
	if diff := cmp.Diff(want, sts.asked); diff != "" {
		t.Errorf("STS was asked, -want +got:\n%s", diff)
	}
	if diff := cmp.Diff([]string{"sts"}, at.asked()); diff != "" {
		t.Errorf("the STS endpoint was asked for, -want +got:\n%s", diff)
	}
	if diff := cmp.Diff([]string{"interconnect"}, others.asked()); diff != "" {
		t.Errorf("the other endpoint was asked for, -want +got:\n%s", diff)
	}
}

func TestOnceKeepsNoFailure(t *testing.T) {
	calls, useless := 0, 0
	load := once(func(ctx context.Context) (*int, error) {
		calls++
		if calls == 1 {
			return &useless, errors.New("refused")
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		return &calls, nil
	})
	if _, err := load(t.Context()); err == nil {
		t.Error("there is no error")
	}
	// What is made outlives the call that makes it.
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for range 3 {
		if made, err := load(ended); made != &calls || err != nil {
			t.Errorf("got %v, %v", made, err)
		}
	}
	if calls != 2 {
		t.Errorf("there were %d attempts, want 2", calls)
	}
}

func TestMetadata(t *testing.T) {
	server, _ := serve(t)
	resp, err := server.GetMetadata(t.Context(), &tfprotov6.GetMetadataRequest{})
	if err != nil {
		t.Fatal(err)
	}
	none(t, resp.Diagnostics)
	for _, r := range resp.Resources {
		if !strings.HasPrefix(r.TypeName, "crosscloud_") {
			t.Errorf("a resource is called %q", r.TypeName)
		}
	}
	for _, d := range resp.DataSources {
		if !strings.HasPrefix(d.TypeName, "crosscloud_") {
			t.Errorf("a data source is called %q", d.TypeName)
		}
	}
}
