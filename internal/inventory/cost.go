package inventory

import (
	"cmp"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cost"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

// Cost is what a link that was seen costs: its ends as they are, or, where at is
// not 0, with that bandwidth. An end that is not there costs nothing and is nil.
func Cost(aws, google link.Observation, at bandwidth.Bandwidth) cost.Link {
	prices := cost.Prices()
	var first, second *cost.Estimate
	if there(aws) {
		var tier *int
		if d, ok := aws.Detail.(*awsend.Detail); ok && d != nil && d.BillingTier != nil {
			tier = new(int(*d.BillingTier))
		}
		first = prices.AWS(aws.Site.Region, cmp.Or(at, aws.Bandwidth), tier)
	}
	if there(google) {
		second = prices.Google(google.Site.Region, cmp.Or(at, google.Bandwidth))
	}
	return prices.Link(first, second)
}

// there says that an end exists, in whatever state.
func there(o link.Observation) bool {
	return o.ID != "" && !o.State.Gone() && o.State != link.Unseen
}
