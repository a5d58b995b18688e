// Package attachment is what hangs networks on a link: a part on each cloud, for
// example the association of a Direct Connect gateway with a virtual private
// gateway, and the peering of a VPC network with a transport's network. Made on
// both clouds, routes pass from network to network.
//
// It is the domain, as package link is for links: pure Go, no Terraform and no
// SDK, and no cloud by name. Each cloud's part comes in as a Side. The Driver
// looks at what exists, takes the one next step of each part, saves, and looks
// again, so that an apply that was killed anywhere converges the next time.
// Parts carry no idempotency tokens, because what they join names them: a cloud
// lets the same two networks be joined once only, so a call whose reply was lost
// shows when the Driver looks again.
package attachment
