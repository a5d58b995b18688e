// Package bandwidthtier is crosscloud_bandwidth_tier: the bandwidth of a link,
// owned apart from the link.
//
// The files follow those of the other nouns: schema.go says what users write,
// model.go holds it, plan.go decides what a plan says, tier.go finds the link
// and describes it to the domain, resource.go calls the domain.
package bandwidthtier
