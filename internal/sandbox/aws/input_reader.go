package aws

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// document is a body apart from any protocol: strings, numbers (int64 or
// json.Number), booleans, nil, []any and map[string]any.
type document = map[string]any

// stringShape is what the service model asks of a string. Lengths are in
// characters; most 0 means no limit.
type stringShape struct {
	least, most int
	pattern     *regexp.Regexp
	oneOf       []string
}

// reader takes an operation's input out of a document, member by member, and
// collects everything that is wrong. A member that is null counts as left out;
// members nobody asks for are ignored, as AWS does.
type reader struct {
	doc  document
	path string
	*findings
}

// findings are what is wrong with a document.
type findings struct {
	types      []string // not of the shape at all
	violations []string // of the shape, against its constraints
	missing    bool     // whether a violation is a member left out
}

func newReader(doc document) *reader { return &reader{doc: doc, findings: &findings{}} }

// at is the path of a member, as messages show it.
func (r *reader) at(name string) string {
	if r.path == "" {
		return name
	}
	return r.path + "." + name
}

func (f *findings) wrongType(path, want string) {
	f.types = append(f.types, fmt.Sprintf("'%s' must be %s", path, want))
}

// violated words a violation as AWS does, but never with the value.
func (f *findings) violated(path, constraint string) {
	f.violations = append(f.violations, fmt.Sprintf("Value at '%s' failed to satisfy constraint: %s", path, constraint))
}

// err is the refusal of the document, with invalid for broken constraints, and
// missing, unless it is nil, for a member left out; nil when all is well.
func (f *findings) err(invalid, missing func(format string, args ...any) *Error) error {
	if f.missing && missing != nil {
		invalid = missing
	}
	if len(f.types) > 0 {
		return serializationError("%s", strings.Join(f.types, "; "))
	}
	switch n := len(f.violations); n {
	case 0:
		return nil
	case 1:
		return invalid("1 validation error detected: %s", f.violations[0])
	default:
		return invalid("%d validation errors detected: %s", n, strings.Join(f.violations, "; "))
	}
}

// take is a member and whether it is there.
func (r *reader) take(name string) (any, bool) {
	v, ok := r.doc[name]
	return v, ok && v != nil
}

// need is take for a member that must be there.
func (r *reader) need(name string) bool {
	_, ok := r.take(name)
	if !ok {
		r.missing = true
		r.violated(r.at(name), "Member must not be null")
	}
	return ok
}

// optional is a string that may be left out: nil then, and when it is wrong.
func (r *reader) optional(name string, shape stringShape) *string {
	v, ok := r.take(name)
	if !ok {
		return nil
	}
	s, ok := v.(string)
	if !ok {
		r.wrongType(r.at(name), "a string")
		return nil
	}
	if !r.check(r.at(name), s, shape) {
		return nil
	}
	return &s
}

// required is a string that must be there: "" when it is wrong.
func (r *reader) required(name string, shape stringShape) string {
	if !r.need(name) {
		return ""
	}
	if s := r.optional(name, shape); s != nil {
		return *s
	}
	return ""
}

// check holds a string against its shape.
func (f *findings) check(path, s string, shape stringShape) bool {
	before := len(f.violations)
	n := utf8.RuneCountInString(s)
	if n < shape.least {
		f.violated(path, fmt.Sprintf("Member must have length greater than or equal to %d", shape.least))
	}
	if shape.most > 0 && n > shape.most {
		f.violated(path, fmt.Sprintf("Member must have length less than or equal to %d", shape.most))
	}
	if shape.pattern != nil && !shape.pattern.MatchString(s) {
		f.violated(path, "Member must satisfy regular expression pattern: "+strings.Trim(shape.pattern.String(), "^$"))
	}
	if shape.oneOf != nil && !slices.Contains(shape.oneOf, s) {
		f.violated(path, "Member must satisfy enum value set: ["+strings.Join(shape.oneOf, ", ")+"]")
	}
	return len(f.violations) == before
}

// integer is a whole number that may be left out, within least and most.
func (r *reader) integer(name string, least, most int64) *int64 {
	v, ok := r.take(name)
	if !ok {
		return nil
	}
	n, ok := asInteger(v)
	if !ok {
		r.wrongType(r.at(name), "a whole number")
		return nil
	}
	switch {
	case n < least:
		r.violated(r.at(name), fmt.Sprintf("Member must have value greater than or equal to %d", least))
	case n > most:
		r.violated(r.at(name), fmt.Sprintf("Member must have value less than or equal to %d", most))
	default:
		return &n
	}
	return nil
}

// asInteger reads a number of any codec, if it is whole.
func asInteger(v any) (int64, bool) {
	switch n := v.(type) {
	case int64:
		return n, true
	case json.Number:
		if i, err := n.Int64(); err == nil {
			return i, true
		}
		f, err := n.Float64()
		return int64(f), err == nil && f == math.Trunc(f) && math.Abs(f) < 1<<53
	}
	return 0, false
}

// structure is a member that is itself a document; nil when left out or wrong.
func (r *reader) structure(name string) *reader {
	v, ok := r.take(name)
	if !ok {
		return nil
	}
	doc, ok := v.(document)
	if !ok {
		r.wrongType(r.at(name), "a structure")
		return nil
	}
	return &reader{doc: doc, path: r.at(name), findings: r.findings}
}

// union is a structure of which exactly one member may be set.
func (r *reader) union(name string, members ...string) *reader {
	u := r.structure(name)
	if u == nil {
		return nil
	}
	set := 0
	for _, m := range members {
		if _, ok := u.take(m); ok {
			set++
		}
	}
	if set != 1 {
		r.violated(r.at(name), "Member must have exactly one of these set: "+strings.Join(members, ", "))
		return nil
	}
	return u
}

// list is a member that is a list; nil when left out or wrong.
func (r *reader) list(name string) []any {
	v, ok := r.take(name)
	if !ok {
		return nil
	}
	items, ok := v.([]any)
	if !ok {
		r.wrongType(r.at(name), "a list")
		return nil
	}
	return items
}

// strings is a list of strings.
func (r *reader) strings(name string, shape stringShape) []string {
	items := r.list(name)
	out := make([]string, 0, len(items))
	for i, item := range items {
		path := fmt.Sprintf("%s.%d.member", r.at(name), i+1)
		s, ok := item.(string)
		if !ok {
			r.wrongType(path, "a string")
			continue
		}
		r.check(path, s, shape)
		out = append(out, s)
	}
	return out
}

// stringMap is a map of strings to strings; nil when left out or wrong.
func (r *reader) stringMap(name string, key, value stringShape) map[string]string {
	m := r.structure(name)
	if m == nil {
		return nil
	}
	out := make(map[string]string, len(m.doc))
	for _, k := range slices.Sorted(maps.Keys(m.doc)) {
		r.check(r.at(name)+".key", k, key)
		s, ok := m.doc[k].(string)
		if !ok {
			r.wrongType(r.at(name)+".value", "a string")
			continue
		}
		r.check(r.at(name)+".value", s, value)
		out[k] = s
	}
	return out
}
