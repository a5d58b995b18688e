package crash

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/acceptance"
)

const resourceType = "crosscloud_interconnect"

// errKilled is what an engine that was killed returns: nobody reads it.
var errKilled = errors.New("killed")

// stored is what a state file holds of the one resource.
type stored struct {
	state   tftypes.Value // null where there is none
	private []byte
	tainted bool
	// leaks are the places where an activation key was seen: this state, a plan,
	// a message.
	leaks []string
	// alone is the one cloud that the team of this state knows; empty is both.
	alone string
}

// look looks for activation keys in what is written or shown.
func (f *stored) look(where, text string) {
	if len(acceptance.KeysIn(text)) > 0 {
		f.leaks = append(f.leaks, where)
	}
}

// engine does with one resource what Terraform does. A new engine is a new
// process; what it keeps from the one before is stored.
type engine struct {
	server tfprotov6.ProviderServer
	kind   string // type of the resource
	typ    tftypes.Object
	schema *tfprotov6.Schema
	file   *stored
	// saves counts writes of the state; killAfter, when not 0, is the write
	// after which the engine is killed.
	saves, killAfter int
	// forgetful drops the state of a creation that failed: an engine that is
	// broken on purpose.
	forgetful bool
}

// start starts an engine for a link, on a stage with a state file.
func start(ctx context.Context, s *acceptance.Stage, file *stored) (*engine, error) {
	return startFor(ctx, resourceType, s, file)
}

// schemasOf asks for the schemas once: they are the same for every engine, and it
// takes as long as a creation to make them.
var schemasOf = sync.OnceValues(func() (*tfprotov6.GetProviderSchemaResponse, error) {
	server, err := acceptance.Factories()["crosscloud"]()
	if err != nil {
		return nil, err
	}
	return server.GetProviderSchema(context.Background(), &tfprotov6.GetProviderSchemaRequest{})
})

// startFor starts an engine for a resource of a type.
func startFor(ctx context.Context, kind string, s *acceptance.Stage, file *stored) (*engine, error) {
	server, err := acceptance.Factories()["crosscloud"]()
	if err != nil {
		return nil, err
	}
	schemas, err := schemasOf()
	if err != nil {
		return nil, err
	}
	provider, ok := schemas.Provider.ValueType().(tftypes.Object)
	if !ok {
		return nil, errors.New("the provider's schema is no object")
	}
	given := s.Settings("acme/crash")
	if file.alone != "" {
		delete(given, otherCloud(file.alone))
	}
	cfg, err := tfprotov6.NewDynamicValue(provider, object(provider, given))
	if err != nil {
		return nil, err
	}
	resp, err := server.ConfigureProvider(ctx, &tfprotov6.ConfigureProviderRequest{TerraformVersion: "1.11.0", Config: &cfg})
	if err := problem(err, resp.Diagnostics); err != nil {
		return nil, err
	}
	e := &engine{server: server, kind: kind, schema: schemas.ResourceSchemas[kind], file: file}
	e.typ, ok = e.schema.ValueType().(tftypes.Object)
	if !ok {
		return nil, errors.New("the resource's schema is no object")
	}
	if file.state.Type() == nil {
		file.state = tftypes.NewValue(e.typ, nil)
	}
	return e, nil
}

// problem joins a failure of the protocol and error diagnostics.
func problem(err error, diags []*tfprotov6.Diagnostic) error {
	var texts []string
	for _, d := range diags {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			texts = append(texts, d.Summary+": "+d.Detail)
		}
	}
	if len(texts) > 0 {
		err = errors.Join(err, errors.New(strings.Join(texts, "; ")))
	}
	return err
}

// problem is the error of what the provider said, which it looks through.
func (e *engine) problem(diags []*tfprotov6.Diagnostic) error {
	for _, d := range diags {
		e.file.look("a message", d.Summary+"\n"+d.Detail)
	}
	return problem(nil, diags)
}

// object makes a value of an object type; what is not given is null.
func object(typ tftypes.Object, given map[string]any) tftypes.Value {
	full := map[string]tftypes.Value{}
	for name, t := range typ.AttributeTypes {
		full[name] = value(t, given[name])
	}
	return tftypes.NewValue(typ, full)
}

// value makes a value of what tests write: nil, strings, lists and maps.
func value(t tftypes.Type, given any) tftypes.Value {
	switch v := given.(type) {
	case map[string]any:
		if o, ok := t.(tftypes.Object); ok {
			return object(o, v)
		}
	case map[string]string:
		m := map[string]tftypes.Value{}
		for k, s := range v {
			m[k] = tftypes.NewValue(tftypes.String, s)
		}
		return tftypes.NewValue(t, m)
	case []string:
		var l []tftypes.Value
		for _, s := range v {
			l = append(l, tftypes.NewValue(tftypes.String, s))
		}
		return tftypes.NewValue(t, l)
	}
	return tftypes.NewValue(t, given)
}

// proposed is what Terraform proposes to the provider: the configuration, with
// the prior state's values where an attribute is computed and not configured.
func proposed(attrs []*tfprotov6.SchemaAttribute, config, prior tftypes.Value) tftypes.Value {
	var c, p map[string]tftypes.Value
	if config.As(&c) != nil || c == nil {
		return config
	}
	if prior.IsNull() || prior.As(&p) != nil {
		p = nil
	}
	out := maps.Clone(c)
	for _, a := range attrs {
		before, known := p[a.Name]
		switch {
		case a.WriteOnly:
			// Only the configuration carries it, to the plan and to the apply.
			out[a.Name] = tftypes.NewValue(c[a.Name].Type(), nil)
		case a.NestedType != nil && a.NestedType.Nesting == tfprotov6.SchemaObjectNestingModeSingle && !c[a.Name].IsNull():
			if !known {
				before = tftypes.NewValue(c[a.Name].Type(), nil)
			}
			out[a.Name] = proposed(a.NestedType.Attributes, c[a.Name], before)
		case a.Computed && c[a.Name].IsNull() && known:
			out[a.Name] = before
		}
	}
	return tftypes.NewValue(config.Type(), out)
}

// save writes the state file, and is the end of an engine that is to be killed
// then.
func (e *engine) save(state tftypes.Value, private []byte, tainted bool) error {
	e.file.state, e.file.private, e.file.tainted = state, private, tainted
	e.file.look("the state", state.String())
	e.file.look("the private state", string(private))
	e.saves++
	if e.saves == e.killAfter {
		return errKilled
	}
	return nil
}

func (e *engine) dynamic(v tftypes.Value) *tfprotov6.DynamicValue {
	d, err := tfprotov6.NewDynamicValue(e.typ, v)
	if err != nil {
		panic(fmt.Sprintf("a value does not fit the schema: %v", err))
	}
	return &d
}

func (e *engine) null() tftypes.Value { return tftypes.NewValue(e.typ, nil) }

// refresh reads the resource and writes what was read.
func (e *engine) refresh(ctx context.Context) error {
	if e.file.state.IsNull() {
		return nil
	}
	resp, err := e.server.ReadResource(ctx, &tfprotov6.ReadResourceRequest{TypeName: e.kind, CurrentState: e.dynamic(e.file.state), Private: e.file.private})
	if err != nil {
		return err
	}
	if err := e.problem(resp.Diagnostics); err != nil {
		return err
	}
	state, err := resp.NewState.Unmarshal(e.typ)
	if err != nil {
		return err
	}
	return e.save(state, resp.Private, e.file.tainted && !state.IsNull())
}

// planned is a plan of one change.
type planned struct {
	prior, next, config tftypes.Value
	private             []byte
	replace             bool
}

// plan plans the way from prior to a configuration; null destroys.
func (e *engine) plan(ctx context.Context, prior, config tftypes.Value) (planned, error) {
	p := planned{prior: prior, config: config}
	want := config
	if !config.IsNull() {
		want = proposed(e.schema.Block.Attributes, config, prior)
	}
	resp, err := e.server.PlanResourceChange(ctx, &tfprotov6.PlanResourceChangeRequest{
		TypeName: e.kind, PriorState: e.dynamic(prior), ProposedNewState: e.dynamic(want), Config: e.dynamic(config), PriorPrivate: e.file.private,
	})
	if err != nil {
		return p, err
	}
	if err := e.problem(resp.Diagnostics); err != nil {
		return p, err
	}
	p.next, err = resp.PlannedState.Unmarshal(e.typ)
	e.file.look("a plan", p.next.String())
	e.file.look("a plan's private part", string(resp.PlannedPrivate))
	p.private, p.replace = resp.PlannedPrivate, len(resp.RequiresReplace) > 0
	return p, err
}

// carryOut applies a plan and writes the state. A creation that fails after
// something exists is tainted.
func (e *engine) carryOut(ctx context.Context, p planned) error {
	resp, err := e.server.ApplyResourceChange(ctx, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: e.kind, PriorState: e.dynamic(p.prior), PlannedState: e.dynamic(p.next), Config: e.dynamic(p.config), PlannedPrivate: p.private,
	})
	if err != nil {
		return err
	}
	if ctx.Err() != nil {
		// The engine was killed while the provider worked: nobody writes.
		return errKilled
	}
	failed := e.problem(resp.Diagnostics)
	state, err := resp.NewState.Unmarshal(e.typ)
	if err != nil {
		return err
	}
	if failed == nil {
		failed = asPlanned(p.next, state)
	}
	made := p.prior.IsNull() && !state.IsNull()
	if failed != nil && made && e.forgetful {
		return failed
	}
	if err := e.save(state, resp.Private, failed != nil && made); err != nil {
		return err
	}
	return failed
}

// asPlanned holds a result to its plan, as Terraform does where the provider says
// that all went well: what was known is as it was planned, and nothing is unknown.
func asPlanned(plan, result tftypes.Value) error {
	if !result.IsFullyKnown() {
		return errors.New("the provider returned unknown values after an apply")
	}
	if plan.IsNull() != result.IsNull() {
		return errors.New("the provider made nothing of the plan, or something of nothing")
	}
	diffs, err := plan.Diff(result)
	for _, d := range diffs {
		if d.Value1 != nil && d.Value1.IsFullyKnown() && len(d.Path.Steps()) > 0 {
			err = errors.Join(err, fmt.Errorf("inconsistent result: %s was planned as %v and is %v", d.Path, d.Value1, d.Value2))
		}
	}
	return err
}

// apply is "terraform apply": refresh, plan, and what the plan says. changed
// says that there was something to do.
func (e *engine) apply(ctx context.Context, config tftypes.Value) (changed bool, err error) {
	if err := e.refresh(ctx); err != nil {
		return true, err
	}
	if e.file.state.IsNull() && config.IsNull() {
		return false, nil
	}
	if !config.IsNull() && !e.file.tainted {
		p, err := e.plan(ctx, e.file.state, config)
		if err != nil {
			return true, err
		}
		if p.next.Equal(p.prior) {
			return false, nil
		}
		if !p.replace || p.prior.IsNull() {
			return true, e.carryOut(ctx, p)
		}
	}
	// A destroy, a tainted resource or a replacement: remove, then make.
	gone, err := e.plan(ctx, e.file.state, e.null())
	if err != nil {
		return true, err
	}
	if err := e.carryOut(ctx, gone); err != nil || config.IsNull() {
		return true, err
	}
	fresh, err := e.plan(ctx, e.null(), config)
	if err != nil {
		return true, err
	}
	return true, e.carryOut(ctx, fresh)
}

// bring is "terraform import".
func (e *engine) bring(ctx context.Context, id string) error {
	resp, err := e.server.ImportResourceState(ctx, &tfprotov6.ImportResourceStateRequest{TypeName: e.kind, ID: id})
	if err != nil {
		return err
	}
	if err := e.problem(resp.Diagnostics); err != nil {
		return err
	}
	state, err := resp.ImportedResources[0].State.Unmarshal(e.typ)
	if err != nil {
		return err
	}
	return e.save(state, resp.ImportedResources[0].Private, false)
}

// status is the pairing's status in the state.
func (f *stored) status() string {
	v, _, err := tftypes.WalkAttributePath(f.state, tftypes.NewAttributePath().WithAttributeName("pairing").WithAttributeName("status"))
	status, ok := v.(tftypes.Value)
	var text string
	if err != nil || !ok || status.As(&text) != nil {
		return ""
	}
	return text
}
