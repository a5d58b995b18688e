// Package coordinator is the open API between two simulated clouds: the
// Connection Coordinator API, over HTTP.
//
// A cloud of the sandbox offers a Server, its hook, and is given a Server for its
// peer. Between the two stand two Nodes, one for each cloud: a Node holds what
// the open API knows on its cloud's side, answers the other Node's requests, and
// is its own cloud's peer. The clouds share no memory, and may run in two
// processes. Given to each other without Nodes, two clouds work as well; only
// what the open API does between them is then left out.
//
// The side whose cloud redeems an activation key is the acceptor. Its Node makes
// the connection on its own side first, then at the peer, and then negotiates:
// it asks for guidance and configures one feature on each channel, on its own
// side first. Three features of four are enough. When a cloud has finished its
// work its features are final and the peer is notified, which then looks for
// itself; a connection is verified when both sides have notified and looked.
//
// What is where: node.go sets up; peer.go is what a Node does for its own cloud;
// serve.go, route.go and the serve_ files answer the peer; negotiate.go, choose.go
// and reserve.go choose and reserve parameters; verify.go finishes a connection;
// sweep.go clears away what never was; control.go is for the sandbox's owner.
package coordinator
