package api

import (
	"fmt"
	"net/http"
)

// Error is a refusal in the open API.
type Error struct {
	// Status is the HTTP status: 400, 404, 409, 429, 500.
	Status int
	// Message says why.
	Message string
}

// Error makes Error an error.
func (e *Error) Error() string { return fmt.Sprintf("coordinator: %d: %s", e.Status, e.Message) }

// ErrorBody is an Error as it travels. The document leaves the form open; this
// is the one of Google's APIs, which its system parameters speak of.
type ErrorBody struct {
	Error ErrorStatus `json:"error"`
}

// ErrorStatus is what an ErrorBody says.
type ErrorStatus struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
	Status  string `json:"status"`
}

// Body is the error as it travels.
func (e *Error) Body() ErrorBody {
	return ErrorBody{ErrorStatus{Code: e.Status, Message: e.Message, Status: statusName(e.Status)}}
}

// statusName is the canonical name of an HTTP status.
func statusName(status int) string {
	switch status {
	case http.StatusBadRequest, http.StatusRequestEntityTooLarge:
		return "INVALID_ARGUMENT"
	case http.StatusUnauthorized:
		return "UNAUTHENTICATED"
	case http.StatusForbidden:
		return "PERMISSION_DENIED"
	case http.StatusNotFound:
		return "NOT_FOUND"
	case http.StatusMethodNotAllowed:
		return "UNIMPLEMENTED"
	case http.StatusConflict:
		return "ABORTED"
	case http.StatusTooManyRequests:
		return "RESOURCE_EXHAUSTED"
	case http.StatusServiceUnavailable:
		return "UNAVAILABLE"
	}
	return "INTERNAL"
}
