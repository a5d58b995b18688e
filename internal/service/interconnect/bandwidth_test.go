package interconnect

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/noun"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/values"
)

// managed and unmanaged are configurations that set the bandwidth, and not.
func managed() *model   { return &model{Bandwidth: values.NewBandwidth(bandwidth.Gbps)} }
func unmanaged() *model { return &model{Bandwidth: values.NewBandwidth(0)} }

func TestWanted(t *testing.T) {
	m := &model{Bandwidth: values.NewBandwidth(bandwidth.Gbps)}
	if w := m.wanted(managed()); w.Bandwidth != bandwidth.Gbps {
		t.Errorf("a bandwidth that is configured is wanted as %s", w.Bandwidth)
	}
	if w := m.wanted(unmanaged()); w.Bandwidth != 0 || w.CreateBandwidth != bandwidth.Gbps {
		t.Errorf("a bandwidth that is not configured is wanted as %s, and made as %s", w.Bandwidth, w.CreateBandwidth)
	}
}

func TestKeepPlanned(t *testing.T) {
	planned := values.NewBandwidth(bandwidth.Gbps)
	tests := map[string]struct {
		planned values.Bandwidth
		config  *model
		want    bandwidth.Bandwidth
	}{
		"configured":             {planned, managed(), 10 * bandwidth.Gbps},
		"not configured":         {planned, unmanaged(), bandwidth.Gbps},
		"not known at plan":      {values.UnknownBandwidth(), unmanaged(), 10 * bandwidth.Gbps},
		"nothing said at plan":   {values.NewBandwidth(0), unmanaged(), 10 * bandwidth.Gbps},
		"configured and unknown": {values.UnknownBandwidth(), managed(), 10 * bandwidth.Gbps},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			m := &model{Bandwidth: values.NewBandwidth(10 * bandwidth.Gbps)}
			m.keepPlanned(tt.planned, tt.config)
			if got := m.Bandwidth.Speed(); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestLeavesAlone(t *testing.T) {
	pairing := func(s link.Status, fields ...string) *model {
		p := link.Pairing{Status: s}
		for _, f := range fields {
			p.Differences = append(p.Differences, link.Difference{Field: f, Values: map[string]string{cloudAWS: "a", cloudGoogle: "b"}})
		}
		return &model{Pairing: pairingValue(p)}
	}
	tests := map[string]struct {
		state, config *model
		want          bool
	}{
		"only the bandwidth, not ours":   {pairing(link.Diverged, "bandwidth"), unmanaged(), true},
		"only the bandwidth, and ours":   {pairing(link.Diverged, "bandwidth"), managed(), false},
		"something else too":             {pairing(link.Diverged, "bandwidth", "aws.region"), unmanaged(), false},
		"something else":                 {pairing(link.Diverged, "shared_id"), unmanaged(), false},
		"nothing differs":                {pairing(link.Matched), unmanaged(), false},
		"diverged, and nobody says what": {pairing(link.Diverged), unmanaged(), false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := tt.state.leavesAlone(tt.config); got != tt.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestClaimBandwidth(t *testing.T) {
	r := &Resource{Resource: noun.Resource{Accounts: &service.Accounts{Claims: &service.Claims{}}}}
	m := &model{ID: types.StringValue("t"), Name: types.StringValue("ai"), Bandwidth: values.NewBandwidth(bandwidth.Gbps)}
	tier := service.Claim{By: "crosscloud_bandwidth_tier", Detail: "10Gbps"}
	if diags := r.claimBandwidth(m, managed()); diags.HasError() {
		t.Fatal(diags)
	}
	if r.Accounts.Claims.Bandwidth(tier, service.Claim{}, "t") == nil {
		t.Error("the link's claim is not known to others")
	}
	if diags := r.claimBandwidth(m, unmanaged()); diags.HasError() || r.Accounts.Claims.Bandwidth(tier, service.Claim{}, "t") != nil {
		t.Errorf("a link that sets no bandwidth any more still claims it: %v", diags)
	}
	diags := r.claimBandwidth(m, managed())
	const want = "The link ai sets bandwidth, and a crosscloud_bandwidth_tier sets it to 10Gbps: they would undo each other's change with every apply.\n\n" +
		"Attribute: bandwidth\n\nWhat exists now: Nothing was changed.\n\n" +
		"What to do: Remove bandwidth here, which then leaves it to the other resource, or remove that one."
	if len(diags) != 1 || diags[0].Detail() != want {
		t.Errorf("got %v", diags)
	}
	if diags := (&Resource{}).claimBandwidth(m, managed()); diags.HasError() {
		t.Errorf("before the provider is configured: %v", diags)
	}
}
