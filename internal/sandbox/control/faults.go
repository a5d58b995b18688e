package control

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	sandboxaws "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/aws"
	sandboxgoogle "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/google"
)

// Kind is what a fault does to a call.
type Kind string

// The kinds of fault.
const (
	// Refuse answers with an error; nothing is carried out.
	Refuse Kind = "refuse"
	// RefuseAfter carries the call out and answers with an error.
	RefuseAfter Kind = "refuse_after"
	// Throttle answers that there were too many calls.
	Throttle Kind = "throttle"
	// Delay carries the call out later.
	Delay Kind = "delay"
	// DropRequest closes the connection; nothing is carried out.
	DropRequest Kind = "drop_request"
	// DropReply carries the call out and closes the connection.
	DropReply Kind = "drop_reply"
)

// Kinds are all kinds of fault.
func Kinds() []Kind { return []Kind{Refuse, RefuseAfter, Throttle, Delay, DropRequest, DropReply} }

// Fault is trouble for the calls of one operation.
type Fault struct {
	// Cloud is "aws" or "google".
	Cloud string `json:"cloud"`
	// Operation is the name that the cloud's request log shows, or its last
	// parts: "CreateConnection", "transports.create". Empty is every operation.
	Operation string `json:"operation,omitempty"`
	// Skip is how many calls pass before the fault strikes, and Times how many
	// it strikes; 0 is once, -1 is every one.
	Skip  int `json:"skip,omitempty"`
	Times int `json:"times,omitempty"`
	// Kind is what happens.
	Kind Kind `json:"kind"`
	// Status, Code and Message are the error's. A throttle has its own where
	// they are empty; any other refusal is 500 without them. A Code that the
	// cloud has, such as "ResourceNotFoundException" or "FAILED_PRECONDITION",
	// brings its own Status; another needs one.
	Status  int    `json:"status,omitempty"`
	Code    string `json:"code,omitempty"`
	Message string `json:"message,omitempty"`
	// RetryAfter goes with a refusal, Delay is how long a delay is: "2s".
	RetryAfter duration `json:"retry_after,omitempty"`
	Delay      duration `json:"delay,omitempty"`
}

// duration is a time.Duration that JSON writes as "1h30m".
type duration time.Duration

// MarshalText writes the duration.
func (d duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

// UnmarshalText reads "90s" or "1h30m"; a negative duration is refused.
func (d *duration) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	if err != nil || v < 0 {
		return fmt.Errorf("%q is not a duration such as \"90s\" or \"24h\"", text)
	}
	*d = duration(v)
	return nil
}

// check says what is wrong with a fault.
func (f Fault) check() error {
	switch {
	case f.Cloud != "aws" && f.Cloud != "google":
		return fmt.Errorf("cloud must be \"aws\" or \"google\", not %q", f.Cloud)
	case !slices.Contains(Kinds(), f.Kind):
		return fmt.Errorf("kind must be one of %q, not %q", Kinds(), f.Kind)
	case f.Kind == Delay && f.Delay == 0:
		return errors.New("a delay needs delay")
	case f.Status != 0 && (f.Status < 400 || f.Status > 599):
		return fmt.Errorf("status must be an error's, 400 to 599, not %d", f.Status)
	case f.Code != "" && f.Status == 0 && statusOf(f.Cloud, f.Code) == 0:
		return fmt.Errorf("%s has no error %q in this sandbox: give its status too", f.Cloud, f.Code)
	case f.Skip < 0 || f.Times < -1:
		return errors.New("skip and times count calls: skip is 0 or more, times is -1 or more")
	case f.Kind == RefuseAfter && f.Cloud == "google":
		return errors.New("google has no refuse_after: use drop_reply")
	}
	return nil
}

// statusOf is the HTTP status of an error by its name; 0 for an unknown one.
func statusOf(cloud, code string) int {
	if cloud == "aws" {
		return sandboxaws.StatusOf(code)
	}
	return sandboxgoogle.StatusOf(code)
}

// Faults are the faults that wait to strike. The zero value is ready; it is safe
// for concurrent use.
type Faults struct {
	mu   sync.Mutex
	list []*Fault
}

// Add queues a fault. The first fault that fits a call strikes it. The error says
// what is wrong with the fault.
func (f *Faults) Add(fault Fault) error {
	if err := fault.check(); err != nil {
		return err
	}
	if fault.Times == 0 {
		fault.Times = 1
	}
	if fault.Status == 0 && fault.Code != "" {
		fault.Status = statusOf(fault.Cloud, fault.Code)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.list = append(f.list, &fault)
	return nil
}

// List are the faults that are not used up.
func (f *Faults) List() []Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	all := make([]Fault, len(f.list))
	for i, fault := range f.list {
		all[i] = *fault
	}
	return all
}

// Clear forgets all faults.
func (f *Faults) Clear() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.list = nil
}

// strike is the fault for a call, or nil; it uses the fault up.
func (f *Faults) strike(cloud, operation string) *Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, fault := range f.list {
		if fault.Cloud != cloud || !strings.HasSuffix(operation, fault.Operation) {
			continue
		}
		if fault.Skip > 0 {
			fault.Skip--
			continue
		}
		struck := *fault
		if fault.Times > 0 {
			fault.Times--
		}
		if fault.Times == 0 {
			f.list = slices.Delete(f.list, i, i+1)
		}
		return &struck
	}
	return nil
}

// AWS is the interceptor of the AWS cloud.
func (f *Faults) AWS(c sandboxaws.Call) *sandboxaws.Fault {
	fault := f.strike("aws", c.Operation)
	if fault == nil {
		return nil
	}
	said := &sandboxaws.Error{Status: fault.Status, Code: fault.Code, Message: fault.Message}
	out := &sandboxaws.Fault{RetryAfter: time.Duration(fault.RetryAfter)}
	switch fault.Kind {
	case Delay:
		out.Delay = time.Duration(fault.Delay)
	case DropRequest:
		out.DropRequest = true
	case DropReply:
		out.DropReply = true
	case Throttle:
		out.Err = awsError(said, 429, "ThrottlingException", "Rate exceeded")
	default:
		out.AfterEffect = fault.Kind == RefuseAfter
		out.Err = awsError(said, 500, "InterconnectServerException", "scripted failure")
	}
	return out
}

// awsError fills what a script left out.
func awsError(e *sandboxaws.Error, status int, code, message string) *sandboxaws.Error {
	if e.Status == 0 {
		e.Status = status
	}
	if e.Code == "" {
		e.Code = code
	}
	if e.Message == "" {
		e.Message = message
	}
	return e
}

// Google is the interceptor of the Google cloud.
func (f *Faults) Google(c sandboxgoogle.Call) *sandboxgoogle.Fault {
	fault := f.strike("google", c.Method)
	if fault == nil {
		return nil
	}
	out := &sandboxgoogle.Fault{RetryAfter: time.Duration(fault.RetryAfter), Code: fault.Code, Message: fault.Message}
	switch fault.Kind {
	case Delay:
		out.Delay = time.Duration(fault.Delay)
	case DropRequest:
		out.DropRequest = true
	case DropReply:
		out.DropReply = true
	default:
		out.Status = fault.Status
		if out.Status == 0 && fault.Kind == Throttle {
			out.Status = 429
		}
		if out.Status == 0 {
			out.Status = 500
		}
	}
	return out
}
