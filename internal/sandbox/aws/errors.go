package aws

import (
	"fmt"
	"net/http"
)

// Error is a refusal as a client sees it.
type Error struct {
	// Code is the exception's name: "InterconnectValidationException".
	Code string
	// Status is the HTTP status.
	Status int
	// Message is for people. It never quotes a key.
	Message string
}

// Error makes Error an error.
func (e *Error) Error() string { return fmt.Sprintf("%s (%d): %s", e.Code, e.Status, e.Message) }

// StatusOf is the HTTP status that belongs to an exception of the services that
// the sandbox has, or to a refusal of credentials; 0 for an unknown name.
func StatusOf(code string) int {
	for _, e := range []*Error{
		validationError(""), clientError(""), quotaError(""), deniedError(""), notFoundError(""), serverError(""),
		gatewayError(""), serializationError(""),
	} {
		if e.Code == code {
			return e.Status
		}
	}
	switch code {
	case "ThrottlingException":
		return http.StatusTooManyRequests
	case "DirectConnectServerException":
		return http.StatusInternalServerError
	case "ExpiredTokenException", "InvalidSignatureException", "UnrecognizedClientException":
		return http.StatusForbidden
	}
	return 0
}

// The exceptions of AWS Interconnect with their HTTP statuses (AWS service
// model). There is none for a conflict of states: that is a client exception.

func validationError(format string, args ...any) *Error {
	return &Error{"InterconnectValidationException", http.StatusBadRequest, fmt.Sprintf(format, args...)}
}

func clientError(format string, args ...any) *Error {
	return &Error{"InterconnectClientException", http.StatusBadRequest, fmt.Sprintf(format, args...)}
}

func quotaError(format string, args ...any) *Error {
	return &Error{"ServiceQuotaExceededException", http.StatusPaymentRequired, fmt.Sprintf(format, args...)}
}

func deniedError(format string, args ...any) *Error {
	return &Error{"AccessDeniedException", http.StatusForbidden, fmt.Sprintf(format, args...)}
}

// deniedByPolicy is a refusal by a service control policy (IAM user guide, access
// denied error messages).
func deniedByPolicy(who caller, operation string) *Error {
	return deniedError("User: arn:aws:iam::%s:user/sandbox is not authorized to perform: interconnect:%s with an explicit deny in a service control policy", who.account, operation)
}

func notFoundError(format string, args ...any) *Error {
	return &Error{"ResourceNotFoundException", http.StatusNotFound, fmt.Sprintf(format, args...)}
}

func serverError(format string, args ...any) *Error {
	return &Error{"InterconnectServerException", http.StatusInternalServerError, fmt.Sprintf(format, args...)}
}

// The exceptions of Direct Connect. It has one for every fault of the client;
// clients tell them apart by the text.

func gatewayError(format string, args ...any) *Error {
	return &Error{"DirectConnectClientException", http.StatusBadRequest, fmt.Sprintf(format, args...)}
}

// serializationError answers a body that is not a document of the operation's
// shape (seen from the service for malformed bodies; not in its model).
func serializationError(format string, args ...any) *Error {
	return &Error{"SerializationException", http.StatusBadRequest, fmt.Sprintf(format, args...)}
}
