package schemajson

import (
	"errors"
	"fmt"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// schemaOf converts a whole schema; nil stays nil.
func schemaOf(s *tfprotov6.Schema) (*tfjson.Schema, error) {
	if s == nil {
		return nil, nil
	}
	version, err := count(s.Version)
	if err != nil {
		return nil, fmt.Errorf("version: %w", err)
	}
	block, err := blockOf(s.Block)
	if err != nil {
		return nil, err
	}
	return &tfjson.Schema{Version: version, Block: block}, nil
}

// actionOf converts an action's schema, which has no version.
func actionOf(s *tfprotov6.ActionSchema) (*tfjson.ActionSchema, error) {
	if s == nil || s.Schema == nil {
		return &tfjson.ActionSchema{}, nil
	}
	block, err := blockOf(s.Schema.Block)
	if err != nil {
		return nil, err
	}
	return &tfjson.ActionSchema{Block: block}, nil
}

// identityOf converts the schema of a resource's identity.
func identityOf(s *tfprotov6.ResourceIdentitySchema) (*tfjson.IdentitySchema, error) {
	version, err := count(s.Version)
	if err != nil {
		return nil, fmt.Errorf("version: %w", err)
	}
	identity := tfjson.IdentitySchema{Version: version, Attributes: map[string]*tfjson.IdentityAttribute{}}
	for _, a := range s.IdentityAttributes {
		typ, err := typeOf(a.Type)
		if err != nil {
			return nil, fmt.Errorf("attribute %q: %w", a.Name, err)
		}
		identity.Attributes[a.Name] = &tfjson.IdentityAttribute{
			IdentityType:      typ,
			Description:       a.Description,
			RequiredForImport: a.RequiredForImport,
			OptionalForImport: a.OptionalForImport,
		}
	}
	return &identity, nil
}

// blockOf converts a block with all its attributes and nested blocks; nil
// becomes an empty block.
func blockOf(b *tfprotov6.SchemaBlock) (*tfjson.SchemaBlock, error) {
	if b == nil {
		return &tfjson.SchemaBlock{}, nil
	}
	attributes, err := attributesOf(b.Attributes)
	if err != nil {
		return nil, err
	}
	block := tfjson.SchemaBlock{
		Attributes:      attributes,
		Description:     b.Description,
		DescriptionKind: kindOf(b.DescriptionKind),
		Deprecated:      b.Deprecated,
	}
	for _, nested := range b.BlockTypes {
		converted, err := nestedBlockOf(nested)
		if err != nil {
			return nil, fmt.Errorf("block %q: %w", nested.TypeName, err)
		}
		if block.NestedBlocks == nil {
			block.NestedBlocks = map[string]*tfjson.SchemaBlockType{}
		}
		block.NestedBlocks[nested.TypeName] = converted
	}
	return &block, nil
}

// nestedBlockOf converts a block inside another one.
func nestedBlockOf(b *tfprotov6.SchemaNestedBlock) (*tfjson.SchemaBlockType, error) {
	var converted tfjson.SchemaBlockType
	switch b.Nesting {
	case tfprotov6.SchemaNestedBlockNestingModeSingle:
		converted.NestingMode = tfjson.SchemaNestingModeSingle
	case tfprotov6.SchemaNestedBlockNestingModeGroup:
		converted.NestingMode = tfjson.SchemaNestingModeGroup
	case tfprotov6.SchemaNestedBlockNestingModeList:
		converted.NestingMode = tfjson.SchemaNestingModeList
	case tfprotov6.SchemaNestedBlockNestingModeSet:
		converted.NestingMode = tfjson.SchemaNestingModeSet
	case tfprotov6.SchemaNestedBlockNestingModeMap:
		converted.NestingMode = tfjson.SchemaNestingModeMap
	default:
		return nil, fmt.Errorf("unknown nesting mode %d", b.Nesting)
	}
	var err error
	if converted.MinItems, err = count(b.MinItems); err != nil {
		return nil, fmt.Errorf("least number of items: %w", err)
	}
	if converted.MaxItems, err = count(b.MaxItems); err != nil {
		return nil, fmt.Errorf("greatest number of items: %w", err)
	}
	converted.Block, err = blockOf(b.Block)
	return &converted, err
}

// attributesOf converts attributes, keyed by name; nil for none.
func attributesOf(attributes []*tfprotov6.SchemaAttribute) (map[string]*tfjson.SchemaAttribute, error) {
	if len(attributes) == 0 {
		return nil, nil
	}
	converted := make(map[string]*tfjson.SchemaAttribute, len(attributes))
	for _, a := range attributes {
		one, err := attributeOf(a)
		if err != nil {
			return nil, fmt.Errorf("attribute %q: %w", a.Name, err)
		}
		converted[a.Name] = one
	}
	return converted, nil
}

// attributeOf converts one attribute, which has a type or nested attributes.
func attributeOf(a *tfprotov6.SchemaAttribute) (*tfjson.SchemaAttribute, error) {
	converted := tfjson.SchemaAttribute{
		Description:     a.Description,
		DescriptionKind: kindOf(a.DescriptionKind),
		Deprecated:      a.Deprecated,
		Required:        a.Required,
		Optional:        a.Optional,
		Computed:        a.Computed,
		Sensitive:       a.Sensitive,
		WriteOnly:       a.WriteOnly,
	}
	var err error
	switch {
	case a.NestedType != nil:
		converted.AttributeNestedType, err = nestedTypeOf(a.NestedType)
	case a.Type != nil:
		converted.AttributeType, err = typeOf(a.Type)
	default:
		err = errors.New("has neither a type nor nested attributes")
	}
	return &converted, err
}

// nestedTypeOf converts the attributes inside an attribute.
func nestedTypeOf(o *tfprotov6.SchemaObject) (*tfjson.SchemaNestedAttributeType, error) {
	var converted tfjson.SchemaNestedAttributeType
	switch o.Nesting {
	case tfprotov6.SchemaObjectNestingModeSingle:
		converted.NestingMode = tfjson.SchemaNestingModeSingle
	case tfprotov6.SchemaObjectNestingModeList:
		converted.NestingMode = tfjson.SchemaNestingModeList
	case tfprotov6.SchemaObjectNestingModeSet:
		converted.NestingMode = tfjson.SchemaNestingModeSet
	case tfprotov6.SchemaObjectNestingModeMap:
		converted.NestingMode = tfjson.SchemaNestingModeMap
	default:
		return nil, fmt.Errorf("unknown nesting mode %d", o.Nesting)
	}
	var err error
	converted.Attributes, err = attributesOf(o.Attributes)
	return &converted, err
}

// kindOf says how a description is to be read.
func kindOf(kind tfprotov6.StringKind) tfjson.SchemaDescriptionKind {
	if kind == tfprotov6.StringKindMarkdown {
		return tfjson.SchemaDescriptionKindMarkdown
	}
	return tfjson.SchemaDescriptionKindPlain
}

// count converts a number that the protocol signs and JSON does not.
func count(n int64) (uint64, error) {
	if n < 0 {
		return 0, fmt.Errorf("%d is negative", n)
	}
	return uint64(n), nil
}
