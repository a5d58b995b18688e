package provider

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/googleend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service"
)

// config is the provider's configuration as Terraform gives it.
type config struct {
	Owner  types.String  `tfsdk:"owner"`
	AWS    *awsConfig    `tfsdk:"aws"`
	Google *googleConfig `tfsdk:"google"`
}

type awsConfig struct {
	Region            types.String  `tfsdk:"region"`
	Profile           types.String  `tfsdk:"profile"`
	AssumeRole        *assumeRole   `tfsdk:"assume_role"`
	AllowedAccountIDs types.List    `tfsdk:"allowed_account_ids"`
	DefaultTags       types.Map     `tfsdk:"default_tags"`
	Endpoints         *awsEndpoints `tfsdk:"endpoints"`
}

type assumeRole struct {
	RoleARN     types.String         `tfsdk:"role_arn"`
	SessionName types.String         `tfsdk:"session_name"`
	ExternalID  types.String         `tfsdk:"external_id"`
	Duration    timetypes.GoDuration `tfsdk:"duration"`
}

type awsEndpoints struct {
	Interconnect  types.String `tfsdk:"interconnect"`
	DirectConnect types.String `tfsdk:"direct_connect"`
	EC2           types.String `tfsdk:"ec2"`
	STS           types.String `tfsdk:"sts"`
}

type googleConfig struct {
	Project       types.String     `tfsdk:"project"`
	Region        types.String     `tfsdk:"region"`
	Credentials   types.String     `tfsdk:"credentials"`
	AccessToken   types.String     `tfsdk:"access_token"`
	Impersonate   types.String     `tfsdk:"impersonate_service_account"`
	DefaultLabels types.Map        `tfsdk:"default_labels"`
	Endpoints     *googleEndpoints `tfsdk:"endpoints"`
}

type googleEndpoints struct {
	NetworkConnectivity types.String `tfsdk:"network_connectivity"`
	Compute             types.String `tfsdk:"compute"`
}

// Configure makes the accounts. Nothing is called: what is wrong with
// credentials is said when they are first needed.
func (c *crosscloud) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	if !req.Config.Raw.IsFullyKnown() {
		resp.Diagnostics.AddError("The provider configuration is not known yet",
			"A value of the provider block depends on a resource that does not exist yet, so neither cloud can be reached at plan.\n\n"+
				"What to do: Use values that are known at plan, or apply the resource it depends on first (-target).")
		return
	}
	var cfg config
	resp.Diagnostics.Append(req.Config.Get(ctx, &cfg)...)
	if resp.Diagnostics.HasError() {
		return
	}
	aws, diags := cfg.AWS.settings(ctx)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	aws.Product, aws.Version, aws.Extra = "terraform-provider-crosscloud", c.version, os.Getenv("TF_APPEND_USER_AGENT")
	google := cfg.Google.settings()
	google.UserAgent = strings.TrimSpace(fmt.Sprintf("Terraform/%s terraform-provider-crosscloud/%s %s", req.TerraformVersion, c.version, aws.Extra))

	accounts := &service.Accounts{Owner: cfg.Owner.ValueString(), Pace: c.pace, Observer: c.observer, Claims: &service.Claims{}}
	if cfg.AWS != nil {
		accounts.DefaultTags = stringMap(cfg.AWS.DefaultTags)
	}
	if cfg.Google != nil {
		accounts.DefaultLabels = stringMap(cfg.Google.DefaultLabels)
	}
	accounts.AWS = once(func(ctx context.Context) (*awsend.Account, error) { return awsend.Load(ctx, aws) })
	accounts.Google = once(func(ctx context.Context) (*googleend.Account, error) { return googleend.Load(ctx, google, nil) })
	resp.ResourceData, resp.DataSourceData, resp.EphemeralResourceData = accounts, accounts, accounts
	resp.ListResourceData, resp.ActionData = accounts, accounts
}

// settings are what the aws attribute says; nothing when it is not given.
func (a *awsConfig) settings(context.Context) (awsend.Settings, diag.Diagnostics) {
	var s awsend.Settings
	var diags diag.Diagnostics
	if a == nil {
		return s, diags
	}
	s.Region, s.Profile = a.Region.ValueString(), a.Profile.ValueString()
	for _, v := range a.AllowedAccountIDs.Elements() {
		if id, ok := v.(types.String); ok {
			s.AllowedAccountIDs = append(s.AllowedAccountIDs, id.ValueString())
		}
	}
	if r := a.AssumeRole; r != nil {
		s.AssumeRole = &awsend.AssumeRole{RoleARN: r.RoleARN.ValueString(), SessionName: r.SessionName.ValueString(), ExternalID: r.ExternalID.ValueString()}
		if !r.Duration.IsNull() {
			d, ds := r.Duration.ValueGoDuration()
			diags.Append(ds...)
			s.AssumeRole.Duration = d
		}
	}
	if e := a.Endpoints; e != nil {
		s.Endpoints = awsend.Endpoints{
			Interconnect: e.Interconnect.ValueString(), DirectConnect: e.DirectConnect.ValueString(),
			EC2: e.EC2.ValueString(), STS: e.STS.ValueString(),
		}
	}
	return s, diags
}

// settings are what the google attribute says; nothing when it is not given.
func (g *googleConfig) settings() googleend.Settings {
	var s googleend.Settings
	if g == nil {
		return s
	}
	s.Project, s.Region = g.Project.ValueString(), g.Region.ValueString()
	s.Credentials, s.AccessToken, s.Impersonate = g.Credentials.ValueString(), g.AccessToken.ValueString(), g.Impersonate.ValueString()
	if e := g.Endpoints; e != nil {
		s.Endpoints = googleend.Endpoints{NetworkConnectivity: e.NetworkConnectivity.ValueString(), Compute: e.Compute.ValueString()}
	}
	return s
}

// stringMap is a map of strings.
func stringMap(m types.Map) map[string]string {
	out := map[string]string{}
	for k, v := range m.Elements() {
		if s, ok := v.(types.String); ok {
			out[k] = s.ValueString()
		}
	}
	return out
}

// once makes an account at the first call and keeps it; a failure is not kept.
// The account outlives the call that makes it, and so does its context.
func once[T any](load func(context.Context) (*T, error)) func(context.Context) (*T, error) {
	var mu sync.Mutex
	var made *T
	return func(ctx context.Context) (*T, error) {
		mu.Lock()
		defer mu.Unlock()
		if made != nil {
			return made, nil
		}
		account, err := load(context.WithoutCancel(ctx))
		if err == nil {
			made = account
		}
		return account, err
	}
}
