package aws

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"
)

// maxBody is the largest request body, in bytes.
const maxBody = 1 << 20

// answer is what a request gets.
type answer struct {
	status     int
	header     map[string]string
	body       []byte
	retryAfter time.Duration
	drop       bool // close the connection instead
}

// ServeHTTP answers one request of a customer.
func (c *Cloud) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	rec := Record{Time: c.cfg.Clock.Now(), RequestID: c.ids.uuid()}
	defer func() {
		rec.Duration = c.cfg.Clock.Now().Sub(rec.Time)
		c.cfg.Log(rec)
	}()
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	a := c.answer(r, body, err, &rec)
	if a.drop {
		panic(http.ErrAbortHandler)
	}
	rec.Status = a.status
	for name, value := range a.header {
		w.Header().Set(name, value)
	}
	w.Header().Set("x-amzn-RequestId", rec.RequestID)
	if a.retryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(a.retryAfter/time.Second)))
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // a client that went away is not the cloud's business
}

// answer finds the route, the caller and the operation of a request and runs
// it, noting in rec what it finds.
func (c *Cloud) answer(r *http.Request, body []byte, readErr error, rec *Record) answer {
	rt, name, ok := c.find(r, body)
	switch {
	case readErr != nil && ok:
		return refuse(rt.codec, rec, bodyError(readErr))
	case readErr != nil:
		return refuse(jsonCodec{version: "1.0"}, rec, bodyError(readErr))
	case !ok:
		e := unknownOperation(r.Header.Get("X-Amz-Target"))
		e.Status = http.StatusNotFound
		return refuse(jsonCodec{version: "1.0"}, rec, e)
	}
	rec.Service, rec.Operation = rt.service.name, name
	who, failure := c.authenticate(r, body, rt.service.name)
	rec.Region = who.region
	if failure != nil {
		return refuse(rt.codec, rec, rt.codec.authError(failure))
	}
	rec.Account = who.account
	op, ok := rt.service.operations[name]
	if !ok {
		return refuse(rt.codec, rec, rt.service.unknown(name))
	}
	if rt.service.name == "interconnect" && c.policyDenies() {
		return refuse(rt.codec, rec, deniedByPolicy(who, name))
	}
	fault := c.cfg.Intercept(Call{
		Service: rt.service.name, Operation: name, Region: who.region, Account: who.account, RequestID: rec.RequestID})
	if fault == nil {
		fault = &Fault{}
	}
	return c.perform(r.Context(), rt.codec, op, who, body, fault, rec)
}

// policyDenies says that a service control policy denies interconnect:*.
func (c *Cloud) policyDenies() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.cfg.Switches.PolicyDenies
}

// perform runs an operation the way fault says.
func (c *Cloud) perform(ctx context.Context, cd codec, op operation, who caller, body []byte, fault *Fault, rec *Record) answer {
	if fault.Delay > 0 {
		c.wait(ctx, fault.Delay)
	}
	if fault.DropRequest {
		return answer{drop: true}
	}
	if fault.Err != nil && !fault.AfterEffect && !fault.DropReply {
		return refuseLater(cd, rec, fault)
	}
	doc, err := cd.decode(body)
	var out reply
	if err == nil {
		// A client that goes away does not undo what it asked for.
		out, rec.ResourceID, err = op(context.WithoutCancel(ctx), who, doc)
	}
	switch {
	case fault.DropReply:
		return answer{drop: true}
	case fault.Err != nil:
		return refuseLater(cd, rec, fault)
	case err != nil:
		return refuse(cd, rec, asError(err))
	}
	raw, err := cd.encode(rec.Operation, rec.RequestID, out.document())
	if err != nil {
		return refuse(cd, rec, serverError("the reply cannot be written"))
	}
	return answer{status: http.StatusOK, header: cd.header(), body: raw}
}

// refuse answers with an error.
func refuse(cd codec, rec *Record, e *Error) answer {
	rec.Code = e.Code
	raw, err := cd.encodeError(rec.RequestID, e)
	if err != nil {
		raw = nil
	}
	return answer{status: e.Status, header: cd.header(), body: raw}
}

// refuseLater answers with a fault's error.
func refuseLater(cd codec, rec *Record, fault *Fault) answer {
	a := refuse(cd, rec, fault.Err)
	a.retryAfter = fault.RetryAfter
	return a
}

// bodyError is the refusal of a body that could not be read.
func bodyError(err error) *Error {
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		return &Error{Code: "RequestEntityTooLargeException", Status: http.StatusRequestEntityTooLarge,
			Message: "The request body is larger than " + strconv.Itoa(maxBody) + " bytes."}
	}
	return serializationError("the body cannot be read")
}

// asError is an operation's error as the client sees it.
func asError(err error) *Error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	return serverError("an internal error occurred")
}
