package attachment

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	domain "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/attachment"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/values"
)

// Keys of the two clouds, as descriptors and configuration write them.
const (
	cloudAWS    = "aws"
	cloudGoogle = "google"
)

// model is the resource as Terraform holds it.
type model struct {
	ID           types.String   `tfsdk:"id"`
	Name         types.String   `tfsdk:"name"`
	Interconnect types.String   `tfsdk:"interconnect"`
	AWS          *awsModel      `tfsdk:"aws"`
	Google       *googleModel   `tfsdk:"google"`
	WaitFor      types.String   `tfsdk:"wait_for"`
	Timeouts     timeouts.Value `tfsdk:"timeouts"`
	Pairing      types.Object   `tfsdk:"pairing"`
}

// awsModel is the AWS part.
type awsModel struct {
	GatewayID      types.String `tfsdk:"gateway_id"`
	GatewayOwner   types.String `tfsdk:"gateway_owner_account_id"`
	DXGatewayID    types.String `tfsdk:"direct_connect_gateway_id"`
	DXGatewayOwner types.String `tfsdk:"direct_connect_gateway_owner_account_id"`
	Allowed        types.Set    `tfsdk:"allowed_prefixes"`
	Region         types.String `tfsdk:"region"`
	ConnectionARN  types.String `tfsdk:"connection_arn"`
	AssociationID  types.String `tfsdk:"association_id"`
	State          types.String `tfsdk:"state"`
	Offered        types.List   `tfsdk:"offered_prefixes"`
	Learned        types.List   `tfsdk:"learned_prefixes"`
}

// googleModel is the Google part.
type googleModel struct {
	Import         types.Bool   `tfsdk:"import_custom_routes"`
	Export         types.Bool   `tfsdk:"export_custom_routes"`
	Project        types.String `tfsdk:"project"`
	Region         types.String `tfsdk:"region"`
	Network        types.String `tfsdk:"network"`
	Hub            types.String `tfsdk:"hub"`
	PeeringNetwork types.String `tfsdk:"peering_network"`
	StackType      types.String `tfsdk:"stack_type"`
	AttachmentID   types.String `tfsdk:"attachment_id"`
	State          types.String `tfsdk:"state"`
	StateDetails   types.String `tfsdk:"state_details"`
	MTU            types.Int64  `tfsdk:"mtu"`
	Offered        types.List   `tfsdk:"offered_prefixes"`
	Learned        types.List   `tfsdk:"learned_prefixes"`
}

// identity is the resource's identity.
type identity struct {
	Interconnect types.String `tfsdk:"interconnect"`
	Name         types.String `tfsdk:"name"`
}

// prefixType and pairingType are the types of the computed pairing.
func prefixType() types.ObjectType {
	return types.ObjectType{AttrTypes: map[string]attr.Type{
		"prefix": types.StringType, "offered_by": types.StringType, "learned": types.BoolType,
	}}
}

func pairingType() types.ObjectType {
	return types.ObjectType{AttrTypes: map[string]attr.Type{
		"status": types.StringType, "summary": types.StringType, "prefixes": types.ListType{ElemType: prefixType()},
	}}
}

// attachmentID is the resource's id.
func attachmentID(interconnect, name string) string { return interconnect + separator + name }

// separator stands between the link's name and the attachment's.
const separator = "/attachments/"

// identity is the attachment's identity.
func (m *model) Identity() any { return &identity{m.Interconnect, m.Name} }

// clone is a copy whose parts may be changed.
func (m *model) clone() *model {
	c := *m
	if m.AWS != nil {
		c.AWS = new(*m.AWS)
	}
	if m.Google != nil {
		c.Google = new(*m.Google)
	}
	return &c
}

// settle makes null of what is still unknown after an apply.
func settle(v types.String) types.String {
	if v.IsUnknown() {
		return types.StringNull()
	}
	return v
}

// prefixList is a list value of prefixes.
func prefixList(prefixes []netip.Prefix) types.List {
	out := make([]attr.Value, len(prefixes))
	for i, p := range domain.Sorted(prefixes) {
		out[i] = types.StringValue(p.String())
	}
	return types.ListValueMust(types.StringType, out[:len(domain.Sorted(prefixes))])
}

// samePrefixes keeps the user's spelling of prefixes that mean the same.
func samePrefixes(have types.Set, got []netip.Prefix) types.Set {
	if !have.IsUnknown() && !have.IsNull() && slices.Equal(canonical(values.Texts(have)), domain.Sorted(got)) {
		return have
	}
	out := make([]attr.Value, len(got))
	for i, p := range got {
		out[i] = types.StringValue(p.String())
	}
	return types.SetValueMust(types.StringType, out)
}

// canonical is a sorted list of prefixes.
func canonical(list []string) []netip.Prefix {
	var out []netip.Prefix
	for _, s := range list {
		if p, err := netip.ParsePrefix(s); err == nil {
			out = append(out, p.Masked())
		}
	}
	return domain.Sorted(out)
}

// status is the pairing's status; empty when there is none.
func (m *model) status() domain.Status {
	s, ok := m.Pairing.Attributes()["status"].(types.String)
	if !ok {
		return ""
	}
	return domain.Status(s.ValueString())
}

// lastPart is what follows the last slash.
func lastPart(s string) string { return s[strings.LastIndex(s, "/")+1:] }
