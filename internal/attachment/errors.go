package attachment

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

// The codes of errors of an attachment, beside those of package link.
const (
	// CodeExists: a complete attachment of this name exists already.
	CodeExists link.Code = "attachment_exists"
	// CodeForeign: what the attachment would make exists, and is somebody
	// else's.
	CodeForeign link.Code = "part_of_another"
	// CodeWaiting: somebody else has not agreed.
	CodeWaiting link.Code = "not_agreed"
)

// fail makes an error about one part.
func (s *session) fail(code link.Code, i int, summary, detail, remedy string) *link.Error {
	d := s.a.Parts[i].Side.Descriptor()
	return &link.Error{
		Code: code, End: d.Name, Summary: fmt.Sprintf("%s %s: %s", d.Name, d.Object, summary),
		Detail: detail, Exists: s.sentence(), Remedy: remedy,
	}
}

// sentence describes all parts in one line.
func (s *session) sentence() string {
	var parts []string
	for i, seen := range s.view {
		part := s.name(i)
		if seen.ID != "" {
			part += " " + seen.ID
		}
		parts = append(parts, part+": "+seen.word())
		if old := s.old[i]; old.State != Absent && old.State != "" {
			parts = append(parts, "the "+s.name(i)+" that it replaces "+old.ID+": "+old.word())
		}
	}
	return strings.Join(parts, "; ")
}

// word is the state for people: the cloud's own word where it has one.
func (s Sight) word() string {
	switch {
	case s.State == "":
		return "not looked at yet"
	case s.Raw != "":
		return s.Raw
	}
	return string(s.State)
}

// explain makes the error that leaves the package: it says what exists now, and
// what happens next where time ran out.
func (s *session) explain(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		e := &link.Error{Code: link.CodeTimeout, Exists: s.sentence(), Err: err, Summary: "The time for this operation ran out"}
		if errors.Is(ctx.Err(), context.Canceled) {
			e.Summary = "The operation was interrupted"
		}
		e.Remedy = "Nothing is lost: what exists is in the state. Apply again to go on from there, with a longer timeout where the clouds are slow."
		for i, seen := range s.view {
			if seen.State == Asked || seen.State == Waiting {
				e.Code, e.End = CodeWaiting, s.a.Parts[i].Side.Descriptor().Name
				e.Detail = fmt.Sprintf("The %s waits for somebody else: %s", s.name(i), seen.Why)
			}
		}
		return e
	}
	if le, ok := errors.AsType[*link.Error](err); ok {
		le.Exists = s.sentence()
		return le
	}
	e := &link.Error{Code: link.CodeCloud, Summary: "A cloud refused", Err: err, Exists: s.sentence()}
	if pe, ok := errors.AsType[*partError](err); ok {
		e.End = s.a.Parts[pe.part].Side.Descriptor().Name
		e.Summary = e.End + " refused"
	}
	if ce, ok := errors.AsType[*cloud.Error](err); ok {
		e.Remedy, e.Field = ce.Remedy, ce.Field
		if ce.Attempt != "" {
			e.Summary = fmt.Sprintf("%s: could not %s", ce.End, ce.Attempt)
		}
	}
	return e
}
