// Package attachment is crosscloud_attachment: what hangs networks on a link, on
// AWS the association of the link's Direct Connect gateway, on Google the peering
// with the transport's network.
//
// The files follow the life of a value as in package interconnect: schema.go says
// what users write, model.go holds it, locate.go looks up the link it hangs on,
// domain.go turns it into an attachment with a part on each cloud and turns what
// both report back into it, plan.go decides what a plan says, resource.go calls
// the domain, import.go finds an attachment by its name.
package attachment
