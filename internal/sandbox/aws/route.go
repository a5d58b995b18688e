package aws

import (
	"context"
	"mime"
	"net/http"
	"net/url"
	"strings"
)

// route is one way to reach a service: how its requests look and which codec
// reads them.
type route struct {
	service *service
	codec   codec
	// match is the operation that a request names, and whether the request is
	// for this route at all.
	match func(r *http.Request, body []byte) (operation string, ok bool)
}

// service is a set of operations behind one signing name.
type service struct {
	name       string
	operations map[string]operation
	// invalid makes the refusal of an input that breaks a constraint, missing
	// that of one that lacks a member; nil means invalid.
	invalid, missing func(format string, args ...any) *Error
	// unknown makes the refusal of an operation that does not exist.
	unknown func(operation string) *Error
}

// operation runs one operation on a document. resource is the id that the input
// or the output names, if any.
type operation func(ctx context.Context, who caller, doc document) (out reply, resource string, err error)

// handle adds an operation to a service: read checks the document and makes the
// typed input, run does the work.
func handle[I any, O reply](s *service, name string, read func(*reader) I, run func(context.Context, caller, I) (O, error)) {
	s.operations[name] = func(ctx context.Context, who caller, doc document) (reply, string, error) {
		r := newReader(doc)
		in := read(r)
		if err := r.err(s.invalid, s.missing); err != nil {
			return nil, "", err
		}
		resource := ""
		if named, ok := any(in).(identified); ok {
			resource = named.resource()
		}
		out, err := run(ctx, who, in)
		if err != nil {
			return nil, resource, err
		}
		if named, ok := any(out).(identified); ok {
			resource = named.resource()
		}
		return out, resource, nil
	}
}

// services are all routes of the Cloud.
func (c *Cloud) services() []route {
	return []route{
		{service: interconnect{c}.service(), codec: jsonCodec{version: "1.0"}, match: matchTarget("Interconnect")},
		{service: interconnect{c}.service(), codec: cborCodec{}, match: matchRPC("Interconnect")},
		{service: directConnect{c}.service(), codec: jsonCodec{version: "1.1"}, match: matchTarget("OvertureService")},
		{service: sts{c}.service(), codec: queryCodec{namespace: stsNamespace}, match: matchForm(stsVersion)},
		{service: ec2{c}.service(), codec: ec2Codec{}, match: matchForm(ec2Version)},
	}
}

// find is the route of a request and the operation it names.
func (c *Cloud) find(r *http.Request, body []byte) (route, string, bool) {
	for _, rt := range c.routes {
		if name, ok := rt.match(r, body); ok {
			return rt, name, true
		}
	}
	return route{}, "", false
}

// matchTarget matches AWS JSON: a POST with X-Amz-Target "<prefix>.<operation>".
func matchTarget(prefix string) func(*http.Request, []byte) (string, bool) {
	return func(r *http.Request, _ []byte) (string, bool) {
		name, ok := strings.CutPrefix(r.Header.Get("X-Amz-Target"), prefix+".")
		return name, ok && r.Method == http.MethodPost && r.URL.Path == "/"
	}
}

// matchRPC matches RPCv2-CBOR: a POST to the operation's own path, with the
// protocol's name in a header (Smithy, RPC v2 CBOR protocol).
func matchRPC(service string) func(*http.Request, []byte) (string, bool) {
	return func(r *http.Request, _ []byte) (string, bool) {
		name, ok := strings.CutPrefix(r.URL.Path, "/service/"+service+"/operation/")
		media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
		return name, ok && r.Method == http.MethodPost && err == nil && media == cborMedia &&
			r.Header.Get(protocolHeader) == cborProtocol
	}
}

// matchForm matches the query protocol: a POSTed form with an Action and the
// service's API version.
func matchForm(version string) func(*http.Request, []byte) (string, bool) {
	return func(r *http.Request, body []byte) (string, bool) {
		media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
		if err != nil || media != "application/x-www-form-urlencoded" || r.Method != http.MethodPost || r.URL.Path != "/" {
			return "", false
		}
		form, err := url.ParseQuery(string(body))
		if err != nil || form.Get("Version") != version {
			return "", false
		}
		return form.Get("Action"), true
	}
}

// unknownOperation is how services that speak AWS JSON answer an operation they
// do not have.
func unknownOperation(operation string) *Error {
	return &Error{Code: "UnknownOperationException", Status: http.StatusBadRequest, Message: "The operation " + quoteName(operation) + " is not known."}
}

// quoteName quotes what a client called an operation, cut short.
func quoteName(name string) string { return `"` + shorten(name) + `"` }

// shorten cuts what a client wrote.
func shorten(name string) string {
	const most = 64
	if len(name) > most {
		return strings.ToValidUTF8(name[:most], "") + "…"
	}
	return name
}
