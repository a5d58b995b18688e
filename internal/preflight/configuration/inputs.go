package configuration

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclparse"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// rootInputs are the values of the root module's variables, in Terraform's order:
// the environment, terraform.tfvars, *.auto.tfvars, then the options.
func (r *reader) rootInputs(m *module, dir string, o Options) (map[string]cty.Value, error) {
	given := map[string]cty.Value{}
	for _, pair := range o.Environ {
		name, text, _ := strings.Cut(pair, "=")
		if name, ok := strings.CutPrefix(name, "TF_VAR_"); ok {
			if _, declared := m.variables[name]; declared {
				given[name] = m.spelt(name, text)
			}
		}
	}
	files := []string{filepath.Join(dir, "terraform.tfvars"), filepath.Join(dir, "terraform.tfvars.json")}
	for _, pattern := range []string{"*.auto.tfvars", "*.auto.tfvars.json"} {
		found, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			return nil, fmt.Errorf("looking for variables: %w", err)
		}
		files = append(files, found...)
	}
	files = slices.DeleteFunc(files, func(name string) bool {
		_, err := os.Stat(name)
		return err != nil
	})
	slices.Sort(files[min(len(files), 2):])
	for _, name := range append(files, o.VarFiles...) {
		if err := readValues(name, given); err != nil {
			return nil, err
		}
	}
	for _, pair := range o.Vars {
		name, text, ok := strings.Cut(pair, "=")
		if _, declared := m.variables[name]; !ok || !declared {
			return nil, fmt.Errorf("-var %s names no variable of the configuration: it is NAME=VALUE", name)
		}
		given[name] = m.spelt(name, text)
	}
	return r.settle(m, given)
}

// readValues reads a file of values.
func readValues(name string, into map[string]cty.Value) error {
	parser := hclparse.NewParser()
	parse := parser.ParseHCLFile
	if strings.HasSuffix(name, ".json") {
		parse = parser.ParseJSONFile
	}
	file, diags := parse(name)
	if diags.HasErrors() {
		return fmt.Errorf("reading variables: %w", diags)
	}
	attrs, diags := file.Body.JustAttributes()
	for key, a := range attrs {
		value, ds := a.Expr.Value(nil)
		diags = append(diags, ds...)
		into[key] = value
	}
	if diags.HasErrors() {
		return fmt.Errorf("reading variables: %w", diags)
	}
	return nil
}

// spelt is a value of an option or the environment: a text where a text is asked
// for, and an expression elsewhere.
func (m *module) spelt(name, text string) cty.Value {
	kind := m.variables[name].kind
	if kind == cty.DynamicPseudoType || kind.IsPrimitiveType() {
		return cty.StringVal(text)
	}
	expr, diags := hclsyntax.ParseExpression([]byte(text), name, hcl.InitialPos)
	if diags.HasErrors() {
		return cty.StringVal(text)
	}
	value, diags := expr.Value(nil)
	if diags.HasErrors() {
		return cty.StringVal(text)
	}
	return value
}

// settle gives every variable of a module a value of its type. What was not given
// and has no default is unknown.
func (r *reader) settle(m *module, given map[string]cty.Value) (map[string]cty.Value, error) {
	inputs := map[string]cty.Value{}
	for name, v := range m.variables {
		value, ok := given[name]
		if !ok {
			value = v.value
		}
		if value == cty.NilVal {
			r.noteIn(filepath.Join(m.dir, "var."+name), "the variable has no value: give one with -var or -var-file")
			inputs[name] = cty.UnknownVal(v.kind.WithoutOptionalAttributesDeep())
			continue
		}
		if v.defaults != nil && !value.IsNull() {
			value = v.defaults.Apply(value)
		}
		converted, err := convert.Convert(value, v.kind)
		if err != nil {
			return nil, fmt.Errorf("var.%s: %w", name, err)
		}
		inputs[name] = converted
	}
	return inputs, nil
}
