package interconnect

import (
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cost"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/service/values"
)

// price sets what the link costs, as far as regions and bandwidth are known:
// plans and refreshes say the same of the same link.
func (m *model) price(tier types.Int64) {
	switch {
	case m.Bandwidth.IsUnknown() || m.AWS != nil && m.AWS.Region.IsUnknown() || m.Google != nil && m.Google.Region.IsUnknown():
		m.Cost = types.ObjectUnknown(values.CostType())
		return
	case m.Bandwidth.Speed() == 0:
		m.Cost = types.ObjectNull(values.CostType())
		return
	}
	prices := cost.Prices()
	var aws, google *cost.Estimate
	if m.AWS != nil {
		aws = prices.AWS(m.AWS.Region.ValueString(), m.Bandwidth.Speed(), said(tier))
	}
	if m.Google != nil {
		google = prices.Google(m.Google.Region.ValueString(), m.Bandwidth.Speed())
	}
	m.Cost = values.NewCost(prices.Link(aws, google))
}

// said is a tier that AWS has told; nil where it has not.
func said(tier types.Int64) *int {
	if tier.IsNull() || tier.IsUnknown() {
		return nil
	}
	return new(int(tier.ValueInt64()))
}

// billingTier is the distance tier that AWS has told of the link.
func (m *model) billingTier() types.Int64 {
	if m.AWS == nil {
		return types.Int64Null()
	}
	return m.AWS.BillingTier
}

// planCost plans what the link will cost. A price alone is no change to apply:
// while regions and bandwidth stay what they are, so does the cost, and what a
// newer table or a new distance tier makes of it is told by the next refresh.
func (m *model) planCost(state *model) {
	if m.sameGoods(state) {
		m.Cost = state.Cost
		return
	}
	m.price(state.billingTier())
}

// sameGoods says that two models describe what costs the same.
func (m *model) sameGoods(state *model) bool {
	if m.Bandwidth.IsUnknown() || m.Bandwidth.Speed() != state.Bandwidth.Speed() || m.alone() != state.alone() {
		return false
	}
	return (m.AWS == nil || m.AWS.Region.Equal(state.AWS.Region)) && (m.Google == nil || m.Google.Region.Equal(state.Google.Region))
}

// keepCost keeps the cost that the plan told: an engine takes no other for an
// answer.
func (m *model) keepCost(planned types.Object) {
	if !planned.IsUnknown() {
		m.Cost = planned
	}
}
