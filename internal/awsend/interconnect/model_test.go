package interconnect_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect/types"
)

// The tests of this file hold the client against the service's own model, so
// that no operation, member, enum value or exception can be missing or misspelt.

type model struct {
	Metadata struct {
		APIVersion, JSONVersion, ServiceID, SigningName, TargetPrefix string
	}
	Operations map[string]struct {
		HTTP          struct{ Method, RequestURI string }
		Input, Output shapeRef
		Errors        []shapeRef
	}
	Shapes map[string]shape
}

type shapeRef struct {
	Shape            string
	IdempotencyToken bool
}

type shape struct {
	Type                 string
	Required             []string
	Members              map[string]shapeRef
	Member, Key, Value   shapeRef
	Enum                 []string
	Union                bool
	Exception, Sensitive bool
	Error                struct {
		HTTPStatusCode int
		SenderFault    bool
	}
}

func readModel(t *testing.T) model {
	t.Helper()
	var m model
	if err := json.Unmarshal([]byte(read(t, "service-2.json")), &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// The one value that every string and every integer has in a sample.
const (
	sampleText   = "sample"
	sampleNumber = 7
)

// unions are the members of each union by the order of their names.
var unions = map[reflect.Type][]any{
	reflect.TypeFor[types.AttachPoint](): {
		&types.AttachPointMemberArn{Value: sampleText},
		&types.AttachPointMemberDirectConnectGateway{Value: sampleText},
	},
	reflect.TypeFor[types.Provider](): {
		&types.ProviderMemberCloudServiceProvider{Value: sampleText},
		&types.ProviderMemberLastMileProvider{Value: sampleText},
	},
	reflect.TypeFor[types.RemoteAccountIdentifier](): {
		&types.RemoteAccountIdentifierMemberIdentifier{Value: sampleText},
	},
}

// variants is the most members that a union has.
const variants = 2

// sample is a shape with all its members, as decoded JSON.
func (m model) sample(name string, variant int) any {
	s := m.Shapes[name]
	switch s.Type {
	case "string":
		return sampleText
	case "integer":
		return float64(sampleNumber)
	case "list":
		return []any{m.sample(s.Member.Shape, variant)}
	case "map":
		return map[string]any{sampleText: m.sample(s.Value.Shape, variant)}
	}
	members := map[string]any{}
	names := slices.Sorted(maps.Keys(s.Members))
	if s.Union {
		names = []string{names[variant%len(names)]}
	}
	for _, name := range names {
		members[name] = m.sample(s.Members[name].Shape, variant)
	}
	return members
}

// fill sets everything in v to what sample has.
func fill(t *testing.T, v reflect.Value, variant int) {
	t.Helper()
	switch v.Kind() {
	case reflect.String:
		v.SetString(sampleText)
	case reflect.Int32:
		v.SetInt(sampleNumber)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(t, v.Elem(), variant)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(t, v.Index(0), variant)
	case reflect.Map:
		v.Set(reflect.ValueOf(map[string]string{sampleText: sampleText}))
	case reflect.Interface:
		members := unions[v.Type()]
		if len(members) == 0 {
			t.Fatalf("%s is no union of the table", v.Type())
		}
		v.Set(reflect.ValueOf(members[variant%len(members)]))
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Field(i).Type() != reflect.TypeFor[middleware.Metadata]() {
				fill(t, v.Field(i), variant)
			}
		}
	default:
		t.Fatalf("no sample for a %s", v.Type())
	}
}

func filled(t *testing.T, typ reflect.Type, variant int) reflect.Value {
	t.Helper()
	v := reflect.New(typ)
	fill(t, v.Elem(), variant)
	return v
}

// method is an operation of the client, called by its name.
type method struct {
	reflect.Method
	input, output reflect.Type
}

func methodOf(t *testing.T, operation string) method {
	t.Helper()
	m, ok := reflect.TypeFor[*interconnect.Client]().MethodByName(operation)
	if !ok || m.Type.NumIn() != 4 || m.Type.NumOut() != 2 {
		t.Fatalf("the client has no operation %s", operation)
	}
	return method{m, m.Type.In(2).Elem(), m.Type.Out(0).Elem()}
}

func (m method) call(ctx context.Context, c *interconnect.Client, in reflect.Value) (any, error) {
	results := m.Func.Call([]reflect.Value{reflect.ValueOf(c), reflect.ValueOf(ctx), in})
	err, _ := reflect.TypeAssert[error](results[1])
	return results[0].Interface(), err
}

// field is the Go name of a member.
func field(member string) string { return strings.ToUpper(member[:1]) + member[1:] }

func encode(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestModelMetadata(t *testing.T) {
	m := readModel(t)
	if m.Metadata.ServiceID != interconnect.ServiceID || m.Metadata.APIVersion != interconnect.ServiceAPIVersion {
		t.Errorf("service = %s %s", interconnect.ServiceID, interconnect.ServiceAPIVersion)
	}
	s := serveText(t, 200, `{}`)
	if _, err := get(t, s.client()); err != nil {
		t.Fatal(err)
	}
	header := s.seen()[0].Header
	if want := "application/x-amz-json-" + m.Metadata.JSONVersion; header.Get("Content-Type") != want {
		t.Errorf("Content-Type = %s, want %s", header.Get("Content-Type"), want)
	}
	if want := "/" + m.Metadata.SigningName + "/aws4_request"; !strings.Contains(header.Get("Authorization"), want) {
		t.Errorf("Authorization = %s, want %s", header.Get("Authorization"), want)
	}
}

// TestModelOperations sends each operation with all members set and answers with
// all members set.
func TestModelOperations(t *testing.T) {
	m := readModel(t)
	if len(m.Operations) != 13 {
		t.Fatalf("%d operations in the model, want 13", len(m.Operations))
	}
	for name, operation := range m.Operations {
		for variant := range variants {
			t.Run(fmt.Sprint(name, "/", variant), func(t *testing.T) {
				op := methodOf(t, name)
				s := serveText(t, 200, encode(t, m.sample(operation.Output.Shape, variant)))
				got, err := op.call(t.Context(), s.client(), filled(t, op.input, variant))
				if err != nil {
					t.Fatal(err)
				}
				want := filled(t, op.output, variant).Interface()
				if diff := cmp.Diff(want, got, cmpopts.IgnoreTypes(middleware.Metadata{})); diff != "" {
					t.Errorf("output (-want +got):\n%s", diff)
				}
				checkModelRequest(t, m, name, s.seen()[0], variant)
			})
		}
	}
}

func checkModelRequest(t *testing.T, m model, name string, r recorded, variant int) {
	t.Helper()
	operation := m.Operations[name]
	if r.Method != operation.HTTP.Method || r.Path != operation.HTTP.RequestURI {
		t.Errorf("request = %s %s", r.Method, r.Path)
	}
	if want := m.Metadata.TargetPrefix + "." + name; r.Header.Get("X-Amz-Target") != want {
		t.Errorf("X-Amz-Target = %s, want %s", r.Header.Get("X-Amz-Target"), want)
	}
	var body any
	if err := json.Unmarshal([]byte(r.Body), &body); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(m.sample(operation.Input.Shape, variant), body); diff != "" {
		t.Errorf("request (-want +got):\n%s", diff)
	}
}

func TestModelHasEveryOperationOfTheClient(t *testing.T) {
	m := readModel(t)
	client := reflect.TypeFor[*interconnect.Client]()
	for method := range client.Methods() {
		name := method.Name
		if _, ok := m.Operations[name]; !ok && name != "Options" {
			t.Errorf("the model has no operation %s", name)
		}
	}
}

func TestModelRequiredMembers(t *testing.T) {
	m := readModel(t)
	s := serveText(t, 200, `{}`)
	for name, operation := range m.Operations {
		input := m.Shapes[operation.Input.Shape]
		for member := range input.Members {
			t.Run(name+"/"+member, func(t *testing.T) {
				op := methodOf(t, name)
				in := filled(t, op.input, 0)
				in.Elem().FieldByName(field(member)).SetZero()
				_, err := op.call(t.Context(), s.client(), in)
				if !slices.Contains(input.Required, member) {
					if err != nil {
						t.Errorf("without an optional member: %v", err)
					}
					return
				}
				if errs := mustAs[smithy.InvalidParamsError](t, err).Errs(); len(errs) != 1 ||
					!strings.Contains(errs[0].Error(), op.input.Name()+"."+field(member)+".") {
					t.Errorf("error = %v", err)
				}
			})
		}
	}
}

func TestModelIdempotencyTokens(t *testing.T) {
	m := readModel(t)
	count := 0
	for name, operation := range m.Operations {
		for member, ref := range m.Shapes[operation.Input.Shape].Members {
			if !ref.IdempotencyToken {
				continue
			}
			count++
			t.Run(name, func(t *testing.T) {
				s := serveText(t, 200, `{}`)
				op := methodOf(t, name)
				in := filled(t, op.input, 0)
				in.Elem().FieldByName(field(member)).SetZero()
				if _, err := op.call(t.Context(), s.client(), in); err != nil {
					t.Fatal(err)
				}
				if got := clientToken(t, s.seen()[0]); len(got) != 36 {
					t.Errorf("%s = %q, want a UUID", member, got)
				}
			})
		}
	}
	if count != 4 {
		t.Errorf("%d idempotency tokens in the model, want 4", count)
	}
}

func values[E interface {
	~string
	Values() []E
}]() []string {
	var all []string
	var e E
	for _, v := range e.Values() {
		all = append(all, string(v))
	}
	return all
}

func TestModelEnums(t *testing.T) {
	ours := map[string][]string{
		"AttachPointType":             values[types.AttachPointType](),
		"ConnectionState":             values[types.ConnectionState](),
		"EnvironmentState":            values[types.EnvironmentState](),
		"RemoteAccountIdentifierType": values[types.RemoteAccountIdentifierType](),
	}
	theirs := map[string][]string{}
	for name, s := range readModel(t).Shapes {
		if s.Enum != nil {
			theirs[name] = s.Enum
		}
	}
	if diff := cmp.Diff(theirs, ours); diff != "" {
		t.Errorf("enums (-model +client):\n%s", diff)
	}
}

func TestModelUnions(t *testing.T) {
	theirs, ours := map[string][]string{}, map[string][]string{}
	for name, s := range readModel(t).Shapes {
		for _, member := range slices.Sorted(maps.Keys(s.Members)) {
			if s.Union {
				theirs[name] = append(theirs[name], name+"Member"+field(member))
			}
		}
	}
	for union, members := range unions {
		for _, member := range members {
			ours[union.Name()] = append(ours[union.Name()], reflect.TypeOf(member).Elem().Name())
		}
		if !reflect.TypeFor[*types.UnknownUnionMember]().Implements(union) {
			t.Errorf("%s has no unknown member", union)
		}
	}
	if diff := cmp.Diff(theirs, ours); diff != "" {
		t.Errorf("unions (-model +client):\n%s", diff)
	}
}

func TestModelExceptions(t *testing.T) {
	m := readModel(t)
	for operation, o := range m.Operations {
		for _, ref := range o.Errors {
			t.Run(operation+"/"+ref.Shape, func(t *testing.T) {
				s := m.Shapes[ref.Shape]
				server := serve(t, func(_ int, w http.ResponseWriter, _ *http.Request) {
					reply(w, s.Error.HTTPStatusCode, `{"__type":"com.amazonaws.interconnect#`+ref.Shape+`","message":"sample"}`)
				})
				op := methodOf(t, operation)
				_, err := op.call(t.Context(), server.client(), filled(t, op.input, 0))
				got := mustAs[smithy.APIError](t, err)
				if name := reflect.TypeOf(got).Elem().Name(); name != ref.Shape || got.ErrorCode() != ref.Shape {
					t.Errorf("error is a %s with code %s", name, got.ErrorCode())
				}
				want := smithy.FaultServer
				if s.Error.SenderFault {
					want = smithy.FaultClient
				}
				if got.ErrorFault() != want {
					t.Errorf("fault = %s, want %s", got.ErrorFault(), want)
				}
				if got.ErrorMessage() == "" {
					t.Error("the message is lost")
				}
			})
		}
	}
}

// TestModelSensitiveMembers finds the structures that hold a secret, and checks
// that each has a way of its own to be shown.
func TestModelSensitiveMembers(t *testing.T) {
	m := readModel(t)
	structures := map[string]reflect.Type{"Connection": reflect.TypeFor[types.Connection]()}
	for name, operation := range m.Operations {
		structures[operation.Input.Shape] = methodOf(t, name).input
	}
	var found []string
	for name, s := range m.Shapes {
		for _, ref := range s.Members {
			if !m.Shapes[ref.Shape].Sensitive {
				continue
			}
			found = append(found, name)
			for _, way := range []reflect.Type{
				reflect.TypeFor[fmt.Formatter](), reflect.TypeFor[fmt.Stringer](),
				reflect.TypeFor[json.Marshaler](), reflect.TypeFor[slog.LogValuer](),
			} {
				if structures[name] == nil || !structures[name].Implements(way) {
					t.Errorf("%s holds a secret and is no %s", name, way)
				}
			}
		}
	}
	slices.Sort(found)
	want := []string{"AcceptConnectionProposalRequest", "Connection", "DescribeConnectionProposalRequest"}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Errorf("structures with a secret (-want +got):\n%s", diff)
	}
}
