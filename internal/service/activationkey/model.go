package activationkey

import (
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/values"
)

// model is the ephemeral resource as Terraform sees it.
type model struct {
	Interconnect  types.String     `tfsdk:"interconnect"`
	ActivationKey types.String     `tfsdk:"activation_key"`
	Pending       types.Bool       `tfsdk:"pending"`
	State         types.String     `tfsdk:"state"`
	SharedID      types.String     `tfsdk:"shared_id"`
	Bandwidth     values.Bandwidth `tfsdk:"bandwidth"`
	Account       types.String     `tfsdk:"account"`
}
