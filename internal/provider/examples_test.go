package provider

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// reader holds configurations against the provider's schemas: by names only, as
// values need an engine.
type reader struct {
	schemas *tfprotov6.GetProviderSchemaResponse
	found   []string
	blocks  int
	// partial says that a configuration leaves out what is not its point.
	partial bool
}

// say notes what is wrong.
func (r *reader) say(at hcl.Range, format string, args ...any) {
	r.found = append(r.found, fmt.Sprintf("%s:%d: ", at.Filename, at.Start.Line)+fmt.Sprintf(format, args...))
}

// attributesOf are the attributes of a type of some kind, or nil.
func (r *reader) attributesOf(kind, name string) []*tfprotov6.SchemaAttribute {
	var s *tfprotov6.Schema
	switch kind {
	case "resource":
		s = r.schemas.ResourceSchemas[name]
	case "data":
		s = r.schemas.DataSourceSchemas[name]
	case "ephemeral":
		s = r.schemas.EphemeralResourceSchemas[name]
	case "list":
		s = r.schemas.ListResourceSchemas[name]
	case "action":
		if a := r.schemas.ActionSchemas[name]; a != nil {
			s = a.Schema
		}
	}
	if s == nil {
		return nil
	}
	return s.Block.Attributes
}

// metaArguments are the engine's own.
var metaArguments = []string{"count", "for_each", "provider", "depends_on", "include_resource", "limit"}

// read reads one configuration.
func (r *reader) read(name string, text []byte) {
	file, diags := hclsyntax.ParseConfig(text, name, hcl.InitialPos)
	body, ok := file.Body.(*hclsyntax.Body)
	if diags.HasErrors() || !ok {
		r.found = append(r.found, diags.Error())
		return
	}
	for _, block := range body.Blocks {
		if block.Type == "provider" && len(block.Labels) == 1 && block.Labels[0] == "crosscloud" {
			r.arguments(block.Body.Attributes, r.schemas.Provider.Block.Attributes, block.DefRange())
			r.blocks++
		}
		if len(block.Labels) != 2 || !strings.HasPrefix(block.Labels[0], "crosscloud_") {
			continue
		}
		r.blocks++
		schema := r.attributesOf(block.Type, block.Labels[0])
		if schema == nil {
			r.say(block.DefRange(), "there is no %s %s", block.Type, block.Labels[0])
			continue
		}
		given := block.Body.Attributes
		if block.Type == "action" || block.Type == "list" {
			given = hclsyntax.Attributes{}
			for _, inner := range block.Body.Blocks {
				if inner.Type == "config" {
					given = inner.Body.Attributes
				}
			}
		}
		r.arguments(given, schema, block.DefRange())
	}
	_ = hclsyntax.VisitAll(body, func(n hclsyntax.Node) hcl.Diagnostics {
		switch e := n.(type) {
		case *hclsyntax.ScopeTraversalExpr:
			r.reference(e.Traversal)
		case *hclsyntax.FunctionCallExpr:
			if f, ours := strings.CutPrefix(e.Name, "provider::crosscloud::"); ours && r.schemas.Functions[f] == nil {
				r.say(e.Range(), "there is no function %s", f)
			}
		}
		return nil
	})
}

// arguments holds what is given against a schema: every name is one that can be
// set, and what is required is there.
func (r *reader) arguments(given hclsyntax.Attributes, schema []*tfprotov6.SchemaAttribute, at hcl.Range) {
	names := map[string]hclsyntax.Expression{}
	for name, a := range given {
		if !slices.Contains(metaArguments, name) {
			names[name] = a.Expr
		}
	}
	r.fits(names, schema, at)
}

func (r *reader) fits(given map[string]hclsyntax.Expression, schema []*tfprotov6.SchemaAttribute, at hcl.Range) {
	for _, a := range schema {
		if _, ok := given[a.Name]; a.Required && !ok && !r.partial {
			r.say(at, "%s is required", a.Name)
		}
	}
	for name, value := range given {
		a := named(schema, name)
		switch {
		case a == nil:
			r.say(value.Range(), "there is no %s", name)
		case !a.Required && !a.Optional:
			r.say(value.Range(), "%s cannot be set", name)
		case a.NestedType != nil && a.NestedType.Nesting == tfprotov6.SchemaObjectNestingModeSingle:
			if object, ok := value.(*hclsyntax.ObjectConsExpr); ok {
				inner := map[string]hclsyntax.Expression{}
				for _, item := range object.Items {
					inner[hcl.ExprAsKeyword(item.KeyExpr)] = item.ValueExpr
				}
				r.fits(inner, a.NestedType.Attributes, value.Range())
			}
		}
	}
}

// reference holds a reference to something of ours against its schema.
func (r *reader) reference(t hcl.Traversal) {
	var names []string
	for _, step := range t {
		switch s := step.(type) {
		case hcl.TraverseRoot:
			names = append(names, s.Name)
		case hcl.TraverseAttr:
			names = append(names, s.Name)
		}
	}
	kind := "resource"
	if names[0] == "data" || names[0] == "ephemeral" {
		kind, names = names[0], names[1:]
	}
	if len(names) < 3 || !strings.HasPrefix(names[0], "crosscloud_") {
		return
	}
	schema := r.attributesOf(kind, names[0])
	for _, name := range names[2:] {
		a := named(schema, name)
		if a == nil {
			r.say(t.SourceRange(), "%s has no %s", names[0], name)
			return
		}
		if a.NestedType == nil {
			return
		}
		schema = a.NestedType.Attributes
	}
}

func named(schema []*tfprotov6.SchemaAttribute, name string) *tfprotov6.SchemaAttribute {
	if i := slices.IndexFunc(schema, func(a *tfprotov6.SchemaAttribute) bool { return a.Name == name }); i >= 0 {
		return schema[i]
	}
	return nil
}

// inGuide are the configurations that stand in a guide itself.
var inGuide = regexp.MustCompile("(?s)```terraform\n(.*?)```")

// TestExamplesFitTheSchema holds every example, and what guides show beside them,
// against the schemas: documentation that does not apply is worse than none.
func TestExamplesFitTheSchema(t *testing.T) {
	server, _ := serve(t)
	r := &reader{schemas: schemas(t, server)}
	top := os.DirFS(filepath.Join("..", ".."))
	for _, dir := range []string{"examples", "templates"} {
		err := fs.WalkDir(top, dir, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			text, err := fs.ReadFile(top, name)
			r.partial = false
			switch path.Ext(name) {
			case ".tf", ".hcl":
				r.read(name, text)
			case ".tmpl":
				for _, m := range inGuide.FindAllSubmatch(text, -1) {
					r.partial = bytes.Contains(m[1], []byte("# ..."))
					r.read(name, m[1])
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range r.found {
		t.Error(f)
	}
	if r.blocks < 40 {
		t.Errorf("%d blocks were read: the test looks in the wrong place", r.blocks)
	}
}

// TestReaderSees holds that the reader sees what is wrong.
func TestReaderSees(t *testing.T) {
	server, _ := serve(t)
	all := schemas(t, server)
	for text, want := range map[string]string{
		`resource "crosscloud_link" "a" {}`:                                                            "there is no resource crosscloud_link",
		`resource "crosscloud_interconnect" "a" {}`:                                                    "name is required",
		`data "crosscloud_attach_points" "a" { named = "x" }`:                                          "there is no named",
		`data "crosscloud_attach_points" "a" { ids = [] }`:                                             "ids cannot be set",
		`resource "crosscloud_attachment" "a" { aws = { gateway = "x" } }`:                             "there is no gateway",
		`resource "crosscloud_attachment" "a" { aws = { state = "x" } }`:                               "state cannot be set",
		`output "a" { value = crosscloud_attachment.a.paring.status }`:                                 "crosscloud_attachment has no paring",
		`output "a" { value = "x${crosscloud_interconnect.a["k"].aws.gateway}" }`:                      "crosscloud_interconnect has no gateway",
		`output "a" { value = data.crosscloud_routes.a.routes[0].nexthop }`:                            "crosscloud_routes has no nexthop",
		`output "a" { value = provider::crosscloud::mbps("1Gbps") }`:                                   "there is no function mbps",
		`provider "crosscloud" { project = "x" }`:                                                      "there is no project",
		"action \"crosscloud_revalidate_pairing\" \"a\" {\n config {\n link = \"x\"\n }\n}":            "there is no link",
		"list \"crosscloud_interconnect\" \"a\" {\n provider = crosscloud\n config {\n x = 1\n }\n}":   "there is no x",
		`ephemeral "crosscloud_activation_key" "a" { key = 1 }`:                                        "there is no key",
		`resource "crosscloud_attachment" "a"`:                                                         "Invalid block definition",
		"resource \"crosscloud_bandwidth_tier\" \"a\" {\n interconnect = \"x\"\n bandwidth = \"y\"\n}": "",
	} {
		r := &reader{schemas: all}
		r.read("a.tf", []byte(text))
		if got := strings.Join(r.found, "\n"); want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%s\n\tis said to be: %q, want %q", text, got, want)
		}
	}
}
