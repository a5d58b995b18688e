package acceptance

import (
	"fmt"
	"maps"
	"math/big"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/provider"
)

// Protocol speaks the plugin protocol with a provider in process, for tests of
// what no engine here can do, and of messages as they leave the provider. It
// fails the test where the protocol itself fails.
type Protocol struct {
	tfprotov6.ProviderServer
	// Schemas of the provider.
	Schemas *tfprotov6.GetProviderSchemaResponse
	t       testing.TB
}

// State is what an engine keeps of a resource.
type State struct {
	Value    tftypes.Value
	Private  []byte
	Identity *tfprotov6.ResourceIdentityData
}

// Speak starts a provider that is configured for a stage.
func Speak(t testing.TB, s *Stage, owner string, options ...provider.Option) *Protocol {
	t.Helper()
	server, err := Factories(options...)["crosscloud"]()
	if err != nil {
		t.Fatal(err)
	}
	p := &Protocol{ProviderServer: server, t: t}
	p.Schemas, err = server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	p.must(err, p.Schemas.Diagnostics)
	resp, err := server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{
		TerraformVersion: "1.14.0", Config: p.Dynamic(Value(p.Schemas.Provider.ValueType(), s.Settings(owner))),
	})
	p.must(err, resp.Diagnostics)
	return p
}

// must ends the test where the protocol failed or there are errors.
func (p *Protocol) must(err error, diags []*tfprotov6.Diagnostic) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
	if said := Said(diags); strings.Contains(said, "ERROR") {
		p.t.Fatal(said)
	}
}

// Said writes diagnostics as golden files hold them.
func Said(diags []*tfprotov6.Diagnostic) string {
	var b strings.Builder
	for _, d := range diags {
		fmt.Fprintf(&b, "%s: %s\n", d.Severity, d.Summary)
		if d.Attribute != nil {
			fmt.Fprintf(&b, "  at %s\n", d.Attribute)
		}
		for line := range strings.SplitSeq(d.Detail, "\n") {
			fmt.Fprintf(&b, "  | %s\n", line)
		}
	}
	return b.String()
}

// Value makes a value of a type out of strings, booleans, numbers, lists and
// maps; attributes that are not given are null.
func Value(typ tftypes.Type, given any) tftypes.Value {
	switch v := given.(type) {
	case map[string]any:
		full := map[string]tftypes.Value{}
		switch c := typ.(type) {
		case tftypes.Object:
			for name, t := range c.AttributeTypes {
				full[name] = Value(t, v[name])
			}
		case tftypes.Map:
			for name, e := range v {
				full[name] = Value(c.ElementType, e)
			}
		}
		return tftypes.NewValue(typ, full)
	case []any:
		var element tftypes.Type
		switch c := typ.(type) {
		case tftypes.List:
			element = c.ElementType
		case tftypes.Set:
			element = c.ElementType
		}
		all := []tftypes.Value{}
		for _, e := range v {
			all = append(all, Value(element, e))
		}
		return tftypes.NewValue(typ, all)
	}
	return tftypes.NewValue(typ, given)
}

// Dynamic encodes a value.
func (p *Protocol) Dynamic(v tftypes.Value) *tfprotov6.DynamicValue {
	p.t.Helper()
	d, err := tfprotov6.NewDynamicValue(v.Type(), v)
	if err != nil {
		p.t.Fatal(err)
	}
	return &d
}

// resource is the schema and the type of a resource.
func (p *Protocol) resource(name string) (*tfprotov6.Schema, tftypes.Type) {
	p.t.Helper()
	s, ok := p.Schemas.ResourceSchemas[name]
	if !ok {
		p.t.Fatalf("there is no resource %s", name)
	}
	return s, s.ValueType()
}

// Plan plans the way from a state to a configuration, nil to destroy, and
// returns the planned value and what was said.
func (p *Protocol) Plan(name string, prior State, config map[string]any) (planned tftypes.Value, said string) {
	p.t.Helper()
	resp, _ := p.plan(name, prior, config)
	_, typ := p.resource(name)
	if resp.PlannedState != nil {
		planned = p.decode(resp.PlannedState, typ)
	}
	return planned, Said(resp.Diagnostics)
}

func (p *Protocol) plan(name string, prior State, config map[string]any) (*tfprotov6.PlanResourceChangeResponse, tftypes.Value) {
	p.t.Helper()
	schema, typ := p.resource(name)
	if prior.Value.Type() == nil {
		prior.Value = tftypes.NewValue(typ, nil)
	}
	want, next := tftypes.NewValue(typ, nil), tftypes.NewValue(typ, nil)
	if config != nil {
		want = Value(typ, config)
		next = proposed(schema.Block.Attributes, want, prior.Value)
	}
	resp, err := p.PlanResourceChange(p.t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: name, PriorState: p.Dynamic(prior.Value), ProposedNewState: p.Dynamic(next), Config: p.Dynamic(want),
		PriorPrivate: prior.Private, PriorIdentity: prior.Identity,
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return resp, want
}

// Apply plans and applies, and returns the new state and what was said.
func (p *Protocol) Apply(name string, prior State, config map[string]any) (after State, said string) {
	p.t.Helper()
	plan, want := p.plan(name, prior, config)
	said = Said(plan.Diagnostics)
	if strings.Contains(said, "ERROR") {
		return prior, said
	}
	_, typ := p.resource(name)
	if prior.Value.Type() == nil {
		prior.Value = tftypes.NewValue(typ, nil)
	}
	resp, err := p.ApplyResourceChange(p.t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: name, PriorState: p.Dynamic(prior.Value), PlannedState: plan.PlannedState, Config: p.Dynamic(want),
		PlannedPrivate: plan.PlannedPrivate, PlannedIdentity: plan.PlannedIdentity,
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return State{p.decode(resp.NewState, typ), resp.Private, resp.NewIdentity}, said + Said(resp.Diagnostics)
}

// Refresh reads a resource, and returns the new state and what was said.
func (p *Protocol) Refresh(name string, prior State) (after State, said string) {
	p.t.Helper()
	_, typ := p.resource(name)
	resp, err := p.ReadResource(p.t.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: name, CurrentState: p.Dynamic(prior.Value), Private: prior.Private, CurrentIdentity: prior.Identity,
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return State{p.decode(resp.NewState, typ), resp.Private, resp.NewIdentity}, Said(resp.Diagnostics)
}

// Data validates and reads a data source, and returns its value and what was said.
func (p *Protocol) Data(name string, config map[string]any) (value tftypes.Value, said string) {
	p.t.Helper()
	s, ok := p.Schemas.DataSourceSchemas[name]
	if !ok {
		p.t.Fatalf("there is no data source %s", name)
	}
	typ := s.ValueType()
	given := p.Dynamic(Value(typ, config))
	checked, err := p.ValidateDataResourceConfig(p.t.Context(), &tfprotov6.ValidateDataResourceConfigRequest{TypeName: name, Config: given})
	if err != nil {
		p.t.Fatal(err)
	}
	if said = Said(checked.Diagnostics); strings.Contains(said, "ERROR") {
		return tftypes.NewValue(typ, nil), said
	}
	resp, err := p.ReadDataSource(p.t.Context(), &tfprotov6.ReadDataSourceRequest{TypeName: name, Config: given})
	if err != nil {
		p.t.Fatal(err)
	}
	return p.decode(resp.State, typ), said + Said(resp.Diagnostics)
}

func (p *Protocol) decode(d *tfprotov6.DynamicValue, typ tftypes.Type) tftypes.Value {
	p.t.Helper()
	v, err := d.Unmarshal(typ)
	if err != nil {
		p.t.Fatal(err)
	}
	return v
}

// Text is a string attribute of a value: the names on the way to it. It is empty
// where there is none.
func Text(v tftypes.Value, names ...string) string {
	for _, n := range names {
		var of map[string]tftypes.Value
		if !v.IsKnown() || v.IsNull() || v.As(&of) != nil {
			return ""
		}
		v = of[n]
	}
	var s string
	if !v.IsKnown() || v.As(&s) != nil {
		return ""
	}
	return s
}

// Amount is a number attribute of a value as money is written: the names on the
// way to it. It is "?" where it is unknown and empty where it is null.
func Amount(v tftypes.Value, names ...string) string {
	for _, n := range names {
		var of map[string]tftypes.Value
		switch {
		case !v.IsKnown():
			return "?"
		case v.IsNull() || v.As(&of) != nil:
			return ""
		}
		v = of[n]
	}
	var n big.Float
	switch {
	case !v.IsKnown():
		return "?"
	case v.IsNull() || v.As(&n) != nil:
		return ""
	}
	return n.Text('f', 2)
}

// Without is a state in which an attribute is null, as a version wrote it that
// did not know the attribute.
func (s State) Without(name string) State {
	var of map[string]tftypes.Value
	if s.Value.As(&of) != nil {
		return s
	}
	of = maps.Clone(of)
	of[name] = tftypes.NewValue(of[name].Type(), nil)
	s.Value = tftypes.NewValue(s.Value.Type(), of)
	return s
}

// proposed is what an engine proposes: the configuration, with the prior state's
// values where an attribute is computed and not configured, and unknown where
// there is no prior state.
func proposed(attributes []*tfprotov6.SchemaAttribute, config, prior tftypes.Value) tftypes.Value {
	var c, before map[string]tftypes.Value
	if config.IsNull() || config.As(&c) != nil {
		return config
	}
	if prior.IsNull() || prior.As(&before) != nil {
		before = nil
	}
	out := maps.Clone(c)
	for _, a := range attributes {
		was, known := before[a.Name]
		switch {
		case a.NestedType != nil && a.NestedType.Nesting == tfprotov6.SchemaObjectNestingModeSingle && !c[a.Name].IsNull():
			if !known {
				was = tftypes.NewValue(c[a.Name].Type(), nil)
			}
			out[a.Name] = proposed(a.NestedType.Attributes, c[a.Name], was)
		case a.Computed && c[a.Name].IsNull() && known:
			out[a.Name] = was
		}
	}
	return tftypes.NewValue(config.Type(), out)
}
