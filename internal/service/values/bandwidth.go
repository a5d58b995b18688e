package values

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/attr/xattr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
)

// BandwidthType is a string type whose values are equal when they mean the same
// speed: "1000Mbps", "1Gbps" and "BPS_1G".
type BandwidthType struct{ basetypes.StringType }

// Bandwidth is a value of BandwidthType.
type Bandwidth struct{ basetypes.StringValue }

var (
	_ basetypes.StringTypable                    = BandwidthType{}
	_ basetypes.StringValuableWithSemanticEquals = Bandwidth{}
	_ xattr.ValidateableAttribute                = Bandwidth{}
)

// NewBandwidth is the canonical value of b; null for the zero bandwidth.
func NewBandwidth(b bandwidth.Bandwidth) Bandwidth {
	if b == 0 {
		return Bandwidth{basetypes.NewStringNull()}
	}
	return Bandwidth{basetypes.NewStringValue(b.String())}
}

// UnknownBandwidth is the value that is not known yet.
func UnknownBandwidth() Bandwidth { return Bandwidth{basetypes.NewStringUnknown()} }

// Equal says that o is the same type.
func (t BandwidthType) Equal(o attr.Type) bool {
	other, ok := o.(BandwidthType)
	return ok && t.StringType.Equal(other.StringType)
}

// String names the type.
func (BandwidthType) String() string { return "values.BandwidthType" }

// ValueFromString wraps a string value.
func (BandwidthType) ValueFromString(_ context.Context, in basetypes.StringValue) (basetypes.StringValuable, diag.Diagnostics) {
	return Bandwidth{in}, nil
}

// ValueFromTerraform reads a value of the protocol.
func (t BandwidthType) ValueFromTerraform(ctx context.Context, in tftypes.Value) (attr.Value, error) {
	v, err := t.StringType.ValueFromTerraform(ctx, in)
	if err != nil {
		return nil, err
	}
	s, ok := v.(basetypes.StringValue)
	if !ok {
		return nil, fmt.Errorf("reading a bandwidth: unexpected value type %T", v)
	}
	return Bandwidth{s}, nil
}

// ValueType is an empty value of the type.
func (BandwidthType) ValueType(context.Context) attr.Value { return Bandwidth{} }

// Type is BandwidthType.
func (Bandwidth) Type(context.Context) attr.Type { return BandwidthType{} }

// Equal compares the text as well as null and unknown.
func (v Bandwidth) Equal(o attr.Value) bool {
	other, ok := o.(Bandwidth)
	return ok && v.StringValue.Equal(other.StringValue)
}

// StringSemanticEquals compares the speeds.
func (v Bandwidth) StringSemanticEquals(_ context.Context, o basetypes.StringValuable) (bool, diag.Diagnostics) {
	other, ok := o.(Bandwidth)
	return ok && v.Speed() != 0 && v.Speed() == other.Speed(), nil
}

// ValidateAttribute refuses what is no bandwidth.
func (v Bandwidth) ValidateAttribute(_ context.Context, req xattr.ValidateAttributeRequest, resp *xattr.ValidateAttributeResponse) {
	if v.IsNull() || v.IsUnknown() {
		return
	}
	if _, err := bandwidth.Parse(v.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid bandwidth", err.Error()+".")
	}
}

// Speed is the value as a bandwidth; 0 when null, unknown or invalid.
func (v Bandwidth) Speed() bandwidth.Bandwidth {
	b, err := bandwidth.Parse(v.ValueString())
	if err != nil {
		return 0
	}
	return b
}
