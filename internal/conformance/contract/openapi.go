package contract

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"
)

// OpenAPI is an OpenAPI document.
type OpenAPI struct {
	title  string
	router routers.Router
	// Paths are the operations of the document: "GET /providers".
	Paths []string
}

// LoadOpenAPI reads the document of the API between the clouds from a file, with
// the files that it refers to.
func LoadOpenAPI(path string) (*OpenAPI, error) {
	loader := openapi3.NewLoader()
	loader.IsExternalRefsAllowed = true
	// The document has "type: uint32" (the ASNs), which OpenAPI does not know;
	// it is what its authors' generator makes of a protocol buffer. It stands
	// for a number without a sign.
	loader.ReadFromURIFunc = func(l *openapi3.Loader, u *url.URL) ([]byte, error) {
		raw, err := openapi3.ReadFromFile(l, u)
		return bytes.ReplaceAll(raw, []byte("type: uint32"), []byte("type: integer\n      minimum: 0\n      maximum: 4294967295")), err
	}
	doc, err := loader.LoadFromFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading the OpenAPI document: %w", err)
	}
	c := &OpenAPI{title: doc.Info.Title}
	// Its examples have empty strings where its enums allow none.
	if c.router, err = legacy.NewRouter(doc, openapi3.DisableExamplesValidation()); err != nil {
		return nil, fmt.Errorf("reading the OpenAPI document: %w", err)
	}
	for path, item := range doc.Paths.Map() {
		for method := range item.Operations() {
			c.Paths = append(c.Paths, method+" "+path)
		}
	}
	return c, nil
}

// Name names the contract.
func (c *OpenAPI) Name() string { return "OpenAPI document: " + c.title }

// Claims says that every request is for the API, which has a door of its own, but
// for what stands there for BGP.
func (c *OpenAPI) Claims(x *Exchange) bool { return !strings.HasSuffix(x.URL.Path, routesPath) }

// routesPath ends the path by which the simulated clouds tell each other routes.
// Real ones do that by BGP, on the link itself.
const routesPath = "/AdvertiseRoutes"

// Operation finds the operation.
func (c *OpenAPI) Operation(x *Exchange) (Operation, error) {
	// The document's paths begin at the root; the router wants a host.
	request, err := http.NewRequestWithContext(context.Background(), x.Method, "/"+strings.TrimPrefix(x.URL.RequestURI(), "/"), bytes.NewReader(x.Body))
	if err != nil {
		return nil, err
	}
	request.Header = x.Header
	route, params, err := c.router.FindRoute(request)
	if err != nil {
		return nil, fmt.Errorf("the document has no operation for %s %s: %w", x.Method, x.URL.Path, err)
	}
	return openAPICall{&openapi3filter.RequestValidationInput{Request: request, PathParams: params, Route: route}}, nil
}

// openAPICall is one call.
type openAPICall struct {
	in *openapi3filter.RequestValidationInput
}

// Name is the method and the path.
func (c openAPICall) Name() string { return c.in.Request.Method + " " + c.in.Route.Path }

// Request holds the request to the document.
func (c openAPICall) Request(x *Exchange) []string {
	found := c.problem(openapi3filter.ValidateRequest(c.in.Request.Context(), c.in))
	if body := c.in.Route.Operation.RequestBody; body != nil && len(x.Body) > 0 {
		found = append(found, unknown(body.Value.Content, x.Body)...)
	}
	return found
}

// Reply holds a reply to the document, which says nothing of refusals.
func (c openAPICall) Reply(x *Exchange) []string {
	if x.refused() {
		return nil
	}
	out := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: c.in, Status: x.Status, Header: x.ReplyHeader,
		Body: io.NopCloser(bytes.NewReader(x.Reply)),
	}
	found := c.problem(openapi3filter.ValidateResponse(c.in.Request.Context(), out))
	responses := c.in.Route.Operation.Responses
	response := responses.Status(x.Status)
	if response == nil {
		response = responses.Default()
	}
	if response != nil && len(x.Reply) > 0 {
		found = append(found, unknown(response.Value.Content, x.Reply)...)
	}
	return found
}

// unknown are the members of a message that its schema does not have. OpenAPI
// permits them unless a document says otherwise, but a name that is misspelt is
// a mistake all the same.
func unknown(content openapi3.Content, raw []byte) []string {
	media := content.Get("application/json")
	if media == nil || media.Schema == nil {
		return nil
	}
	v, err := decodeJSON(raw)
	if err != nil {
		return []string{"the body cannot be read: " + err.Error()}
	}
	var p problems
	strangers(&p, media.Schema.Value, "", v)
	return p.found
}

// strangers looks for members without a schema, all the way down.
func strangers(p *problems, s *openapi3.Schema, path string, v any) {
	switch v := v.(type) {
	case []any:
		for i, item := range v {
			if s.Items != nil {
				strangers(p, s.Items.Value, fmt.Sprintf("%s[%d]", path, i), item)
			}
		}
	case map[string]any:
		known := properties(s)
		if len(known) == 0 {
			return // anything goes
		}
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if known[name] == nil {
				p.add(path, "there is no member %q", name)
				continue
			}
			strangers(p, known[name], path+"/"+name, v[name])
		}
	}
}

// properties are a schema's own and those of the schemas that it is made of.
func properties(s *openapi3.Schema) map[string]*openapi3.Schema {
	all := map[string]*openapi3.Schema{}
	for _, part := range slices.Concat(s.AllOf, s.OneOf, s.AnyOf) {
		maps.Copy(all, properties(part.Value))
	}
	for name, ref := range s.Properties {
		all[name] = ref.Value
	}
	return all
}

// problem is what is wrong, without the values and the schema that the library
// adds.
func (c openAPICall) problem(err error) []string {
	if err == nil {
		return nil
	}
	if wrong, ok := errors.AsType[*openapi3.SchemaError](err); ok {
		return []string{strings.Join(wrong.JSONPointer(), "/") + ": " + wrong.Reason}
	}
	return []string{err.Error()}
}
