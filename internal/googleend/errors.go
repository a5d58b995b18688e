package googleend

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"cloud.google.com/go/auth"
	"golang.org/x/oauth2"
	"google.golang.org/api/googleapi"
	networkconnectivity "google.golang.org/api/networkconnectivity/v1"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cloud"
)

// translate makes a *cloud.Error of what a call returned. Errors of the context
// stay what they are. nil stays nil.
func translate(attempt, object string, err error) error {
	if err == nil {
		return nil
	}
	if ended(err) {
		return bare(err)
	}
	if ce, ok := errors.AsType[*cloud.Error](err); ok {
		return ce
	}
	e := &cloud.Error{End: endName, Attempt: attempt, Object: object}
	if ge, ok := errors.AsType[*googleapi.Error](err); ok {
		refusalOf(ge).fill(e)
		e.RetryAfter = max(e.RetryAfter, retryAfter(ge.Header, time.Now()))
		if raw := ge.Error() + ge.Body; redact(raw) == raw {
			e.Err = ge
		}
		return e
	}
	if credentialError(err, e) {
		return e
	}
	e.Kind, e.Err = cloud.Unknown, bare(err)
	if broken(err) {
		e.Kind, e.Remedy = cloud.Unavailable, remedies[cloud.Unavailable]
	}
	return e
}

// ended says that the caller's context ended. errors.Is will not do: timeouts of
// the network claim to be the context's (package net, timeoutError.Is).
func ended(err error) bool {
	for ; err != nil; err = errors.Unwrap(err) {
		if err == context.Canceled || err == context.DeadlineExceeded { //nolint:errorlint // errors.Is would take the network's timeouts for the context's
			return true
		}
	}
	return false
}

// broken says that no reply came, or only a part of one.
func broken(err error) bool {
	if _, ok := errors.AsType[*url.Error](err); ok {
		return true
	}
	_, ok := errors.AsType[net.Error](err)
	return ok || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// bare takes the query off the URL in an error of the HTTP client: a key may be
// in it. What is wrapped around the URL's error says nothing more and is dropped.
func bare(err error) error {
	ue, ok := errors.AsType[*url.Error](err)
	if !ok {
		return err
	}
	address := ""
	if u, perr := url.Parse(ue.URL); perr == nil {
		address = (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
	}
	return &url.Error{Op: ue.Op, URL: address, Err: ue.Err}
}

// credentialError fills e when no token could be had.
func credentialError(err error, e *cloud.Error) bool {
	var res *http.Response
	if re, ok := errors.AsType[*oauth2.RetrieveError](err); ok {
		res, e.Code, e.Message = re.Response, re.ErrorCode, re.ErrorDescription
	} else if ae, ok := errors.AsType[*auth.Error](err); ok {
		res = ae.Response
	} else {
		return false
	}
	e.Kind, e.Remedy = cloud.Denied, credentialsRemedy
	if res != nil {
		e.Status = res.StatusCode
		if res.StatusCode >= http.StatusInternalServerError {
			e.Kind, e.Remedy = cloud.Unavailable, remedies[cloud.Unavailable]
		}
	}
	e.Message = strings.TrimPrefix(e.Message+", so there is no access token", ", so ")
	return true
}

// refusal is what Google said, whichever service it was.
type refusal struct {
	// status is the HTTP status; 0 for an operation.
	status int
	// word is the canonical code (google.rpc.Code).
	word string
	// reason is the narrower one: ErrorInfo.reason, or Compute Engine's word.
	reason  string
	message string
	details []detail
}

// detail is any of google.rpc's detail messages (error_details.proto).
type detail struct {
	Type            string            `json:"@type"`
	Reason          string            `json:"reason"`
	Metadata        map[string]string `json:"metadata"`
	RetryDelay      string            `json:"retryDelay"`
	FieldViolations []struct {
		Field       string `json:"field"`
		Description string `json:"description"`
	} `json:"fieldViolations"`
	Violations json.RawMessage `json:"violations"`
}

// refusalOf reads an error reply of either service: Network Connectivity sends a
// status and details, Compute Engine a list of reasons.
func refusalOf(ge *googleapi.Error) refusal {
	var body struct {
		Error struct {
			Message string            `json:"message"`
			Status  string            `json:"status"`
			Details []json.RawMessage `json:"details"`
			Errors  []struct {
				Reason string `json:"reason"`
			} `json:"errors"`
		} `json:"error"`
	}
	r := refusal{status: ge.Code, message: ge.Message}
	if json.Unmarshal([]byte(ge.Body), &body) == nil {
		r.message, r.word = body.Error.Message, body.Error.Status
		if len(body.Error.Errors) > 0 {
			r.reason = body.Error.Errors[0].Reason
		}
		r.take(body.Error.Details)
	}
	if r.word == "" {
		r.word = wordOf(r.status, r.reason)
	}
	if r.message == "" {
		r.message = http.StatusText(r.status)
	}
	return r
}

// take reads the details that can be read.
func (r *refusal) take(raw []json.RawMessage) {
	for _, one := range raw {
		var d detail
		if json.Unmarshal(one, &d) != nil {
			continue
		}
		r.details = append(r.details, d)
		if d.Reason != "" && strings.HasSuffix(d.Type, "ErrorInfo") {
			r.reason = d.Reason
		}
	}
}

// words are the canonical codes by number (google.rpc.Code).
var words = [...]string{
	"OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
	"PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE",
	"UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
}

// wordOf is the canonical code that an HTTP status stands for, where a reply does
// not name one.
func wordOf(status int, reason string) string {
	switch status {
	case http.StatusBadRequest:
		if reason == "resourceNotReady" || reason == "resourceInUseByAnotherResource" || reason == "failedPrecondition" {
			return "FAILED_PRECONDITION"
		}
		return "INVALID_ARGUMENT"
	case http.StatusUnauthorized:
		return "UNAUTHENTICATED"
	case http.StatusForbidden:
		return "PERMISSION_DENIED"
	case http.StatusNotFound:
		return "NOT_FOUND"
	case http.StatusConflict, http.StatusPreconditionFailed:
		return "ABORTED"
	case http.StatusTooManyRequests:
		return "RESOURCE_EXHAUSTED"
	case http.StatusNotImplemented:
		return "UNIMPLEMENTED"
	}
	if status >= http.StatusInternalServerError {
		return "UNAVAILABLE"
	}
	return "UNKNOWN"
}

// fill puts the refusal into an error.
func (r refusal) fill(e *cloud.Error) {
	e.Kind, e.Status, e.Code = r.kind(), r.status, r.word
	if r.reason != "" {
		e.Code += " (" + r.reason + ")"
	}
	e.Message, e.Field = r.message, ""
	for _, d := range r.details {
		for _, v := range d.FieldViolations {
			if !strings.Contains(e.Message, v.Description) {
				e.Message += "; " + v.Description
			}
			if e.Field == "" {
				e.Field = fields[snake(lastDotted(v.Field))]
			}
		}
		if wait, err := time.ParseDuration(d.RetryDelay); err == nil {
			e.RetryAfter = wait
		}
	}
	if r.placeless() {
		e.Field = "region"
	}
	e.Message = redact(e.Message)
	e.Remedy = r.remedy(e.Kind)
}

// fields are the configuration's names of a transport's fields, for blame.
var fields = map[string]string{
	"bandwidth": ".bandwidth", "network": "network", "hub": "hub", "advertised_routes": "advertised_routes",
	"stack_type": "stack_type", "auto_accept": "auto_accept", "psc_routing_enabled": "psc_routing",
	"labels": "labels", "transport_id": ".name", "remote_profile": "region",
}

func lastDotted(s string) string { return s[strings.LastIndexByte(s, '.')+1:] }

var upper = regexp.MustCompile(`[A-Z]`)

// snake is a field's name in the form that fields has.
func snake(s string) string {
	return upper.ReplaceAllStringFunc(s, func(c string) string { return "_" + strings.ToLower(c) })
}

// operationError is the error of an operation that failed. That is final, however
// passing the cause: looking at the operation again shows the same. So its kind
// is never one that is worth a repetition, nor "not found", which would be said of
// the transport.
func operationError(verb, object string, s *networkconnectivity.GoogleRpcStatus) error {
	r := refusal{word: "UNKNOWN", message: s.Message}
	if s.Code >= 0 && int(s.Code) < len(words) {
		r.word = words[s.Code]
	}
	raw := make([]json.RawMessage, len(s.Details))
	for i, d := range s.Details {
		raw[i] = json.RawMessage(d)
	}
	r.take(raw)
	attempt := map[string]string{"create": "create the transport", "delete": "delete the transport"}[verb]
	if attempt == "" {
		attempt = "change the transport"
	}
	e := &cloud.Error{End: endName, Attempt: attempt, Object: object}
	r.fill(e)
	switch e.Kind {
	case cloud.Unknown, cloud.Conflict, cloud.Throttled, cloud.Unavailable, cloud.NotFound:
		e.Kind = cloud.Precondition
		e.Remedy = cmp.Or(r.remedy(cloud.Unknown), "Apply again.")
	}
	return e
}

// mayBeKey finds what is long enough, and of the right letters, to be Base64 of a
// key in the published format.
var mayBeKey = regexp.MustCompile(`[A-Za-z0-9+/_-]{40,}={0,2}`)

// redact takes activation keys out of a text that a cloud or a library wrote. A
// key is Base64 of "{…", so it begins with "e"; what stands before it may be of
// the same letters.
func redact(s string) string {
	return mayBeKey.ReplaceAllStringFunc(s, func(found string) string {
		for i, c := range found {
			key := activation.NewKey(found[i:])
			if _, err := key.Decode(); c == 'e' && err == nil {
				return found[:i] + key.String()
			}
		}
		return found
	})
}

// conceal takes a key that cannot be recognised by its form out of the error of a
// call that carried it, and drops the SDK's error, which may quote the request.
func conceal(err error, key activation.Key) error {
	e, ok := errors.AsType[*cloud.Error](err)
	if !ok || key.IsZero() {
		return err
	}
	for _, form := range slices.Compact([]string{key.Reveal(), url.QueryEscape(key.Reveal())}) {
		e.Message = strings.ReplaceAll(e.Message, form, key.String())
	}
	if _, ok := errors.AsType[*googleapi.Error](e.Err); ok {
		e.Err = nil
	}
	return e
}
