package interconnect

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
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

// tierNote tells, after an apply, that AWS bills another distance tier than the
// plan counted on: what the plan said of the cost was not so. A later change of
// the tier is told by a refresh.
func tierNote(planned types.Int64, m *model) diag.Diagnostics {
	var diags diag.Diagnostics
	tier := said(m.billingTier())
	counted := cost.LocalTier
	if t := said(planned); t != nil {
		counted = *t
	}
	if tier == nil || *tier == counted {
		return diags
	}
	diags.AddAttributeWarning(path.Root("aws").AtName("billing_tier"), fmt.Sprintf("AWS bills link %s at another tier than planned", m.Name.ValueString()),
		fmt.Sprintf("The plan counted on distance tier %d, and AWS bills tier %d: it takes the lowest that holds all that is reached over the link. %s\n\n"+
			"What exists now: The link is as planned. Its cost in the state is the plan's until the next refresh.\n\n"+
			"What to do: Nothing, if that is what the link is to reach. Else look at what its gateway serves: edges of a Cloud WAN core network further away make the tier higher.",
			counted, *tier, m.repriced(planned, m.billingTier())))
	return diags
}

// repriced says what another distance tier makes of the price of the AWS end.
func (m *model) repriced(before, now types.Int64) string {
	at := func(tier types.Int64) string {
		e := cost.Prices().AWS(m.AWS.Region.ValueString(), m.Bandwidth.Speed(), said(tier))
		if e.Monthly == nil {
			return "an amount that is not known"
		}
		return e.Monthly.String() + " USD"
	}
	return fmt.Sprintf("At list price a month of the AWS end costs %s; at the other tier it is %s.", at(now), at(before))
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
