package aws

import (
	"slices"
	"time"
)

// Record is one request in the log. It never holds a body, a key or a
// credential.
type Record struct {
	// Time is when the request came, on the Cloud's clock.
	Time time.Time
	// Service is the signing name, empty when the request named no service.
	Service string
	// Operation is the operation's name.
	Operation string
	// Region and Account are the caller's, empty when it was not known.
	Region, Account string
	// Status is the HTTP status, 0 when the reply was dropped.
	Status int
	// Code is the exception's name, empty on success.
	Code string
	// RequestID is the id in the reply.
	RequestID string
	// Duration is the time the request took, on the Cloud's clock.
	Duration time.Duration
	// ResourceID is the connection, gateway, other id or ARN that the request named or
	// made, if any.
	ResourceID string
}

// Transition is one change of a connection's state. From is empty when the
// connection was made; To is empty when it went without a trace.
type Transition struct {
	// Time is when it happened, on the Cloud's clock.
	Time time.Time
	// ID is the connection's id and SharedID the UUID both clouds give the
	// link.
	ID, SharedID string
	// From and To are the states.
	From, To State
}

// Transitions are all changes of state so far, oldest first.
func (c *Cloud) Transitions() []Transition {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.state.transitions)
}
