package coordinator

import "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator/api"

// Identity is a provider as the other one knows it.
type Identity struct {
	// ID is the provider's id in the open API.
	ID string
	// DisplayName is for people.
	DisplayName string
	// Guidance is what the provider lets the other choose.
	Guidance api.L3BaseGuidance
}

// lastReservedVLAN is the highest VLAN that no feature may have (Connection
// Coordinator API, L3BaseConfig).
const lastReservedVLAN = 1024

// lastVLAN is the highest VLAN there is (IEEE 802.1Q).
const lastVLAN = 4094

// guidance is what the two providers have in common (inferred, all of it: what
// either hands out is not published). Link-local IPv4 is what the open API's
// examples use; the subnet of the metadata service is left out.
func guidance(asn uint32, mtu api.Range) api.L3BaseGuidance {
	return api.L3BaseGuidance{
		ASNRanges:                      []api.ASNRange{{Start: asn, Stop: asn}},
		IPv4SubnetGuidance:             []api.SubnetGuidance{{IncludeSubnet: "169.254.0.0/16", ExcludeSubnets: []string{"169.254.169.0/24"}}},
		IPv6SubnetGuidance:             []api.SubnetGuidance{{IncludeSubnet: "fd20::/16"}},
		IPv4AllowedSubnetPrefixLengths: []int{29, 30},
		IPv6AllowedSubnetPrefixLengths: []int{125, 126},
		VLANRanges:                     []api.Range{{Start: lastReservedVLAN + 1, Stop: lastVLAN}},
		MTURanges:                      []api.Range{mtu},
		MaxReceivedBGPRoutePrefixes:    1000,
	}
}

// AWS is Amazon Web Services, with the ASN of its network and the largest MTU of
// EC2.
func AWS() Identity {
	return Identity{ID: "aws", DisplayName: "Amazon Web Services", Guidance: guidance(16509, api.Range{Start: 1500, Stop: 9001})}
}

// Google is Google Cloud, with the ASN of its partner interconnects and the MTU
// of a transport (Google product documentation).
func Google() Identity {
	return Identity{ID: "gcp", DisplayName: "Google Cloud", Guidance: guidance(16550, api.Range{Start: 1460, Stop: 8896})}
}

// sites are the two sites of an environment.
func (e Environment) sites() []api.ProviderSites {
	return []api.ProviderSites{
		{ProviderID: api.ProviderName(AWS().ID), Site: e.AWSRegion, DisplayName: e.AWSRegion},
		{ProviderID: api.ProviderName(Google().ID), Site: e.GoogleRegion, DisplayName: e.GoogleRegion},
	}
}
