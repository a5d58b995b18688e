package interconnect

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// identity is the resource's identity.
type identity struct {
	Project types.String `tfsdk:"project"`
	Region  types.String `tfsdk:"region"`
	Name    types.String `tfsdk:"name"`
}

// identity is the link's identity.
func (m *model) identity() *identity {
	return &identity{Project: m.Google.Project, Region: m.Google.Region, Name: m.Name}
}

// IdentitySchema is what identifies a link apart from its state.
func (r *Resource) IdentitySchema(_ context.Context, _ resourceIdentityRequest, resp *resourceIdentityResponse) {
	text := func(description string) identityschema.StringAttribute {
		return identityschema.StringAttribute{RequiredForImport: true, Description: description}
	}
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"project": text("Google Cloud project of the transport."),
		"region":  text("Google Cloud region of the transport."),
		"name":    text("Name of the link."),
	}}
}
