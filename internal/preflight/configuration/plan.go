package configuration

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

// readPlan reads what terraform show -json says of a plan. Resources that are to be
// made or changed are planned; of what is only known after an apply nothing is
// known here either.
func readPlan(ctx context.Context, path string, s Schema, plan Planner) ([]Note, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading the plan: %w", err)
	}
	var p tfjson.Plan
	if err := json.Unmarshal(text, &p); err != nil {
		return nil, fmt.Errorf("%s is neither a folder with a Terraform configuration nor a plan in JSON, as terraform show -json writes it: %w", path, err)
	}
	r := &planReader{plan: &p, schema: s, providers: map[string]cty.Value{}}
	for _, c := range p.ResourceChanges {
		if c.Mode != tfjson.ManagedResourceMode || s.Resources[c.Type] == nil || c.Change == nil {
			continue
		}
		if c.Change.Actions.NoOp() || c.Change.Actions.Delete() || c.Change.Actions.Forget() || c.Change.Actions.Read() {
			r.notes = append(r.notes, Note{c.Address, "nothing of it is to be made or changed"})
			continue
		}
		one, err := r.instance(c)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.Address, err)
		}
		if _, err := plan(ctx, one); err != nil {
			return nil, err
		}
	}
	return r.notes, nil
}

// planReader is one reading of a plan.
type planReader struct {
	plan      *tfjson.Plan
	schema    Schema
	providers map[string]cty.Value
	notes     []Note
}

// instance is one change of the plan.
func (r *planReader) instance(c *tfjson.ResourceChange) (Instance, error) {
	attrs := r.schema.Resources[c.Type]
	after, err := fromJSON(c.Change.After, c.Change.AfterUnknown, objectType(attrs))
	if err != nil {
		return Instance{}, err
	}
	declared := r.declared(c)
	one := Instance{Address: c.Address, Type: c.Type, Config: asConfig(after, attrs, declared), Prior: cty.NilVal}
	if c.Change.Actions.Update() {
		if one.Prior, err = fromJSON(c.Change.Before, nil, objectType(attrs)); err != nil {
			return Instance{}, err
		}
	}
	one.Provider, one.ProviderConfig, err = r.provider(c)
	return one, err
}

// declared is the resource in the plan's copy of the configuration; nil where it
// is not there.
func (r *planReader) declared(c *tfjson.ResourceChange) *tfjson.ConfigResource {
	if r.plan.Config == nil {
		return nil
	}
	m := r.plan.Config.RootModule
	for _, step := range modulesOf(c.ModuleAddress) {
		if m == nil || m.ModuleCalls[step] == nil {
			return nil
		}
		m = m.ModuleCalls[step].Module
	}
	if m == nil {
		return nil
	}
	for _, one := range m.Resources {
		if one.Type == c.Type && one.Name == c.Name && one.Mode == c.Mode {
			return one
		}
	}
	return nil
}

// modulesOf are the names of the modules in an address, without keys.
func modulesOf(address string) []string {
	var names []string
	var inKey bool
	var word strings.Builder
	for _, r := range address + "." {
		switch {
		case r == '[' || r == ']':
			inKey = r == '['
		case inKey:
		case r == '.':
			if w := word.String(); w != "module" {
				names = append(names, w)
			}
			word.Reset()
		default:
			word.WriteRune(r)
		}
	}
	if len(names) == 1 && names[0] == "" {
		return nil
	}
	return names
}

// asConfig takes out of a planned value what the provider put there. A value that
// is not in the plan because it may only be written is unknown where it is
// configured.
func asConfig(v cty.Value, attrs map[string]Attribute, declared *tfjson.ConfigResource) cty.Value {
	configured := func(name string) bool { return declared != nil && declared.Expressions[name] != nil }
	return strip(v, attrs, configured)
}

func strip(v cty.Value, attrs map[string]Attribute, configured func(string) bool) cty.Value {
	if v.IsNull() || !v.IsKnown() {
		return v
	}
	out := v.AsValueMap()
	for name, a := range attrs {
		null := cty.NullVal(a.Type)
		switch {
		case a.Computed && !a.Optional:
			out[name] = null
		case a.WriteOnly && configured(name):
			out[name] = cty.UnknownVal(a.Type)
		case a.Computed && !configured(name) && !out[name].IsWhollyKnown():
			out[name] = null
		case a.Nested != nil && a.Type.IsObjectType():
			// What is inside is not told apart: what is unknown there is taken
			// to come from the provider where it may.
			out[name] = strip(out[name], a.Nested, func(string) bool { return false })
		}
	}
	return cty.ObjectVal(out)
}

// fromJSON makes a value of a type from a plan's JSON, of which what is not known
// is apart.
func fromJSON(given, unknown any, t cty.Type) (cty.Value, error) {
	if b, ok := unknown.(bool); ok && b {
		return cty.UnknownVal(t), nil
	}
	if t.IsObjectType() {
		if given == nil && unknown == nil {
			return cty.NullVal(t), nil
		}
		g, _ := given.(map[string]any)
		u, _ := unknown.(map[string]any)
		if g == nil && u == nil {
			return cty.NullVal(t), nil
		}
		out := map[string]cty.Value{}
		for name, at := range t.AttributeTypes() {
			v, err := fromJSON(g[name], u[name], at)
			if err != nil {
				return cty.NilVal, fmt.Errorf("%s: %w", name, err)
			}
			out[name] = v
		}
		return cty.ObjectVal(out), nil
	}
	if anyUnknown(unknown) {
		// A collection with an element that is not known: all of it is not.
		return cty.UnknownVal(t), nil
	}
	if given == nil {
		return cty.NullVal(t), nil
	}
	text, err := json.Marshal(given)
	if err != nil {
		return cty.NilVal, fmt.Errorf("reading a value: %w", err)
	}
	v, err := ctyjson.Unmarshal(text, t)
	if err != nil {
		return cty.NilVal, fmt.Errorf("reading a value: %w", err)
	}
	return v, nil
}

// anyUnknown says that a mark of what is not known holds a true.
func anyUnknown(u any) bool {
	switch u := u.(type) {
	case bool:
		return u
	case []any:
		return slices.ContainsFunc(u, anyUnknown)
	case map[string]any:
		for _, e := range u {
			if anyUnknown(e) {
				return true
			}
		}
	}
	return false
}

// provider is the provider configuration of a resource, as far as a plan tells: it
// has constants and references, of which those to variables can be followed.
func (r *planReader) provider(c *tfjson.ResourceChange) (string, cty.Value, error) {
	key := localName
	if d := r.declared(c); d != nil && d.ProviderConfigKey != "" {
		key = d.ProviderConfigKey
	}
	if v, ok := r.providers[key]; ok {
		return key, v, nil
	}
	given := map[string]cty.Value{}
	if r.plan.Config != nil && r.plan.Config.ProviderConfigs[key] != nil {
		for name, e := range r.plan.Config.ProviderConfigs[key].Expressions {
			a, ok := r.schema.Provider[name]
			if !ok || e == nil || e.ExpressionData == nil {
				continue
			}
			v, known, err := r.constant(e, a.Type)
			if err != nil {
				return "", cty.NilVal, fmt.Errorf("provider %s: %s: %w", key, name, err)
			}
			if !known {
				r.notes = append(r.notes, Note{"provider " + key, name + " is not in the plan's JSON, because it is put together of references: " +
					"what the environment says is used instead. Check the folder with the configuration to have it"})
				continue
			}
			given[name] = v
		}
	}
	v, err := whole(given, r.schema.Provider)
	if err != nil {
		return "", cty.NilVal, fmt.Errorf("provider %s: %w", key, err)
	}
	r.providers[key] = v
	return key, v, nil
}

// constant is an expression's value where the plan tells it.
func (r *planReader) constant(e *tfjson.Expression, t cty.Type) (cty.Value, bool, error) {
	if e.ConstantValue != nil && e.ConstantValue != tfjson.UnknownConstantValue {
		v, err := fromJSON(e.ConstantValue, nil, t)
		return v, true, err
	}
	if len(e.References) != 1 {
		return cty.NilVal, false, nil
	}
	name, ok := strings.CutPrefix(e.References[0], "var.")
	if v := r.plan.Variables[name]; ok && v != nil && t.IsPrimitiveType() {
		value, err := fromJSON(v.Value, nil, t)
		return value, true, err
	}
	return cty.NilVal, false, nil
}
