package schemajson

import (
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"
)

// typeOf converts a type of the plugin protocol into Terraform's own.
func typeOf(t tftypes.Type) (cty.Type, error) {
	switch t := t.(type) {
	case tftypes.List:
		return collectionOf(t.ElementType, cty.List)
	case tftypes.Set:
		return collectionOf(t.ElementType, cty.Set)
	case tftypes.Map:
		return collectionOf(t.ElementType, cty.Map)
	case tftypes.Object:
		return objectOf(t)
	case tftypes.Tuple:
		return tupleOf(t)
	case nil:
		return cty.NilType, errors.New("has no type")
	}
	switch {
	case t.Is(tftypes.String):
		return cty.String, nil
	case t.Is(tftypes.Number):
		return cty.Number, nil
	case t.Is(tftypes.Bool):
		return cty.Bool, nil
	case t.Is(tftypes.DynamicPseudoType):
		return cty.DynamicPseudoType, nil
	default:
		return cty.NilType, fmt.Errorf("unknown type %s", t)
	}
}

// collectionOf converts a list, set or map by its element type.
func collectionOf(element tftypes.Type, collection func(cty.Type) cty.Type) (cty.Type, error) {
	converted, err := typeOf(element)
	if err != nil {
		return cty.NilType, fmt.Errorf("element type: %w", err)
	}
	return collection(converted), nil
}

// objectOf converts an object with its optional attributes.
func objectOf(o tftypes.Object) (cty.Type, error) {
	attributes := make(map[string]cty.Type, len(o.AttributeTypes))
	for name, t := range o.AttributeTypes {
		converted, err := typeOf(t)
		if err != nil {
			return cty.NilType, fmt.Errorf("attribute %q: %w", name, err)
		}
		attributes[name] = converted
	}
	var optional []string
	for name := range o.OptionalAttributes {
		optional = append(optional, name)
	}
	return cty.ObjectWithOptionalAttrs(attributes, optional), nil
}

// tupleOf converts a tuple.
func tupleOf(t tftypes.Tuple) (cty.Type, error) {
	elements := make([]cty.Type, len(t.ElementTypes))
	for i, element := range t.ElementTypes {
		converted, err := typeOf(element)
		if err != nil {
			return cty.NilType, fmt.Errorf("element %d: %w", i, err)
		}
		elements[i] = converted
	}
	return cty.Tuple(elements), nil
}
