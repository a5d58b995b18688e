package contract

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
)

// Discovery is a discovery document as Google publishes it.
type Discovery struct {
	doc     discoveryDocument
	methods []discoveryMethod
	// prefix begins the path of every request.
	prefix string
}

// The discovery document, as far as messages go.
type (
	discoveryDocument struct {
		ID, Version, ServicePath string
		Parameters               map[string]*discoverySchema
		Resources                map[string]discoveryResource
		Schemas                  map[string]*discoverySchema
	}
	discoveryResource struct {
		Methods   map[string]discoveryMethod
		Resources map[string]discoveryResource
	}
	discoveryMethod struct {
		ID, HTTPMethod, FlatPath string
		Parameters               map[string]*discoverySchema
		Request, Response        struct {
			Ref string `json:"$ref"`
		}
	}
)

// LoadDiscovery reads a discovery document from a file.
func LoadDiscovery(path string) (*Discovery, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading a discovery document: %w", err)
	}
	d := &Discovery{}
	if err := json.Unmarshal(raw, &d.doc); err != nil {
		return nil, fmt.Errorf("reading the discovery document %s: %w", path, err)
	}
	d.prefix = "/" + d.doc.ServicePath
	if d.doc.ServicePath == "" {
		d.prefix = "/" + d.doc.Version + "/"
	}
	for _, r := range d.doc.Resources {
		d.collect(r)
	}
	// Where a path fits two methods, that with a verb of its own is meant.
	slices.SortStableFunc(d.methods, func(a, b discoveryMethod) int {
		return strings.Count(b.FlatPath, ":") - strings.Count(a.FlatPath, ":")
	})
	return d, nil
}

func (d *Discovery) collect(r discoveryResource) {
	for _, m := range r.Methods {
		d.methods = append(d.methods, m)
	}
	for _, below := range r.Resources {
		d.collect(below)
	}
}

// Name names the contract.
func (d *Discovery) Name() string { return "Google discovery document " + d.doc.ID }

// Methods are the ids of all methods.
func (d *Discovery) Methods() []string {
	var ids []string
	for _, m := range d.methods {
		ids = append(ids, m.ID)
	}
	return ids
}

// Claims says whether the request is for the service, in this version.
func (d *Discovery) Claims(x *Exchange) bool { return strings.HasPrefix(x.URL.Path, d.prefix) }

// Operation finds the method.
func (d *Discovery) Operation(x *Exchange) (Operation, error) {
	path := strings.TrimPrefix(x.URL.Path, "/"+d.doc.ServicePath)
	for _, m := range d.methods {
		if m.HTTPMethod != x.Method {
			continue
		}
		if params, ok := fits(m.FlatPath, strings.TrimPrefix(path, "/")); ok {
			return discoveryCall{d, m, params}, nil
		}
	}
	return nil, fmt.Errorf("the document has no method for %s %s", x.Method, x.URL.Path)
}

// fits compares a path with a template, segment by segment, and gives the values
// of its variables.
func fits(template, path string) (map[string]string, bool) {
	wanted, given := strings.Split(template, "/"), strings.Split(path, "/")
	if len(wanted) != len(given) {
		return nil, false
	}
	params := map[string]string{}
	for i, segment := range wanted {
		name, variable := strings.CutPrefix(segment, "{")
		if !variable {
			if segment != given[i] {
				return nil, false
			}
			continue
		}
		name, verb, _ := strings.Cut(name, "}")
		value, ok := strings.CutSuffix(given[i], verb)
		if !ok || value == "" || i == len(wanted)-1 && strings.Contains(value, ":") {
			return nil, false
		}
		params[name] = value
	}
	return params, true
}

// discoveryCall is one method.
type discoveryCall struct {
	service *Discovery
	method  discoveryMethod
	path    map[string]string
}

// Name is the method's id.
func (c discoveryCall) Name() string { return c.method.ID }

// Request holds the parameters and the body to the document.
func (c discoveryCall) Request(x *Exchange) []string {
	var p problems
	for name, value := range c.path {
		// Only templates with the document's own names have their patterns.
		if schema := c.method.Parameters[name]; schema != nil {
			c.service.value(&p, schema, "path parameter "+name, value, true)
		}
	}
	c.query(&p, x.URL.Query())
	if c.method.Request.Ref == "" {
		if len(x.Body) > 0 && string(x.Body) != "{}" && string(x.Body) != "null" {
			p.add("", "the method takes no body")
		}
		return p.found
	}
	if len(x.Body) == 0 {
		return p.found // as good as an empty message
	}
	c.body(&p, c.method.Request.Ref, x.Body, true)
	return p.found
}

func (c discoveryCall) query(p *problems, query url.Values) {
	for name, values := range query {
		schema := c.service.doc.Parameters[name]
		if own := c.method.Parameters[name]; own != nil && own.Location == "query" {
			schema = own
		}
		switch {
		case schema == nil:
			p.add("", "the method has no query parameter %q", name)
		case len(values) > 1 && !schema.Repeated:
			p.add("", "query parameter %q is given %d times", name, len(values))
		default:
			for _, value := range values {
				c.service.parameter(p, schema, "query parameter "+name, value)
			}
		}
	}
	for name, schema := range c.method.Parameters {
		if schema.Location == "query" && schema.Required && !query.Has(name) {
			p.add("", "query parameter %q is required", name)
		}
	}
}

// Reply holds the body to the document, or the error to Google's form of one.
func (c discoveryCall) Reply(x *Exchange) []string {
	var p problems
	if media := x.ReplyHeader.Get("Content-Type"); !strings.HasPrefix(media, "application/json") {
		p.add("", "the content type is %q", media)
	}
	switch {
	case x.Status == http.StatusOK && c.method.Response.Ref == "":
		p.members("", nil, nil)
	case x.Status == http.StatusOK:
		c.body(&p, c.method.Response.Ref, x.Reply, false)
	case x.refused():
		googleError(&p, x, c.service.doc.ServicePath != "")
	default:
		p.add("", "the status is %d", x.Status)
	}
	return p.found
}

func (c discoveryCall) body(p *problems, schema string, raw []byte, request bool) {
	v, err := decodeJSON(raw)
	if err != nil {
		p.add("", "the body cannot be read: %v", err)
		return
	}
	c.service.value(p, &discoverySchema{Ref: schema}, schema, v, request)
}
