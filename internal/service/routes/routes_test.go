package routes_test

import (
	"fmt"
	"net/netip"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/acceptance"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/inventory"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox"
	sandboxgoogle "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/google"
)

const (
	dataSource = "crosscloud_routes"
	transport  = "projects/sandbox-project/locations/us-east4/transports/path"
	peering    = "projects/sandbox-project/global/networks/default/peerings/path"
	half       = "projects/sandbox-project/locations/europe-west2/transports/half"
)

// stage has a whole path with a second VPC, and a link of which Google's end
// alone is there.
type stage struct {
	*acceptance.Protocol
	first, second string
}

func paths(t *testing.T) *stage {
	t.Helper()
	s := acceptance.New(t)
	b := acceptance.NewBuilder(t, s)
	p := &stage{Protocol: acceptance.Speak(t, s, ""), first: s.VPNGatewayID}
	_, p.second = s.AWS.CreateVPC(sandbox.DefaultAWSRegion, "second", "10.65.0.0/16")
	apply := func(name string, config map[string]any) {
		t.Helper()
		if _, said := p.Apply(name, acceptance.State{}, config); strings.Contains(said, "ERROR") {
			t.Fatal(said)
		}
	}
	apply("crosscloud_interconnect", map[string]any{
		"name": "path", "bandwidth": "1Gbps", "aws": map[string]any{"direct_connect_gateway_id": s.GatewayID},
		"google": map[string]any{"network": "default", "advertised_routes": []any{"10.128.0.0/20", "10.200.0.0/16"}},
	})
	apply("crosscloud_attachment", map[string]any{
		"name": "path", "interconnect": transport, "google": map[string]any{}, "aws": map[string]any{"gateway_id": p.first},
	})
	apply("crosscloud_attachment", map[string]any{"name": "more", "interconnect": transport, "aws": map[string]any{"gateway_id": p.second}})
	// Google still has a prefix that AWS offers no more, and lacks one.
	if err := s.Google.SetRemoteRoutes(transport, netip.MustParsePrefix(sandbox.SeedVPC), netip.MustParsePrefix("172.16.0.0/12")); err != nil {
		t.Fatal(err)
	}
	b.Propose("half", "eu-west-2", inventory.SideGoogle, link.AwaitingPeer)
	return p
}

// rows writes what a list of objects holds, a line each.
func rows(t *testing.T, v tftypes.Value, list string, names ...string) []string {
	t.Helper()
	var object map[string]tftypes.Value
	var elements []tftypes.Value
	if err := v.As(&object); err != nil {
		t.Fatal(err)
	}
	if err := object[list].As(&elements); err != nil {
		t.Fatal(err)
	}
	all := []string{}
	for _, e := range elements {
		var row []string
		for _, n := range names {
			row = append(row, acceptance.Text(e, n))
		}
		all = append(all, strings.Join(append(row, matched(t, e)...), " "))
	}
	return all
}

// matched is the attribute of that name, as a word, where there is one.
func matched(t *testing.T, v tftypes.Value) []string {
	t.Helper()
	var object map[string]tftypes.Value
	if err := v.As(&object); err != nil {
		t.Fatal(err)
	}
	m, ok := object["matched"]
	switch {
	case !ok:
		return nil
	case m.IsNull():
		return []string{"unknown"}
	}
	var yes bool
	if err := m.As(&yes); err != nil {
		t.Fatal(err)
	}
	return []string{fmt.Sprint(yes)}
}

// TestRoutes shows every route of every link, and then what each filter leaves.
func TestRoutes(t *testing.T) {
	p := paths(t)
	gateway := map[string]string{"one": min(p.first, p.second), "two": max(p.first, p.second), "first": p.first, "second": p.second}
	route := func(end, direction, prefix, via, matched string) string {
		return strings.Join([]string{transport, end, direction, prefix, via, matched}, " ")
	}
	all := []string{
		route("aws", "learned", "10.128.0.0/20", gateway["one"], "true"),
		route("aws", "learned", "10.128.0.0/20", gateway["two"], "true"),
		route("aws", "learned", "10.200.0.0/16", gateway["one"], "true"),
		route("aws", "learned", "10.200.0.0/16", gateway["two"], "true"),
		route("aws", "offered", "10.64.0.0/16", gateway["first"], "true"),
		route("aws", "offered", "10.65.0.0/16", gateway["second"], "false"),
		route("google", "learned", "10.64.0.0/16", peering, "true"),
		route("google", "learned", "172.16.0.0/12", peering, "false"),
		route("google", "offered", "10.128.0.0/20", peering, "true"),
		route("google", "offered", "10.200.0.0/16", peering, "true"),
	}
	where := func(fits ...string) []string {
		left := []string{}
		for _, r := range all {
			ok := true
			for _, f := range fits {
				ok = ok && strings.Contains(r+" ", " "+f+" ")
			}
			if ok {
				left = append(left, r)
			}
		}
		return left
	}
	tests := map[string]struct {
		config map[string]any
		want   []string
	}{
		"all":                    {nil, all},
		"link":                   {map[string]any{"interconnect": transport}, all},
		"link and another name":  {map[string]any{"interconnect": transport, "name": "half"}, nil},
		"link without routes":    {map[string]any{"interconnect": half}, nil},
		"project":                {map[string]any{"project": "sandbox-project"}, all},
		"name":                   {map[string]any{"name": "path"}, all},
		"name of nothing":        {map[string]any{"name": "pat"}, nil},
		"transport":              {map[string]any{"transport": "path"}, all},
		"transport in full":      {map[string]any{"transport": transport}, all},
		"transport of nothing":   {map[string]any{"transport": "half"}, nil},
		"network":                {map[string]any{"network": "default"}, all},
		"another network":        {map[string]any{"network": "projects/others/global/networks/default"}, nil},
		"end":                    {map[string]any{"end": "google"}, where("google")},
		"direction":              {map[string]any{"direction": "offered"}, where("offered")},
		"prefix":                 {map[string]any{"prefix": "10.64.0.0/16"}, where("10.64.0.0/16")},
		"prefix of nothing":      {map[string]any{"prefix": "10.64.0.0/15"}, nil},
		"within":                 {map[string]any{"within": "10.64.0.0/15"}, append(where("10.64.0.0/16")[:1], append(where("10.65.0.0/16"), where("10.64.0.0/16")[1:]...)...)},
		"covering an address":    {map[string]any{"covering": "10.200.7.9"}, where("10.200.0.0/16")},
		"covering a prefix":      {map[string]any{"covering": "172.20.0.0/16"}, where("172.16.0.0/12")},
		"covering another":       {map[string]any{"covering": "10.0.0.0/8"}, nil},
		"not matched":            {map[string]any{"matched": false}, where("false")},
		"matched, of an end":     {map[string]any{"matched": true, "end": "google"}, where("google", "true")},
		"learned by Google only": {map[string]any{"end": "google", "direction": "learned"}, where("google", "learned")},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			config := tt.config
			if config == nil {
				config = map[string]any{}
			}
			v, said := p.Data(dataSource, config)
			if said != "" {
				t.Fatal(said)
			}
			want := tt.want
			if want == nil {
				want = []string{}
			}
			if diff := cmp.Diff(want, rows(t, v, "routes", "interconnect", "end", "direction", "prefix", "via")); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
	t.Run("an AWS region that is not the link's", func(t *testing.T) {
		// The connection is not listed, so that what it has is not known.
		v, said := p.Data(dataSource, map[string]any{"aws_regions": []any{"eu-west-2"}, "direction": "offered"})
		want := []string{route("google", "offered", "10.128.0.0/20", peering, "unknown"), route("google", "offered", "10.200.0.0/16", peering, "unknown")}
		if diff := cmp.Diff(want, rows(t, v, "routes", "interconnect", "end", "direction", "prefix", "via")); said != "" || diff != "" {
			t.Errorf("%s-want +got:\n%s", said, diff)
		}
	})
	t.Run("prefixes and notes", func(t *testing.T) {
		v, said := p.Data(dataSource, map[string]any{"direction": "learned"})
		var object map[string]tftypes.Value
		if err := v.As(&object); err != nil || said != "" {
			t.Fatal(said, err)
		}
		if got := fmt.Sprint(object["prefixes"]); strings.Count(got, "/") != 4 {
			t.Errorf("prefixes are %s", got)
		}
		want := []string{
			half + " aws  The end does not exist, or is not to be seen with these credentials.",
			half + " google " + half + " The peering does not stand yet.",
		}
		if diff := cmp.Diff(want, rows(t, v, "notes", "interconnect", "end", "via", "reason")); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	})
}

// TestOnAHub shows what a transport on a hub advertises, and that what the hub has
// learned is not to be seen, nor anything of an AWS end on which nothing hangs.
func TestOnAHub(t *testing.T) {
	s := acceptance.New(t)
	if err := s.Google.CreateHub(sandboxgoogle.DefaultProject, "wan"); err != nil {
		t.Fatal(err)
	}
	p := acceptance.Speak(t, s, "")
	if _, said := p.Apply("crosscloud_interconnect", acceptance.State{}, map[string]any{
		"name": "path", "bandwidth": "1Gbps", "aws": map[string]any{"direct_connect_gateway_id": s.GatewayID},
		"google": map[string]any{"hub": "wan", "advertised_routes": []any{"10.128.0.0/20"}},
	}); strings.Contains(said, "ERROR") {
		t.Fatal(said)
	}
	v, said := p.Data(dataSource, map[string]any{"interconnect": transport})
	if said != "" {
		t.Fatal(said)
	}
	spoke := "projects/sandbox-project/locations/us-east4/spokes/path"
	for list, want := range map[string][]string{
		"routes": {transport + " google offered 10.128.0.0/20 " + spoke + "  false"},
		"notes": {
			transport + " aws    Nothing is associated with Direct Connect gateway " + s.GatewayID + ".",
			transport + " google   " + spoke + " What the hub has learned is in its route tables, which are not looked at.",
		},
	} {
		if diff := cmp.Diff(want, rows(t, v, list, "interconnect", "end", "direction", "prefix", "via", "reason")); diff != "" {
			t.Errorf("%s: -want +got:\n%s", list, diff)
		}
	}
}

func TestRefusals(t *testing.T) {
	p := acceptance.Speak(t, acceptance.New(t), "")
	tests := map[string]struct {
		config map[string]any
		says   string
	}{
		"link of no form":      {map[string]any{"interconnect": "path"}, `"path" names no link`},
		"link that is not":     {map[string]any{"interconnect": transport}, "Google knows no transport"},
		"link and project":     {map[string]any{"interconnect": transport, "project": "sandbox-project"}, "Invalid Attribute Combination"},
		"link and regions":     {map[string]any{"interconnect": transport, "aws_regions": []any{"us-east-1"}}, "Invalid Attribute Combination"},
		"project of others":    {map[string]any{"project": "somebody-else"}, "PERMISSION_DENIED"},
		"region of no form":    {map[string]any{"aws_regions": []any{"Virginia"}}, "an AWS region"},
		"no regions":           {map[string]any{"aws_regions": []any{}}, "at least 1"},
		"end of none":          {map[string]any{"end": "azure"}, `value must be one of`},
		"direction of none":    {map[string]any{"direction": "INCOMING"}, `value must be one of`},
		"prefix of no form":    {map[string]any{"prefix": "10.64.0.1/16"}, `it has host bits: use "10.64.0.0/16"`},
		"within of no form":    {map[string]any{"within": "ten"}, "must be an IPv4 or IPv6 prefix"},
		"covering of no form":  {map[string]any{"covering": "10.64.0"}, "must be an address, or a prefix"},
		"empty name":           {map[string]any{"name": ""}, "at least 1"},
		"empty transport":      {map[string]any{"transport": ""}, "at least 1"},
		"empty network":        {map[string]any{"network": ""}, "at least 1"},
		"empty name of a link": {map[string]any{"interconnect": ""}, "at least 1"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if _, said := p.Data(dataSource, tt.config); !strings.Contains(said, tt.says) {
				t.Errorf("said %q, want %q", said, tt.says)
			}
		})
	}
}

func TestMain(m *testing.M) {
	for k, v := range acceptance.Credentials() {
		if err := os.Setenv(k, v); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}
