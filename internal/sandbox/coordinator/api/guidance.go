package api

// FeatureGuidance is what a server lets the caller choose on one channel.
type FeatureGuidance struct {
	FeatureType FeatureType `json:"featureType,omitempty"`
	// Channel is the channel's resource name.
	Channel           string          `json:"channel,omitempty"`
	ChannelAdminState AdminState      `json:"channelAdminState,omitempty"`
	L3BaseGuidance    *L3BaseGuidance `json:"l3BaseGuidance,omitempty"`
}

// L3BaseGuidance is the guidance for an L3Base feature. What is empty is not
// restricted.
type L3BaseGuidance struct {
	ASNRanges                      []ASNRange       `json:"asnRanges,omitempty"`
	IPv4SubnetGuidance             []SubnetGuidance `json:"ipv4SubnetGuidance,omitempty"`
	IPv6SubnetGuidance             []SubnetGuidance `json:"ipv6SubnetGuidance,omitempty"`
	IPv4AllowedSubnetPrefixLengths []int            `json:"ipv4AllowedSubnetPrefixLengths,omitempty"`
	IPv6AllowedSubnetPrefixLengths []int            `json:"ipv6AllowedSubnetPrefixLengths,omitempty"`
	VLANRanges                     []Range          `json:"vlanRanges,omitempty"`
	MTURanges                      []Range          `json:"mtuRanges,omitempty"`
	MaxReceivedBGPRoutePrefixes    int              `json:"maxReceivedBgpRoutePrefixes,omitempty"`
}

// ASNRange is a range of ASNs, both ends included.
type ASNRange struct {
	Start uint32 `json:"start,omitempty"`
	Stop  uint32 `json:"stop,omitempty"`
}

// Range is a range of VLANs or MTUs, both ends included.
type Range struct {
	Start int `json:"start,omitempty"`
	Stop  int `json:"stop,omitempty"`
}

// SubnetGuidance is where subnets may be chosen from, in CIDR notation.
type SubnetGuidance struct {
	IncludeSubnet   string   `json:"includeSubnet,omitempty"`
	ExcludeSubnets  []string `json:"excludeSubnets,omitempty"`
	PreferredSubnet string   `json:"preferredSubnet,omitempty"`
}
