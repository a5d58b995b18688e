// Package aws is a simulated AWS: AWS Interconnect, Direct Connect's gateways
// with all that is associated with them, EC2 as far as those need it, and STS,
// behind one http.Handler.
//
// It speaks the real wire protocols, so that clients nobody here wrote work
// against it unchanged: AWS JSON 1.0 and RPCv2-CBOR (Interconnect), AWS JSON 1.1
// (Direct Connect) and the query protocol (EC2, STS), each request signed with
// SigV4. One endpoint serves every region: the region of a call is the one in
// its signature. Facts come from the AWS service model (API version 2022-07-26),
// the AWS user guide and the Connection Coordinator API; where these are silent
// or disagree, the choice is a field of Switches. The README beside this folder
// lists the behaviours of Interconnect and the tests that hold them.
//
// # Layers
//
// A request passes through four layers, each knowing only the next:
//
//   - serve.go, route.go and sigv4.go: HTTP, which service and operation, who calls.
//   - codec_*.go: bytes to a document and back. Another protocol is another
//     codec and another entry in the routes.
//   - input_*.go and shapes.go: document to typed input, every constraint of the
//     service model checked; typed output to document.
//   - the operations, on typed structs, each service a table of them:
//     interconnect.go (with connection_*.go, environment.go and tags.go),
//     directconnect.go (with gateway.go and association*.go), ec2*.go (with
//     network.go) and sts.go.
//
// # The other cloud
//
// A Cloud is a coordinator.Server (partner.go) and is given the other cloud's
// with SetPeer. Nothing else passes between the two. The lock is never held
// while the peer is called. A connection that AWS initiates is requested until
// the peer redeems its key, one that AWS accepts begins pending; provisioning.go
// says how both come up.
//
// # State
//
// Everything that takes time is a timer (timer.go): data, not a function, so that
// Snapshot can save it and Restore go on with it. control*.go are what the
// sandbox's owner may do that no customer can.
//
// Connections belong to an account and a region. Direct Connect gateways belong
// to an account alone: a gateway is a global resource (AWS Direct Connect user
// guide). A Cloud starts empty.
package aws
