package api

import (
	"context"
	"net/http"
	"net/url"
)

// get reads a resource by its name.
func get[Out any](ctx context.Context, c *Client, name string) (Out, error) {
	return do[Out](ctx, c, call{method: http.MethodGet, path: name})
}

// list reads one page of a collection.
func list[Out any](ctx context.Context, c *Client, collection string, page Page) (Out, error) {
	return do[Out](ctx, c, call{method: http.MethodGet, path: collection, query: page.query()})
}

// create makes a resource in a collection; parameter is what the operation calls
// its id.
func create[T any](ctx context.Context, c *Client, collection, parameter, id string, body T) (T, error) {
	return do[T](ctx, c, call{http.MethodPost, collection, url.Values{parameter: {id}}, body})
}

// post makes a call that is neither of these.
func post[Out any](ctx context.Context, c *Client, path string, body any) (Out, error) {
	return do[Out](ctx, c, call{method: http.MethodPost, path: path, body: body})
}

// remove deletes a resource.
func remove(ctx context.Context, c *Client, name string) error {
	_, err := do[Empty](ctx, c, call{method: http.MethodDelete, path: name})
	return err
}

// ListProviders lists the providers that the server manages.
func (c *Client) ListProviders(ctx context.Context) (ListProvidersResponse, error) {
	return get[ListProvidersResponse](ctx, c, "providers")
}

// GetProvider reads a provider.
func (c *Client) GetProvider(ctx context.Context, name string) (Provider, error) {
	return get[Provider](ctx, c, name)
}

// ListEnvironments lists the environments of a provider.
func (c *Client) ListEnvironments(ctx context.Context, provider string, page Page) (ListEnvironmentsResponse, error) {
	return list[ListEnvironmentsResponse](ctx, c, provider+"/environments", page)
}

// GetEnvironment reads an environment.
func (c *Client) GetEnvironment(ctx context.Context, name string) (Environment, error) {
	return get[Environment](ctx, c, name)
}

// ConfirmActivationKey asks whether a key is good for an environment.
func (c *Client) ConfirmActivationKey(ctx context.Context, environment string, in ConfirmActivationKeyRequest) (ConfirmActivationKeyResponse, error) {
	return post[ConfirmActivationKeyResponse](ctx, c, environment+"/ConfirmActivationKey", in)
}

// ListInterconnects lists the interconnects of an environment.
func (c *Client) ListInterconnects(ctx context.Context, environment string, page Page) (ListInterconnectsResponse, error) {
	return list[ListInterconnectsResponse](ctx, c, environment+"/interconnects", page)
}

// GetInterconnect reads an interconnect.
func (c *Client) GetInterconnect(ctx context.Context, name string) (Interconnect, error) {
	return get[Interconnect](ctx, c, name)
}

// ListChannels lists the channels of an interconnect.
func (c *Client) ListChannels(ctx context.Context, interconnect string, page Page) (ListChannelsResponse, error) {
	return list[ListChannelsResponse](ctx, c, interconnect+"/channels", page)
}

// GetChannel reads a channel.
func (c *Client) GetChannel(ctx context.Context, name string) (Channel, error) {
	return get[Channel](ctx, c, name)
}

// NotifyMaintenance says that the caller's maintenance events of a channel
// changed.
func (c *Client) NotifyMaintenance(ctx context.Context, channel string) error {
	_, err := post[Empty](ctx, c, channel+"/NotifyMaintenance", NotifyMaintenanceRequest{})
	return err
}

// GetMaintenanceEvents reads the server's maintenance events of a channel.
func (c *Client) GetMaintenanceEvents(ctx context.Context, channel string) (GetMaintenanceEventsResponse, error) {
	return get[GetMaintenanceEventsResponse](ctx, c, channel+"/maintenanceEvents")
}

// RequestMACsecKeyRotation asks the manager of a channel's keys for a new one.
func (c *Client) RequestMACsecKeyRotation(ctx context.Context, channel string, in MACsecKeyRotationRequest) error {
	_, err := post[Empty](ctx, c, channel+"/RequestMacSecKeyRotation", in)
	return err
}

// CreateMACsecKey gives a channel another key.
func (c *Client) CreateMACsecKey(ctx context.Context, channel, id string, key MACsecKey) (MACsecKey, error) {
	return create(ctx, c, channel+"/macSecKeys", "macSecKeyId", id, key)
}

// ListMACsecKeys reads all keys of a channel.
func (c *Client) ListMACsecKeys(ctx context.Context, channel string) (ListMACsecKeysResponse, error) {
	return get[ListMACsecKeysResponse](ctx, c, channel+"/macSecKeys")
}

// GetMACsecKey reads a key.
func (c *Client) GetMACsecKey(ctx context.Context, name string) (MACsecKey, error) {
	return get[MACsecKey](ctx, c, name)
}

// DeleteMACsecKey takes a key away that is not active.
func (c *Client) DeleteMACsecKey(ctx context.Context, name string) error { return remove(ctx, c, name) }

// ListConnections lists the connections of an interconnect.
func (c *Client) ListConnections(ctx context.Context, interconnect string, page Page) (ListConnectionsResponse, error) {
	return list[ListConnectionsResponse](ctx, c, interconnect+"/connections", page)
}

// CreateConnection makes the server's half of a link; 409 when it exists.
func (c *Client) CreateConnection(ctx context.Context, interconnect, id string, in Connection) (Connection, error) {
	return create(ctx, c, interconnect+"/connections", "connectionId", id, in)
}

// GetConnection reads a connection.
func (c *Client) GetConnection(ctx context.Context, name string) (Connection, error) {
	return get[Connection](ctx, c, name)
}

// UpdateBandwidth asks for another bandwidth, in megabits a second; 409 while
// another change is under way.
func (c *Client) UpdateBandwidth(ctx context.Context, name string, mbps int) (Connection, error) {
	return do[Connection](ctx, c, call{
		http.MethodPatch, name, url.Values{"updateMask": {"bandwidthMbps"}},
		Connection{BandwidthMbps: mbps},
	})
}

// DeleteConnection deletes a connection with its features.
func (c *Client) DeleteConnection(ctx context.Context, name string) error {
	return remove(ctx, c, name)
}

// GenerateFeatureGuidance asks what the server lets the caller choose on each
// channel.
func (c *Client) GenerateFeatureGuidance(ctx context.Context, connection string) (GenerateFeatureGuidanceResponse, error) {
	return post[GenerateFeatureGuidanceResponse](ctx, c, connection+"/GenerateFeatureGuidance", Empty{})
}

// NotifyConnectionStatus says that the caller's side of a connection changed.
func (c *Client) NotifyConnectionStatus(ctx context.Context, connection string) error {
	_, err := post[Empty](ctx, c, connection+"/NotifyConnectionStatus", Empty{})
	return err
}

// ListFeatures lists the features of a connection.
func (c *Client) ListFeatures(ctx context.Context, connection string, page Page) (ListFeaturesResponse, error) {
	return list[ListFeaturesResponse](ctx, c, connection+"/features", page)
}

// CreateFeature configures a channel for a connection; 409 when the channel has
// one, or its parameters are taken.
func (c *Client) CreateFeature(ctx context.Context, connection, id string, in Feature) (Feature, error) {
	return create(ctx, c, connection+"/features", "featureId", id, in)
}

// GetFeature reads a feature.
func (c *Client) GetFeature(ctx context.Context, name string) (Feature, error) {
	return get[Feature](ctx, c, name)
}

// DeleteFeature takes a feature away.
func (c *Client) DeleteFeature(ctx context.Context, name string) error { return remove(ctx, c, name) }

// ListIssues lists the issues that a provider reported.
func (c *Client) ListIssues(ctx context.Context, provider string, page Page) (ListIssuesResponse, error) {
	return list[ListIssuesResponse](ctx, c, provider+"/issues", page)
}

// CreateIssue reports a problem.
func (c *Client) CreateIssue(ctx context.Context, provider, id string, in Issue) (Issue, error) {
	return create(ctx, c, provider+"/issues", "issueId", id, in)
}

// GetIssue reads an issue.
func (c *Client) GetIssue(ctx context.Context, name string) (Issue, error) {
	return get[Issue](ctx, c, name)
}

// CloseIssue ends an issue.
func (c *Client) CloseIssue(ctx context.Context, name string) (Issue, error) {
	return post[Issue](ctx, c, name+"/Close", Empty{})
}

// AddComment remarks on an issue.
func (c *Client) AddComment(ctx context.Context, issue string, in Comment) (AddCommentResponse, error) {
	return post[AddCommentResponse](ctx, c, issue+"/AddComment", AddCommentRequest{Comment: &in})
}

// ListComments lists an issue's comments, the newest first.
func (c *Client) ListComments(ctx context.Context, issue string, page Page) (ListCommentsResponse, error) {
	return list[ListCommentsResponse](ctx, c, issue+"/comments", page)
}

// AdvertiseRoutes tells which prefixes are offered over a connection. The OpenAPI
// document does not have it: it stands for BGP, see the coordinator.
func (c *Client) AdvertiseRoutes(ctx context.Context, connection string, in AdvertiseRoutesRequest) error {
	_, err := post[Empty](ctx, c, connection+"/AdvertiseRoutes", in)
	return err
}
