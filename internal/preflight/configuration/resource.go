package configuration

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// localName is what configurations call the provider.
const localName = "crosscloud"

// resource plans a resource's instances, and is their planned values.
func (s *scope) resource(kind, name string) cty.Value {
	address := s.path + kind + "." + name
	return s.once(kind+"."+name, func() cty.Value {
		d := s.module.resources[kind][name]
		all, single := s.expand(address, d)
		var values []cty.Value
		for _, e := range all {
			planned, err := s.instance(kind, address+e.suffix(), d, e)
			s.err = first(s.err, err)
			if err != nil {
				return cty.DynamicVal
			}
			values = append(values, planned)
		}
		return together(all, single, values)
	})
}

// instance plans one instance.
func (s *scope) instance(kind, address string, d *declaration, e each) (cty.Value, error) {
	config, err := s.arguments(d.body, metaSchema(), s.schema.Resources[kind], e)
	if err != nil {
		return cty.DynamicVal, fmt.Errorf("%s: %w", address, err)
	}
	key := localName
	if d.provider != nil {
		if t, diags := hcl.AbsTraversalForExpr(d.provider); !diags.HasErrors() {
			key = written(t)
		}
	}
	provider, providerConfig, err := s.provider(key)
	if err != nil {
		return cty.DynamicVal, err
	}
	return s.plan(s.ctx, Instance{Address: address, Type: kind, Config: config, Prior: cty.NilVal, Provider: provider, ProviderConfig: providerConfig})
}

// written is a reference to a provider as it is written.
func written(t hcl.Traversal) string {
	if alias := step(t, 1); alias != "" {
		return t.RootName() + "." + alias
	}
	return t.RootName()
}

// arguments evaluates a body's arguments to a value of the schema's type. also is
// what else may stand there.
func (s *scope) arguments(body hcl.Body, also *hcl.BodySchema, schema map[string]Attribute, e each) (cty.Value, error) {
	for name := range schema {
		also.Attributes = append(also.Attributes, hcl.AttributeSchema{Name: name})
	}
	content, diags := body.Content(also)
	if diags.HasErrors() {
		return cty.NilVal, fmt.Errorf("reading the arguments: %w", diags)
	}
	given := map[string]cty.Value{}
	for _, name := range slices.Sorted(maps.Keys(content.Attributes)) {
		a := content.Attributes[name]
		want, ok := schema[name]
		if !ok {
			continue
		}
		v, err := convert.Convert(s.value(a.Expr, e), lenient(want.Type))
		if err != nil {
			return cty.NilVal, fmt.Errorf("%s:%d: %s: %w", a.Range.Filename, a.Range.Start.Line, name, err)
		}
		given[name] = v
	}
	return whole(given, schema)
}

// whole is the value of the schema's type with what is given, and null elsewhere.
func whole(given map[string]cty.Value, schema map[string]Attribute) (cty.Value, error) {
	t := objectType(schema)
	v, err := convert.Convert(cty.ObjectVal(given), lenient(t))
	if err != nil {
		return cty.NilVal, fmt.Errorf("reading the arguments: %w", err)
	}
	return v, nil
}

// provider is the configuration of a provider that is called key in the module: its
// key in the root module, and what it says.
func (s *scope) provider(key string) (string, cty.Value, error) {
	if s.parent != nil && s.module.providers[key] == nil {
		if handed, ok := s.passed[key]; ok {
			key = handed
		}
		return s.parent.provider(key)
	}
	name := s.path + key
	var err error
	v := s.once("provider."+key, func() cty.Value {
		var v cty.Value
		if body := s.module.providers[key]; body != nil {
			v, err = s.arguments(body, providerSchema(), s.schema.Provider, each{})
		} else {
			v, err = whole(map[string]cty.Value{}, s.schema.Provider)
		}
		if err != nil {
			err = fmt.Errorf("provider %s: %w", key, err)
			return cty.NilVal
		}
		return v
	})
	return name, v, err
}

// instancesOf are the instances of a called module; none where its files are not
// here.
func (s *scope) instancesOf(name string) []child {
	if c, ok := s.children[name]; ok {
		return c
	}
	if s.children == nil {
		s.children = map[string][]child{}
	}
	s.children[name] = nil
	d := s.module.calls[name]
	address := s.path + "module." + name
	key := strings.TrimPrefix(s.key+"."+name, ".")
	attrs, diags := d.body.JustAttributes()
	if diags.HasErrors() {
		s.noteAt(diags)
		return nil
	}
	called, err := s.load(key, attrs["source"])
	if err != nil {
		s.note(address, "the module is not checked: "+err.Error())
		return nil
	}
	passed := providersOf(attrs["providers"])
	all, _ := s.expand(address, d)
	for _, e := range all {
		given := map[string]cty.Value{}
		for input, a := range attrs {
			if _, declared := called.variables[input]; declared {
				given[input] = s.value(a.Expr, e)
			}
		}
		inner := &scope{reader: s.reader, module: called, path: address + e.suffix() + ".", key: key, parent: s, passed: passed}
		if inner.inputs, err = s.settle(called, given); err != nil {
			s.note(address, "the module is not checked: "+err.Error())
			continue
		}
		c := child{scope: inner, key: e.key}
		if e.index != cty.NilVal {
			c.key = e.index
		}
		s.children[name] = append(s.children[name], c)
	}
	return s.children[name]
}

// load loads a called module: one beside the caller, or one that was installed.
func (s *scope) load(key string, source *hcl.Attribute) (*module, error) {
	if source == nil {
		return nil, fmt.Errorf("it has no source")
	}
	v, diags := source.Expr.Value(nil)
	if diags.HasErrors() || v.IsNull() || v.Type() != cty.String {
		return nil, fmt.Errorf("its source is not a text")
	}
	from := v.AsString()
	if strings.HasPrefix(from, "./") || strings.HasPrefix(from, "../") {
		return loadModule(filepath.Join(s.module.dir, from))
	}
	if dir := s.installed[key]; dir != "" {
		return loadModule(dir)
	}
	return nil, fmt.Errorf("its files are not here: run terraform init")
}

// providersOf reads which providers a call hands down, by their names inside.
func providersOf(a *hcl.Attribute) map[string]string {
	passed := map[string]string{}
	if a == nil {
		return passed
	}
	pairs, diags := hcl.ExprMap(a.Expr)
	if diags.HasErrors() {
		return passed
	}
	for _, p := range pairs {
		inside, ds := hcl.AbsTraversalForExpr(p.Key)
		outside, more := hcl.AbsTraversalForExpr(p.Value)
		if !ds.HasErrors() && !more.HasErrors() {
			passed[written(inside)] = written(outside)
		}
	}
	return passed
}

// outputs are the outputs of a called module.
func (s *scope) outputs(name string) cty.Value {
	children := s.instancesOf(name)
	d := s.module.calls[name]
	if len(children) == 0 {
		return cty.DynamicVal
	}
	var all []each
	var values []cty.Value
	for _, c := range children {
		out := map[string]cty.Value{}
		for output, expr := range c.scope.module.outputs {
			out[output] = c.scope.value(expr, each{})
		}
		s.err = first(s.err, c.scope.err)
		e := each{}
		switch {
		case d.count != nil:
			e.index = c.key
		case d.forEach != nil:
			e.key = c.key
		}
		all, values = append(all, e), append(values, cty.ObjectVal(out))
	}
	return together(all, d.count == nil && d.forEach == nil, values)
}
