package schemajson_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cmd/providerschema/schemajson"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestWholeProvider writes the schema of a provider that uses every feature and
// compares it, byte for byte, with testdata/fake.json.
func TestWholeProvider(t *testing.T) {
	server, err := providerserver.NewProtocol6WithError(fake{})()
	if err != nil {
		t.Fatal(err)
	}
	schema, err := schemajson.FromServer(t.Context(), server)
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	if err := schemajson.Write(&got, "fake", schema); err != nil {
		t.Fatal(err)
	}

	golden := filepath.Join("testdata", "fake.json")
	if *update {
		if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("schema differs from %s (-want +got):\n%s", golden, diff)
	}

	var read tfjson.ProviderSchemas
	if err := json.Unmarshal(got.Bytes(), &read); err != nil {
		t.Fatalf("terraform-json cannot read what was written: %v", err)
	}
	if read.Schemas["fake"] == nil {
		t.Error(`the schema is not filed under "fake"`)
	}
}

// server answers with canned schemas.
type server struct {
	tfprotov6.ProviderServer
	schemas       tfprotov6.GetProviderSchemaResponse
	schemasErr    error
	identities    tfprotov6.GetResourceIdentitySchemasResponse
	identitiesErr error
}

func (s *server) GetProviderSchema(
	context.Context, *tfprotov6.GetProviderSchemaRequest,
) (*tfprotov6.GetProviderSchemaResponse, error) {
	return &s.schemas, s.schemasErr
}

func (s *server) GetResourceIdentitySchemas(
	context.Context, *tfprotov6.GetResourceIdentitySchemasRequest,
) (*tfprotov6.GetResourceIdentitySchemasResponse, error) {
	return &s.identities, s.identitiesErr
}

// withAttribute is a server with one resource of one attribute.
func withAttribute(a *tfprotov6.SchemaAttribute) *server {
	return withBlock(&tfprotov6.SchemaBlock{Attributes: []*tfprotov6.SchemaAttribute{a}})
}

// withBlock is a server with one resource.
func withBlock(b *tfprotov6.SchemaBlock) *server {
	return &server{schemas: tfprotov6.GetProviderSchemaResponse{
		ResourceSchemas: map[string]*tfprotov6.Schema{"fake_house": {Block: b}},
	}}
}

// TestShapesTheFrameworkNeverSends covers what the protocol allows and
// terraform-plugin-framework does not use.
func TestShapesTheFrameworkNeverSends(t *testing.T) {
	tests := map[string]struct {
		block *tfprotov6.SchemaBlock
		want  string
	}{
		"no block": {nil, `{"version":0,"block":{}}`},
		"optional attribute and tuple": {
			&tfprotov6.SchemaBlock{Attributes: []*tfprotov6.SchemaAttribute{{
				Name: "a",
				Type: tftypes.Object{
					AttributeTypes: map[string]tftypes.Type{
						"t": tftypes.Tuple{ElementTypes: []tftypes.Type{tftypes.String, tftypes.Bool}},
					},
					OptionalAttributes: map[string]struct{}{"t": {}},
				},
			}}},
			`{"version":0,"block":{"attributes":{"a":{"type":["object",{"t":["tuple",["string","bool"]]},["t"]],` +
				`"description_kind":"plain"}},"description_kind":"plain"}}`,
		},
		"map and group blocks with limits": {
			&tfprotov6.SchemaBlock{BlockTypes: []*tfprotov6.SchemaNestedBlock{
				{TypeName: "m", Nesting: tfprotov6.SchemaNestedBlockNestingModeMap, MinItems: 1, MaxItems: 2},
				{TypeName: "g", Nesting: tfprotov6.SchemaNestedBlockNestingModeGroup},
			}},
			`{"version":0,"block":{"block_types":{"g":{"nesting_mode":"group","block":{}},` +
				`"m":{"nesting_mode":"map","block":{},"min_items":1,"max_items":2}},"description_kind":"plain"}}`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			schema, err := schemajson.FromServer(t.Context(), withBlock(test.block))
			if err != nil {
				t.Fatal(err)
			}
			got, err := json.Marshal(schema.ResourceSchemas["fake_house"])
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, string(got)); diff != "" {
				t.Errorf("schema (-want +got):\n%s", diff)
			}
		})
	}
}

func TestErrorsNameThePart(t *testing.T) {
	broken := tfprotov6.Diagnostic{Severity: tfprotov6.DiagnosticSeverityError, Summary: "Broken", Detail: "by design"}
	tests := map[string]struct {
		server *server
		want   []string
	}{
		"schema call fails":   {&server{schemasErr: errors.New("no line")}, []string{"provider's schema", "no line"}},
		"identity call fails": {&server{identitiesErr: errors.New("no line")}, []string{"identity schemas", "no line"}},
		"schema has an error": {
			&server{schemas: tfprotov6.GetProviderSchemaResponse{Diagnostics: []*tfprotov6.Diagnostic{&broken}}},
			[]string{"provider's schema", "Broken: by design"},
		},
		"identity has an error": {
			&server{identities: tfprotov6.GetResourceIdentitySchemasResponse{Diagnostics: []*tfprotov6.Diagnostic{&broken}}},
			[]string{"identity schemas", "Broken: by design"},
		},
		"attribute without a type": {
			withAttribute(&tfprotov6.SchemaAttribute{Name: "a"}),
			[]string{`resource "fake_house"`, `attribute "a"`, "neither a type"},
		},
		"list of nothing": {
			withAttribute(&tfprotov6.SchemaAttribute{Name: "a", Type: tftypes.List{}}),
			[]string{`attribute "a"`, "element type", "has no type"},
		},
		"nested attributes of unknown nesting": {
			withAttribute(&tfprotov6.SchemaAttribute{Name: "a", NestedType: &tfprotov6.SchemaObject{Nesting: 9}}),
			[]string{`attribute "a"`, "unknown nesting mode 9"},
		},
		"block of unknown nesting": {
			withBlock(&tfprotov6.SchemaBlock{BlockTypes: []*tfprotov6.SchemaNestedBlock{{TypeName: "b", Nesting: 9}}}),
			[]string{`block "b"`, "unknown nesting mode 9"},
		},
		"negative version": {
			&server{schemas: tfprotov6.GetProviderSchemaResponse{Provider: &tfprotov6.Schema{Version: -1}}},
			[]string{"provider configuration", "version", "-1 is negative"},
		},
		"function without a return": {
			&server{schemas: tfprotov6.GetProviderSchemaResponse{Functions: map[string]*tfprotov6.Function{"f": {}}}},
			[]string{`function "f"`, "returns nothing"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := schemajson.FromServer(t.Context(), test.server)
			if err == nil {
				t.Fatal("no error")
			}
			for _, part := range test.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("error %q does not say %q", err, part)
				}
			}
		})
	}
}

func TestWarningsAreDropped(t *testing.T) {
	warned := &server{schemas: tfprotov6.GetProviderSchemaResponse{Diagnostics: []*tfprotov6.Diagnostic{
		{Severity: tfprotov6.DiagnosticSeverityWarning, Summary: "Old"},
	}}}
	if _, err := schemajson.FromServer(t.Context(), warned); err != nil {
		t.Error(err)
	}
}
