package contract

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	betapb "cloud.google.com/go/networkconnectivity/apiv1beta/networkconnectivitypb"
	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/genproto/googleapis/cloud/location"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"
	"google.golang.org/protobuf/types/known/emptypb"
)

// Beta is the v1beta of Network Connectivity. It has no discovery document here,
// but its protocol buffers have the same in them: methods with their paths, and
// messages.
type Beta struct{ methods []betaMethod }

// betaMethod is one method of v1beta.
type betaMethod struct {
	name, verb, template, body string
	in, out                    protoreflect.MessageDescriptor
}

// LoadBeta reads the methods of v1beta out of the protocol buffers.
func LoadBeta() *Beta {
	c := &Beta{}
	services := betapb.File_google_cloud_networkconnectivity_v1beta_transport_manager_proto.Services()
	for _, file := range []protoreflect.ServiceDescriptors{services, betapb.File_google_cloud_networkconnectivity_v1beta_hub_proto.Services()} {
		for i := range file.Len() {
			methods := file.Get(i).Methods()
			for j := range methods.Len() {
				c.add(methods.Get(j))
			}
		}
	}
	// The services' configuration adds these, which other packages define.
	const places, operations = "/v1beta/{name=projects/*}/locations", "/v1beta/{name=projects/*/locations/*}/operations"
	const operation = "/v1beta/{name=projects/*/locations/*/operations/*}"
	for _, m := range []struct {
		name, verb, template, body string
		in, out                    proto.Message
	}{
		{"ListLocations", http.MethodGet, places, "", &location.ListLocationsRequest{}, &location.ListLocationsResponse{}},
		{"GetLocation", http.MethodGet, "/v1beta/{name=projects/*/locations/*}", "", &location.GetLocationRequest{}, &location.Location{}},
		{"ListOperations", http.MethodGet, operations, "", &longrunningpb.ListOperationsRequest{}, &longrunningpb.ListOperationsResponse{}},
		{"GetOperation", http.MethodGet, operation, "", &longrunningpb.GetOperationRequest{}, &longrunningpb.Operation{}},
		{"DeleteOperation", http.MethodDelete, operation, "", &longrunningpb.DeleteOperationRequest{}, &emptypb.Empty{}},
		{"CancelOperation", http.MethodPost, operation + ":cancel", "*", &longrunningpb.CancelOperationRequest{}, &emptypb.Empty{}},
	} {
		c.methods = append(c.methods, betaMethod{m.name, m.verb, m.template, m.body, m.in.ProtoReflect().Descriptor(), m.out.ProtoReflect().Descriptor()})
	}
	slices.SortStableFunc(c.methods, func(a, b betaMethod) int { return strings.Count(b.template, ":") - strings.Count(a.template, ":") })
	return c
}

// add adds a method with each of its paths.
func (c *Beta) add(m protoreflect.MethodDescriptor) {
	rule, ok := proto.GetExtension(m.Options(), annotations.E_Http).(*annotations.HttpRule)
	if !ok {
		return
	}
	for _, r := range append([]*annotations.HttpRule{rule}, rule.GetAdditionalBindings()...) {
		for verb, template := range map[string]string{
			http.MethodGet: r.GetGet(), http.MethodPost: r.GetPost(), http.MethodPatch: r.GetPatch(), http.MethodDelete: r.GetDelete(),
		} {
			if template != "" {
				c.methods = append(c.methods, betaMethod{string(m.Name()), verb, template, r.GetBody(), m.Input(), m.Output()})
			}
		}
	}
}

// Name names the contract.
func (c *Beta) Name() string { return "Google protocol buffers networkconnectivity:v1beta" }

// Claims says whether the request is for v1beta.
func (c *Beta) Claims(x *Exchange) bool { return strings.HasPrefix(x.URL.Path, "/v1beta/") }

// Operation finds the method.
func (c *Beta) Operation(x *Exchange) (Operation, error) {
	for _, m := range c.methods {
		if m.verb == x.Method && matches(m.template, x.URL.Path) {
			return m, nil
		}
	}
	return nil, fmt.Errorf("the protocol buffers have no method for %s %s", x.Method, x.URL.Path)
}

// matches compares a path with a template such as
// "/v1beta/{name=projects/*/locations/*}:verb".
func matches(template, path string) bool {
	flat := strings.NewReplacer("{name=", "", "{parent=", "", "}", "").Replace(template)
	if start := strings.Index(flat, "{"); start >= 0 { // "{transport.name=…"
		_, rest, _ := strings.Cut(flat[start:], "=")
		flat = flat[:start] + rest
	}
	_, ok := fits(strings.ReplaceAll(flat, "*", "{*}"), path)
	return ok
}

// Name is the method's name.
func (m betaMethod) Name() string { return m.name }

// Request holds the body and the query to the message.
func (m betaMethod) Request(x *Exchange) []string {
	var p problems
	target := m.in
	switch field := m.in.Fields().ByName(protoreflect.Name(m.body)); {
	case m.body == "" && len(x.Body) > 0 && string(x.Body) != "null":
		p.add("", "the method takes no body")
	case field != nil:
		target = field.Message()
	}
	if m.body != "" && len(x.Body) > 0 {
		m.read(&p, target, x.Body)
	}
	m.query(&p, x.URL.Query())
	return p.found
}

// query looks for parameters that are no field of the message.
func (m betaMethod) query(p *problems, query url.Values) {
	for name := range query {
		common := slices.Contains([]string{"alt", "fields", "prettyPrint", "key", "quotaUser", "$alt"}, name)
		if !common && m.in.Fields().ByJSONName(name) == nil && m.in.Fields().ByName(protoreflect.Name(name)) == nil {
			p.add("", "the method has no query parameter %q", name)
		}
	}
}

// Reply holds the body to the message, or the error to Google's form of one.
func (m betaMethod) Reply(x *Exchange) []string {
	var p problems
	switch {
	case x.Status == http.StatusOK:
		m.read(&p, m.out, x.Reply)
	case x.refused():
		googleError(&p, x, false)
	default:
		p.add("", "the status is %d", x.Status)
	}
	return p.found
}

// read reads a message strictly: no field or value that it does not have.
func (m betaMethod) read(p *problems, as protoreflect.MessageDescriptor, raw []byte) {
	if err := protojson.Unmarshal(raw, dynamicpb.NewMessage(as)); err != nil {
		p.add(string(as.Name()), "%v", err)
	}
}
