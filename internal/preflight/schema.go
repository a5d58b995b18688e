package preflight

import (
	"encoding/json"
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/preflight/configuration"
)

// attributes are a schema's attributes as a configuration is read by.
func attributes(all []*tfprotov6.SchemaAttribute) (map[string]configuration.Attribute, error) {
	out := map[string]configuration.Attribute{}
	for _, a := range all {
		t, err := typeOf(a.ValueType())
		if err != nil {
			return nil, fmt.Errorf("attribute %s: %w", a.Name, err)
		}
		one := configuration.Attribute{Type: t, Computed: a.Computed, Optional: a.Optional || a.Required, WriteOnly: a.WriteOnly}
		if a.NestedType != nil {
			if one.Nested, err = attributes(a.NestedType.Attributes); err != nil {
				return nil, err
			}
		}
		out[a.Name] = one
	}
	return out, nil
}

// typeOf is a type of the protocol as configurations have it.
func typeOf(t tftypes.Type) (cty.Type, error) {
	text, err := json.Marshal(t)
	if err != nil {
		return cty.NilType, fmt.Errorf("writing the type: %w", err)
	}
	out, err := ctyjson.UnmarshalType(text)
	if err != nil {
		return cty.NilType, fmt.Errorf("reading the type: %w", err)
	}
	return out, nil
}

// schemaOf is all that is read of configurations.
func schemaOf(all *tfprotov6.GetProviderSchemaResponse) (configuration.Schema, error) {
	out := configuration.Schema{Resources: map[string]map[string]configuration.Attribute{}}
	var err error
	if out.Provider, err = attributes(all.Provider.Block.Attributes); err != nil {
		return out, fmt.Errorf("the provider's schema: %w", err)
	}
	for name, s := range all.ResourceSchemas {
		if out.Resources[name], err = attributes(s.Block.Attributes); err != nil {
			return out, fmt.Errorf("the schema of %s: %w", name, err)
		}
	}
	return out, nil
}
