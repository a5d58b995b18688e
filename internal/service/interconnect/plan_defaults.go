package interconnect

import (
	"context"
	"fmt"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// planDefaults fills what the provider configuration gives.
func (r *Resource) planDefaults(ctx context.Context, plan, config *model) diag.Diagnostics {
	var diags diag.Diagnostics
	if config.Description.IsNull() {
		plan.Description = plan.Name
	}
	if config.WaitFor.IsNull() {
		plan.WaitFor = types.StringValue(string(plan.milestone()))
	}
	if plan.AWS == nil {
		plan.EnvironmentID = types.StringNull()
	}
	if plan.Google == nil {
		plan.RemoteProfile = types.StringNull()
	}
	if r.Accounts == nil {
		return diags
	}
	if plan.AWS != nil {
		diags.Append(r.planAWS(ctx, plan.AWS, config.AWS)...)
	}
	if plan.Google != nil {
		diags.Append(r.planGoogle(ctx, plan.Google, config.Google)...)
		plan.ID = plan.linkID()
	}
	return diags
}

// planAWS fills what the provider configuration gives to the AWS end.
func (r *Resource) planAWS(ctx context.Context, plan, config *awsModel) diag.Diagnostics {
	var diags diag.Diagnostics
	if needs(config.Region) {
		var region string
		if a, err := r.Accounts.AWS(ctx); err == nil {
			region = a.Region()
		}
		fill(&diags, &plan.Region, region, path.Root("aws").AtName("region"), "an AWS region",
			"Set it here, as region in the provider's aws block, in AWS_REGION, or in the AWS profile.")
	}
	plan.TagsAll = merged(r.Accounts.DefaultTags, plan.Tags)
	return diags
}

// planGoogle fills what the provider configuration gives to the Google end.
func (r *Resource) planGoogle(ctx context.Context, plan, config *googleModel) diag.Diagnostics {
	var diags diag.Diagnostics
	var project, region string
	if needs(config.Project) || needs(config.Region) {
		if g, err := r.Accounts.Google(ctx); err == nil {
			project, region = g.Project(), g.Region()
		}
	}
	if needs(config.Project) {
		fill(&diags, &plan.Project, project, path.Root("google").AtName("project"), "a Google Cloud project",
			"Set it here, as project in the provider's google block, or in GOOGLE_PROJECT.")
	}
	if needs(config.Region) {
		fill(&diags, &plan.Region, region, path.Root("google").AtName("region"), "a Google Cloud region",
			"Set it here, as region in the provider's google block, or in GOOGLE_REGION.")
	}
	plan.LabelsAll = merged(r.Accounts.DefaultLabels, plan.Labels)
	return diags
}

// needs says that a place is left to the provider configuration.
func needs(v types.String) bool { return v.IsNull() }

// fill sets a place from the provider configuration, or says how to give one.
func fill(diags *diag.Diagnostics, v *types.String, fallback string, at path.Path, what, remedy string) {
	if fallback == "" {
		diags.AddAttributeError(at, "Missing "+at.String(), fmt.Sprintf("The link needs %s.\n\nWhat to do: %s", what, remedy))
		return
	}
	*v = types.StringValue(fallback)
}

// merged is the defaults with the user's on top; unknown while the user's are.
func merged(defaults map[string]string, own types.Map) types.Map {
	if own.IsUnknown() {
		return types.MapUnknown(types.StringType)
	}
	for _, v := range own.Elements() {
		if v.IsUnknown() {
			return types.MapUnknown(types.StringType)
		}
	}
	all := maps.Clone(defaults)
	if all == nil {
		all = map[string]string{}
	}
	maps.Copy(all, claimed(own))
	return toMap(all)
}
