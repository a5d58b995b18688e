package google

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// maxBody is the largest body that is read, in bytes.
const maxBody = 1 << 20

// call is a request in plain values.
type call struct {
	ctx      context.Context
	version  version
	project  project
	location string
	id       string
	query    url.Values
	body     []byte
}

// projectName is the name of the call's project.
func (k *call) projectName() string { return "projects/" + k.project.id }

// parent is the name of the call's location.
func (k *call) parent() string { return k.projectName() + "/locations/" + k.location }

// created is the name of the transport that the call would make.
func (k *call) created() string { return k.parent() + "/transports/" + k.query.Get("transportId") }

// createdHub is the name of the hub that the call would make.
func (k *call) createdHub() string { return k.parent() + "/hubs/" + k.query.Get("hubId") }

// named makes the function that writes a regional resource's name.
func named(collection string) func(*call) string {
	return func(k *call) string { return k.parent() + "/" + collection + "/" + k.id }
}

// scope is where a Compute Engine resource lies: in a region, or without one
// everywhere.
func scope(region string) string {
	if region == "" {
		return "global"
	}
	return "regions/" + region
}

// scoped makes the function that writes the name of a Compute Engine resource,
// or without an id its collection's.
func scoped(collection string) func(*call) string {
	return func(k *call) string {
		name := k.projectName() + "/" + scope(k.location) + "/" + collection
		if k.id != "" {
			name += "/" + k.id
		}
		return name
	}
}

// handler answers the methods of one path, which the verb behind the id tells
// apart: it admits the call, does to it what the fault says, carries it out,
// answers and logs.
func (c *Cloud) handler(methods []endpoint) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := c.now()
		id, verb, _ := strings.Cut(r.PathValue("id"), ":")
		i := slices.IndexFunc(methods, func(e endpoint) bool { return e.verb == verb })
		if i < 0 {
			unknownURL(w, r)
			return
		}
		e := methods[i]
		k, fail := c.admit(e, r, id)
		var fault *Fault
		if fail == nil {
			fault = c.intercept(e, k)
			fail = fault.refusal()
		}
		if fault != nil && fault.DropRequest {
			c.log(e, k, start, fail, true)
			panic(http.ErrAbortHandler)
		}
		var result any
		if fail == nil {
			result, fail = e.serve(c, k)
		}
		drop := fault != nil && fault.DropReply
		c.log(e, k, start, fail, drop)
		if drop {
			panic(http.ErrAbortHandler)
		}
		if after := fault.retryAfter(); after != "" {
			w.Header().Set("Retry-After", after)
		}
		if fail != nil {
			writeJSON(w, r, fail.status(), fail.body(e.service))
			return
		}
		writeJSON(w, r, http.StatusOK, result)
	})
}

// admit checks everything that does not depend on the method, in the order of
// Google's front end: who calls, what for, and whether the request can be read.
// The call is never nil, so that it can be logged.
func (c *Cloud) admit(e endpoint, r *http.Request, id string) (*call, *apiError) {
	k := &call{
		ctx:      r.Context(),
		version:  e.version,
		project:  project{id: r.PathValue("project")},
		location: cmp.Or(r.PathValue("location"), e.location),
		id:       id,
		query:    r.URL.Query(),
	}
	if fail := c.authorise(e, bearer(r)); fail != nil {
		return k, fail
	}
	c.mu.Lock()
	p, known := c.project(k.project.id)
	off := c.switches.NetworkConnectivityDisabled
	if e.service == computeEngine {
		off = c.switches.ComputeDisabled
	}
	c.mu.Unlock()
	if !known {
		return k, denied(e, e.resource(k))
	}
	k.project = p
	if off {
		return k, disabled(e.service, p)
	}
	if fail := checkQuery(e, k.query); fail != nil {
		return k, fail
	}
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxBody))
	if err != nil {
		return k, unreadable(err)
	}
	k.body = body
	return k, nil
}

// unreadable is the refusal of a body that is too long or did not arrive whole.
func unreadable(err error) *apiError {
	if _, tooLong := errors.AsType[*http.MaxBytesError](err); tooLong {
		fail := refuse(invalidArgument, "Request payload size exceeds the limit: %d bytes.", maxBody)
		fail.http = http.StatusRequestEntityTooLarge
		return fail
	}
	return refuse(invalidArgument, "Invalid JSON payload received. Unexpected end of string.")
}

// bearer is the token of the Authorization header, or "".
func bearer(r *http.Request) string {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// commonParams are the query parameters that every method takes (discovery
// document, parameters).
func commonParams() []string {
	return []string{
		"$.xgafv", "access_token", "alt", "callback", "fields", "key", "oauth_token", "prettyPrint",
		"quotaUser", "uploadType", "upload_protocol", "$alt", "$prettyPrint", "$userProject",
	}
}

// checkQuery refuses parameters that a method does not have and answers in any
// form but JSON.
func checkQuery(e endpoint, query url.Values) *apiError {
	for _, name := range []string{"alt", "$alt"} {
		if alt := query.Get(name); alt != "" && alt != "json" && !strings.HasPrefix(alt, "json;") {
			return refuse(invalidArgument, "Unsupported output format: %q.", alt)
		}
	}
	if e.service != networkConnectivity {
		return nil
	}
	known := slices.Concat(commonParams(), e.params)
	var faults []violation
	for name := range query {
		if !slices.Contains(known, name) {
			faults = append(faults, violation{Description: `Invalid JSON payload received. Unknown name "` + name +
				`": Cannot bind query parameter. Field '` + name + `' could not be found in request message.`})
		}
	}
	if faults == nil {
		return nil
	}
	slices.SortFunc(faults, func(a, b violation) int { return strings.Compare(a.Description, b.Description) })
	return badBody(faults)
}

// intercept asks the owner of the sandbox what to do to a call, and lets the
// fault's delay pass.
func (c *Cloud) intercept(e endpoint, k *call) *Fault {
	if c.cfg.Intercept == nil {
		return nil
	}
	fault := c.cfg.Intercept(Call{
		Service: string(e.service), Method: e.method,
		Project: k.project.id, Resource: e.resource(k), Location: k.location,
	})
	if fault != nil {
		c.wait(k.ctx, fault.Delay)
	}
	return fault
}

// log tells the owner of the sandbox about a call.
func (c *Cloud) log(e endpoint, k *call, start time.Time, fail *apiError, dropped bool) {
	if c.cfg.Log == nil {
		return
	}
	record := Record{
		Time: start, Service: string(e.service), Method: e.method,
		Project: k.project.id, Resource: e.resource(k),
		Status: http.StatusOK, Duration: c.now().Sub(start),
	}
	if fail != nil {
		record.Status, record.Code = fail.status(), fail.word(e.service)
	}
	if dropped {
		record.Status = 0
	}
	c.cfg.Log(record)
}
