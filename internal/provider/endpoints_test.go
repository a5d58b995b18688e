package provider

import (
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/googleend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox"
	sandboxaws "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/aws"
	sandboxgoogle "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/google"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/sandboxtest"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service"
)

// useEverything makes a call of every service that the provider uses.
func useEverything(t *testing.T, accounts *service.Accounts) {
	t.Helper()
	amazon, err := accounts.AWS(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	google, err := accounts.Google(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := amazon.ID(t.Context()); err != nil {
		t.Errorf("STS: %v", err)
	}
	// Direct Connect is asked about a gateway that cannot be attached to.
	ends := map[link.End]link.Site{
		awsend.New(amazon, awsend.Config{Name: "x", GatewayID: "00000000-0000-0000-0000-000000000000"}): {Account: sandboxgoogle.DefaultProject, Region: sandbox.DefaultGoogleRegion},
		googleend.New(google, googleend.Config{Name: "x", Network: sandbox.SeedNetwork}):                {Account: sandboxaws.DefaultAccountID, Region: sandbox.DefaultAWSRegion},
	}
	for end, peer := range ends {
		if _, _, err := end.Check(t.Context(), link.CheckRequest{Peer: peer, Creating: true}); err != nil {
			t.Errorf("%s: %v", end.Descriptor().Name, err)
		}
	}
}

func TestEndpoints(t *testing.T) {
	// Every service has a server of its own; "all" and "wrong" are two more.
	services := []string{"interconnect", "direct_connect", "sts", "network_connectivity", "compute"}
	type urls = map[string]string
	config := func(u urls) object {
		return object{
			"aws":    object{"endpoints": object{"interconnect": u["interconnect"], "direct_connect": u["direct_connect"], "ec2": u["wrong"], "sts": u["sts"]}},
			"google": object{"endpoints": object{"network_connectivity": u["network_connectivity"], "compute": u["compute"]}},
		}
	}
	environment := func(u urls) map[string]string {
		return map[string]string{
			"AWS_ENDPOINT_URL_INTERCONNECT": u["interconnect"], "AWS_ENDPOINT_URL_DIRECT_CONNECT": u["direct_connect"], "AWS_ENDPOINT_URL_STS": u["sts"],
			"GOOGLE_NETWORK_CONNECTIVITY_CUSTOM_ENDPOINT": u["network_connectivity"], "GOOGLE_COMPUTE_CUSTOM_ENDPOINT": u["compute"],
		}
	}
	wrong := func(u urls) urls {
		all := urls{}
		for name := range u {
			all[name] = u["wrong"]
		}
		return all
	}
	each := map[string][]string{}
	for _, s := range services {
		each[s] = []string{s}
	}
	tests := map[string]struct {
		config func(urls) object
		env    func(urls) map[string]string
		want   map[string][]string
	}{
		"configuration": {config, nil, each},
		"environment":   {nil, environment, each},
		"configuration over the environment": {
			config, func(u urls) map[string]string { return environment(wrong(u)) }, each,
		},
		"configuration over all of AWS": {
			config, func(u urls) map[string]string {
				env := environment(wrong(u))
				env["AWS_ENDPOINT_URL"] = u["wrong"]
				return env
			}, each,
		},
		"the environment, one for all of AWS": {
			nil, func(u urls) map[string]string {
				env := environment(u)
				maps.DeleteFunc(env, func(name, _ string) bool { return strings.HasPrefix(name, "AWS_") })
				env["AWS_ENDPOINT_URL"] = u["all"]
				return env
			},
			map[string][]string{
				"all": {"direct_connect", "interconnect", "sts"}, "network_connectivity": {"network_connectivity"}, "compute": {"compute"},
			},
		},
		"the environment, a service over all of AWS": {
			nil, func(u urls) map[string]string {
				env := environment(u)
				delete(env, "AWS_ENDPOINT_URL_STS")
				env["AWS_ENDPOINT_URL"] = u["all"]
				return env
			},
			map[string][]string{
				"all": {"sts"}, "interconnect": {"interconnect"}, "direct_connect": {"direct_connect"},
				"network_connectivity": {"network_connectivity"}, "compute": {"compute"},
			},
		},
		"one configured, the others of the environment": {
			func(u urls) object {
				return object{"aws": object{"endpoints": object{"sts": u["all"]}}, "google": object{"endpoints": object{"compute": u["all"]}}}
			}, environment,
			map[string][]string{
				"all": {"compute", "sts"}, "interconnect": {"interconnect"}, "direct_connect": {"direct_connect"}, "network_connectivity": {"network_connectivity"},
			},
		},
		"with version paths": {
			func(u urls) object {
				v := maps.Clone(u)
				v["network_connectivity"], v["compute"] = u["network_connectivity"]+"/v1/", u["compute"]+"/compute/v1/"
				return config(v)
			}, nil, each,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := clouds(t)
			servers, u := map[string]*recorder{}, urls{}
			for _, name := range append([]string{"wrong"}, services[:3]...) {
				servers[name] = newRecorder(t, s.AWS)
			}
			for _, name := range services[3:] {
				servers[name] = newRecorder(t, s.Google)
			}
			// What one server does for both clouds is told by the path.
			servers["all"] = newRecorder(t, both(s.AWS, s.Google))
			for name, r := range servers {
				u[name] = r.url
			}
			env := keys()
			if tt.env != nil {
				maps.Copy(env, tt.env(u))
			}
			sandboxtest.Isolate(t, env)
			cfg := object{}
			if tt.config != nil {
				cfg = tt.config(u)
			}
			useEverything(t, configured(t, cfg))
			got := map[string][]string{}
			for name, r := range servers {
				if asked := r.asked(); len(asked) > 0 {
					got[name] = asked
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("which server was asked for which service, -want +got:\n%s", diff)
			}
		})
	}
}

// Nothing here calls EC2; its endpoint is handed on with the others.
func TestEndpointsAreCarried(t *testing.T) {
	sandboxtest.Isolate(t, keys())
	accounts := configured(t, object{"aws": object{"endpoints": object{
		"interconnect": "http://a", "direct_connect": "http://b", "ec2": "http://c", "sts": "http://d",
	}}})
	amazon, err := accounts.AWS(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := awsend.Endpoints{Interconnect: "http://a", DirectConnect: "http://b", EC2: "http://c", STS: "http://d"}
	if diff := cmp.Diff(want, amazon.Endpoints()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
