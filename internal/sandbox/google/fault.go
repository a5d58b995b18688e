package google

import (
	"context"
	"net/http"
	"strconv"
	"time"
)

// Call is a call about to be carried out, as Config.Intercept sees it. Fields
// mean what they mean in Record.
type Call struct {
	Service, Method, Project, Resource string
	// Location is the region in the call's path, if it has one.
	Location string
}

// Fault is what to do to a call. The zero value does nothing.
type Fault struct {
	// Delay is how long to wait before the call is carried out, on the
	// sandbox's clock.
	Delay time.Duration
	// Status, when not zero, refuses the call with this HTTP status.
	Status int
	// Code is the service's own error code, such as "UNAVAILABLE" or
	// "rateLimitExceeded". Empty means the one that belongs to Status.
	Code string
	// Message is the error's text.
	Message string
	// RetryAfter is sent with a refusal as the header of that name, in whole
	// seconds. Zero sends none.
	RetryAfter time.Duration
	// DropRequest closes the connection without carrying the call out.
	DropRequest bool
	// DropReply carries the call out and then closes the connection without an
	// answer.
	DropReply bool
}

// refusal is the error that a fault answers with, or nil.
func (f *Fault) refusal() *apiError {
	if f == nil || f.Status == 0 {
		return nil
	}
	fail := &apiError{code: codeOfStatus(f.Status), http: f.Status, message: f.Message}
	if f.Code != "" {
		fail.name = f.Code
	}
	if fail.message == "" {
		fail.message = http.StatusText(f.Status)
	}
	return fail
}

// retryAfter is the header's value; empty means no header.
func (f *Fault) retryAfter() string {
	if f == nil || f.RetryAfter <= 0 {
		return ""
	}
	return strconv.Itoa(int((f.RetryAfter + time.Second - 1) / time.Second))
}

// wait lets a fault's delay pass, or the caller go away.
func (c *Cloud) wait(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	passed := make(chan struct{})
	stop := c.cfg.Clock.AfterFunc(d, func() { close(passed) })
	defer stop()
	select {
	case <-passed:
	case <-ctx.Done():
	}
}
