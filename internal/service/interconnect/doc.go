// Package interconnect is crosscloud_interconnect: one link between AWS and
// Google as one resource.
//
// The files follow the life of a value: schema.go says what users write,
// model.go holds it, domain.go turns it into a link with two ends and turns what
// both ends report back into it, plan.go decides what a plan says, resource.go
// calls the domain, import.go finds a whole link by one of its names.
package interconnect
