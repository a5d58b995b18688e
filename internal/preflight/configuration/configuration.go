package configuration

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// Attribute is what has to be known of an attribute of a resource's schema.
type Attribute struct {
	// Type of its value.
	Type cty.Type
	// Computed and Optional as the schema says; WriteOnly values are in no plan.
	Computed, Optional, WriteOnly bool
	// Nested are the attributes inside, where it has some.
	Nested map[string]Attribute
}

// Schema is the schemas that are asked for: those of the provider's own
// configuration and of each resource type.
type Schema struct {
	Provider  map[string]Attribute
	Resources map[string]map[string]Attribute
}

// Instance is one instance of a resource.
type Instance struct {
	// Address as Terraform writes it.
	Address string
	// Type of the resource.
	Type string
	// Config is what the configuration says, of the schema's type; values that
	// are not known are unknown.
	Config cty.Value
	// Prior is what the state holds; cty.NilVal where there is nothing, or the
	// resource is to be replaced.
	Prior cty.Value
	// Provider is the key of the provider configuration that it uses, and
	// ProviderConfig what that says.
	Provider       string
	ProviderConfig cty.Value
}

// Planner plans an instance. It is called once for each, after those that the
// instance depends on, and returns what is planned, for references from others.
type Planner func(context.Context, Instance) (cty.Value, error)

// Note is something that could not be read or told.
type Note struct {
	// Where it is: a place in a file, or an address.
	Where string `json:"where"`
	// What is not known, and why.
	What string `json:"what"`
}

// Options say how a configuration is read.
type Options struct {
	// Path of a module's folder, of one of its files, or of a plan in JSON.
	Path string
	// Vars are NAME=VALUE, and VarFiles files of values, as Terraform's options
	// of these names; later ones win.
	Vars, VarFiles []string
	// Getenv and Environ are the environment's variables, for TF_VAR_NAME.
	Environ []string
}

// Read reads a configuration and has every instance of the schema's resource types
// planned.
func Read(ctx context.Context, o Options, s Schema, plan Planner) ([]Note, error) {
	info, err := os.Stat(o.Path)
	if err != nil {
		return nil, fmt.Errorf("reading the configuration: %w", err)
	}
	if !info.IsDir() && !strings.HasSuffix(o.Path, ".tf") && !strings.HasSuffix(o.Path, ".tf.json") {
		return readPlan(ctx, o.Path, s, plan)
	}
	return readModule(ctx, o, s, plan)
}

// objectType is the type of the attributes together.
func objectType(attrs map[string]Attribute) cty.Type {
	types := map[string]cty.Type{}
	for name, a := range attrs {
		types[name] = a.Type
	}
	return cty.Object(types)
}

// lenient is a type whose objects may lack attributes, which are null then.
func lenient(t cty.Type) cty.Type {
	switch {
	case t.IsObjectType():
		types := map[string]cty.Type{}
		var all []string
		for name, a := range t.AttributeTypes() {
			types[name] = lenient(a)
			all = append(all, name)
		}
		return cty.ObjectWithOptionalAttrs(types, all)
	case t.IsListType():
		return cty.List(lenient(t.ElementType()))
	case t.IsSetType():
		return cty.Set(lenient(t.ElementType()))
	case t.IsMapType():
		return cty.Map(lenient(t.ElementType()))
	}
	return t
}

// readModule evaluates the module in a folder, and those that it calls.
func readModule(ctx context.Context, o Options, s Schema, plan Planner) ([]Note, error) {
	dir := o.Path
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		dir = filepath.Dir(dir)
	}
	root, err := loadModule(o.Path)
	if err != nil {
		return nil, err
	}
	r := &reader{ctx: ctx, schema: s, plan: plan, installed: installed(dir), root: dir}
	sc := &scope{reader: r, module: root}
	if sc.inputs, err = r.rootInputs(root, dir, o); err != nil {
		return nil, err
	}
	if err := sc.walk(); err != nil {
		return nil, err
	}
	slices.SortStableFunc(r.notes, func(a, b Note) int { return strings.Compare(a.Where, b.Where) })
	return slices.Compact(r.notes), nil
}

// installed are the folders of the modules that terraform init has fetched, by
// their keys.
func installed(dir string) map[string]string {
	var list struct {
		Modules []struct{ Key, Dir string }
	}
	folders := map[string]string{}
	text, err := os.ReadFile(filepath.Join(dir, ".terraform", "modules", "modules.json"))
	if err != nil || json.Unmarshal(text, &list) != nil {
		return folders
	}
	for _, m := range list.Modules {
		if fs.ValidPath(filepath.ToSlash(m.Dir)) || filepath.IsAbs(m.Dir) {
			folders[m.Key] = filepath.Join(dir, m.Dir)
		}
	}
	return folders
}
