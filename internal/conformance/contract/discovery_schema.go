package contract

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// discoverySchema is a schema or a parameter of a discovery document.
type discoverySchema struct {
	Ref                  string `json:"$ref"`
	Type, Format         string
	Properties           map[string]*discoverySchema
	AdditionalProperties *discoverySchema
	Items                *discoverySchema
	Enum                 []string
	Pattern              string
	// Location, Required and Repeated are a parameter's.
	Location           string
	Required, Repeated bool
}

// value holds a value to a schema. A request may say null for what it leaves
// out.
func (d *Discovery) value(p *problems, s *discoverySchema, path string, v any, request bool) {
	if s.Ref != "" {
		target, ok := d.doc.Schemas[s.Ref]
		if !ok {
			p.add(path, "the document has no schema %s", s.Ref)
			return
		}
		s = target
	}
	if v == nil && request {
		return
	}
	switch s.Type {
	case "any":
	case "object":
		d.object(p, s, path, v, request)
	case "array":
		items, ok := v.([]any)
		if !ok {
			p.add(path, "is %s, not an array", kind(v))
			return
		}
		for i, item := range items {
			d.value(p, s.Items, fmt.Sprintf("%s[%d]", path, i), item, request)
		}
	case "string":
		if text, ok := v.(string); ok {
			s.text(p, path, text)
		} else {
			p.add(path, "is %s, not a string", kind(v))
		}
	case "integer", "number":
		number, ok := v.(json.Number)
		if !ok {
			p.add(path, "is %s, not a number", kind(v))
			return
		}
		s.number(p, path, number.String())
	case "boolean":
		if _, ok := v.(bool); !ok {
			p.add(path, "is %s, not a boolean", kind(v))
		}
	default:
		p.add(path, "schemas of type %q are not known here", s.Type)
	}
}

func (d *Discovery) object(p *problems, s *discoverySchema, path string, v any, request bool) {
	doc, ok := v.(map[string]any)
	if !ok {
		p.add(path, "is %s, not an object", kind(v))
		return
	}
	for _, name := range slices.Sorted(maps.Keys(doc)) {
		property := s.Properties[name]
		if property == nil {
			property = s.AdditionalProperties
		}
		if property == nil {
			p.add(path, "there is no field %q", name)
			continue
		}
		d.value(p, property, path+"."+name, doc[name], request)
	}
	if s.AdditionalProperties != nil && s.AdditionalProperties.Type == "any" {
		d.typed(p, path, doc)
	}
	if _, done := doc["done"].(bool); done && s.Properties["response"] != nil {
		_, failed := doc["error"]
		_, answered := doc["response"]
		if failed == answered {
			p.add(path, "an operation that is done has either an error or a response")
		}
	}
}

// typed holds a message that says its own type to the schema of that type. Types
// of other packages are not in the document.
func (d *Discovery) typed(p *problems, path string, doc map[string]any) {
	text, ok := doc["@type"].(string)
	name, isURL := strings.CutPrefix(text, "type.googleapis.com/")
	if !ok || !isURL {
		p.add(path, "does not say its type")
		return
	}
	rest := maps.Clone(doc)
	delete(rest, "@type")
	service, _, _ := strings.Cut(d.doc.ID, ":")
	own := "google.cloud." + service + "." + d.doc.Version + "."
	switch short, ours := strings.CutPrefix(name, own); {
	case ours:
		d.value(p, &discoverySchema{Ref: short}, path, rest, false)
	case name == "google.protobuf.Empty" && len(rest) > 0:
		p.add(path, "an empty message has %d fields", len(rest))
	}
}

// parameter holds a query parameter to its schema.
func (d *Discovery) parameter(p *problems, s *discoverySchema, path, text string) {
	switch s.Type {
	case "boolean":
		if text != "true" && text != "false" {
			p.add(path, "is no boolean")
		}
	case "integer", "number":
		s.number(p, path, text)
	default:
		s.text(p, path, text)
	}
}

func (s *discoverySchema) text(p *problems, path, text string) {
	if s.Enum != nil && !slices.Contains(s.Enum, text) {
		p.add(path, "is none of %q", s.Enum)
	}
	if s.Pattern != "" {
		if ok, err := regexp.MatchString("^(?:"+s.Pattern+")$", text); err != nil || !ok {
			p.add(path, "does not match %s", s.Pattern)
		}
	}
	var err error
	switch s.Format {
	case "int64":
		_, err = strconv.ParseInt(text, 10, 64)
	case "uint64":
		_, err = strconv.ParseUint(text, 10, 64)
	case "google-datetime", "date-time":
		_, err = time.Parse(time.RFC3339Nano, text)
	case "google-duration":
		_, err = time.ParseDuration(text)
	case "byte":
		_, err = base64.StdEncoding.DecodeString(text)
	}
	if err != nil {
		p.add(path, "is no %s", s.Format)
	}
}

func (s *discoverySchema) number(p *problems, path, text string) {
	n, err := strconv.ParseFloat(text, 64)
	low, high := math.Inf(-1), math.Inf(1)
	switch s.Format {
	case "int32":
		low, high = math.MinInt32, math.MaxInt32
	case "uint32":
		low, high = 0, math.MaxUint32
	}
	if err != nil || n < low || n > high || s.Type == "integer" && n != math.Trunc(n) {
		p.add(path, "is no %s %s", s.Type, s.Format)
	}
}
