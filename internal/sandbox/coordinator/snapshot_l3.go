package coordinator

import (
	"fmt"
	"strconv"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/coordinator/api"
)

// savedL3 is a feature's configuration in a snapshot. Most of a snapshot is these,
// four to a connection, so it is in half as many words as the open API has for it.
type savedL3 struct {
	V4   *savedNet  `json:"v4,omitempty"`
	V6   *savedNet  `json:"v6,omitempty"`
	MTU  int        `json:"mtu,omitempty"`
	VLAN int        `json:"vlan,omitempty"`
	MD5  string     `json:"md5,omitempty"`
	BGP  []savedBGP `json:"bgp,omitempty"`
}

// savedNet is a subnet's first address and its prefix length.
type savedNet [2]string

// savedBGP is one side of a session: the provider's name, its ASN, its addresses of
// both families.
type savedBGP [4]string

func saveL3(c api.L3BaseConfig) savedL3 {
	saved := savedL3{
		V4: saveNet(c.IPv4Subnet, c.IPv4SubnetPrefixLength), V6: saveNet(c.IPv6Subnet, c.IPv6SubnetPrefixLength),
		MTU: c.MTUBytes, VLAN: c.VLANID, MD5: c.MD5BGPPassword,
	}
	for _, b := range c.ProviderBGPConfigs {
		saved.BGP = append(saved.BGP, savedBGP{b.Provider, strconv.FormatUint(uint64(b.ASN), 10), b.HostIPv4, b.HostIPv6})
	}
	return saved
}

// restore is the configuration that was saved.
func (s savedL3) restore() (api.L3BaseConfig, error) {
	c := api.L3BaseConfig{MTUBytes: s.MTU, VLANID: s.VLAN, MD5BGPPassword: s.MD5}
	var err error
	if c.IPv4Subnet, c.IPv4SubnetPrefixLength, err = s.V4.restore(); err != nil {
		return c, err
	}
	if c.IPv6Subnet, c.IPv6SubnetPrefixLength, err = s.V6.restore(); err != nil {
		return c, err
	}
	if len(s.BGP) > 0 {
		c.ProviderBGPConfigs = make([]api.ProviderBGPConfig, len(s.BGP))
	}
	for i, b := range s.BGP {
		asn, err := strconv.ParseUint(b[1], 10, 32)
		if err != nil {
			return c, fmt.Errorf("reading an ASN: %w", err)
		}
		c.ProviderBGPConfigs[i] = api.ProviderBGPConfig{Provider: b[0], ASN: uint32(asn), HostIPv4: b[2], HostIPv6: b[3]}
	}
	return c, nil
}

func saveNet(address string, length int) *savedNet {
	if address == "" && length == 0 {
		return nil
	}
	return &savedNet{address, strconv.Itoa(length)}
}

func (n *savedNet) restore() (address string, length int, err error) {
	if n == nil {
		return "", 0, nil
	}
	if length, err = strconv.Atoi(n[1]); err != nil {
		return "", 0, fmt.Errorf("reading a prefix length: %w", err)
	}
	return n[0], length, nil
}
