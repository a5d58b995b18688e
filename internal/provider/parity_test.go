package provider

import (
	"maps"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/sandboxtest"
)

// filled is a value of a type in which everything that holds something is there,
// nested objects and one element of each collection included, and all that is
// held is null. Reading it into a model visits every attribute of the schema and
// every field of the model, at every depth: the framework refuses an attribute
// without a field, a field without an attribute, and a field of another type.
func filled(typ tftypes.Type) tftypes.Value {
	switch c := typ.(type) {
	case tftypes.Object:
		attributes := map[string]tftypes.Value{}
		for name, kind := range c.AttributeTypes {
			attributes[name] = filled(kind)
		}
		return tftypes.NewValue(typ, attributes)
	case tftypes.Map:
		return tftypes.NewValue(typ, map[string]tftypes.Value{"k": filled(c.ElementType)})
	case tftypes.List, tftypes.Set:
		return tftypes.NewValue(typ, []tftypes.Value{filled(elementType(typ))})
	}
	return tftypes.NewValue(typ, nil)
}

// hollow is a value of a type whose attributes are all null.
func hollow(typ tftypes.Type) tftypes.Value {
	attributes := map[string]tftypes.Value{}
	if o, ok := typ.(tftypes.Object); ok {
		for name, kind := range o.AttributeTypes {
			attributes[name] = tftypes.NewValue(kind, nil)
		}
	}
	return tftypes.NewValue(typ, attributes)
}

// conversion is how the framework sums up that a model and a schema differ.
const conversion = "Value Conversion Error"

// checkParity fails the test where diagnostics say that a model and its schema
// differ. Other complaints are of values that are null.
func checkParity(t *testing.T, diags []*tfprotov6.Diagnostic) {
	t.Helper()
	for _, d := range diags {
		if d.Summary == conversion {
			t.Errorf("%s: %s", d.Attribute, d.Detail)
		}
	}
}

// The text that the other tests look for is the one that the framework writes.
func TestParityIsSeen(t *testing.T) {
	sch := schema.Schema{Attributes: map[string]schema.Attribute{
		"a": schema.StringAttribute{Optional: true},
		"o": schema.SingleNestedAttribute{Optional: true, Attributes: map[string]schema.Attribute{"b": schema.StringAttribute{Optional: true}}},
	}}
	type nested struct {
		B types.String `tfsdk:"b"`
	}
	config := tfsdk.Config{Schema: sch, Raw: filled(sch.Type().TerraformType(t.Context()))}
	for name, tt := range map[string]struct {
		model any
		fails bool
	}{
		"alike": {&struct {
			A types.String `tfsdk:"a"`
			O *nested      `tfsdk:"o"`
		}{}, false},
		"a field is missing": {&struct {
			O *nested `tfsdk:"o"`
		}{}, true},
		"a field too many": {&struct {
			A types.String `tfsdk:"a"`
			C types.String `tfsdk:"c"`
			O *nested      `tfsdk:"o"`
		}{}, true},
		"another type": {&struct {
			A types.Bool `tfsdk:"a"`
			O *nested    `tfsdk:"o"`
		}{}, true},
		"a difference inside": {&struct {
			A types.String `tfsdk:"a"`
			O *struct {
				C types.String `tfsdk:"c"`
			} `tfsdk:"o"`
		}{}, true},
	} {
		t.Run(name, func(t *testing.T) {
			diags := config.Get(t.Context(), tt.model)
			if diags.HasError() != tt.fails || tt.fails && diags[0].Summary() != conversion {
				t.Errorf("got %v", diags)
			}
		})
	}
}

func TestModelOfTheConfiguration(t *testing.T) {
	server, _ := serve(t)
	typ := schemas(t, server).Provider.ValueType()
	for name, v := range map[string]tftypes.Value{"filled": filled(typ), "hollow": hollow(typ)} {
		t.Run(name, func(t *testing.T) {
			sandboxtest.Isolate(t, nil)
			server, _ := serve(t)
			resp, err := server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: dynamic(t, v)})
			if err != nil {
				t.Fatal(err)
			}
			none(t, resp.Diagnostics)
		})
	}
}

// Every resource reads its schema's values into its model, as a configuration,
// a plan and a state, and writes the model back as a plan. Without a configured
// provider no cloud is asked.
func TestModelsOfTheResources(t *testing.T) {
	server, _ := serve(t)
	all := schemas(t, server).ResourceSchemas
	if len(all) == 0 {
		t.Fatal("there is no resource")
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		typ := all[name].ValueType()
		null := tftypes.NewValue(typ, nil)
		for step, prior := range map[string]tftypes.Value{"create": null, "update": filled(typ)} {
			t.Run(name+", "+step, func(t *testing.T) {
				resp, err := server.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{
					TypeName: name, PriorState: dynamic(t, prior), Config: dynamic(t, filled(typ)), ProposedNewState: dynamic(t, filled(typ)),
				})
				if err != nil {
					t.Fatal(err)
				}
				checkParity(t, resp.Diagnostics)
				if len(resp.Diagnostics) > 0 {
					return
				}
				planned, err := resp.PlannedState.Unmarshal(typ)
				if err != nil || planned.IsNull() {
					t.Errorf("the plan is %v, %v", planned, err)
				}
			})
		}
	}
}

// Every data source reads its schema's values into its model, and writes the
// model back with what the clouds say.
func TestModelsOfTheDataSources(t *testing.T) {
	s := clouds(t)
	sandboxtest.Isolate(t, sandboxtest.Map(s.Env()))
	server, _ := serve(t)
	got := schemas(t, server)
	resp, err := server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: dynamic(t, hollow(got.Provider.ValueType()))})
	if err != nil {
		t.Fatal(err)
	}
	none(t, resp.Diagnostics)
	if len(got.DataSourceSchemas) == 0 {
		t.Fatal("there is no data source")
	}
	for _, name := range slices.Sorted(maps.Keys(got.DataSourceSchemas)) {
		typ := got.DataSourceSchemas[name].ValueType()
		for what, cfg := range map[string]tftypes.Value{"hollow": hollow(typ), "filled": filled(typ)} {
			t.Run(name+", "+what, func(t *testing.T) {
				resp, err := server.ReadDataSource(t.Context(), &tfprotov6.ReadDataSourceRequest{TypeName: name, Config: dynamic(t, cfg)})
				if err != nil {
					t.Fatal(err)
				}
				checkParity(t, resp.Diagnostics)
				if len(resp.Diagnostics) > 0 {
					return
				}
				state, err := resp.State.Unmarshal(typ)
				if err != nil || state.IsNull() || !state.IsFullyKnown() {
					t.Errorf("the state is %v, %v", state, err)
				}
			})
		}
	}
}
