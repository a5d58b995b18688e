package coordinator

import (
	"encoding/json"
	"testing"

	"pgregory.net/rapid"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator/api"
)

// What a peer may say is not always what it should: all of it comes back.
func TestSavedL3ComesBack(t *testing.T) {
	t.Parallel()
	text := rapid.StringN(0, 12, -1)
	number := rapid.IntRange(-1, 70_000)
	rapid.Check(t, func(t *rapid.T) {
		want := api.L3BaseConfig{
			IPv4Subnet: text.Draw(t, "v4"), IPv4SubnetPrefixLength: number.Draw(t, "length"),
			IPv6Subnet: text.Draw(t, "v6"), IPv6SubnetPrefixLength: number.Draw(t, "length 6"),
			MTUBytes: number.Draw(t, "MTU"), VLANID: number.Draw(t, "VLAN"), MD5BGPPassword: text.Draw(t, "MD5"),
		}
		for range rapid.IntRange(0, 3).Draw(t, "sessions") {
			want.ProviderBGPConfigs = append(want.ProviderBGPConfigs, api.ProviderBGPConfig{
				Provider: text.Draw(t, "provider"), ASN: rapid.Uint32().Draw(t, "ASN"),
				HostIPv4: text.Draw(t, "host"), HostIPv6: text.Draw(t, "host 6"),
			})
		}
		raw, err := json.Marshal(saveL3(want))
		if err != nil {
			t.Fatal(err)
		}
		var saved savedL3
		if err := json.Unmarshal(raw, &saved); err != nil {
			t.Fatal(err)
		}
		got, err := saved.restore()
		if err != nil {
			t.Fatal(err)
		}
		a, b := api.FeatureConfig{L3BaseConfig: &got}, api.FeatureConfig{L3BaseConfig: &want}
		if !a.Equal(&b) {
			t.Errorf("%+v came back as %+v", want, got)
		}
	})
}

func TestSpoiltL3IsRefused(t *testing.T) {
	t.Parallel()
	for name, raw := range map[string]string{
		"length": `{"v4":["169.254.0.0","x"]}`,
		"ASN":    `{"bgp":[["providers/aws","-1","",""]]}`,
	} {
		var saved savedL3
		if err := json.Unmarshal([]byte(raw), &saved); err != nil {
			t.Fatal(err)
		}
		if _, err := saved.restore(); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
