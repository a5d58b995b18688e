package configuration

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclparse"
	"github.com/zclconf/go-cty/cty"
)

// module is what the files of one folder declare.
type module struct {
	dir       string
	variables map[string]variable
	locals    map[string]hcl.Expression
	outputs   map[string]hcl.Expression
	// providers are the provider blocks, as "name" or "name.alias".
	providers map[string]hcl.Body
	// resources are the managed resources, by type and name.
	resources map[string]map[string]*declaration
	calls     map[string]*declaration
}

// variable is an input of a module.
type variable struct {
	kind     cty.Type
	defaults *typeexpr.Defaults
	// value is the default; cty.NilVal where there is none.
	value cty.Value
}

// declaration is a resource, or a call of a module.
type declaration struct {
	body           hcl.Body
	count, forEach hcl.Expression
	provider       hcl.Expression
}

// rootSchema is what is read of a file. What else there may be is passed over.
func rootSchema() *hcl.BodySchema {
	return &hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{
		{Type: "variable", LabelNames: []string{"name"}}, {Type: "locals"}, {Type: "output", LabelNames: []string{"name"}},
		{Type: "provider", LabelNames: []string{"name"}}, {Type: "resource", LabelNames: []string{"type", "name"}},
		{Type: "module", LabelNames: []string{"name"}},
	}}
}

// loadModule parses the files of a folder, or one file.
func loadModule(path string) (*module, error) {
	m := &module{
		dir: path, variables: map[string]variable{}, locals: map[string]hcl.Expression{}, outputs: map[string]hcl.Expression{},
		providers: map[string]hcl.Body{}, resources: map[string]map[string]*declaration{}, calls: map[string]*declaration{},
	}
	files := []string{path}
	if info, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("reading the module: %w", err)
	} else if info.IsDir() {
		if files, err = filesOf(path); err != nil {
			return nil, err
		}
	} else {
		m.dir = filepath.Dir(path)
	}
	parser := hclparse.NewParser()
	for _, name := range files {
		parse := parser.ParseHCLFile
		if strings.HasSuffix(name, ".json") {
			parse = parser.ParseJSONFile
		}
		file, diags := parse(name)
		if diags.HasErrors() {
			return nil, fmt.Errorf("reading the configuration: %w", diags)
		}
		if err := m.read(file.Body); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// filesOf are the configuration files of a folder.
func filesOf(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("reading the module: %w", err)
	}
	var files []string
	for _, e := range entries {
		name := e.Name()
		if !e.IsDir() && !strings.HasPrefix(name, ".") && (strings.HasSuffix(name, ".tf") || strings.HasSuffix(name, ".tf.json")) {
			files = append(files, filepath.Join(dir, name))
		}
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("there is no Terraform configuration in %s", dir)
	}
	return files, nil
}

// read takes over what a file declares.
func (m *module) read(body hcl.Body) error {
	content, _, diags := body.PartialContent(rootSchema())
	for _, b := range content.Blocks {
		var more hcl.Diagnostics
		switch b.Type {
		case "variable":
			more = m.readVariable(b)
		case "locals":
			attrs, ds := b.Body.JustAttributes()
			more = ds
			for name, a := range attrs {
				m.locals[name] = a.Expr
			}
		case "output":
			c, _, ds := b.Body.PartialContent(&hcl.BodySchema{Attributes: []hcl.AttributeSchema{{Name: "value"}}})
			more = ds
			if a := c.Attributes["value"]; a != nil {
				m.outputs[b.Labels[0]] = a.Expr
			}
		case "provider":
			more = m.readProvider(b)
		case "resource":
			if m.resources[b.Labels[0]] == nil {
				m.resources[b.Labels[0]] = map[string]*declaration{}
			}
			m.resources[b.Labels[0]][b.Labels[1]], more = declare(b)
		case "module":
			m.calls[b.Labels[0]], more = declare(b)
		}
		diags = append(diags, more...)
	}
	if diags.HasErrors() {
		return fmt.Errorf("reading the configuration: %w", diags)
	}
	return nil
}

// metaSchema is what every resource may have, whatever its type.
func metaSchema() *hcl.BodySchema {
	return &hcl.BodySchema{
		Attributes: []hcl.AttributeSchema{{Name: "count"}, {Name: "for_each"}, {Name: "provider"}, {Name: "depends_on"}},
		Blocks:     []hcl.BlockHeaderSchema{{Type: "lifecycle"}, {Type: "connection"}, {Type: "provisioner", LabelNames: []string{"type"}}},
	}
}

// declare reads the arguments that every resource and module call may have.
func declare(b *hcl.Block) (*declaration, hcl.Diagnostics) {
	content, _, diags := b.Body.PartialContent(metaSchema())
	d := &declaration{body: b.Body}
	for name, to := range map[string]*hcl.Expression{"count": &d.count, "for_each": &d.forEach, "provider": &d.provider} {
		if a := content.Attributes[name]; a != nil {
			*to = a.Expr
		}
	}
	return d, diags
}

func (m *module) readVariable(b *hcl.Block) hcl.Diagnostics {
	content, _, diags := b.Body.PartialContent(&hcl.BodySchema{Attributes: []hcl.AttributeSchema{{Name: "type"}, {Name: "default"}}})
	v := variable{kind: cty.DynamicPseudoType, value: cty.NilVal}
	if a := content.Attributes["type"]; a != nil {
		kind, defaults, ds := typeexpr.TypeConstraintWithDefaults(a.Expr)
		v.kind, v.defaults, diags = kind, defaults, append(diags, ds...)
	}
	if a := content.Attributes["default"]; a != nil {
		value, ds := a.Expr.Value(nil)
		v.value, diags = value, append(diags, ds...)
	}
	m.variables[b.Labels[0]] = v
	return diags
}

func (m *module) readProvider(b *hcl.Block) hcl.Diagnostics {
	content, _, diags := b.Body.PartialContent(providerSchema())
	key := b.Labels[0]
	if a := content.Attributes["alias"]; a != nil {
		value, ds := a.Expr.Value(nil)
		diags = append(diags, ds...)
		if !ds.HasErrors() && value.Type() == cty.String {
			key += "." + value.AsString()
		}
	}
	m.providers[key] = b.Body
	return diags
}

// providerSchema is what every provider block may have.
func providerSchema() *hcl.BodySchema {
	return &hcl.BodySchema{Attributes: []hcl.AttributeSchema{{Name: "alias"}, {Name: "version"}}}
}
