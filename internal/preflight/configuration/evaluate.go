package configuration

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// reader is one reading of a configuration.
type reader struct {
	ctx       context.Context
	schema    Schema
	plan      Planner
	installed map[string]string
	root      string
	notes     []Note
}

func (r *reader) note(where, what string) {
	r.notes = append(r.notes, Note{Where: where, What: what})
}

// noteIn is note with a place in a file or a folder.
func (r *reader) noteIn(where, what string) {
	if rel, err := filepath.Rel(r.root, where); err == nil && filepath.IsAbs(where) == filepath.IsAbs(r.root) {
		where = rel
	}
	r.note(filepath.ToSlash(where), what)
}

// noteAt notes what diagnostics say at their places.
func (r *reader) noteAt(diags hcl.Diagnostics) {
	for _, d := range diags {
		where := r.root
		if d.Subject != nil {
			where = fmt.Sprintf("%s:%d", d.Subject.Filename, d.Subject.Start.Line)
		}
		what := d.Summary
		if strings.Contains(what, "function") && strings.HasPrefix(d.Detail, "There is no function") {
			// Other details may quote values, of which some are secrets.
			what += ": " + d.Detail
		}
		r.noteIn(where, "cannot be evaluated here: "+what)
	}
}

// scope is one instance of a module, in which its expressions are evaluated. What
// has been evaluated is kept, since resources are planned once.
type scope struct {
	*reader
	module *module
	// path is the address of the module, with a dot at its end; key is its key
	// among the installed modules.
	path, key string
	inputs    map[string]cty.Value
	// passed are the providers that the caller hands down, by the names here.
	passed map[string]string
	parent *scope

	kept map[string]cty.Value
	// busy are the names under evaluation, so that a circle is seen.
	busy     map[string]bool
	children map[string][]child
	err      error
}

// child is one instance of a called module.
type child struct {
	key   cty.Value
	scope *scope
}

// each says which instance of a resource or a module an expression belongs to.
type each struct{ key, value, index cty.Value }

// walk plans every instance of every resource of the schema's types.
func (s *scope) walk() error {
	for _, kind := range slices.Sorted(maps.Keys(s.module.resources)) {
		if s.schema.Resources[kind] == nil {
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(s.module.resources[kind])) {
			s.resource(kind, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.module.calls)) {
		for _, c := range s.instancesOf(name) {
			if err := c.scope.walk(); err != nil {
				return err
			}
			s.err = first(s.err, c.scope.err)
		}
	}
	return s.err
}

func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// once evaluates what has a name, and keeps it. What depends on itself is unknown.
func (s *scope) once(name string, evaluate func() cty.Value) cty.Value {
	if v, ok := s.kept[name]; ok {
		return v
	}
	if s.kept == nil {
		s.kept, s.busy = map[string]cty.Value{}, map[string]bool{}
	}
	if s.busy[name] {
		s.note(s.path+name, "it depends on itself")
		return cty.DynamicVal
	}
	s.busy[name] = true
	v := evaluate()
	delete(s.busy, name)
	s.kept[name] = v
	return v
}

// value evaluates an expression. What cannot be evaluated is unknown, and noted.
func (s *scope) value(expr hcl.Expression, e each) cty.Value {
	if expr == nil {
		return cty.NullVal(cty.DynamicPseudoType)
	}
	v, diags := expr.Value(&hcl.EvalContext{Variables: s.variables(expr, e), Functions: functions()})
	if diags.HasErrors() {
		s.noteAt(diags)
	}
	if v == cty.NilVal {
		return cty.DynamicVal
	}
	v, _ = v.UnmarkDeep()
	return v
}

// variables are what an expression refers to.
func (s *scope) variables(expr hcl.Expression, e each) map[string]cty.Value {
	found := map[string]map[string]cty.Value{}
	whole := map[string]cty.Value{}
	for _, t := range expr.Variables() {
		root, name := t.RootName(), step(t, 1)
		if found[root] == nil {
			found[root] = map[string]cty.Value{}
		}
		switch {
		case root == "each" && e.key != cty.NilVal:
			found[root]["key"], found[root]["value"] = e.key, e.value
		case root == "count" && e.index != cty.NilVal:
			found[root]["index"] = e.index
		case name == "":
			whole[root] = cty.DynamicVal
		default:
			found[root][name] = s.named(root, name, t, found[root][name])
		}
	}
	out := map[string]cty.Value{}
	for root, attrs := range found {
		out[root] = cty.ObjectVal(attrs)
	}
	maps.Copy(out, whole)
	return out
}

// step is the name at a place of a reference; empty where there is none.
func step(t hcl.Traversal, i int) string {
	if i < len(t) {
		if a, ok := t[i].(hcl.TraverseAttr); ok {
			return a.Name
		}
	}
	return ""
}

// named is what a reference's first two words stand for. before is what an earlier
// reference of the same expression has found.
func (s *scope) named(root, name string, t hcl.Traversal, before cty.Value) cty.Value {
	switch root {
	case "var":
		if v, ok := s.inputs[name]; ok {
			return v
		}
	case "local":
		if expr, ok := s.module.locals[name]; ok {
			return s.once("local."+name, func() cty.Value { return s.value(expr, each{}) })
		}
	case "path":
		switch name {
		case "module":
			return cty.StringVal(s.module.dir)
		case "root":
			return cty.StringVal(s.root)
		}
	case "terraform":
		if name == "workspace" {
			return cty.StringVal(workspace())
		}
	case "module":
		if s.module.calls[name] != nil {
			return s.once("module."+name, func() cty.Value { return s.outputs(name) })
		}
	case "data", "ephemeral", "each", "count", "self":
	default:
		switch d := s.module.resources[root][name]; {
		case d != nil && s.schema.Resources[root] != nil:
			return s.resource(root, name)
		case d != nil:
			return s.foreign(root, name, d, step(t, 2), before)
		}
	}
	return cty.DynamicVal
}

func workspace() string {
	if w := os.Getenv("TF_WORKSPACE"); w != "" {
		return w
	}
	return "default"
}

// foreign is a resource of another provider: what its configuration says of the
// attribute that is asked for is known, and what its cloud will say is not.
func (s *scope) foreign(kind, name string, d *declaration, attr string, before cty.Value) cty.Value {
	if attr == "" || d.count != nil || d.forEach != nil || before == cty.DynamicVal {
		return cty.DynamicVal
	}
	known := map[string]cty.Value{}
	if before != cty.NilVal {
		known = before.AsValueMap()
	}
	known[attr] = s.once(strings.Join([]string{kind, name, attr}, "."), func() cty.Value {
		content, _, diags := d.body.PartialContent(&hcl.BodySchema{Attributes: []hcl.AttributeSchema{{Name: attr}}})
		if a := content.Attributes[attr]; a != nil && !diags.HasErrors() {
			return s.value(a.Expr, each{})
		}
		return cty.DynamicVal
	})
	return cty.ObjectVal(known)
}

// expand are the instances of a declaration, in order, and how they are put
// together; single says that there is one, without a key.
func (s *scope) expand(address string, d *declaration) (all []each, single bool) {
	const many = "how many instances there are is not known: one is checked for all"
	switch {
	case d.count != nil:
		n := s.value(d.count, each{})
		if !n.IsKnown() || n.IsNull() || n.Type() != cty.Number {
			s.note(address, many)
			return []each{{index: cty.UnknownVal(cty.Number)}}, false
		}
		count, _ := n.AsBigFloat().Int64()
		for i := range min(count, mostInstances) {
			all = append(all, each{index: cty.NumberIntVal(i)})
		}
		return all, false
	case d.forEach != nil:
		v := s.value(d.forEach, each{})
		if !v.IsKnown() || v.IsNull() || !v.CanIterateElements() {
			s.note(address, many)
			return []each{{key: cty.UnknownVal(cty.String), value: cty.DynamicVal}}, false
		}
		for it := v.ElementIterator(); it.Next(); {
			key, value := it.Element()
			if v.Type().IsSetType() {
				key = value
			}
			if !key.IsKnown() || key.IsNull() || key.Type() != cty.String {
				s.note(address, many)
				return []each{{key: cty.UnknownVal(cty.String), value: cty.DynamicVal}}, false
			}
			all = append(all, each{key: key, value: value})
		}
		return all, false
	}
	return []each{{}}, true
}

// mostInstances of one resource are planned.
const mostInstances = 1000

// suffix is how an address names an instance.
func (e each) suffix() string {
	switch {
	case e.index != cty.NilVal && e.index.IsKnown():
		return "[" + e.index.AsBigFloat().Text('f', 0) + "]"
	case e.key != cty.NilVal && e.key.IsKnown():
		return fmt.Sprintf("[%q]", e.key.AsString())
	case e.index != cty.NilVal || e.key != cty.NilVal:
		return "[*]"
	}
	return ""
}

// together is the value of all instances: a tuple, an object, or the only one.
func together(all []each, single bool, values []cty.Value) cty.Value {
	if single && len(values) == 1 {
		return values[0]
	}
	byKey := map[string]cty.Value{}
	for i, e := range all {
		switch {
		case strings.HasSuffix(e.suffix(), "[*]"):
			return cty.DynamicVal
		case e.key != cty.NilVal:
			byKey[e.key.AsString()] = values[i]
		}
	}
	if len(byKey) > 0 {
		return cty.ObjectVal(byKey)
	}
	return cty.TupleVal(values)
}
