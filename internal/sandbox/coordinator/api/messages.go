package api

// ListProvidersResponse is a page of providers. Its list is called environments
// in the API's schema (and providers in the schema's example).
type ListProvidersResponse struct {
	Providers     []Provider `json:"environments,omitempty"`
	NextPageToken string     `json:"nextPageToken,omitempty"`
}

// ListEnvironmentsResponse is a page of environments.
type ListEnvironmentsResponse struct {
	Environments  []Environment `json:"environments,omitempty"`
	NextPageToken string        `json:"nextPageToken,omitempty"`
}

// ListInterconnectsResponse is a page of interconnects.
type ListInterconnectsResponse struct {
	Interconnects []Interconnect `json:"interconnects,omitempty"`
	NextPageToken string         `json:"nextPageToken,omitempty"`
}

// ListChannelsResponse is a page of channels.
type ListChannelsResponse struct {
	Channels      []Channel `json:"channels,omitempty"`
	NextPageToken string    `json:"nextPageToken,omitempty"`
}

// ListConnectionsResponse is a page of connections.
type ListConnectionsResponse struct {
	Connections   []Connection `json:"connections,omitempty"`
	NextPageToken string       `json:"nextPageToken,omitempty"`
}

// ListFeaturesResponse is a page of features.
type ListFeaturesResponse struct {
	Features      []Feature `json:"features,omitempty"`
	NextPageToken string    `json:"nextPageToken,omitempty"`
}

// ListIssuesResponse is a page of issues.
type ListIssuesResponse struct {
	Issues        []Issue `json:"issues,omitempty"`
	NextPageToken string  `json:"nextPageToken,omitempty"`
}

// ListCommentsResponse is a page of comments, the newest first.
type ListCommentsResponse struct {
	Comments      []Comment `json:"comments,omitempty"`
	NextPageToken string    `json:"nextPageToken,omitempty"`
}

// ListMACsecKeysResponse has all keys of a channel.
type ListMACsecKeysResponse struct {
	MACsecKeys []MACsecKey `json:"macSecKeys,omitempty"`
}

// ConfirmActivationKeyRequest asks whether a key is good.
type ConfirmActivationKeyRequest struct {
	// Key is deprecated in favour of EncodedKey.
	Key        *ActivationKey `json:"key,omitempty"`
	EncodedKey string         `json:"encodedKey,omitempty"`
}

// ActivationKey is what an encoded key says. All fields are required.
type ActivationKey struct {
	Version                   *int    `json:"version"`
	DestinationEnvironmentURI *string `json:"destinationEnvironmentUri"`
	SharedConnectionUUID      *string `json:"sharedConnectionUuid"`
	ConnectionSizeMbps        *int    `json:"connectionSizeMbps"`
	DestinationAccountID      *string `json:"destinationAccountId"`
}

// ConfirmActivationKeyResponse says whether a key is good.
type ConfirmActivationKeyResponse struct {
	KeyValid bool `json:"keyValid"`
}

// GenerateFeatureGuidanceResponse has the guidance for every channel of a
// connection's interconnect.
type GenerateFeatureGuidanceResponse struct {
	FeatureGuidance []FeatureGuidance `json:"featureGuidance,omitempty"`
}

// NotifyMaintenanceRequest says that a channel's maintenance events changed. Its
// events are deprecated: the receiver asks for them.
type NotifyMaintenanceRequest struct {
	Events []MaintenanceEvent `json:"events,omitempty"`
}

// GetMaintenanceEventsResponse has a channel's maintenance events.
type GetMaintenanceEventsResponse struct {
	Events []MaintenanceEvent `json:"events,omitempty"`
}

// MACsecKeyRotationRequest asks the manager of a channel's keys for a new one.
type MACsecKeyRotationRequest struct {
	Reason string `json:"reason,omitempty"`
}

// AddCommentRequest brings a comment.
type AddCommentRequest struct {
	Comment *Comment `json:"comment"`
}

// AddCommentResponse is the comment as it was kept.
type AddCommentResponse struct {
	Comment Comment `json:"comment"`
}

// AdvertiseRoutesRequest is all that the caller offers over a connection.
type AdvertiseRoutesRequest struct {
	Prefixes []string `json:"prefixes"`
}
