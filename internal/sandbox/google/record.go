package google

import "time"

// Record is what is kept of one call. It never holds a body, a token or an
// activation key.
type Record struct {
	// Time is when the call arrived.
	Time time.Time
	// Service is the host name of the real service, such as
	// "networkconnectivity.googleapis.com".
	Service string
	// Method is the operation's id in the discovery document, such as
	// "networkconnectivity.projects.locations.transports.create".
	Method string
	// Project is the project's id as the caller wrote it.
	Project string
	// Resource is the name of what was acted on: the resource, or for a list
	// its parent.
	Resource string
	// Status is the HTTP status of the answer; 0 when the reply was dropped.
	Status int
	// Code is the service's own error code: "NOT_FOUND" of Network
	// Connectivity, "notFound" of Compute Engine. Empty for success.
	Code string
	// Duration is how long the answer took, on the sandbox's clock.
	Duration time.Duration
}

// Transition is a change of a transport's state.
type Transition struct {
	// Time is when it happened.
	Time time.Time `json:"time"`
	// Name is the transport's full name.
	Name string `json:"name"`
	// SharedID is the UUID that both clouds give the link; empty until it is
	// known.
	SharedID string `json:"sharedId,omitempty"`
	// From is a state of the API; empty when the transport was made.
	From string `json:"from,omitempty"`
	// To is a state of the API; empty when the transport is gone.
	To string `json:"to,omitempty"`
}

// Transitions lists every change of a transport's state so far, oldest first.
func (c *Cloud) Transitions() []Transition {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]Transition(nil), c.transitions...)
}
