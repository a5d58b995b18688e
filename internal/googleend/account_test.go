package googleend

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

func TestAccountReachesItsEndpoints(t *testing.T) {
	f := newFake(t, map[string][]answer{
		"GET /nc" + onTransport:                              {ok(`{"name":"` + theID + `","state":"ACTIVE"}`)},
		"GET /gce/compute/v1/projects/p/global/networks/vpc": {ok(`{"name":"vpc","mtu":8896}`)},
	})
	a := newAccount(t, f, func(o *Options) {
		o.Endpoints = Endpoints{NetworkConnectivity: f.url + "/nc/v1/", Compute: f.url + "/gce/compute/v1/"}
		o.UserAgent = "crosscloud/1"
	})
	e := New(a, config())
	if o, err := e.Observe(t.Context(), link.Ref{ID: theID}); err != nil || o.State != link.Up {
		t.Errorf("transport: %q, %v", o.State, err)
	}
	if found, err := e.checkNetwork(t.Context()); err != nil || len(found) != 0 {
		t.Errorf("network: %v, %v", found, err)
	}
	for _, r := range f.asked {
		if !strings.HasPrefix(r.agent, "crosscloud/1") {
			t.Errorf("%s came from %q", r.call, r.agent)
		}
	}
}

func TestAccountWithoutCredentials(t *testing.T) {
	t.Setenv("GOOGLE_APPLICATION_CREDENTIALS", t.TempDir()+"/none.json")
	f := newFake(t, nil)
	a := newAccount(t, f, func(o *Options) { o.HTTPClient = nil })
	_, err := a.Locations(t.Context(), "p")
	e, ok := errors.AsType[*cloud.Error](err)
	if !ok || e.Kind != cloud.Denied || e.Remedy != credentialsRemedy {
		t.Errorf("got %v", err)
	}
	if len(f.calls()) != 0 {
		t.Errorf("called %v", f.calls())
	}
}

func TestAccountDefaults(t *testing.T) {
	a := newAccount(t, newFake(t, nil))
	if a.Project() != "p" || a.Region() != "us-east4" {
		t.Errorf("got %q, %q", a.Project(), a.Region())
	}
	site, err := New(a, Config{Name: "ai", Region: "us-west1"}).Site(t.Context())
	if diff := cmp.Diff(link.Site{Account: "p", Region: "us-west1"}, site); diff != "" || err != nil {
		t.Errorf("%v -want +got:\n%s", err, diff)
	}
	bare := newAccount(t, newFake(t, nil), func(o *Options) { o.Project = "" })
	_, err = New(bare, Config{Name: "ai"}).Site(t.Context())
	if e, ok := errors.AsType[*cloud.Error](err); !ok || e.Field != "project" {
		t.Errorf("without a project: %v", err)
	}
}
