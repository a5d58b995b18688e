// Package google is a simulated Google cloud: the parts of the Network
// Connectivity API (v1, v1beta) and of the Compute Engine API (v1) that a link
// needs, and a token endpoint for a service account, behind one http.Handler.
//
// A Cloud answers as the real services do: bearer tokens, Google's two error
// bodies, long-running operations with the recorded shapes, request ids, field
// masks, page tokens, quotas. It knows the other cloud only as a
// coordinator.Server, and is one itself.
//
// How the package is laid out:
//
//   - routes.go, http.go, decode.go, wire.go: the wire. A handler reads a call
//     into plain values and hands them on.
//   - transport_*.go, key.go, join.go, provision.go: transports, one file a verb.
//   - operation.go, compute_operation.go: the two kinds of long-running
//     operation, which know nothing of HTTP.
//   - hub.go, spoke.go: Network Connectivity Center hubs, as far as transports
//     need them.
//   - network*.go, peering*.go: VPC networks and their peerings.
//   - token.go, account.go: access tokens and the service account.
//   - step.go: what is to happen later, as data; snapshot*.go keep and restore it
//     with everything else.
//   - peer.go: what this cloud answers to the other one.
//   - control*.go: what the owner of a sandbox may do that no customer can.
//
// Time comes from a clock.Clock alone. Nothing here waits for the machine's
// clock, so that a test advances a clock.Manual and sees the outcome at once.
//
// Facts come from Google's discovery documents (networkconnectivity v1, compute
// v1), from Google's product documentation, from the Connection Coordinator
// API's OpenAPI document and from recorded exchanges with sibling resources of
// the same services. Where these are silent or disagree the choice is marked as
// inferred, and those that a client could stumble on are Switches.
package google
