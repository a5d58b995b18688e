package schemajson

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// formatVersion is the version of the JSON that Terraform 1.x and OpenTofu 1.x
// print (terraform-json, ProviderSchemas.FormatVersion).
const formatVersion = "1.0"

// FromServer asks a provider for all its schemas: its own configuration,
// resources, data sources, ephemeral resources, list resources, actions,
// functions and resource identities. The provider need not be configured.
// An error names the part of the schema that could not be read or turned
// into JSON's types.
func FromServer(ctx context.Context, server tfprotov6.ProviderServer) (*tfjson.ProviderSchema, error) {
	schemas, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return nil, fmt.Errorf("get the provider's schema: %w", err)
	}
	if err := diagnosticsError(schemas.Diagnostics); err != nil {
		return nil, fmt.Errorf("get the provider's schema: %w", err)
	}
	identities, err := server.GetResourceIdentitySchemas(ctx, &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		return nil, fmt.Errorf("get the resources' identity schemas: %w", err)
	}
	if err := diagnosticsError(identities.Diagnostics); err != nil {
		return nil, fmt.Errorf("get the resources' identity schemas: %w", err)
	}
	return convert(schemas, identities)
}

// convert builds the JSON form out of the protocol's two answers.
func convert(
	schemas *tfprotov6.GetProviderSchemaResponse, identities *tfprotov6.GetResourceIdentitySchemasResponse,
) (*tfjson.ProviderSchema, error) {
	var p tfjson.ProviderSchema
	var errs []error
	part := func(what string, err error) {
		if err != nil {
			errs = append(errs, fmt.Errorf("%s %w", what, err))
		}
	}
	var err error
	p.ConfigSchema, err = schemaOf(schemas.Provider)
	part("provider configuration:", err)
	p.ResourceSchemas, err = each(schemas.ResourceSchemas, schemaOf)
	part("resource", err)
	p.DataSourceSchemas, err = each(schemas.DataSourceSchemas, schemaOf)
	part("data source", err)
	p.EphemeralResourceSchemas, err = each(schemas.EphemeralResourceSchemas, schemaOf)
	part("ephemeral resource", err)
	p.ListResourceSchemas, err = each(schemas.ListResourceSchemas, schemaOf)
	part("list resource", err)
	p.ActionSchemas, err = each(schemas.ActionSchemas, actionOf)
	part("action", err)
	p.Functions, err = each(schemas.Functions, functionOf)
	part("function", err)
	p.ResourceIdentitySchemas, err = each(identities.IdentitySchemas, identityOf)
	part("identity of resource", err)
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("convert the provider's schema: %w", err)
	}
	return &p, nil
}

// Write prints the schema of the provider of the given short name ("aws", not
// "terraform-provider-aws"), indented and with a newline at the end. Maps are
// written in the order of their keys, so equal schemas give equal bytes.
func Write(out io.Writer, name string, schema *tfjson.ProviderSchema) error {
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(&tfjson.ProviderSchemas{
		FormatVersion: formatVersion,
		Schemas:       map[string]*tfjson.ProviderSchema{name: schema},
	})
	if err != nil {
		return fmt.Errorf("write the schema of provider %q: %w", name, err)
	}
	return nil
}

// each converts every value of a map; nil for an empty one. The error names
// the keys that failed.
func each[From, To any](from map[string]From, convert func(From) (To, error)) (map[string]To, error) {
	if len(from) == 0 {
		return nil, nil
	}
	to := make(map[string]To, len(from))
	var errs []error
	for name, value := range from {
		converted, err := convert(value)
		if err != nil {
			errs = append(errs, fmt.Errorf("%q: %w", name, err))
			continue
		}
		to[name] = converted
	}
	return to, errors.Join(errs...)
}

// diagnosticsError is an error with the text of every error among the
// diagnostics; warnings are dropped.
func diagnosticsError(diagnostics []*tfprotov6.Diagnostic) error {
	var errs []error
	for _, d := range diagnostics {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			errs = append(errs, fmt.Errorf("%s: %s", d.Summary, d.Detail))
		}
	}
	return errors.Join(errs...)
}
