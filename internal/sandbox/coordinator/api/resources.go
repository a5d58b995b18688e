package api

import (
	"slices"
	"time"
)

// Empty is a message without content.
type Empty struct{}

// Provider is one of the two clouds.
type Provider struct {
	Name        string `json:"name,omitempty"`
	DisplayName string `json:"displayName,omitempty"`
}

// Environment is a pair of regions that two providers have joined.
type Environment struct {
	Name          string          `json:"name,omitempty"`
	ProviderSites []ProviderSites `json:"providerSites,omitempty"`
	// APIURI is where the server's own requests to the caller go.
	APIURI                      string                `json:"apiUri,omitempty"`
	SupportedConnectionSizeMbps []int                 `json:"supportedConnectionSizeMbps,omitempty"`
	SupportedFeatures           []FeatureType         `json:"supportedFeatures,omitempty"`
	EnvironmentVisibility       EnvironmentVisibility `json:"environmentVisibility,omitempty"`
	DeferralTimeoutHours        int                   `json:"deferralTimeoutHours,omitempty"`
	DeferConnectionProvisioning bool                  `json:"deferConnectionProvisioning,omitempty"`
}

// ProviderSites is what a provider calls its site of an environment.
type ProviderSites struct {
	// ProviderID is the provider's resource name.
	ProviderID  string `json:"providerId,omitempty"`
	Site        string `json:"site,omitempty"`
	DisplayName string `json:"displayName,omitempty"`
}

// Interconnect is a group of redundant physical links between two providers.
type Interconnect struct {
	Name                        string            `json:"name,omitempty"`
	SupportedConnectionSizeMbps []int             `json:"supportedConnectionSizeMbps,omitempty"`
	SupportedFeatures           []FeatureType     `json:"supportedFeatures,omitempty"`
	State                       InterconnectState `json:"state,omitempty"`
	// MaxBandwidthMbps is what all its connections may have together.
	MaxBandwidthMbps int `json:"maxBandwidthMbps,omitempty"`
}

// Channel is one physical link of an interconnect.
type Channel struct {
	Name string `json:"name,omitempty"`
	// MACsecManagerProvider alone may call the MACsec operations.
	MACsecManagerProvider       string     `json:"macsecManagerProvider,omitempty"`
	CrossConnectManagerProvider string     `json:"crossConnectManagerProvider,omitempty"`
	AggregateChannelSizeGbps    int        `json:"aggregateChannelSizeGbps,omitempty"`
	ChannelMemberSizeGbps       int        `json:"channelMemberSizeGbps,omitempty"`
	ObfuscatedDeviceID          string     `json:"obfuscatedDeviceId,omitempty"`
	Demarc                      string     `json:"demarc,omitempty"`
	AdminState                  AdminState `json:"adminState,omitempty"`
}

// MaintenanceEvent is a maintenance of a channel.
type MaintenanceEvent struct {
	StartTime     time.Time `json:"startTime,omitzero"`
	EndTime       time.Time `json:"endTime,omitzero"`
	MaintenanceID string    `json:"maintenanceId,omitempty"`
}

// MACsecKey is a key of a channel.
type MACsecKey struct {
	Name string `json:"name,omitempty"`
	CAK  string `json:"cak,omitempty"`
	CKN  string `json:"ckn,omitempty"`
	// StartTime is when the server accepted the key.
	StartTime time.Time `json:"startTime,omitzero"`
	// Active keys cannot be deleted; a channel has at most one.
	Active bool `json:"active,omitempty"`
}

// Connection is a customer's link.
type Connection struct {
	Name              string            `json:"name,omitempty"`
	ActivationKey     string            `json:"activationKey,omitempty"`
	BandwidthMbps     int               `json:"bandwidthMbps,omitempty"`
	AdminState        AdminState        `json:"adminState,omitempty"`
	VerificationState VerificationState `json:"verificationState,omitempty"`
	// DeferProvisioning asks the server to negotiate in the caller's place.
	DeferProvisioning bool `json:"deferProvisioning,omitempty"`
}

// Feature is what one channel is configured with for a connection.
type Feature struct {
	Name string `json:"name,omitempty"`
	// Channel is the channel's resource name.
	Channel           string            `json:"channel,omitempty"`
	FeatureConfig     *FeatureConfig    `json:"featureConfig,omitempty"`
	ProvisioningState ProvisioningState `json:"provisioningState,omitempty"`
}

// FeatureConfig is a feature's configuration, by its type.
type FeatureConfig struct {
	FeatureType  FeatureType   `json:"featureType,omitempty"`
	L3BaseConfig *L3BaseConfig `json:"l3BaseConfig,omitempty"`
}

// L3BaseConfig is the configuration of an L3Base feature.
type L3BaseConfig struct {
	// IPv4Subnet is the subnet's first address.
	IPv4Subnet             string `json:"ipv4Subnet,omitempty"`
	IPv4SubnetPrefixLength int    `json:"ipv4SubnetPrefixLength,omitempty"`
	IPv6Subnet             string `json:"ipv6Subnet,omitempty"`
	IPv6SubnetPrefixLength int    `json:"ipv6SubnetPrefixLength,omitempty"`
	MTUBytes               int    `json:"mtuBytes,omitempty"`
	// VLANID is above 1024.
	VLANID             int                 `json:"vlanId,omitempty"`
	ProviderBGPConfigs []ProviderBGPConfig `json:"providerBgpConfigs,omitempty"`
	MD5BGPPassword     string              `json:"md5BgpPassword,omitempty"`
}

// Equal says whether two configurations ask for the same.
func (c *FeatureConfig) Equal(other *FeatureConfig) bool {
	if c == nil || other == nil {
		return c == other
	}
	return c.FeatureType == other.FeatureType && c.L3BaseConfig.equal(other.L3BaseConfig)
}

func (c *L3BaseConfig) equal(other *L3BaseConfig) bool {
	if c == nil || other == nil {
		return c == other
	}
	return c.IPv4Subnet == other.IPv4Subnet && c.IPv4SubnetPrefixLength == other.IPv4SubnetPrefixLength &&
		c.IPv6Subnet == other.IPv6Subnet && c.IPv6SubnetPrefixLength == other.IPv6SubnetPrefixLength &&
		c.MTUBytes == other.MTUBytes && c.VLANID == other.VLANID && c.MD5BGPPassword == other.MD5BGPPassword &&
		slices.Equal(c.ProviderBGPConfigs, other.ProviderBGPConfigs)
}

// ProviderBGPConfig is one provider's side of a BGP session.
type ProviderBGPConfig struct {
	// Provider is the provider's resource name.
	Provider string `json:"provider,omitempty"`
	ASN      uint32 `json:"asn,omitempty"`
	HostIPv4 string `json:"hostIpv4,omitempty"`
	HostIPv6 string `json:"hostIpv6,omitempty"`
}

// Issue is a problem that one provider reports to the other.
type Issue struct {
	Name                 string       `json:"name,omitempty"`
	Title                string       `json:"title"`
	Body                 string       `json:"body"`
	State                IssueState   `json:"state,omitempty"`
	Priority             Priority     `json:"priority,omitempty"`
	IssueContext         IssueContext `json:"issueContext,omitempty"`
	ChannelContexts      []Context    `json:"channelContexts,omitempty"`
	ConnectionContexts   []Context    `json:"connectionContexts,omitempty"`
	FeatureContexts      []Context    `json:"featureContexts,omitempty"`
	InterconnectContexts []Context    `json:"interconnectContexts,omitempty"`
	LocalIssueID         string       `json:"localIssueId,omitempty"`
	RemoteIssueID        string       `json:"remoteIssueId,omitempty"`
	RemoteContactEmail   string       `json:"remoteContactEmail,omitempty"`
	CreateTime           time.Time    `json:"createTime,omitzero"`
}

// Context names a resource that an issue is about.
type Context struct {
	Name string `json:"name"`
}

// Comment is a remark on an issue.
type Comment struct {
	Body           string    `json:"body"`
	DisplayName    string    `json:"displayName,omitempty"`
	LocalCommentID string    `json:"localCommentId,omitempty"`
	CreateTime     time.Time `json:"createTime,omitzero"`
}
