package types

import (
	"fmt"

	"github.com/aws/smithy-go"
)

// message, code and text are the three parts that all exceptions share.

func message(m *string) string {
	if m == nil {
		return ""
	}
	return *m
}

func code(override *string, own string) string {
	if override == nil {
		return own
	}
	return *override
}

func text(e smithy.APIError) string {
	return fmt.Sprintf("%s: %s", e.ErrorCode(), e.ErrorMessage())
}

// AccessDeniedException is HTTP 403: the caller may not use the resource, or it does not
// exist (AWS service
// model).
type AccessDeniedException struct {
	// Message of the service.
	Message *string
	// ErrorCodeOverride replaces the code, for a service that sent another.
	ErrorCodeOverride *string
}

// Error is code and message.
func (e *AccessDeniedException) Error() string { return text(e) }

// ErrorMessage is the service's message, or "".
func (e *AccessDeniedException) ErrorMessage() string { return message(e.Message) }

// ErrorCode is the exception's name in the model.
func (e *AccessDeniedException) ErrorCode() string {
	return code(e.ErrorCodeOverride, "AccessDeniedException")
}

// ErrorFault says whose fault it is.
func (e *AccessDeniedException) ErrorFault() smithy.ErrorFault { return smithy.FaultClient }

// InterconnectClientException is HTTP 400: the request was refused for what the caller
// asked. The model has no exception for a conflict, so states that do not allow
// the call are told by this one too (inferred) (AWS service
// model).
type InterconnectClientException struct {
	// Message of the service.
	Message *string
	// ErrorCodeOverride replaces the code, for a service that sent another.
	ErrorCodeOverride *string
}

// Error is code and message.
func (e *InterconnectClientException) Error() string { return text(e) }

// ErrorMessage is the service's message, or "".
func (e *InterconnectClientException) ErrorMessage() string { return message(e.Message) }

// ErrorCode is the exception's name in the model.
func (e *InterconnectClientException) ErrorCode() string {
	return code(e.ErrorCodeOverride, "InterconnectClientException")
}

// ErrorFault says whose fault it is.
func (e *InterconnectClientException) ErrorFault() smithy.ErrorFault { return smithy.FaultClient }

// InterconnectServerException is HTTP 500: the service failed (AWS service
// model).
type InterconnectServerException struct {
	// Message of the service.
	Message *string
	// ErrorCodeOverride replaces the code, for a service that sent another.
	ErrorCodeOverride *string
}

// Error is code and message.
func (e *InterconnectServerException) Error() string { return text(e) }

// ErrorMessage is the service's message, or "".
func (e *InterconnectServerException) ErrorMessage() string { return message(e.Message) }

// ErrorCode is the exception's name in the model.
func (e *InterconnectServerException) ErrorCode() string {
	return code(e.ErrorCodeOverride, "InterconnectServerException")
}

// ErrorFault says whose fault it is.
func (e *InterconnectServerException) ErrorFault() smithy.ErrorFault { return smithy.FaultServer }

// InterconnectValidationException is HTTP 400: a member breaks a constraint (AWS service
// model).
type InterconnectValidationException struct {
	// Message of the service.
	Message *string
	// ErrorCodeOverride replaces the code, for a service that sent another.
	ErrorCodeOverride *string
}

// Error is code and message.
func (e *InterconnectValidationException) Error() string { return text(e) }

// ErrorMessage is the service's message, or "".
func (e *InterconnectValidationException) ErrorMessage() string { return message(e.Message) }

// ErrorCode is the exception's name in the model.
func (e *InterconnectValidationException) ErrorCode() string {
	return code(e.ErrorCodeOverride, "InterconnectValidationException")
}

// ErrorFault says whose fault it is.
func (e *InterconnectValidationException) ErrorFault() smithy.ErrorFault { return smithy.FaultClient }

// ResourceNotFoundException is HTTP 404: there is no such resource (AWS service
// model).
type ResourceNotFoundException struct {
	// Message of the service.
	Message *string
	// ErrorCodeOverride replaces the code, for a service that sent another.
	ErrorCodeOverride *string
}

// Error is code and message.
func (e *ResourceNotFoundException) Error() string { return text(e) }

// ErrorMessage is the service's message, or "".
func (e *ResourceNotFoundException) ErrorMessage() string { return message(e.Message) }

// ErrorCode is the exception's name in the model.
func (e *ResourceNotFoundException) ErrorCode() string {
	return code(e.ErrorCodeOverride, "ResourceNotFoundException")
}

// ErrorFault says whose fault it is.
func (e *ResourceNotFoundException) ErrorFault() smithy.ErrorFault { return smithy.FaultClient }

// ServiceQuotaExceededException is HTTP 402: the call would exceed a quota (AWS service
// model).
type ServiceQuotaExceededException struct {
	// Message of the service.
	Message *string
	// ErrorCodeOverride replaces the code, for a service that sent another.
	ErrorCodeOverride *string
}

// Error is code and message.
func (e *ServiceQuotaExceededException) Error() string { return text(e) }

// ErrorMessage is the service's message, or "".
func (e *ServiceQuotaExceededException) ErrorMessage() string { return message(e.Message) }

// ErrorCode is the exception's name in the model.
func (e *ServiceQuotaExceededException) ErrorCode() string {
	return code(e.ErrorCodeOverride, "ServiceQuotaExceededException")
}

// ErrorFault says whose fault it is.
func (e *ServiceQuotaExceededException) ErrorFault() smithy.ErrorFault { return smithy.FaultClient }

// ThrottlingException is HTTP 429: too many calls. The SDK's retryers repeat it (AWS service
// model).
type ThrottlingException struct {
	// Message of the service.
	Message *string
	// ErrorCodeOverride replaces the code, for a service that sent another.
	ErrorCodeOverride *string
}

// Error is code and message.
func (e *ThrottlingException) Error() string { return text(e) }

// ErrorMessage is the service's message, or "".
func (e *ThrottlingException) ErrorMessage() string { return message(e.Message) }

// ErrorCode is the exception's name in the model.
func (e *ThrottlingException) ErrorCode() string {
	return code(e.ErrorCodeOverride, "ThrottlingException")
}

// ErrorFault says whose fault it is.
func (e *ThrottlingException) ErrorFault() smithy.ErrorFault { return smithy.FaultClient }
