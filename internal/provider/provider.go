package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/activationkey"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/attachment"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/attachpoint"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/bandwidthtier"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/environment"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/functions"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/interconnect"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/interconnects"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/proposal"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/revalidate"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/routes"
)

// Address is the provider's source in the registries.
const Address = "registry.terraform.io/terraform-crosscloud/crosscloud"

var (
	_ provider.ProviderWithActions            = (*crosscloud)(nil)
	_ provider.ProviderWithEphemeralResources = (*crosscloud)(nil)
	_ provider.ProviderWithFunctions          = (*crosscloud)(nil)
	_ provider.ProviderWithListResources      = (*crosscloud)(nil)
)

// crosscloud is the provider.
type crosscloud struct {
	version string
	pace    cloud.Pace
	// observer is told of the checks that plans make.
	observer func(service.Checked)
	// interconnect makes the resource of that name; it outlives single calls.
	interconnect func() resource.Resource
}

// Option changes how a provider is made.
type Option func(*crosscloud)

// WithPace sets the pace of waiting, for tests.
func WithPace(p cloud.Pace) Option { return func(c *crosscloud) { c.pace = p } }

// WithObserver has the checks that plans make told to somebody, from whatever
// goroutine makes them.
func WithObserver(o func(service.Checked)) Option { return func(c *crosscloud) { c.observer = o } }

// New makes the provider of a version ("dev" when it is not a release).
func New(version string, options ...Option) func() provider.Provider {
	return func() provider.Provider {
		c := &crosscloud{version: version, interconnect: interconnect.New()}
		for _, o := range options {
			o(c)
		}
		return c
	}
}

// Metadata names the provider.
func (c *crosscloud) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName, resp.Version = "crosscloud", c.version
}

// Resources are all resources.
func (c *crosscloud) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{c.interconnect, attachment.New, bandwidthtier.New}
}

// DataSources are all data sources.
func (c *crosscloud) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{attachpoint.NewDataSource, environment.NewDataSource, interconnects.NewOne, interconnects.NewMany, routes.NewDataSource}
}

// EphemeralResources are all ephemeral resources.
func (c *crosscloud) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{activationkey.New, proposal.New}
}

// Functions are all functions.
func (c *crosscloud) Functions(context.Context) []func() function.Function { return functions.All() }

// ListResources are all resources that can be listed.
func (c *crosscloud) ListResources(context.Context) []func() list.ListResource {
	return []func() list.ListResource{interconnect.NewList}
}

// Actions are all actions.
func (c *crosscloud) Actions(context.Context) []func() action.Action {
	return []func() action.Action{revalidate.New}
}
