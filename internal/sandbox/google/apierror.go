package google

import "net/http"

// code is a canonical error code (google.rpc.Code).
type code string

// The codes in use.
const (
	cancelled          code = "CANCELLED"
	invalidArgument    code = "INVALID_ARGUMENT"
	deadlineExceeded   code = "DEADLINE_EXCEEDED"
	notFound           code = "NOT_FOUND"
	alreadyExists      code = "ALREADY_EXISTS"
	permissionDenied   code = "PERMISSION_DENIED"
	resourceExhausted  code = "RESOURCE_EXHAUSTED"
	failedPrecondition code = "FAILED_PRECONDITION"
	aborted            code = "ABORTED"
	unimplemented      code = "UNIMPLEMENTED"
	internalError      code = "INTERNAL"
	unavailable        code = "UNAVAILABLE"
	unauthenticated    code = "UNAUTHENTICATED"
)

// meaning is what belongs to a code: its number in google.rpc.Code, its HTTP
// status (google/rpc/code.proto), and Compute Engine's word for it.
type meaning struct {
	number, http int
	reason       string
}

func (c code) meaning() meaning {
	switch c {
	case cancelled:
		return meaning{1, 499, "cancelled"}
	case invalidArgument:
		return meaning{3, http.StatusBadRequest, "invalid"}
	case deadlineExceeded:
		return meaning{4, http.StatusGatewayTimeout, "backendError"}
	case notFound:
		return meaning{5, http.StatusNotFound, "notFound"}
	case alreadyExists:
		return meaning{6, http.StatusConflict, "alreadyExists"}
	case permissionDenied:
		return meaning{7, http.StatusForbidden, "forbidden"}
	case resourceExhausted:
		return meaning{8, http.StatusTooManyRequests, "rateLimitExceeded"}
	case failedPrecondition:
		return meaning{9, http.StatusBadRequest, "resourceNotReady"}
	case aborted:
		return meaning{10, http.StatusConflict, "conflict"}
	case unimplemented:
		return meaning{12, http.StatusNotImplemented, "notImplemented"}
	case unavailable:
		return meaning{14, http.StatusServiceUnavailable, "backendError"}
	case unauthenticated:
		return meaning{16, http.StatusUnauthorized, "required"}
	}
	return meaning{13, http.StatusInternalServerError, "backendError"}
}

// StatusOf is the HTTP status that belongs to an error's word in either service:
// "RESOURCE_EXHAUSTED" of Network Connectivity, "rateLimitExceeded" of Compute
// Engine; 0 for an unknown word.
func StatusOf(word string) int {
	for _, c := range []code{
		cancelled, invalidArgument, deadlineExceeded, notFound, alreadyExists, permissionDenied, resourceExhausted,
		failedPrecondition, aborted, unimplemented, internalError, unavailable, unauthenticated,
	} {
		if m := c.meaning(); word == string(c) || word == m.reason {
			return m.http
		}
	}
	return 0
}

// codeOfStatus is the code that an HTTP status stands for.
func codeOfStatus(status int) code {
	for _, c := range []code{
		invalidArgument, unauthenticated, permissionDenied, notFound, aborted, resourceExhausted,
		unimplemented, unavailable, deadlineExceeded, cancelled,
	} {
		if c.meaning().http == status {
			return c
		}
	}
	return internalError
}

// apiError is a refusal, in either service or in an operation.
type apiError struct {
	code    code
	message string
	// http overrides the status that belongs to the code; 0 does not.
	http int
	// name overrides the code's word on the wire, in either service.
	name string
	// details are google.rpc detail messages.
	details []any
}

// status is the HTTP status.
func (e *apiError) status() int {
	if e.http != 0 {
		return e.http
	}
	return e.code.meaning().http
}

// word is the error's code as a service writes it.
func (e *apiError) word(s service) string {
	switch {
	case e.name != "":
		return e.name
	case s == computeEngine:
		return e.code.meaning().reason
	}
	return string(e.code)
}

// rpcStatus is google.rpc.Status, the error of an operation.
type rpcStatus struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
	Details []any  `json:"details,omitempty"`
}

func (e *apiError) rpc() *rpcStatus {
	return &rpcStatus{Code: e.code.meaning().number, Message: e.message, Details: e.details}
}

// errorBody is Network Connectivity's error body.
type errorBody struct {
	Error struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
		Status  string `json:"status"`
		Details []any  `json:"details,omitempty"`
	} `json:"error"`
}

// computeErrorBody is Compute Engine's error body: a list of errors and no
// status.
type computeErrorBody struct {
	Error struct {
		Code    int                `json:"code"`
		Errors  []computeErrorItem `json:"errors"`
		Message string             `json:"message"`
	} `json:"error"`
}

type computeErrorItem struct {
	Domain  string `json:"domain"`
	Reason  string `json:"reason"`
	Message string `json:"message"`
}

// body is the error as a service writes it.
func (e *apiError) body(s service) any {
	if s == computeEngine {
		var b computeErrorBody
		b.Error.Code = e.status()
		b.Error.Errors = []computeErrorItem{{Domain: "global", Reason: e.word(s), Message: e.message}}
		b.Error.Message = e.message
		return b
	}
	var b errorBody
	b.Error.Code = e.status()
	b.Error.Message = e.message
	b.Error.Status = e.word(s)
	b.Error.Details = e.details
	return b
}
