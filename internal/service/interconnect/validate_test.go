package interconnect_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"pgregory.net/rapid"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/provider"
)

// server is the provider's protocol server, in process, and the resource's type.
func server(t testing.TB) (tfprotov6.ProviderServer, tftypes.Type) {
	t.Helper()
	s, err := providerserver.NewProtocol6WithError(provider.New("test")())()
	if err != nil {
		t.Fatal(err)
	}
	schema, err := s.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	return s, schema.ResourceSchemas["crosscloud_interconnect"].ValueType()
}

// fill gives null to what an object of the type lacks, as Terraform does.
func fill(typ tftypes.Type, value any) any {
	object, isObject := typ.(tftypes.Object)
	given, isMap := value.(map[string]any)
	if !isObject || !isMap {
		return value
	}
	full := maps.Clone(given)
	for name, t := range object.AttributeTypes {
		full[name] = fill(t, full[name])
	}
	return full
}

// complaints are the errors of validating a configuration.
func complaints(t testing.TB, s tfprotov6.ProviderServer, typ tftypes.Type, cfg map[string]any) []*tfprotov6.Diagnostic {
	t.Helper()
	text, err := json.Marshal(fill(typ, cfg))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := s.ValidateResourceConfig(t.Context(), &tfprotov6.ValidateResourceConfigRequest{
		TypeName: "crosscloud_interconnect", Config: &tfprotov6.DynamicValue{JSON: text},
		ClientCapabilities: &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: true},
	})
	if err != nil {
		t.Fatalf("the protocol failed: %v", err)
	}
	return resp.Diagnostics
}

// valid is a configuration that is accepted; change makes it another.
func valid(change func(c, aws, google map[string]any)) map[string]any {
	aws := map[string]any{"direct_connect_gateway_id": "00000000-0000-4000-8000-000000000000"}
	google := map[string]any{"network": "default"}
	c := map[string]any{"name": "ai", "bandwidth": "1Gbps", "aws": aws, "google": google}
	if change != nil {
		change(c, aws, google)
	}
	return c
}

func TestBadInput(t *testing.T) {
	type m = map[string]any
	huge := strings.Repeat("a", 100_000)
	var many []string
	for i := range 2_001 {
		many = append(many, fmt.Sprintf("10.%d.%d.0/24", i/250, i%250))
	}
	set := func(where, key string, v any) func(c, a, g m) {
		return func(c, a, g m) { map[string]m{"": c, "aws": a, "google": g}[where][key] = v }
	}
	tests := map[string]struct {
		change func(c, a, g m)
		at     string // path of the attribute; empty for a valid configuration
		says   string
	}{
		"valid": {change: nil},
		"valid, everything": {change: func(c, a, g m) {
			c["initiator"] = "google"
			a["tags"] = m{"a b": "é"}
			g["advertised_routes"] = []string{"10.0.0.0/8", "fd20::/48"}
		}},
		"name empty":                    {set("", "name", ""), "name", "1 to 63"},
		"name with capitals":            {set("", "name", "AI"), "name", "lower-case"},
		"name ends in hyphen":           {set("", "name", "ai-"), "name", "hyphen"},
		"name huge":                     {set("", "name", huge), "name", "1 to 63"},
		"name unicode":                  {set("", "name", "naïve"), "name", "lower-case"},
		"name control":                  {set("", "name", "a\x00b"), "name", "lower-case"},
		"description empty":             {set("", "description", ""), "description", "1 to 255"},
		"description punctuation":       {set("", "description", "a/b"), "description", "letters, digits"},
		"description huge":              {set("", "description", huge), "description", "1 to 255"},
		"bandwidth with space":          {set("", "bandwidth", "10 Gbps"), "bandwidth", "10Gbps"},
		"bandwidth empty":               {set("", "bandwidth", ""), "bandwidth", "10Gbps"},
		"bandwidth zero":                {set("", "bandwidth", "0Gbps"), "bandwidth", "more than 0"},
		"bandwidth huge":                {set("", "bandwidth", "9999999Gbps"), "bandwidth", "at most"},
		"initiator azure":               {set("", "initiator", "azure"), "initiator", "aws"},
		"wait_for never":                {set("", "wait_for", "never"), "wait_for", "available"},
		"aws region of the other cloud": {set("aws", "region", "us-east4"), "aws.region", "us-east-1"},
		"gateway is no uuid":            {set("aws", "direct_connect_gateway_id", "dxgw-1"), "aws.direct_connect_gateway_id", "UUID"},
		"gateway empty":                 {set("aws", "direct_connect_gateway_id", ""), "aws.direct_connect_gateway_id", "UUID"},
		"tag of aws":                    {set("aws", "tags", m{"aws:x": "1"}), "aws.tags[aws:x]", "belong to AWS"},
		"tag of ours":                   {set("aws", "tags", m{"crosscloud:link": "x"}), "aws.tags[crosscloud:link]", "belong to this provider"},
		"tag key empty":                 {set("aws", "tags", m{"": "x"}), "aws.tags[]", "1 to 128"},
		"tag value control":             {set("aws", "tags", m{"k": "a\nb"}), "aws.tags[k]", "control"},
		"tag value null":                {set("aws", "tags", m{"k": nil}), "aws.tags[k]", "null"},
		"google region of the other":    {set("google", "region", "us-east-1"), "google.region", "us-east4"},
		"project in capitals":           {set("google", "project", "Acme"), "google.project", "project id"},
		"network and hub":               {set("google", "hub", "hub"), "google.network", "hub"},
		"neither network nor hub":       {set("google", "network", nil), "google.network", "hub"},
		"network with slash":            {set("google", "network", "a/b"), "google.network", "VPC network"},
		"network empty":                 {set("google", "network", ""), "google.network", "VPC network"},
		"route with host bits":          {set("google", "advertised_routes", []string{"10.0.0.1/8"}), "google.advertised_routes", "10.0.0.0/8"},
		"route without length":          {set("google", "advertised_routes", []string{"10.0.0.0"}), "google.advertised_routes", "CIDR"},
		"route twice in two spellings":  {set("google", "advertised_routes", []string{"fd20::/48", "FD20:0::/48"}), "google.advertised_routes", "same as"},
		"routes empty":                  {set("google", "advertised_routes", []string{}), "google.advertised_routes", "at least 1"},
		"too many routes":               {set("google", "advertised_routes", many), "google.advertised_routes", "2000"},
		"stack type":                    {set("google", "stack_type", "IPV6_ONLY"), "google.stack_type", "IPV4_ONLY"},
		"auto_accept without hub":       {set("google", "auto_accept", true), "google.auto_accept", "hub"},
		"psc_routing without hub":       {set("google", "psc_routing", true), "google.psc_routing", "hub"},
		"label in capitals":             {set("google", "labels", m{"Team": "x"}), "google.labels[Team]", "lower-case"},
		"label value in capitals":       {set("google", "labels", m{"team": "X"}), "google.labels[team]", "lower-case"},
		"label of ours":                 {set("google", "labels", m{"crosscloud-link": "x"}), "google.labels[crosscloud-link]", "belong to this provider"},
		"timeout that is no duration":   {set("", "timeouts", m{"create": "soon"}), "timeouts.create", "Duration"},
		"timeout below zero":            {set("", "timeouts", m{"create": "-1h"}), "timeouts.create", "30m"},
		"no end":                        {func(c, _, _ m) { c["aws"], c["google"] = nil, nil }, "", "only one of them"},
		"google accepts":                {change: func(c, _, _ m) { c["aws"] = nil }},
		"google accepts with a key":     {change: func(c, _, _ m) { c["aws"], c["activation_key_wo"], c["activation_key_wo_version"] = nil, "k", 1 }},
		"aws proposes":                  {change: func(c, _, _ m) { c["google"], c["peer"] = nil, m{"account": "acme-network"} }},
		"aws proposes to nobody":        {func(c, _, _ m) { c["google"] = nil }, "peer.account", "Google Cloud project id"},
		"google proposes to nobody":     {func(c, _, _ m) { c["aws"], c["initiator"], c["peer"] = nil, "google", m{"region": "us-east-1"} }, "peer.account", "AWS account id"},
		"aws proposes with a key": {func(c, _, _ m) {
			c["google"], c["peer"], c["activation_key_wo"], c["activation_key_wo_version"] = nil, m{"account": "acme-network"}, "k", 1
		}, "activation_key_wo", "issues a key"},
		"both ends and a key":           {func(c, _, _ m) { c["activation_key_wo"], c["activation_key_wo_version"] = "k", 1 }, "activation_key_wo", "Both ends"},
		"both ends and a peer":          {func(c, _, _ m) { c["peer"] = m{"region": "us-east-1"} }, "peer", "Both ends"},
		"key without version":           {func(c, _, _ m) { c["aws"], c["activation_key_wo"] = nil, "k" }, "activation_key_wo", "activation_key_wo_version"},
		"key empty":                     {func(c, _, _ m) { c["aws"], c["activation_key_wo"], c["activation_key_wo_version"] = nil, "", 1 }, "activation_key_wo", "between 1 and 2048"},
		"key huge":                      {func(c, _, _ m) { c["aws"], c["activation_key_wo"], c["activation_key_wo_version"] = nil, huge, 1 }, "activation_key_wo", "between 1 and 2048"},
		"version below zero":            {set("", "activation_key_wo_version", -1), "activation_key_wo_version", "at least 0"},
		"peer region":                   {func(c, _, _ m) { c["aws"], c["peer"] = nil, m{"region": "Virginia"} }, "peer.region", "a region"},
		"peer region of our own cloud":  {func(c, _, _ m) { c["aws"], c["peer"] = nil, m{"region": "us-east4"} }, "peer.region", "AWS region"},
		"peer account of our own cloud": {func(c, _, _ m) { c["google"], c["peer"] = nil, m{"account": "123456789012"} }, "peer.account", "Google Cloud project id"},
		"peer shared id":                {func(c, _, _ m) { c["aws"], c["peer"] = nil, m{"shared_id": "x"} }, "peer.shared_id", "UUID"},
	}
	s, typ := server(t)
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			found := complaints(t, s, typ, valid(tt.change))
			if tt.says == "" {
				for _, d := range found {
					t.Errorf("refused: %s: %s", d.Summary, d.Detail)
				}
				return
			}
			for _, d := range found {
				if strings.HasPrefix(dotted(d.Attribute), tt.at) && strings.Contains(d.Summary+d.Detail, tt.says) {
					if len(d.Detail) > 2_000 {
						t.Errorf("the message is %d bytes long", len(d.Detail))
					}
					return
				}
			}
			var got []string
			for _, d := range found {
				got = append(got, fmt.Sprintf("%s: %s: %.200s", dotted(d.Attribute), d.Summary, d.Detail))
			}
			t.Errorf("no complaint at %s that says %q; got:\n%s", tt.at, tt.says, strings.Join(got, "\n"))
		})
	}
}

// dotted writes a path as users would.
func dotted(p *tftypes.AttributePath) string {
	var b strings.Builder
	for _, step := range p.Steps() {
		switch s := step.(type) {
		case tftypes.AttributeName:
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			b.WriteString(string(s))
		case tftypes.ElementKeyString:
			fmt.Fprintf(&b, "[%s]", string(s))
		}
	}
	return b.String()
}

// TestNoInputPanics validates anything at all.
func TestNoInputPanics(t *testing.T) {
	s, typ := server(t)
	word := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"aws", "1Gbps", "10.0.0.0/8", "default", "us-east-1"}))
	rapid.Check(t, func(rt *rapid.T) {
		c := valid(func(c, a, g map[string]any) {
			for _, k := range []string{"name", "description", "bandwidth", "initiator", "wait_for"} {
				c[k] = word.Draw(rt, k)
			}
			a["region"], a["direct_connect_gateway_id"] = word.Draw(rt, "region"), word.Draw(rt, "gateway")
			a["tags"] = map[string]any{word.Draw(rt, "key"): word.Draw(rt, "value")}
			g["network"], g["hub"] = word.Draw(rt, "network"), word.Draw(rt, "hub")
			g["advertised_routes"] = rapid.SliceOfDistinct(word, rapid.ID[string]).Draw(rt, "routes")
			g["labels"] = map[string]any{word.Draw(rt, "label"): word.Draw(rt, "label value")}
		})
		complaints(t, s, typ, c)
	})
}
