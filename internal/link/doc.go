// Package link is the domain: one link between two clouds, made of two ends.
//
// It knows the two handshakes (either end may issue the activation key), how an
// existing link is brought to a wanted form, how it is taken down, and what the
// states of both ends say together (the pairing). It knows no cloud, no SDK and
// no Terraform: an End describes itself, and a third cloud is a third
// implementation of End.
//
// The core is level-based. Driver.Converge looks at both ends, decide names the
// one next step from nothing but what was seen, the driver takes it, and looks
// again. An interrupted run therefore needs no resume logic: the next run sees
// what exists and goes on from there.
package link
