package google

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// field is one member of a message: its name in JSON and how its value is read.
// A message is the list of its fields; each version of an API has its own.
type field struct {
	name string // lowerCamelCase
	read func(path string, raw json.RawMessage) *violation
}

// path is the field's name in field masks and messages: snake_case.
func (f field) path() string { return snake(f.name) }

// snake turns a JSON name into the name of the field in the message.
func snake(name string) string {
	var b strings.Builder
	for _, r := range name {
		if r >= 'A' && r <= 'Z' {
			b.WriteByte('_')
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}

// decode reads a body into the message that fields describe and says which
// fields, by path, it held. root is the name of the body's message in error
// texts. All faults are reported at once, in the order of the body. A null is
// an absent field, and both spellings of a name are accepted, as in the JSON
// form of every protocol buffer.
func decode(root string, body []byte, fields []field) (map[string]bool, *apiError) {
	present := map[string]bool{}
	if len(bytes.TrimSpace(body)) == 0 {
		return present, nil
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	if start, err := dec.Token(); err != nil {
		return nil, malformed()
	} else if start != json.Delim('{') {
		return nil, badBody([]violation{{Description: `Invalid JSON payload received. Unknown name "": Root element must be a message.`}})
	}
	var faults []violation
	for dec.More() {
		name, raw, err := member(dec)
		if err != nil {
			return nil, malformed()
		}
		i := slices.IndexFunc(fields, func(f field) bool { return name == f.name || name == f.path() })
		switch {
		case i < 0:
			faults = append(faults, unknownName(name, root, "Cannot find field."))
		case string(raw) == "null":
		default:
			path := fields[i].path()
			if fault := fields[i].read(root+"."+path, raw); fault != nil {
				faults = append(faults, *fault)
			}
			present[path] = true
		}
	}
	if _, err := dec.Token(); err != nil {
		return nil, malformed()
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, malformed()
	}
	if faults != nil {
		return nil, badBody(faults)
	}
	return present, nil
}

// member reads one name and its value.
func member(dec *json.Decoder) (string, json.RawMessage, error) {
	key, err := dec.Token()
	if err != nil {
		return "", nil, err
	}
	var raw json.RawMessage
	if err := dec.Decode(&raw); err != nil {
		return "", nil, err
	}
	name, _ := key.(string)
	return name, raw, nil
}

// malformed is the refusal of what is no JSON. The body is not quoted: it may
// hold an activation key.
func malformed() *apiError {
	return badBody([]violation{{Description: "Invalid JSON payload received. Unexpected token."}})
}

// unknownName is the fault of a name that the message does not have.
func unknownName(name, at, why string) violation {
	return violation{Field: at, Description: fmt.Sprintf("Invalid JSON payload received. Unknown name %q at '%s': %s", name, at, why)}
}

// wrongType is the fault of a value of another type. Only scalars are quoted.
func wrongType(path, kind string, raw json.RawMessage) *violation {
	at, name := splitPath(path)
	switch raw[0] {
	case '[':
		v := unknownName(name, at, "Proto field is not repeating, cannot start list.")
		return &v
	case '{':
		v := unknownName(name, at, "Cannot bind a message to a scalar field.")
		return &v
	}
	return &violation{Field: path, Description: fmt.Sprintf("Invalid value at '%s' (%s), %s", path, kind, raw)}
}

func splitPath(path string) (at, name string) {
	i := strings.LastIndexByte(path, '.')
	if i < 0 {
		return "", path
	}
	return path[:i], path[i+1:]
}

// text reads a string.
func text(name string, to *string) field {
	return field{name, func(path string, raw json.RawMessage) *violation {
		if raw[0] != '"' || json.Unmarshal(raw, to) != nil {
			return wrongType(path, "TYPE_STRING", raw)
		}
		return nil
	}}
}

// flag reads a bool.
func flag(name string, to *bool) field {
	return field{name, func(path string, raw json.RawMessage) *violation {
		if json.Unmarshal(raw, to) != nil {
			return wrongType(path, "TYPE_BOOL", raw)
		}
		return nil
	}}
}

// int32Value reads a whole number, which JSON may also carry as a string.
func int32Value(name string, to *int) field {
	return field{name, func(path string, raw json.RawMessage) *violation {
		n, err := strconv.ParseInt(strings.Trim(string(raw), `"`), 10, 32)
		if err != nil {
			return wrongType(path, "TYPE_INT32", raw)
		}
		*to = int(n)
		return nil
	}}
}

// choice reads a value of an enum. Its first value, the unspecified one, reads
// as "".
func choice(name, typeName string, values []string, to *string) field {
	return field{name, func(path string, raw json.RawMessage) *violation {
		var v string
		if raw[0] != '"' || json.Unmarshal(raw, &v) != nil || !slices.Contains(values, v) {
			return wrongType(path, "type.googleapis.com/"+typeName, raw)
		}
		if v == values[0] {
			v = ""
		}
		*to = v
		return nil
	}}
}

// texts reads a list of strings.
func texts(name string, to *[]string) field {
	return field{name, func(path string, raw json.RawMessage) *violation {
		var items []json.RawMessage
		if json.Unmarshal(raw, &items) != nil {
			return wrongType(path, "TYPE_STRING", raw)
		}
		list := make([]string, len(items))
		for i, item := range items {
			if fault := text("", &list[i]).read(fmt.Sprintf("%s[%d]", path, i), item); fault != nil {
				return fault
			}
		}
		*to = list
		return nil
	}}
}

// textMap reads a map of strings.
func textMap(name string, to *map[string]string) field {
	return field{name, func(path string, raw json.RawMessage) *violation {
		var entries map[string]json.RawMessage
		if json.Unmarshal(raw, &entries) != nil {
			return wrongType(path, "TYPE_MESSAGE", raw)
		}
		m := make(map[string]string, len(entries))
		for i, key := range slices.Sorted(maps.Keys(entries)) {
			var value string
			if fault := text("", &value).read(fmt.Sprintf("%s[%d].value", path, i), entries[key]); fault != nil {
				return fault
			}
			m[key] = value
		}
		*to = m
		return nil
	}}
}

// outputOnly reads past a field that the service alone writes (AIP-203: it is
// ignored in requests).
func outputOnly(name string) field {
	return field{name, func(string, json.RawMessage) *violation { return nil }}
}
