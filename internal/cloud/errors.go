package cloud

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Kind says what an error means for the one who must decide what to do next.
type Kind int

// The kinds of error.
const (
	// Unknown is an error that no cloud classified: a broken connection, a
	// reply that cannot be read.
	Unknown Kind = iota
	// NotFound: the object does not exist, or no longer.
	NotFound
	// Conflict: somebody else is changing the object, or has made one of the
	// same name. Worth retrying for a bounded time.
	Conflict
	// Throttled: too many calls. Retried by the SDKs first.
	Throttled
	// Denied: the credentials may not do this.
	Denied
	// Quota: a limit of the account or project is reached.
	Quota
	// Precondition: the object's state, or the other cloud, forbids it.
	Precondition
	// Invalid: the cloud refused a value.
	Invalid
	// Unavailable: the cloud failed; the call may have taken effect.
	Unavailable
	// Terminal: the object is in a state it cannot leave.
	Terminal
)

// String is the kind's name in messages and logs.
func (k Kind) String() string {
	names := [...]string{"unknown", "not found", "conflict", "throttled", "denied", "quota", "precondition", "invalid", "unavailable", "terminal"}
	if k < 0 || int(k) >= len(names) {
		return "unknown"
	}
	return names[k]
}

// Error is what a cloud said, with what we were doing and what to do next.
// Nothing in it is secret.
type Error struct {
	// Kind classifies it.
	Kind Kind
	// End is the cloud's name as people write it: "AWS", "Google".
	End string
	// Attempt says what was attempted: "create the connection".
	Attempt string
	// Object names what it was attempted on: an id, ARN or resource name.
	Object string
	// Field is the configuration field to blame, relative to the end
	// ("region") or, with a leading ".", to the link (".bandwidth"). Empty
	// when no field is to blame.
	Field string
	// Code, Status, Message and RequestID are the cloud's own. Google sends
	// no request id with these APIs.
	Code      string
	Status    int
	Message   string
	RequestID string
	// Remedy says what the reader should do.
	Remedy string
	// RetryAfter is what the cloud asked us to wait; 0 when it said nothing.
	RetryAfter time.Duration
	// Err is the SDK's error.
	Err error
}

// Error puts the parts in the order in which a reader needs them.
func (e *Error) Error() string {
	var b strings.Builder
	if e.Attempt != "" {
		fmt.Fprintf(&b, "could not %s", e.Attempt)
		if e.Object != "" {
			fmt.Fprintf(&b, " %s", e.Object)
		}
		b.WriteString(": ")
	}
	b.WriteString(e.Said())
	return b.String()
}

// Said is the cloud's own part: "AWS said InterconnectClientException: … (HTTP
// 400, request id …)".
func (e *Error) Said() string {
	var b strings.Builder
	switch {
	case e.Code != "" || e.Message != "":
		fmt.Fprintf(&b, "%s said %s", e.End, strings.Trim(e.Code+": "+e.Message, ": "))
	case e.Err != nil:
		fmt.Fprintf(&b, "%s: %v", e.End, e.Err)
	default:
		fmt.Fprintf(&b, "%s: %s", e.End, e.Kind)
	}
	var facts []string
	if e.Status != 0 {
		facts = append(facts, fmt.Sprintf("HTTP %d", e.Status))
	}
	if e.RequestID != "" {
		facts = append(facts, "request id "+e.RequestID)
	}
	if len(facts) > 0 {
		fmt.Fprintf(&b, " (%s)", strings.Join(facts, ", "))
	}
	return b.String()
}

// Unwrap gives the SDK's error.
func (e *Error) Unwrap() error { return e.Err }

// KindOf is the kind of the first *Error in err's chain, or Unknown.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Unknown
}

// IsNotFound says that err means "does not exist".
func IsNotFound(err error) bool { return KindOf(err) == NotFound }

// Transient says that the same call may well succeed later: the other side is
// busy, we were too fast, or the cloud stumbled.
func Transient(err error) bool {
	switch KindOf(err) {
	case Conflict, Throttled, Unavailable:
		return true
	}
	return false
}
