// Package cost estimates what the ends of a link cost, from a dated table of
// list prices, without asking a cloud: so that a plan can say it before anything
// is spent.
//
// What the table does not hold is unknown, never nothing and never derived: both
// clouds sell sizes whose prices they do not publish.
package cost

import (
	"fmt"
	"slices"
	"strings"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/bandwidth"
)

// LocalTier is AWS's distance tier of a link that serves its own region only, as
// virtual private gateways and transit gateways do. AWS subscribes a link to the
// lowest tier that holds all of its paths (AWS user guide, pricing), so it is
// what a link begins with.
const LocalTier = 1

// The clouds, as the table writes them.
const (
	aws    = "aws"
	google = "google"
)

// Estimate is what one end costs at list price. Hourly and Monthly are nil where
// the table has no price; Basis then says what it is that has none.
type Estimate struct {
	Hourly  *Amount `json:"hourly"`
	Monthly *Amount `json:"monthly"`
	// Basis is what the price stands on, in a sentence.
	Basis string `json:"basis"`
	// Source is the address of the price and AsOf the day, or the month, of which
	// it is; empty where there is none.
	Source string `json:"source,omitempty"`
	AsOf   string `json:"as_of,omitempty"`
}

// Link is what a link costs: each end, nil where there is none, and the two
// together. The sum is nil unless the price of every end that there is is known.
type Link struct {
	Currency string    `json:"currency"`
	Hourly   *Amount   `json:"hourly"`
	Monthly  *Amount   `json:"monthly"`
	Excludes string    `json:"excludes"`
	AWS      *Estimate `json:"aws"`
	Google   *Estimate `json:"google"`
}

// AWS is what an AWS end costs. The tier is the one that AWS reports, nil while
// it has not said: then the local one.
func (t Table) AWS(region string, b bandwidth.Bandwidth, tier *int) *Estimate {
	at := LocalTier
	if tier != nil {
		at = *tier
	}
	return t.find(aws, region, b, at, fmt.Sprintf("No price of %s at distance tier %d in %s is in the table.", b, at, region))
}

// Google is what a Google end costs.
func (t Table) Google(region string, b bandwidth.Bandwidth) *Estimate {
	return t.find(google, region, b, 0, fmt.Sprintf("No price of %s in %s is in the table.", b, region))
}

// Link adds up the ends; nil stands for an end that there is not.
func (t Table) Link(aws, google *Estimate) Link {
	l := Link{Currency: t.currency, Excludes: t.excludes, AWS: aws, Google: google}
	var hourly, monthly Amount
	ends := 0
	for _, e := range []*Estimate{aws, google} {
		switch {
		case e == nil:
			continue
		case e.Hourly == nil:
			return l
		}
		ends++
		hourly, monthly = hourly+*e.Hourly, monthly+*e.Monthly
	}
	if ends > 0 {
		l.Hourly, l.Monthly = &hourly, &monthly
	}
	return l
}

// Difference is how much more the second amount is than the first; nil where one
// of them is unknown.
func Difference(from, to *Amount) *Amount {
	if from == nil || to == nil {
		return nil
	}
	return new(*to - *from)
}

// find is the estimate of the price that fits; unknown is its basis where none
// does.
func (t Table) find(end, region string, b bandwidth.Bandwidth, tier int, unknown string) *Estimate {
	for _, p := range t.prices {
		if p.end == end && p.bandwidth == b && p.tier == tier && p.covers(region) {
			return &Estimate{Hourly: new(p.hourly), Monthly: new(p.hourly * Amount(t.hours)), Basis: p.basis, Source: p.source, AsOf: p.asOf}
		}
	}
	return &Estimate{Basis: unknown}
}

// covers says that a price holds in a region. A pattern ends in a star.
func (p price) covers(region string) bool {
	return slices.ContainsFunc(p.regions, func(pattern string) bool {
		prefix, open := strings.CutSuffix(pattern, "*")
		return region == pattern || open && strings.HasPrefix(region, prefix)
	})
}
