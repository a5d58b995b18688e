package crash

import (
	"encoding/json"
	"maps"
	"math/big"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// TestMovedFromOtherProviders moves the state of one end from another provider's
// resource: a refresh finds the other end, and the plan after it is empty.
func TestMovedFromOtherProviders(t *testing.T) {
	t.Parallel()
	w := peaceful(t, settings(nil))
	arn, transport := w.text("aws.arn"), w.text("google.transport_id")
	for name, tt := range map[string]struct {
		provider, resource string
		state              map[string]any
		refused            bool
	}{
		"AWS":                  {"registry.terraform.io/hashicorp/aws", "aws_interconnect_connection", map[string]any{"arn": arn, "activation_key": "c2VjcmV0"}, false},
		"AWS, acceptor":        {"registry.terraform.io/hashicorp/aws", "aws_interconnect_connection_proposal_acceptor", map[string]any{"arn": arn}, false},
		"AWS, another host":    {"registry.opentofu.org/hashicorp/aws", "aws_interconnect_connection", map[string]any{"arn": arn}, false},
		"Cloud Control":        {"registry.terraform.io/hashicorp/awscc", "awscc_interconnect_connection", map[string]any{"arn": arn}, false},
		"Google":               {"registry.terraform.io/hashicorp/google", "google_network_connectivity_transport", map[string]any{"id": transport}, false},
		"Google, beta":         {"mirror.example/hashicorp/google-beta", "google_network_connectivity_transport", map[string]any{"id": transport}, false},
		"Google, without id":   {"registry.terraform.io/hashicorp/google", "google_network_connectivity_transport", map[string]any{"project": "sandbox-project", "region": "us-east4", "name": "crash"}, false},
		"somebody else's":      {"registry.terraform.io/acme/aws", "aws_interconnect_connection", map[string]any{"arn": arn}, true},
		"another type":         {"registry.terraform.io/acme/hashicorp", "aws_interconnect_connection", map[string]any{"arn": arn}, true},
		"another resource":     {"registry.terraform.io/hashicorp/aws", "aws_dx_connection", map[string]any{"arn": arn}, true},
		"no name in the state": {"registry.terraform.io/hashicorp/aws", "aws_interconnect_connection", map[string]any{"arn": nil}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			here := &world{stage: w.stage, dir: w.dir, file: &stored{}}
			e, l := listened(t, here)
			text, err := json.Marshal(tt.state)
			if err != nil {
				t.Fatal(err)
			}
			resp, err := e.server.MoveResourceState(t.Context(), &tfprotov6.MoveResourceStateRequest{
				SourceProviderAddress: tt.provider, SourceTypeName: tt.resource, SourceState: &tfprotov6.RawState{JSON: text}, TargetTypeName: resourceType,
			})
			if err != nil {
				t.Fatal(err)
			}
			if refused := problem(nil, resp.Diagnostics); refused != nil || tt.refused {
				if (refused != nil) != tt.refused {
					t.Errorf("refused: %v; want %v", refused, tt.refused)
				}
				return
			}
			if here.file.state, err = resp.TargetState.Unmarshal(e.typ); err != nil {
				t.Fatal(err)
			}
			if strings.Contains(here.file.state.String(), "c2VjcmV0") {
				t.Error("the state holds the activation key")
			}
			// Without a refresh, one end is all that is known.
			if _, err := e.plan(t.Context(), here.file.state, here.config(e, settings(nil))); err == nil || !strings.Contains(err.Error(), "has not been read yet") {
				t.Errorf("a plan without a refresh says %v", err)
			}
			if _, err := e.plan(t.Context(), here.file.state, e.null()); err == nil || !strings.Contains(err.Error(), "has not been read yet") {
				t.Errorf("a plan of a destroy without a refresh says %v", err)
			}
			changed, err := e.apply(t.Context(), here.config(e, settings(nil)))
			if err != nil || changed {
				t.Errorf("changed: %v, %v; said:\n%s", changed, err, l.all())
			}
			if l.read == nil || l.read.IdentityData == nil {
				t.Error("the refresh returned no identity")
			}
			if here.text("aws.arn") != arn || here.text("google.transport_id") != transport || here.text("pairing.status") != "matched" {
				t.Errorf("connection %s, transport %s, pairing %q", here.text("aws.arn"), here.text("google.transport_id"), here.text("pairing.status"))
			}
		})
	}
}

// TestStateOfVersion0 reads a state that was written before on_incomplete was:
// the plan is empty.
func TestStateOfVersion0(t *testing.T) {
	t.Parallel()
	w := peaceful(t, settings(nil))
	e, _ := listened(t, w)
	attributes, ok := plain(t, w.file.state).(map[string]any)
	if !ok {
		t.Fatal("the state is no object")
	}
	delete(attributes, "on_incomplete")
	text, err := json.Marshal(attributes)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := e.server.UpgradeResourceState(t.Context(), &tfprotov6.UpgradeResourceStateRequest{TypeName: resourceType, Version: 0, RawState: &tfprotov6.RawState{JSON: text}})
	if err := problem(err, resp.Diagnostics); err != nil {
		t.Fatal(err)
	}
	before := w.file.state
	if w.file.state, err = resp.UpgradedState.Unmarshal(e.typ); err != nil {
		t.Fatal(err)
	}
	if diffs, err := before.Diff(w.file.state); err != nil || len(diffs) > 0 {
		t.Errorf("the upgrade changed %v (%v)", diffs, err)
	}
	if changed, err := e.apply(t.Context(), w.config(e, settings(nil))); err != nil || changed {
		t.Errorf("the first plan after the upgrade changes something: %v, %v", changed, err)
	}
}

// TestImportOfBothEnds imports by the names of both ends, in either order.
func TestImportOfBothEnds(t *testing.T) {
	t.Parallel()
	w := peaceful(t, settings(nil))
	arn, transport := w.text("aws.arn"), w.text("google.transport_id")
	for name, tt := range map[string]struct{ id, refused string }{
		"AWS first":       {id: arn + "," + transport},
		"Google first":    {id: transport + ", " + arn},
		"one cloud twice": {arn + "," + arn, "on the same cloud"},
		"no transport":    {arn + "," + transport + "x", "Google knows no transport"},
		"no name":         {arn + ",", "names no link"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			here := &world{stage: w.stage, dir: w.dir, file: &stored{}}
			e, _ := listened(t, here)
			switch err := e.bring(t.Context(), tt.id); {
			case tt.refused != "":
				if err == nil || !strings.Contains(err.Error(), tt.refused) {
					t.Errorf("error %v; want %q", err, tt.refused)
				}
				return
			case err != nil:
				t.Fatal(err)
			}
			if changed, err := e.apply(t.Context(), here.config(e, settings(nil))); err != nil || changed {
				t.Errorf("the plan after the import changes something: %v, %v", changed, err)
			}
		})
	}
}

// TestIdentityIsAlwaysThere looks at what a creation, a refresh, an update, an
// import by identity and a refresh after a move return as the identity.
func TestIdentityIsAlwaysThere(t *testing.T) {
	t.Parallel()
	w := peaceful(t, nil)
	e, l := listened(t, w)
	schemas, err := e.server.GetResourceIdentitySchemas(t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		t.Fatal(err)
	}
	typ := schemas.IdentitySchemas[resourceType].ValueType()
	want := map[string]any{"project": "sandbox-project", "region": "us-east4", "name": "crash"}
	check := func(when string, got *tfprotov6.ResourceIdentityData) {
		t.Helper()
		if got == nil || got.IdentityData == nil {
			t.Fatalf("%s returned no identity", when)
		}
		v, err := got.IdentityData.Unmarshal(typ)
		if err != nil {
			t.Fatal(err)
		}
		text, ok := plain(t, v).(map[string]any)
		maps.DeleteFunc(text, func(_ string, v any) bool { return v == nil })
		if !ok || !maps.Equal(text, want) {
			t.Errorf("%s returned %v", when, text)
		}
	}
	apply := func(c map[string]any) {
		t.Helper()
		if _, err := e.apply(t.Context(), w.config(e, c)); err != nil {
			t.Fatal(err)
		}
	}
	apply(settings(nil))
	check("a creation", l.applied)
	l.applied = nil
	apply(settings(func(c, _, _ map[string]any) { c["description"] = "other words" }))
	check("a refresh", l.read)
	check("an update", l.applied)
	resp, err := e.server.ImportResourceState(t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: resourceType, Identity: l.applied})
	if err := problem(err, resp.Diagnostics); err != nil {
		t.Fatal(err)
	}
	check("an import", l.imported)
}

// plain is a value as JSON has it.
func plain(t *testing.T, v tftypes.Value) any {
	t.Helper()
	if v.IsNull() {
		return nil
	}
	fail := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	switch {
	case v.Type().Is(tftypes.String):
		var s string
		fail(v.As(&s))
		return s
	case v.Type().Is(tftypes.Bool):
		var b bool
		fail(v.As(&b))
		return b
	case v.Type().Is(tftypes.Number):
		n := new(big.Float)
		fail(v.As(&n))
		return json.Number(n.Text('f', -1))
	case v.Type().Is(tftypes.Object{}), v.Type().Is(tftypes.Map{}):
		var m map[string]tftypes.Value
		fail(v.As(&m))
		out := map[string]any{}
		for k := range maps.Keys(m) {
			out[k] = plain(t, m[k])
		}
		return out
	}
	var l []tftypes.Value
	fail(v.As(&l))
	out := []any{}
	for _, one := range l {
		out = append(out, plain(t, one))
	}
	return out
}
