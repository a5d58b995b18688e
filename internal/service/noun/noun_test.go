package noun

import (
	"context"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service"
)

type kept struct {
	ID types.String `tfsdk:"id"`
}

func (k kept) Identity() any { return k }

// What a call that was interrupted has made is written down all the same.
func TestKeepOutlivesTheCall(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s := schema.Schema{Attributes: map[string]schema.Attribute{"id": schema.StringAttribute{Computed: true}}}
	i := identityschema.Schema{Attributes: map[string]identityschema.Attribute{"id": identityschema.StringAttribute{RequiredForImport: true}}}
	null := func(typ tftypes.Type) tftypes.Value { return tftypes.NewValue(typ, nil) }
	state := tfsdk.State{Schema: s, Raw: null(s.Type().TerraformType(ctx))}
	identity := tfsdk.ResourceIdentity{Schema: i, Raw: null(i.Type().TerraformType(ctx))}
	want := kept{types.StringValue("mcc-1")}
	if diags := Keep(ctx, &state, &identity, want); diags.HasError() {
		t.Fatal(diags)
	}
	var inState, inIdentity kept
	diags := state.Get(ctx, &inState)
	diags.Append(identity.Get(ctx, &inIdentity)...)
	if diags.HasError() || inState != want || inIdentity != want {
		t.Errorf("kept: %v and %v; %v", inState, inIdentity, diags)
	}
	if diags := Drop(ctx, &state, &identity, want); diags.HasError() || !state.Raw.IsNull() || identity.Raw.IsNull() {
		t.Errorf("dropped: %v and %v; %v", state.Raw, identity.Raw, diags)
	}
}

func TestWithin(t *testing.T) {
	t.Parallel()
	var diags diag.Diagnostics
	limit := func(_ context.Context, or time.Duration) (time.Duration, diag.Diagnostics) {
		return 2 * or, diag.Diagnostics{diag.NewWarningDiagnostic("limited", "")}
	}
	ctx, end := Within(t.Context(), limit, time.Hour, &diags)
	defer end()
	deadline, ok := ctx.Deadline()
	if left := time.Until(deadline); !ok || left < time.Hour || left > 2*time.Hour {
		t.Errorf("there are %v left", left)
	}
	if diags.WarningsCount() != 1 {
		t.Errorf("it says %v", diags)
	}
}

func TestConfigure(t *testing.T) {
	t.Parallel()
	accounts := &service.Accounts{}
	r := Resource{Type: "crosscloud_x"}
	for name, tt := range map[string]struct {
		data any
		want *service.Accounts
		fail bool
	}{
		"validation":    {},
		"configured":    {data: accounts, want: accounts},
		"somebody else": {data: "accounts", fail: true},
	} {
		var resp resource.ConfigureResponse
		r.Configure(t.Context(), resource.ConfigureRequest{ProviderData: tt.data}, &resp)
		if r.Accounts != tt.want || resp.Diagnostics.HasError() != tt.fail {
			t.Errorf("%s: %v; %v", name, r.Accounts, resp.Diagnostics)
		}
	}
	e := Ephemeral{Type: "crosscloud_y"}
	var resp ephemeral.OpenResponse
	if e.ready(&resp.Diagnostics); !resp.Diagnostics.HasError() {
		t.Error("an ephemeral resource opens without accounts")
	}
}
