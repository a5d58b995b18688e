package bandwidthtier

import (
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cost"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/inventory"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/values"
)

// price sets what the link that was found costs at the model's bandwidth, and
// how much more that is than at the earlier one.
func (m *model) price(f inventory.Found) {
	if m.Bandwidth.IsUnknown() {
		m.unpriced()
		return
	}
	now := inventory.Cost(f.AWS, f.Google, m.Bandwidth.Speed())
	m.Cost = values.NewCost(now)
	switch before := m.previous(); {
	case m.Previous.IsUnknown():
		m.MonthlyChange = types.NumberUnknown()
	case before == 0:
		m.MonthlyChange = types.NumberNull()
	default:
		m.MonthlyChange = values.NewAmount(cost.Difference(inventory.Cost(f.AWS, f.Google, before).Monthly, now.Monthly))
	}
}

// unpriced leaves the cost to the apply.
func (m *model) unpriced() {
	m.Cost, m.MonthlyChange = types.ObjectUnknown(values.CostType()), types.NumberUnknown()
}
