package preflight

import (
	"context"
	"fmt"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/msgpack"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/preflight/configuration"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/provider"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service"
)

// Run checks a configuration. version is the provider's.
func Run(ctx context.Context, version string, o configuration.Options) (Report, error) {
	r := &run{version: version, servers: map[string]tfprotov6.ProviderServer{}, links: map[string]cty.Value{}}
	server, err := r.serve()
	if err != nil {
		return Report{}, err
	}
	if r.all, err = server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{}); err != nil {
		return Report{}, fmt.Errorf("asking for the provider's schema: %w", err)
	}
	if r.schema, err = schemaOf(r.all); err != nil {
		return Report{}, err
	}
	r.report.Checks, r.report.Notes = []Check{}, []configuration.Note{}
	notes, err := configuration.Read(ctx, o, r.schema, r.plan)
	if err != nil {
		return Report{}, err
	}
	r.report.Notes = append(r.report.Notes, notes...)
	r.comparePrefixes()
	return r.report, nil
}

// run is one run over a configuration.
type run struct {
	version string
	all     *tfprotov6.GetProviderSchemaResponse
	schema  configuration.Schema
	servers map[string]tfprotov6.ProviderServer
	report  Report
	// links are the planned links by their ids, and attached the planned
	// attachments.
	links    map[string]cty.Value
	attached []attached

	mu      sync.Mutex
	checked []service.Checked
}

// attached is a planned attachment.
type attached struct {
	address string
	value   cty.Value
}

// serve makes a provider.
func (r *run) serve() (tfprotov6.ProviderServer, error) {
	server, err := providerserver.NewProtocol6WithError(provider.New(r.version, provider.WithObserver(r.observe))())()
	if err != nil {
		return nil, fmt.Errorf("starting the provider: %w", err)
	}
	return server, nil
}

func (r *run) observe(c service.Checked) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.checked = append(r.checked, c)
}

// take is what was observed since the last time.
func (r *run) take() []service.Checked {
	r.mu.Lock()
	defer r.mu.Unlock()
	c := r.checked
	r.checked = nil
	return c
}

// configured is the provider with a configuration, made once for each.
func (r *run) configured(ctx context.Context, one configuration.Instance) (tfprotov6.ProviderServer, error) {
	if s := r.servers[one.Provider]; s != nil {
		return s, nil
	}
	s, err := r.serve()
	if err != nil {
		return nil, err
	}
	config, err := encode(one.ProviderConfig)
	if err != nil {
		return nil, err
	}
	valid, err := s.ValidateProviderConfig(ctx, &tfprotov6.ValidateProviderConfigRequest{Config: config})
	if err != nil {
		return nil, fmt.Errorf("validating the provider configuration: %w", err)
	}
	if err := refused("provider "+one.Provider, valid.Diagnostics); err != nil {
		return nil, err
	}
	resp, err := s.ConfigureProvider(ctx, &tfprotov6.ConfigureProviderRequest{Config: config})
	if err != nil {
		return nil, fmt.Errorf("configuring the provider: %w", err)
	}
	if err := refused("provider "+one.Provider, resp.Diagnostics); err != nil {
		return nil, err
	}
	r.servers[one.Provider] = s
	return s, nil
}

// refused is the first error among diagnostics.
func refused(what string, diags []*tfprotov6.Diagnostic) error {
	for _, d := range diags {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			return fmt.Errorf("%s: %s: %s", what, d.Summary, d.Detail)
		}
	}
	return nil
}

// plan plans one instance as Terraform would, and takes down what was checked.
func (r *run) plan(ctx context.Context, one configuration.Instance) (cty.Value, error) {
	server, err := r.configured(ctx, one)
	if err != nil {
		return cty.DynamicVal, err
	}
	config, err := encode(one.Config)
	if err != nil {
		return cty.DynamicVal, err
	}
	valid, err := server.ValidateResourceConfig(ctx, &tfprotov6.ValidateResourceConfigRequest{
		TypeName: one.Type, Config: config,
		ClientCapabilities: &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: true},
	})
	if err != nil {
		return cty.DynamicVal, fmt.Errorf("validating %s: %w", one.Address, err)
	}
	if errs := errorsOf(valid.Diagnostics); len(errs) > 0 {
		r.record(one.Address, errs, nil)
		return cty.DynamicVal, nil
	}
	prior := one.Prior
	if prior == cty.NilVal {
		prior = cty.NullVal(one.Config.Type())
	}
	before, err := encode(prior)
	if err != nil {
		return cty.DynamicVal, err
	}
	wanted, err := encode(proposed(one.Config, prior, r.schema.Resources[one.Type]))
	if err != nil {
		return cty.DynamicVal, err
	}
	r.take()
	resp, err := server.PlanResourceChange(ctx, &tfprotov6.PlanResourceChangeRequest{TypeName: one.Type, PriorState: before, ProposedNewState: wanted, Config: config})
	if err != nil {
		return cty.DynamicVal, fmt.Errorf("planning %s: %w", one.Address, err)
	}
	r.record(one.Address, append(valid.Diagnostics, resp.Diagnostics...), r.take())
	if len(errorsOf(resp.Diagnostics)) > 0 || resp.PlannedState == nil {
		return cty.DynamicVal, nil
	}
	planned, err := msgpack.Unmarshal(resp.PlannedState.MsgPack, one.Config.Type())
	if err != nil {
		return cty.DynamicVal, fmt.Errorf("reading the plan of %s: %w", one.Address, err)
	}
	r.remember(one, planned)
	return planned, nil
}

// errorsOf are the errors among diagnostics.
func errorsOf(diags []*tfprotov6.Diagnostic) []*tfprotov6.Diagnostic {
	var errs []*tfprotov6.Diagnostic
	for _, d := range diags {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			errs = append(errs, d)
		}
	}
	return errs
}

// encode writes a value as the protocol carries it.
func encode(v cty.Value) (*tfprotov6.DynamicValue, error) {
	text, err := msgpack.Marshal(v, v.Type())
	if err != nil {
		return nil, fmt.Errorf("writing a value: %w", err)
	}
	return &tfprotov6.DynamicValue{MsgPack: text}, nil
}

// proposed is what Terraform proposes: the configuration, and of what it leaves to
// the provider what the state has. Without a state that is for the provider to say.
// A value that may only be written is never proposed.
func proposed(config, prior cty.Value, attrs map[string]configuration.Attribute) cty.Value {
	if config.IsNull() || !config.IsKnown() {
		return config
	}
	out, before := config.AsValueMap(), map[string]cty.Value{}
	if prior.IsKnown() && !prior.IsNull() {
		before = prior.AsValueMap()
	}
	for name, a := range attrs {
		old, had := before[name]
		switch {
		case a.WriteOnly:
			out[name] = cty.NullVal(a.Type)
		case a.Computed && out[name].IsNull() && had:
			out[name] = old
		case a.Computed && out[name].IsNull():
			out[name] = cty.UnknownVal(a.Type)
		case a.Nested != nil && a.Type.IsObjectType():
			if !had {
				old = cty.NullVal(a.Type)
			}
			out[name] = proposed(out[name], old, a.Nested)
		}
	}
	return cty.ObjectVal(out)
}
