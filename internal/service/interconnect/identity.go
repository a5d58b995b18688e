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
	ARN     types.String `tfsdk:"arn"`
	Alone   types.Bool   `tfsdk:"one_ended"`
}

// Identity is the link's identity: the transport's, or, where Google's end is
// not ours, the connection's.
func (m *model) Identity() any {
	switch m.alone() {
	case cloudAWS:
		return &identity{ARN: m.AWS.ARN, Alone: types.BoolValue(true)}
	case cloudGoogle:
		return &identity{Project: m.Google.Project, Region: m.Google.Region, Name: m.Name, Alone: types.BoolValue(true)}
	}
	return &identity{Project: m.Google.Project, Region: m.Google.Region, Name: m.Name}
}

// IdentitySchema is what identifies a link apart from its state.
func (r *Resource) IdentitySchema(_ context.Context, _ resourceIdentityRequest, resp *resourceIdentityResponse) {
	text := func(description string) identityschema.StringAttribute {
		return identityschema.StringAttribute{OptionalForImport: true, Description: description}
	}
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"project": text("Google Cloud project of the transport."),
		"region":  text("Google Cloud region of the transport."),
		"name":    text("Name of the link."),
		"arn":     text("ARN of the connection, instead of the three, where only the AWS end is ours."),
		"one_ended": identityschema.BoolAttribute{
			OptionalForImport: true, Description: "True where the other end belongs to another team.",
		},
	}}
}
