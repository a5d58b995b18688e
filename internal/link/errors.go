package link

import (
	"errors"
	"fmt"
	"strings"
)

// Code names a reason why a link could not be brought where it should be. Codes
// are part of the documentation: users search for them.
type Code string

// The codes.
const (
	// CodeBroken: an end failed, was deleted or deprovisioned, and cannot
	// come back.
	CodeBroken Code = "broken_link"
	// CodeTimeout: the time for the operation ran out.
	CodeTimeout Code = "timed_out"
	// CodeStuck: the time ran out on an end that its cloud does not get
	// through creation.
	CodeStuck Code = "stuck_in_creation"
	// CodeExists: a complete link of this name exists already.
	CodeExists Code = "link_exists"
	// CodeAmbiguous: several objects carry this link's marker.
	CodeAmbiguous Code = "ambiguous_marker"
	// CodeKey: the activation key is not the one for this link.
	CodeKey Code = "wrong_activation_key"
	// CodeMismatch: the two ends are not halves of one link.
	CodeMismatch Code = "ends_differ"
	// CodeRefused: the other cloud refused the change.
	CodeRefused Code = "change_refused"
	// CodeRemains: something that bills could not be removed.
	CodeRemains Code = "end_remains"
	// CodeCloud: a cloud refused a call.
	CodeCloud Code = "cloud_refused"
)

// Error is why a link is not where it should be. It names the end, says what
// exists now, and what to do.
type Error struct {
	// Code of the reason.
	Code Code
	// End names the end at fault ("AWS"); empty when it is the link.
	End string
	// Field is the configuration field to blame, as in cloud.Error.
	Field string
	// Summary in a few words, Detail in a sentence or two.
	Summary, Detail string
	// Exists says what exists now.
	Exists string
	// Remedy says what to do.
	Remedy string
	// View is both ends as last seen.
	View View
	// Err is the cause, if there is one.
	Err error
}

// Error joins the parts.
func (e *Error) Error() string {
	parts := []string{e.Summary}
	if e.Detail != "" {
		parts = append(parts, e.Detail)
	}
	if e.Err != nil {
		parts = append(parts, e.Err.Error())
	}
	if e.Exists != "" {
		parts = append(parts, "now: "+e.Exists)
	}
	if e.Remedy != "" {
		parts = append(parts, e.Remedy)
	}
	return strings.Join(parts, ": ")
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// isCode says that an error is an *Error for a reason.
func isCode(err error, code Code) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Code == code
}

// fail makes an Error about one end of the link.
func (l Link) fail(code Code, s Side, v View, summary, detail, remedy string) *Error {
	d := l.describe(s)
	return &Error{
		Code: code, End: d.Name, View: v,
		Summary: fmt.Sprintf("%s %s: %s", d.Name, d.Object, summary),
		Detail:  detail,
		Exists:  l.sentence(v),
		Remedy:  remedy,
	}
}
