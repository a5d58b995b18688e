// Package noun is what the nouns of the Terraform surface do alike: name
// themselves, take the accounts that the provider was configured with, take as
// long as the configuration allows, and keep state and identity together.
package noun

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service"
)

// Resource is embedded by resources.
type Resource struct {
	// Type is what users write.
	Type string
	// Accounts is nil until the provider is configured: validation runs without.
	Accounts *service.Accounts
}

// Metadata names the resource.
func (r *Resource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = r.Type
}

// Configure takes the accounts from the provider.
func (r *Resource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.Accounts = from(req.ProviderData, &resp.Diagnostics)
}

// DataSource is embedded by data sources.
type DataSource struct {
	// Type is what users write.
	Type string
	// Accounts is nil until the provider is configured: validation runs without.
	Accounts *service.Accounts
}

// Metadata names the data source.
func (d *DataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = d.Type
}

// Configure takes the accounts from the provider.
func (d *DataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.Accounts = from(req.ProviderData, &resp.Diagnostics)
}

// Ephemeral is embedded by ephemeral resources.
type Ephemeral struct {
	// Type is what users write.
	Type string
	// Accounts is nil until the provider is configured: validation runs without.
	Accounts *service.Accounts
}

// openTimeout is how long an ephemeral resource may take to open: the one call
// to a cloud that it makes, and its retries.
const openTimeout = 2 * time.Minute

// Metadata names the ephemeral resource.
func (e *Ephemeral) Metadata(_ context.Context, _ ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = e.Type
}

// Configure takes the accounts from the provider.
func (e *Ephemeral) Configure(_ context.Context, req ephemeral.ConfigureRequest, resp *ephemeral.ConfigureResponse) {
	e.Accounts = from(req.ProviderData, &resp.Diagnostics)
}

// Begin reads the configuration into m and starts the time. Nothing may follow
// when resp has an error; end is to be called in any case.
func (e *Ephemeral) Begin(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse, m any) (_ context.Context, end context.CancelFunc) {
	resp.Diagnostics.Append(req.Config.Get(ctx, m)...)
	e.ready(&resp.Diagnostics)
	return context.WithTimeout(ctx, openTimeout)
}

// ready says that the accounts are there.
func (e *Ephemeral) ready(diags *diag.Diagnostics) {
	if e.Accounts == nil {
		diags.AddError("The provider is not configured", e.Type+" is read with the provider's credentials. This is a bug in the provider: please report it.")
	}
}

func from(data any, diags *diag.Diagnostics) *service.Accounts {
	accounts, problems := service.FromProviderData(data)
	diags.Append(problems...)
	return accounts
}

// Limit is how long an operation may take: what the configuration's timeouts
// say, or a default.
type Limit func(ctx context.Context, or time.Duration) (time.Duration, diag.Diagnostics)

// Within starts an operation's time. Nothing may follow when diags has an error;
// end is to be called in any case.
func Within(ctx context.Context, limit Limit, or time.Duration, diags *diag.Diagnostics) (_ context.Context, end context.CancelFunc) {
	d, problems := limit(ctx, or)
	diags.Append(problems...)
	return context.WithTimeout(ctx, d)
}

// Kept is a model that is kept in a state, and the identity that goes with it.
type Kept interface{ Identity() any }

// Keep writes a model and its identity. Where both stand is kept whatever has
// become of the call: an id that is not written down is an orphan.
func Keep(ctx context.Context, state *tfsdk.State, identity *tfsdk.ResourceIdentity, m Kept) diag.Diagnostics {
	ctx = context.WithoutCancel(ctx)
	diags := state.Set(ctx, m)
	diags.Append(identity.Set(ctx, m.Identity())...)
	return diags
}

// Drop takes what is gone out of the state. The framework asks for an identity of
// that, too.
func Drop(ctx context.Context, state *tfsdk.State, identity *tfsdk.ResourceIdentity, m Kept) diag.Diagnostics {
	state.RemoveResource(ctx)
	return identity.Set(ctx, m.Identity())
}
