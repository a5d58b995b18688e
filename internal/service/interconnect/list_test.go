package interconnect_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/querycheck"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/acceptance"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/inventory"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox"
)

const linkType = "crosscloud_interconnect"

// listed lists at the protocol, as "terraform query" does.
func listed(t *testing.T, p *acceptance.Protocol, config map[string]any, whole bool, limit int64) []tfprotov6.ListResourceResult {
	t.Helper()
	cfg := p.Dynamic(acceptance.Value(p.Schemas.ListResourceSchemas[linkType].ValueType(), config))
	server, ok := p.ProviderServer.(tfprotov6.ListResourceServer)
	if !ok {
		t.Fatal("the provider lists nothing")
	}
	checked, err := server.ValidateListResourceConfig(t.Context(), &tfprotov6.ValidateListResourceConfigRequest{TypeName: linkType, Config: cfg})
	if err != nil {
		t.Fatal(err)
	}
	if said := acceptance.Said(checked.Diagnostics); said != "" {
		return []tfprotov6.ListResourceResult{{Diagnostics: checked.Diagnostics}}
	}
	stream, err := server.ListResource(t.Context(), &tfprotov6.ListResourceRequest{TypeName: linkType, Config: cfg, IncludeResource: whole, Limit: limit})
	if err != nil {
		t.Fatal(err)
	}
	var all []tfprotov6.ListResourceResult
	for r := range stream.Results {
		all = append(all, r)
	}
	return all
}

func TestList(t *testing.T) {
	b := acceptance.NewBuilder(t, acceptance.New(t, func(c *sandbox.Config) { c.AWS.Quotas.Requested, c.Google.TransportQuota = 10, -1 }))
	b.Owner = "Acme/network"
	b.Build("ai-whole", "us-east-1")
	b.Owner = ""
	b.Orphan("orphan", "eu-central-1")
	b.Propose("ai-half", "us-west-2", inventory.SideAWS, link.AwaitingPeer)
	b.Propose("half-of-google", "eu-west-2", inventory.SideGoogle, link.AwaitingPeer)
	p := acceptance.Speak(t, b.Stage, "acme/test")
	all := []string{"ai-half", "ai-whole", "half-of-google", "orphan"}
	tests := map[string]struct {
		config map[string]any
		limit  int64
		want   []string
	}{
		"all":           {nil, 100, all},
		"limited":       {nil, 2, all[:2]},
		"project":       {map[string]any{"project": "sandbox-project"}, 100, all},
		"AWS regions":   {map[string]any{"aws_regions": []any{"us-west-2", "us-east-1"}}, 100, all[:2]},
		"Google region": {map[string]any{"google_regions": []any{"europe-west2"}}, 100, []string{"half-of-google"}},
		"name":          {map[string]any{"name_prefix": "ai-"}, 100, all[:2]},
		"owner":         {map[string]any{"owner": "Acme/network"}, 100, []string{"ai-whole"}},
		"status":        {map[string]any{"statuses": []any{"broken", "matched"}}, 100, []string{"ai-whole", "orphan"}},
		"kind":          {map[string]any{"kinds": []any{"half_open"}}, 100, []string{"ai-half", "half-of-google"}},
		"none":          {map[string]any{"name_prefix": "zzz"}, 100, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			config := tt.config
			if config == nil {
				config = map[string]any{}
			}
			var got []string
			for _, r := range listed(t, p, config, false, tt.limit) {
				if said := acceptance.Said(r.Diagnostics); said != "" {
					t.Fatal(said)
				}
				got = append(got, r.DisplayName)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
	t.Run("each is imported by its identity", func(t *testing.T) {
		for _, r := range listed(t, p, map[string]any{}, true, 100) {
			imported(t, p, r)
		}
	})
}

// imported imports what was listed by its identity, and holds the state that
// this gives against the one that the list gave.
func imported(t *testing.T, p *acceptance.Protocol, r tfprotov6.ListResourceResult) {
	t.Helper()
	resp, err := p.ImportResourceState(t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: linkType, Identity: r.Identity})
	if err != nil {
		t.Fatal(err)
	}
	if said := acceptance.Said(resp.Diagnostics); said != "" {
		t.Errorf("%s: %s", r.DisplayName, said)
		return
	}
	typ := p.Schemas.ResourceSchemas[linkType].ValueType()
	want, err := r.Resource.Unmarshal(typ)
	if err != nil {
		t.Fatal(err)
	}
	got, err := resp.ImportedResources[0].State.Unmarshal(typ)
	if err != nil {
		t.Fatal(err)
	}
	differences, err := want.Diff(got)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range differences {
		t.Errorf("%s: %s: listed %s, imported %s", r.DisplayName, d.Path, d.Value1, d.Value2)
	}
	if text := fmt.Sprint(want); strings.Contains(text, "haredConnectionUuid") {
		t.Errorf("%s: the list shows a key", r.DisplayName)
	}
}

func TestListRefuses(t *testing.T) {
	s := acceptance.New(t)
	p := acceptance.Speak(t, s, "acme/test")
	tests := map[string]struct {
		config map[string]any
		says   string
	}{
		"project of others":   {map[string]any{"project": "somebody-else"}, "The links cannot be listed"},
		"region of no form":   {map[string]any{"aws_regions": []any{"Virginia"}}, "an AWS region"},
		"no regions":          {map[string]any{"aws_regions": []any{}}, "at least 1"},
		"kind of none":        {map[string]any{"kinds": []any{"half"}}, "half_open"},
		"status of none":      {map[string]any{"statuses": []any{"fine"}}, "matched"},
		"Google's of no form": {map[string]any{"google_regions": []any{"us-east-1"}}, "a Google Cloud region"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			results := listed(t, p, tt.config, false, 100)
			if len(results) != 1 || !strings.Contains(acceptance.Said(results[0].Diagnostics), tt.says) {
				t.Errorf("got %+v, want %q", results, tt.says)
			}
		})
	}
}

// Through an engine that queries.
func TestQuery(t *testing.T) {
	b := acceptance.NewBuilder(t, acceptance.New(t))
	b.Build("ai", "us-east-1")
	b.Build("other", "eu-west-2")
	resource.UnitTest(t, resource.TestCase{
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_14_0)},
		ProtoV6ProviderFactories: acceptance.Factories(),
		Steps: []resource.TestStep{{
			Query: true,
			Config: b.Provider("") + `
list "crosscloud_interconnect" "test" {
  provider = crosscloud

  config {
    name_prefix = "ai"
  }
}
`,
			QueryResultChecks: []querycheck.QueryResultCheck{
				querycheck.ExpectLength("crosscloud_interconnect.test", 1),
				querycheck.ExpectIdentity("crosscloud_interconnect.test", map[string]knownvalue.Check{
					"project": knownvalue.StringExact("sandbox-project"), "region": knownvalue.StringExact("us-east4"), "name": knownvalue.StringExact("ai"),
					"arn": knownvalue.Null(), "one_ended": knownvalue.Null(),
				}),
			},
		}},
	})
}
