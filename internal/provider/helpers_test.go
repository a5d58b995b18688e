package provider

import (
	"context"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox"
	sandboxaws "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/aws"
	sandboxgoogle "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/google"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service"
)

// probe is the provider, and lets its test see what it hands to resources.
type probe struct {
	*crosscloud
	accounts *service.Accounts
}

// Configure notes the accounts.
func (p *probe) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	p.crosscloud.Configure(ctx, req, resp)
	p.accounts, _ = resp.ResourceData.(*service.Accounts)
}

// serve is the provider behind the protocol, as Terraform speaks to it.
func serve(t *testing.T) (tfprotov6.ProviderServer, *probe) {
	t.Helper()
	inner, ok := New("1.2.3")().(*crosscloud)
	if !ok {
		t.Fatal("New makes another provider")
	}
	p := &probe{crosscloud: inner}
	server, err := providerserver.NewProtocol6WithError(p)()
	if err != nil {
		t.Fatal(err)
	}
	return server, p
}

// schemas are all schemas of the provider.
func schemas(t *testing.T, server tfprotov6.ProviderServer) *tfprotov6.GetProviderSchemaResponse {
	t.Helper()
	resp, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	none(t, resp.Diagnostics)
	return resp
}

// configure configures a provider with a configuration, as value takes it.
func configure(t *testing.T, cfg any) (*service.Accounts, []*tfprotov6.Diagnostic) {
	t.Helper()
	server, p := serve(t)
	typ := schemas(t, server).Provider.ValueType()
	resp, err := server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{
		TerraformVersion: "9.9.9", Config: dynamic(t, value(t, typ, cfg)),
	})
	if err != nil {
		t.Fatal(err)
	}
	return p.accounts, resp.Diagnostics
}

// configured is configure that must succeed.
func configured(t *testing.T, cfg any) *service.Accounts {
	t.Helper()
	accounts, diags := configure(t, cfg)
	none(t, diags)
	return accounts
}

// none fails the test if there are diagnostics.
func none(t *testing.T, diags []*tfprotov6.Diagnostic) {
	t.Helper()
	for _, d := range diags {
		t.Errorf("%s: %s: %s (%s)", d.Severity, d.Summary, d.Detail, d.Attribute)
	}
	if len(diags) > 0 {
		t.FailNow()
	}
}

// object writes an object, of which attributes that are not given are null.
type object = map[string]any

// unknown writes a value that is not known yet.
type unknown struct{}

// value makes a value of a type: of an object, a []any, a scalar, unknown, or nil
// for null.
func value(t *testing.T, typ tftypes.Type, of any) tftypes.Value {
	t.Helper()
	switch of := of.(type) {
	case nil:
		return tftypes.NewValue(typ, nil)
	case unknown:
		return tftypes.NewValue(typ, tftypes.UnknownValue)
	case []any:
		var elements []tftypes.Value
		for _, e := range of {
			elements = append(elements, value(t, elementType(typ), e))
		}
		return tftypes.NewValue(typ, elements)
	case object:
		attributes := map[string]tftypes.Value{}
		if o, ok := typ.(tftypes.Object); ok {
			for name, kind := range o.AttributeTypes {
				attributes[name] = value(t, kind, of[name])
			}
			for name := range of {
				if o.AttributeTypes[name] == nil {
					t.Fatalf("there is no attribute %q", name)
				}
			}
		} else {
			for name, v := range of {
				attributes[name] = value(t, elementType(typ), v)
			}
		}
		return tftypes.NewValue(typ, attributes)
	}
	return tftypes.NewValue(typ, of)
}

// elementType is the type of a collection's elements; nil for what is none.
func elementType(typ tftypes.Type) tftypes.Type {
	switch c := typ.(type) {
	case tftypes.List:
		return c.ElementType
	case tftypes.Set:
		return c.ElementType
	case tftypes.Map:
		return c.ElementType
	}
	return nil
}

func dynamic(t *testing.T, v tftypes.Value) *tfprotov6.DynamicValue {
	t.Helper()
	d, err := tfprotov6.NewDynamicValue(v.Type(), v)
	if err != nil {
		t.Fatal(err)
	}
	return &d
}

// recorder is a cloud that notes who was asked for what.
type recorder struct {
	url   string
	cloud http.Handler

	mu       sync.Mutex
	services []string
	agents   []string
}

func newRecorder(t *testing.T, cloud http.Handler) *recorder {
	t.Helper()
	r := &recorder{cloud: cloud}
	s := httptest.NewServer(r)
	t.Cleanup(s.Close)
	r.url = s.URL
	return r
}

// scope finds the service that an AWS request is signed for.
var scope = regexp.MustCompile(`Credential=[^/]+/[0-9]+/[^/]+/([a-z]+)/aws4_request`)

// ServeHTTP notes the service and lets the cloud answer.
func (r *recorder) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	name := "network_connectivity"
	if m := scope.FindStringSubmatch(req.Header.Get("Authorization")); m != nil {
		name = map[string]string{"interconnect": "interconnect", "directconnect": "direct_connect", "sts": "sts"}[m[1]]
	} else if strings.HasPrefix(req.URL.Path, "/compute/") {
		name = "compute"
	}
	r.mu.Lock()
	r.services, r.agents = append(r.services, name), append(r.agents, req.Header.Get("User-Agent"))
	r.mu.Unlock()
	r.cloud.ServeHTTP(w, req)
}

// asked are the services that were asked for here, each once, sorted.
func (r *recorder) asked() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Compact(slices.Sorted(slices.Values(r.services)))
}

// clouds starts a sandbox whose clouds recorders can stand before.
func clouds(t *testing.T, change ...func(*sandbox.Config)) *sandbox.Sandbox {
	t.Helper()
	cfg := sandbox.Config{Seed: true}
	for _, f := range change {
		f(&cfg)
	}
	s, err := sandbox.Start(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// keys are the variables with the sandbox's credentials.
func keys() map[string]string {
	return map[string]string{
		"AWS_ACCESS_KEY_ID": sandboxaws.DefaultAccessKeyID, "AWS_SECRET_ACCESS_KEY": sandboxaws.DefaultSecretAccessKey,
		"AWS_REGION": sandbox.DefaultAWSRegion, "GOOGLE_OAUTH_ACCESS_TOKEN": sandboxgoogle.AccessToken,
		"GOOGLE_PROJECT": sandboxgoogle.DefaultProject, "GOOGLE_REGION": sandbox.DefaultGoogleRegion,
	}
}

// both answers for two clouds: AWS gets what is signed as AWS wants it.
func both(aws, google http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if strings.HasPrefix(req.Header.Get("Authorization"), "AWS4-") {
			aws.ServeHTTP(w, req)
			return
		}
		google.ServeHTTP(w, req)
	})
}
