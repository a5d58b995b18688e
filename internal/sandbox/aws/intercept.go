package aws

import (
	"context"
	"time"
)

// Call is an operation about to run, as Config.Intercept sees it. It carries
// neither the request's body nor a key.
type Call struct {
	// Service is the signing name: "interconnect", "directconnect", "ec2" or
	// "sts".
	Service string
	// Operation is the operation's name in the service model.
	Operation string
	// Region and Account are the caller's.
	Region, Account string
	// RequestID is the id the reply will carry.
	RequestID string
}

// Fault is what Config.Intercept wants to go wrong with one call.
type Fault struct {
	// Delay passes, on the Cloud's clock, before anything else happens.
	Delay time.Duration
	// Err, when set, is the reply.
	Err *Error
	// AfterEffect runs the operation before Err is answered: it took effect
	// and the client is told that it failed.
	AfterEffect bool
	// RetryAfter, when set, goes with Err as the Retry-After header, in whole
	// seconds.
	RetryAfter time.Duration
	// DropRequest closes the connection; the operation does not run.
	DropRequest bool
	// DropReply runs the operation and closes the connection without a reply.
	DropReply bool
}

// wait lets d pass on the Cloud's clock, or less if ctx ends.
func (c *Cloud) wait(ctx context.Context, d time.Duration) {
	passed := make(chan struct{})
	stop := c.cfg.Clock.AfterFunc(d, func() { close(passed) })
	select {
	case <-passed:
	case <-ctx.Done():
		stop()
	}
}
