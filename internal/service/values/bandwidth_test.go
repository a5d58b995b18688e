package values_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/attr/xattr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"pgregory.net/rapid"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/values"
)

func text(s string) values.Bandwidth {
	return values.Bandwidth{StringValue: basetypes.NewStringValue(s)}
}

func null() values.Bandwidth { return values.Bandwidth{StringValue: basetypes.NewStringNull()} }

func unknown() values.Bandwidth {
	return values.Bandwidth{StringValue: basetypes.NewStringUnknown()}
}

func TestNewBandwidth(t *testing.T) {
	if got := values.NewBandwidth(10 * bandwidth.Gbps); !got.Equal(text("10Gbps")) {
		t.Errorf("got %s", got)
	}
	if got := values.NewBandwidth(0); !got.IsNull() {
		t.Errorf("no bandwidth is %s, want null", got)
	}
}

func TestSemanticEquality(t *testing.T) {
	tests := map[string]struct {
		a, b values.Bandwidth
		want bool
	}{
		"same text":            {text("1Gbps"), text("1Gbps"), true},
		"AWS and megabits":     {text("1Gbps"), text("1000Mbps"), true},
		"AWS and Google":       {text("1Gbps"), text("BPS_1G"), true},
		"megabits and Google":  {text("500Mbps"), text("BPS_500M"), true},
		"other speed":          {text("1Gbps"), text("10Gbps"), false},
		"number of other unit": {text("1Gbps"), text("1Mbps"), false},
		"both invalid":         {text("fast"), text("fast"), false},
		"one invalid":          {text("fast"), text("1Gbps"), false},
		"both null":            {null(), null(), false},
		"one null":             {null(), text("1Gbps"), false},
		"one unknown":          {unknown(), text("1Gbps"), false},
		"both unknown":         {unknown(), unknown(), false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			for _, pair := range [][2]values.Bandwidth{{tt.a, tt.b}, {tt.b, tt.a}} {
				got, diags := pair[0].StringSemanticEquals(t.Context(), pair[1])
				if got != tt.want || len(diags) > 0 {
					t.Errorf("%s and %s: %v, %v; want %v", pair[0], pair[1], got, diags, tt.want)
				}
			}
		})
	}
	if same, _ := text("1Gbps").StringSemanticEquals(t.Context(), basetypes.NewStringValue("1Gbps")); same {
		t.Error("a bandwidth and a string are semantically equal")
	}
}

func TestEqualComparesText(t *testing.T) {
	tests := map[string]struct {
		a    values.Bandwidth
		b    attr.Value
		want bool
	}{
		"same":             {text("1Gbps"), text("1Gbps"), true},
		"another spelling": {text("1Gbps"), text("1000Mbps"), false},
		"nulls":            {null(), null(), true},
		"unknowns":         {unknown(), unknown(), true},
		"null and unknown": {null(), unknown(), false},
		"null and empty":   {null(), text(""), false},
		"a plain string":   {text("1Gbps"), basetypes.NewStringValue("1Gbps"), false},
		"nothing":          {text("1Gbps"), nil, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := tt.a.Equal(tt.b); got != tt.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestValidateBandwidth(t *testing.T) {
	tests := map[string]struct {
		value values.Bandwidth
		want  string
	}{
		"AWS":     {text("10Gbps"), ""},
		"Google":  {text("BPS_10G"), ""},
		"null":    {null(), ""},
		"unknown": {unknown(), ""},
		"empty":   {text(""), `bandwidth "" is not valid`},
		"words":   {text("fast"), `bandwidth "fast" is not valid: use a whole number followed by`},
		"zero":    {text("0Gbps"), "out of range"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var resp xattr.ValidateAttributeResponse
			tt.value.ValidateAttribute(t.Context(), xattr.ValidateAttributeRequest{Path: path.Root("a")}, &resp)
			expect(t, said(resp.Diagnostics), tt.want)
		})
	}
}

func TestSpeed(t *testing.T) {
	for name, tt := range map[string]struct {
		value values.Bandwidth
		want  bandwidth.Bandwidth
	}{
		"value": {text("BPS_500M"), 500 * bandwidth.Mbps}, "null": {null(), 0}, "unknown": {unknown(), 0}, "invalid": {text("fast"), 0},
	} {
		if got := tt.value.Speed(); got != tt.want {
			t.Errorf("%s: got %s, want %s", name, got, tt.want)
		}
	}
}

func TestBandwidthType(t *testing.T) {
	kind := values.BandwidthType{}
	if !kind.Equal(values.BandwidthType{}) || kind.Equal(basetypes.StringType{}) || kind.Equal(nil) {
		t.Error("the type does not know itself from others")
	}
	if !kind.Equal(text("1Gbps").Type(t.Context())) || !kind.Equal(kind.ValueType(t.Context()).Type(t.Context())) {
		t.Error("values of the type are of another type")
	}
	if kind.String() != "values.BandwidthType" {
		t.Errorf("the type is called %q", kind)
	}
	for name, want := range map[string]values.Bandwidth{"value": text("fast"), "null": null(), "unknown": unknown()} {
		t.Run(name, func(t *testing.T) {
			wire, err := want.ToTerraformValue(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			got, err := kind.ValueFromTerraform(t.Context(), wire)
			if err != nil || !got.Equal(want) {
				t.Errorf("from Terraform: got %v, %v; want %v", got, err, want)
			}
			wrapped, diags := kind.ValueFromString(t.Context(), want.StringValue)
			if len(diags) > 0 || !wrapped.Equal(want) {
				t.Errorf("from a string: got %v, %v; want %v", wrapped, diags, want)
			}
		})
	}
	if _, err := kind.ValueFromTerraform(t.Context(), tftypes.NewValue(tftypes.Number, 1)); err == nil {
		t.Error("a number became a bandwidth")
	}
}

// Whatever the text, a Bandwidth answers; semantic equality holds exactly where
// the speeds are equal.
func TestBandwidthTakesAnything(t *testing.T) {
	spelling := rapid.OneOf(rapid.String(), rapid.StringMatching(`[0-9]{1,4}[MG]bps`), rapid.StringMatching(`BPS_[0-9]{1,4}[MG]`))
	rapid.Check(t, func(r *rapid.T) {
		a, b := spelling.Draw(r, "a"), spelling.Draw(r, "b")
		x, errX := bandwidth.Parse(a)
		y, errY := bandwidth.Parse(b)
		same, diags := text(a).StringSemanticEquals(t.Context(), text(b))
		if want := errX == nil && errY == nil && x == y; same != want || len(diags) > 0 {
			r.Fatalf("%q and %q: %v, %v; want %v", a, b, same, diags, want)
		}
		var resp xattr.ValidateAttributeResponse
		text(a).ValidateAttribute(t.Context(), xattr.ValidateAttributeRequest{Path: path.Root("a")}, &resp)
		if resp.Diagnostics.HasError() != (errX != nil) {
			r.Fatalf("%q: %v", a, strings.Join(said(resp.Diagnostics), "; "))
		}
	})
}
