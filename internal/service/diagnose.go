package service

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

// Diagnose turns an error of the domain into a diagnostic: what happened on
// which end, the cloud's code and request id, what exists now, what to do, at
// the attribute to blame.
func Diagnose(summary string, err error) diag.Diagnostic {
	le, isLink := errors.AsType[*link.Error](err)
	ce, isCloud := errors.AsType[*cloud.Error](err)
	var b section
	at := path.Empty()
	if isLink {
		summary = le.Summary
		b.add("", le.Detail)
	}
	if isCloud {
		at = attribute(ce.End, ce.Field)
		b.add("", sentence(ce))
	} else if isLink && le.Err != nil {
		b.add("", le.Err.Error())
	}
	if !isLink && !isCloud {
		b.add("", err.Error())
	}
	if isLink && len(at.Steps()) == 0 {
		at = attribute(le.End, le.Field)
	}
	b.add("Attribute", at.String())
	if isLink {
		b.add("What exists now", le.Exists)
		b.add("What to do", remedies(le, ce))
		b.add("Code", string(le.Code))
	} else if isCloud {
		b.add("What to do", ce.Remedy)
	}
	if len(at.Steps()) == 0 {
		return diag.NewErrorDiagnostic(summary, b.String())
	}
	return diag.NewAttributeErrorDiagnostic(at, summary, b.String())
}

// Located turns the field of an end that an error blames into an argument of a
// data source, which has no blocks of the ends. fields has the arguments by end and
// field, such as "AWS region"; a field that is not there blames none.
func Located(err error, fields map[string]string) error {
	e, ok := errors.AsType[*cloud.Error](err)
	if !ok || e.Field == "" {
		return err
	}
	here := *e
	here.Field = fields[e.End+" "+e.Field]
	return &here
}

// Findings turns what a check found into diagnostics.
func Findings(found []link.Finding) diag.Diagnostics {
	var diags diag.Diagnostics
	for _, f := range found {
		var b section
		at := attribute(f.Err.End, f.Err.Field)
		b.add("", sentence(f.Err))
		b.add("Attribute", at.String())
		b.add("What to do", f.Err.Remedy)
		summary := fmt.Sprintf("%s: cannot be built as configured", f.Err.End)
		switch {
		case f.Warning && len(at.Steps()) == 0:
			diags.AddWarning(fmt.Sprintf("%s: may fail as configured", f.Err.End), b.String())
		case f.Warning:
			diags.AddAttributeWarning(at, fmt.Sprintf("%s: may fail as configured", f.Err.End), b.String())
		case len(at.Steps()) == 0:
			b.add("What exists now", "Nothing was created or changed.")
			diags.AddError(summary, b.String())
		default:
			b.add("What exists now", "Nothing was created or changed.")
			diags.AddAttributeError(at, summary, b.String())
		}
	}
	return diags
}

// sentence is what a cloud said about what was attempted, or what a check of
// ours found.
func sentence(e *cloud.Error) string {
	s := e.Error()
	if e.Code == "" && e.Status == 0 && e.Message != "" {
		s = e.End + ": " + e.Message
	}
	return strings.ToUpper(s[:1]) + strings.TrimSuffix(s[1:], ".") + "."
}

// remedies joins the link's remedy and the cloud's, where they differ.
func remedies(le *link.Error, ce *cloud.Error) string {
	if ce == nil || ce.Remedy == "" || strings.Contains(le.Remedy, ce.Remedy) {
		return le.Remedy
	}
	return strings.TrimSpace(ce.Remedy + " " + le.Remedy)
}

// attribute is the path of a field as an end names it: "region" of "AWS" is
// aws.region; ".bandwidth" is the link's own; "tags.team" is a map's element.
func attribute(end, field string) path.Path {
	if field == "" {
		return path.Empty()
	}
	if own, ok := strings.CutPrefix(field, "."); ok {
		return path.Root(own)
	}
	p := path.Root(strings.ToLower(end))
	name, key, isMap := strings.Cut(field, ".")
	p = p.AtName(name)
	if isMap {
		p = p.AtMapKey(key)
	}
	return p
}

// section writes the parts of a detail, each as a paragraph.
type section struct{ parts []string }

func (s *section) add(title, text string) {
	switch {
	case text == "":
	case title == "":
		s.parts = append(s.parts, text)
	default:
		s.parts = append(s.parts, title+": "+text)
	}
}

// String is all parts.
func (s *section) String() string { return strings.Join(s.parts, "\n\n") }
