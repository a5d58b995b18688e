package schemajson

import (
	"errors"
	"fmt"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// functionOf converts a function's signature.
func functionOf(f *tfprotov6.Function) (*tfjson.FunctionSignature, error) {
	if f.Return == nil {
		return nil, errors.New("returns nothing")
	}
	converted := tfjson.FunctionSignature{
		Description:        f.Description,
		Summary:            f.Summary,
		DeprecationMessage: f.DeprecationMessage,
	}
	var err error
	if converted.ReturnType, err = typeOf(f.Return.Type); err != nil {
		return nil, fmt.Errorf("return type: %w", err)
	}
	for _, p := range f.Parameters {
		parameter, err := parameterOf(p)
		if err != nil {
			return nil, err
		}
		converted.Parameters = append(converted.Parameters, parameter)
	}
	if f.VariadicParameter != nil {
		if converted.VariadicParameter, err = parameterOf(f.VariadicParameter); err != nil {
			return nil, err
		}
	}
	return &converted, nil
}

// parameterOf converts one parameter of a function.
func parameterOf(p *tfprotov6.FunctionParameter) (*tfjson.FunctionParameter, error) {
	typ, err := typeOf(p.Type)
	if err != nil {
		return nil, fmt.Errorf("parameter %q: %w", p.Name, err)
	}
	return &tfjson.FunctionParameter{
		Name:        p.Name,
		Description: p.Description,
		IsNullable:  p.AllowNullValue,
		Type:        typ,
	}, nil
}
