package contract

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"unicode/utf8"
)

// awsShape is a shape of a service model.
type awsShape struct {
	Type               string
	Required           []string
	Members            map[string]awsRef
	Member, Key, Value awsRef
	Union, Exception   bool
	Min, Max           *int64
	Pattern            string
	Enum               []string
	Error              struct{ HTTPStatusCode int }

	pattern *regexp.Regexp
}

func (s *awsShape) compile() error {
	if s.Pattern == "" {
		return nil
	}
	var err error
	s.pattern, err = regexp.Compile("^(?:" + s.Pattern + ")$")
	return err
}

// problems are what is wrong with a message.
type problems struct{ found []string }

// add adds a problem at a path inside the message. What is said never quotes a
// value: it might be a secret.
func (p *problems) add(path, format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if path != "" {
		text = path + ": " + text
	}
	p.found = append(p.found, text)
}

// members is a value as an object, all of whose members are known.
func (p *problems) members(path string, v any, known []string) (map[string]any, bool) {
	doc, ok := v.(map[string]any)
	if !ok {
		p.add(path, "is %s, not an object", kind(v))
		return nil, false
	}
	for _, name := range slices.Sorted(maps.Keys(doc)) {
		if !slices.Contains(known, name) {
			p.add(path, "there is no member %q", name)
		}
	}
	return doc, true
}

// kind is the JSON type of a value.
func kind(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case string:
		return "a string"
	case bool:
		return "a boolean"
	case json.Number:
		return "a number"
	case []any:
		return "an array"
	case map[string]any:
		return "an object"
	}
	return fmt.Sprintf("a %T", v)
}

// check holds a value to a shape.
func (m awsModel) check(p *problems, name, path string, v any) {
	s, ok := m.Shapes[name]
	if !ok {
		p.add(path, "the model has no shape %s", name)
		return
	}
	switch s.Type {
	case "structure":
		m.structure(p, s, path, v)
	case "list":
		items, ok := v.([]any)
		if !ok {
			p.add(path, "is %s, not an array", kind(v))
			return
		}
		s.bounds(p, path, "items", int64(len(items)))
		for i, item := range items {
			m.check(p, s.Member.Shape, fmt.Sprintf("%s[%d]", path, i), item)
		}
	case "map":
		entries, ok := v.(map[string]any)
		if !ok {
			p.add(path, "is %s, not an object", kind(v))
			return
		}
		s.bounds(p, path, "entries", int64(len(entries)))
		for key, value := range entries {
			m.check(p, s.Key.Shape, path+" key", key)
			m.check(p, s.Value.Shape, path+"."+key, value)
		}
	case "string":
		s.text(p, path, v)
	case "integer", "long":
		s.number(p, path, v)
	case "boolean":
		if _, ok := v.(bool); !ok {
			p.add(path, "is %s, not a boolean", kind(v))
		}
	default:
		p.add(path, "shapes of type %s are not known here", s.Type)
	}
}

func (m awsModel) structure(p *problems, s *awsShape, path string, v any) {
	doc, ok := p.members(path, v, slices.Collect(maps.Keys(s.Members)))
	if !ok {
		return
	}
	for _, name := range s.Required {
		if _, ok := doc[name]; !ok {
			p.add(path, "%q is required", name)
		}
	}
	if s.Union && len(doc) != 1 {
		p.add(path, "a union has one member, not %d", len(doc))
	}
	for _, name := range slices.Sorted(maps.Keys(doc)) {
		if ref, ok := s.Members[name]; ok {
			m.check(p, ref.Shape, path+"."+name, doc[name])
		}
	}
}

func (s *awsShape) bounds(p *problems, path, what string, n int64) {
	if s.Min != nil && n < *s.Min || s.Max != nil && n > *s.Max {
		p.add(path, "%d %s are too few or too many", n, what)
	}
}

func (s *awsShape) text(p *problems, path string, v any) {
	text, ok := v.(string)
	if !ok {
		p.add(path, "is %s, not a string", kind(v))
		return
	}
	s.bounds(p, path, "characters", int64(utf8.RuneCountInString(text)))
	if s.pattern != nil && !s.pattern.MatchString(text) {
		p.add(path, "does not match %s", s.Pattern)
	}
	if s.Enum != nil && !slices.Contains(s.Enum, text) {
		p.add(path, "is none of %q", s.Enum)
	}
}

func (s *awsShape) number(p *problems, path string, v any) {
	number, ok := v.(json.Number)
	if !ok {
		p.add(path, "is %s, not a number", kind(v))
		return
	}
	n, err := strconv.ParseInt(number.String(), 10, 64)
	if err != nil {
		p.add(path, "is no whole number")
		return
	}
	if s.Min != nil && n < *s.Min || s.Max != nil && n > *s.Max {
		p.add(path, "is out of range")
	}
}
