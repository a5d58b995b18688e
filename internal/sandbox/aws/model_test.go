package aws

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The service model, as far as inputs go.
type (
	model struct {
		Operations map[string]struct {
			Input struct{ Shape string }
		}
		Shapes map[string]shape
	}
	shape struct {
		Type       string
		Required   []string
		Members    map[string]struct{ Shape string }
		Union      bool
		Min, Max   *int
		Pattern    string
		Enum       []string
		Key, Value struct{ Shape string }
		Member     struct{ Shape string }
		Error      struct{ HTTPStatusCode int }
		Exception  bool
	}
)

func loadModel(t *testing.T) model {
	t.Helper()
	raw, err := os.ReadFile("testdata/interconnect-2022-07-26.json")
	if err != nil {
		t.Fatal(err)
	}
	var m model
	if err := json.Unmarshal(raw, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// validValues are legal values of the shapes that have a form. The connection,
// the environment and the key they name do not exist.
var validValues = map[string]any{
	"ActivationKey":                   "not a key",
	"AmazonResourceName":              "arn:aws:interconnect:us-east-1:123456789012:connection/mcc-00000000",
	"CloudServiceProvider":            "gcp",
	"ConnectionBandwidth":             "1Gbps",
	"ConnectionDescription":           "a link",
	"ConnectionId":                    "mcc-00000000",
	"ConnectionState":                 "available",
	"DirectConnectGatewayAttachPoint": unknownUUID,
	"EnvironmentId":                   "mce-nowhere",
	"LastMileProvider":                "lumen",
	"Location":                        "us-east4",
	"MaxResults":                      10,
	"NextToken":                       "token",
	"RemoteOwnerAccount":              "my-project",
	"String":                          "text",
	"TagKey":                          "key",
	"TagValue":                        "value",
}

// sample is a legal value of a shape.
func (m model) sample(t *testing.T, name string) any {
	t.Helper()
	if v, ok := validValues[name]; ok {
		return v
	}
	s := m.Shapes[name]
	switch s.Type {
	case "structure":
		members := slices.Sorted(maps.Keys(s.Members))
		if s.Union {
			members = members[len(members)-1:]
		}
		doc := document{}
		for _, member := range members {
			doc[member] = m.sample(t, s.Members[member].Shape)
		}
		return doc
	case "list":
		return []any{m.sample(t, s.Member.Shape)}
	case "map":
		return document{m.sample(t, s.Key.Shape).(string): m.sample(t, s.Value.Shape)}
	}
	t.Fatalf("no sample for shape %s", name)
	return nil
}

// breach is a document that breaks one constraint, and what the refusal says.
type breach struct {
	name, says string
	value      any
}

// breaches are all ways to break a shape's constraints, each with the whole of
// the shape's value. path is as messages show it.
func (m model) breaches(t *testing.T, name, path string) []breach {
	t.Helper()
	s := m.Shapes[name]
	switch s.Type {
	case "string":
		return s.stringBreaches(path)
	case "integer":
		return []breach{
			{path + " too low", "'" + path + "' failed to satisfy constraint: Member must have value greater", *s.Min - 1},
			{path + " too high", "'" + path + "' failed to satisfy constraint: Member must have value less", *s.Max + 1},
		}
	case "structure":
		return m.structureBreaches(t, name, path)
	case "list":
		return wrap(m.breaches(t, s.Member.Shape, path+".1.member"), func(v any) any { return []any{v} })
	case "map":
		good := m.sample(t, s.Value.Shape)
		keys := wrap(m.breaches(t, s.Key.Shape, path+".key"), func(v any) any { return document{v.(string): good} })
		values := wrap(m.breaches(t, s.Value.Shape, path+".value"), func(v any) any { return document{"key": v} })
		return append(keys, values...)
	}
	t.Fatalf("no breaches for shape %s of type %s", name, s.Type)
	return nil
}

func wrap(in []breach, f func(any) any) []breach {
	for i := range in {
		in[i].value = f(in[i].value)
	}
	return in
}

func (s shape) stringBreaches(path string) []breach {
	at := "'" + path + "' failed to satisfy constraint: Member must "
	var out []breach
	if s.Min != nil && *s.Min > 0 {
		out = append(out, breach{path + " too short", at + "have length greater", strings.Repeat("a", *s.Min-1)})
	}
	if s.Max != nil {
		out = append(out, breach{path + " too long", at + "have length less", strings.Repeat("a", *s.Max+1)})
	}
	if s.Pattern != "" {
		out = append(out, breach{path + " off the pattern", at + "satisfy regular expression", strings.Repeat("!", max(1, orZero(s.Min)))})
	}
	if s.Enum != nil {
		out = append(out, breach{path + " not in the enum", at + "satisfy enum", "nonsense"})
	}
	return out
}

func orZero(n *int) int {
	if n == nil {
		return 0
	}
	return *n
}

func (m model) structureBreaches(t *testing.T, name, path string) []breach {
	s := m.Shapes[name]
	var out []breach
	for _, member := range slices.Sorted(maps.Keys(s.Members)) {
		at := member
		if path != "" {
			at = path + "." + member
		}
		out = append(out, wrap(m.breaches(t, s.Members[member].Shape, at), func(v any) any {
			if s.Union {
				return document{member: v}
			}
			doc := maps.Clone(m.sample(t, name).(document))
			doc[member] = v
			return doc
		})...)
		if slices.Contains(s.Required, member) {
			for kind, absent := range map[string]func(document){
				"left out": func(d document) { delete(d, member) },
				"null":     func(d document) { d[member] = nil },
			} {
				doc := maps.Clone(m.sample(t, name).(document))
				absent(doc)
				out = append(out, breach{at + " " + kind, "'" + at + "' failed to satisfy constraint: Member must not be null", doc})
			}
		}
	}
	if s.Union {
		says := "'" + path + "' failed to satisfy constraint: Member must have exactly one"
		out = append(out, breach{path + " with no member", says, document{}})
		if len(s.Members) > 1 {
			both := document{}
			for member, sh := range s.Members {
				both[member] = m.sample(t, sh.Shape)
			}
			out = append(out, breach{path + " with two members", says, both})
		}
	}
	return out
}

// TestModelHasEveryOperation holds the operations to the model's.
func TestModelHasEveryOperation(t *testing.T) {
	m := loadModel(t)
	got := slices.Sorted(maps.Keys(interconnect{New(Config{})}.service().operations))
	if diff := cmp.Diff(slices.Sorted(maps.Keys(m.Operations)), got); diff != "" {
		t.Errorf("operations (-model +cloud):\n%s", diff)
	}
}

// TestModelErrors holds the errors to the model's names and HTTP statuses.
func TestModelErrors(t *testing.T) {
	m := loadModel(t)
	want := map[string]int{}
	for name, s := range m.Shapes {
		if s.Exception {
			want[name] = s.Error.HTTPStatusCode
		}
	}
	delete(want, "ThrottlingException") // comes from Config.Intercept alone
	got := map[string]int{}
	for _, e := range []*Error{validationError(""), clientError(""), quotaError(""), deniedError(""), notFoundError(""), serverError("")} {
		got[e.Code] = e.Status
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("errors (-model +cloud):\n%s", diff)
	}
}

// TestModelConstraints breaks every constraint of every input, one at a time, in
// both protocols.
func TestModelConstraints(t *testing.T) {
	t.Run("json", func(t *testing.T) { testModelConstraints(t, false) })
	t.Run("cbor", func(t *testing.T) { testModelConstraints(t, true) })
}

func testModelConstraints(t *testing.T, cbor bool) {
	m := loadModel(t)
	r := newRig(t)
	r.client.cbor = cbor
	for operation := range m.Operations {
		t.Run(operation, func(t *testing.T) {
			input := m.Operations[operation].Input.Shape
			c := r.client
			c.t = t
			if _, f := c.try(operation, m.sample(t, input).(document)); f != nil && strings.Contains(f.Message, "failed to satisfy constraint: Member") {
				t.Fatalf("a legal input is refused: %v", f)
			}
			breaches := m.breaches(t, input, "")
			if len(breaches) == 0 {
				t.Fatal("the model gives no constraint to break")
			}
			for _, b := range breaches {
				t.Run(b.name, func(t *testing.T) {
					c := r.client
					c.t = t
					message := c.refused("InterconnectValidationException", operation, b.value.(document))
					if !strings.Contains(message, b.says) {
						t.Errorf("message %q does not say %q", message, b.says)
					}
				})
			}
		})
	}
}

// TestModelTypes sends members of the wrong type, in both protocols.
func TestModelTypes(t *testing.T) {
	t.Run("json", func(t *testing.T) { testModelTypes(t, false) })
	t.Run("cbor", func(t *testing.T) { testModelTypes(t, true) })
}

func testModelTypes(t *testing.T, cbor bool) {
	m := loadModel(t)
	r := newRig(t)
	r.client.cbor = cbor
	for operation := range m.Operations {
		input := m.Operations[operation].Input.Shape
		for member, ref := range m.Shapes[input].Members {
			t.Run(fmt.Sprintf("%s.%s", operation, member), func(t *testing.T) {
				c := r.client
				c.t = t
				in := m.sample(t, input).(document)
				in[member] = 7
				if m.Shapes[ref.Shape].Type == "integer" {
					in[member] = "seven"
				}
				c.refused("SerializationException", operation, in)
			})
		}
	}
}
