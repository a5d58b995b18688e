package bandwidthtier

import (
	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/inventory"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/values"
)

// What to do with the bandwidth when the resource is destroyed.
const (
	keep    = "keep"
	restore = "restore"
)

// model is the resource as Terraform holds it.
type model struct {
	ID              types.String     `tfsdk:"id"`
	Interconnect    types.String     `tfsdk:"interconnect"`
	Bandwidth       values.Bandwidth `tfsdk:"bandwidth"`
	OnDestroy       types.String     `tfsdk:"on_destroy"`
	Previous        types.String     `tfsdk:"previous_bandwidth"`
	SharedID        types.String     `tfsdk:"shared_id"`
	ConnectionID    types.String     `tfsdk:"connection_id"`
	TransportID     types.String     `tfsdk:"transport_id"`
	AWSBandwidth    types.String     `tfsdk:"aws_bandwidth"`
	GoogleBandwidth types.String     `tfsdk:"google_bandwidth"`
	Cost            types.Object     `tfsdk:"cost"`
	MonthlyChange   types.Number     `tfsdk:"monthly_change"`
	Timeouts        timeouts.Value   `tfsdk:"timeouts"`
}

// identity is the resource's identity.
type identity struct {
	Interconnect types.String `tfsdk:"interconnect"`
}

// identity is what identifies the resource apart from its state: the link.
func (m *model) Identity() any { return &identity{m.ID} }

// previous is the bandwidth to go back to; 0 when it is not known.
func (m *model) previous() bandwidth.Bandwidth {
	b, err := bandwidth.Parse(m.Previous.ValueString())
	if err != nil {
		return 0
	}
	return b
}

// about takes over what identifies the link that was found.
func (m *model) about(f inventory.Found) {
	m.ID, m.TransportID, m.ConnectionID = values.Text(f.Google.ID), values.Text(f.Google.ID), values.Text(f.AWS.ID)
	m.SharedID = values.Text(f.AWS.SharedID)
	if m.SharedID.IsNull() {
		m.SharedID = values.Text(f.Google.SharedID)
	}
}

// report takes over what both ends report.
func (m *model) report(f inventory.Found) {
	m.AWSBandwidth, m.GoogleBandwidth = values.Text(f.AWS.Bandwidth.String()), values.Text(f.Google.Bandwidth.String())
	have := m.Bandwidth.Speed()
	for _, b := range []bandwidth.Bandwidth{f.AWS.Bandwidth, f.Google.Bandwidth} {
		if b != 0 && b != have {
			// The end that differs is shown, so that the plan does.
			m.Bandwidth = values.NewBandwidth(b)
			return
		}
	}
}

// settle gives what a plan left unknown the values of found, and leaves alone
// what it said.
func (m *model) settle(found *model) {
	for to, from := range map[*types.String]types.String{
		&m.ID: found.ID, &m.Previous: found.Previous, &m.SharedID: found.SharedID, &m.ConnectionID: found.ConnectionID,
		&m.TransportID: found.TransportID, &m.AWSBandwidth: found.AWSBandwidth, &m.GoogleBandwidth: found.GoogleBandwidth,
	} {
		if to.IsUnknown() {
			*to = from
		}
		if to.IsUnknown() {
			*to = types.StringNull()
		}
	}
	if m.Cost.IsUnknown() {
		m.Cost = found.Cost
	}
	if m.MonthlyChange.IsUnknown() {
		m.MonthlyChange = found.MonthlyChange
	}
}
