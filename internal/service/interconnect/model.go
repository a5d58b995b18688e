package interconnect

import (
	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/values"
)

// Keys of the two clouds, as descriptors and configuration write them.
const (
	cloudAWS    = "aws"
	cloudGoogle = "google"
)

// model is the resource as Terraform holds it. An end that belongs to another
// team is nil.
type model struct {
	ID                 types.String     `tfsdk:"id"`
	Name               types.String     `tfsdk:"name"`
	Description        types.String     `tfsdk:"description"`
	Bandwidth          values.Bandwidth `tfsdk:"bandwidth"`
	Initiator          types.String     `tfsdk:"initiator"`
	AWS                *awsModel        `tfsdk:"aws"`
	Google             *googleModel     `tfsdk:"google"`
	Peer               *peerModel       `tfsdk:"peer"`
	ActivationKey      types.String     `tfsdk:"activation_key_wo"`
	KeyVersion         types.Int64      `tfsdk:"activation_key_wo_version"`
	WaitFor            types.String     `tfsdk:"wait_for"`
	OnIncomplete       types.String     `tfsdk:"on_incomplete"`
	DeletionProtection types.Bool       `tfsdk:"deletion_protection"`
	Timeouts           timeouts.Value   `tfsdk:"timeouts"`
	SharedID           types.String     `tfsdk:"shared_id"`
	EnvironmentID      types.String     `tfsdk:"environment_id"`
	RemoteProfile      types.String     `tfsdk:"remote_profile"`
	Pairing            types.Object     `tfsdk:"pairing"`
	Cost               types.Object     `tfsdk:"cost"`
}

// awsModel is the AWS end.
type awsModel struct {
	Region       types.String `tfsdk:"region"`
	GatewayID    types.String `tfsdk:"direct_connect_gateway_id"`
	Tags         types.Map    `tfsdk:"tags"`
	TagsAll      types.Map    `tfsdk:"tags_all"`
	ConnectionID types.String `tfsdk:"connection_id"`
	ARN          types.String `tfsdk:"arn"`
	AccountID    types.String `tfsdk:"account_id"`
	State        types.String `tfsdk:"state"`
	BillingTier  types.Int64  `tfsdk:"billing_tier"`
}

// googleModel is the Google end.
type googleModel struct {
	Project          types.String `tfsdk:"project"`
	Region           types.String `tfsdk:"region"`
	Network          types.String `tfsdk:"network"`
	Hub              types.String `tfsdk:"hub"`
	AdvertisedRoutes types.Set    `tfsdk:"advertised_routes"`
	StackType        types.String `tfsdk:"stack_type"`
	AutoAccept       types.Bool   `tfsdk:"auto_accept"`
	PSCRouting       types.Bool   `tfsdk:"psc_routing"`
	Labels           types.Map    `tfsdk:"labels"`
	LabelsAll        types.Map    `tfsdk:"labels_all"`
	TransportID      types.String `tfsdk:"transport_id"`
	State            types.String `tfsdk:"state"`
	PeeringNetwork   types.String `tfsdk:"peering_network"`
	MTULimit         types.Int64  `tfsdk:"mtu_limit"`
}

// peerModel is what the configuration was told of the other team's end.
type peerModel struct {
	Account  types.String `tfsdk:"account"`
	Region   types.String `tfsdk:"region"`
	SharedID types.String `tfsdk:"shared_id"`
}

// differenceType and pairingType are the types of the computed pairing.
func differenceType() types.ObjectType {
	return types.ObjectType{AttrTypes: map[string]attr.Type{
		"field": types.StringType, cloudAWS: types.StringType, cloudGoogle: types.StringType,
	}}
}

func pairingType() types.ObjectType {
	return types.ObjectType{AttrTypes: map[string]attr.Type{
		"status": types.StringType, "summary": types.StringType,
		"differences": types.ListType{ElemType: differenceType()},
	}}
}
