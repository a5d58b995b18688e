package google

import (
	"fmt"
	"strings"
)

// Detail messages of google.rpc (error_details.proto). Each is sent with its
// type's URL.
type (
	badRequestDetail struct {
		Type            string      `json:"@type"`
		FieldViolations []violation `json:"fieldViolations"`
	}
	errorInfoDetail struct {
		Type     string            `json:"@type"`
		Reason   string            `json:"reason"`
		Domain   string            `json:"domain"`
		Metadata map[string]string `json:"metadata,omitempty"`
	}
	helpDetail struct {
		Type  string     `json:"@type"`
		Links []helpLink `json:"links"`
	}
	helpLink struct {
		Description string `json:"description"`
		URL         string `json:"url"`
	}
	quotaDetail struct {
		Type       string           `json:"@type"`
		Violations []quotaViolation `json:"violations"`
	}
	quotaViolation struct {
		Subject     string `json:"subject"`
		Description string `json:"description"`
	}
)

// violation is one fault in a request's body.
type violation struct {
	Field       string `json:"field,omitempty"`
	Description string `json:"description"`
}

const rpcTypes = "type.googleapis.com/google.rpc."

// refuse makes an error with a formatted text.
func refuse(c code, format string, args ...any) *apiError {
	return &apiError{code: c, message: fmt.Sprintf(format, args...)}
}

// missing is the 404 of a Network Connectivity resource (text recorded for
// sibling resources).
func missing(name string) *apiError { return refuse(notFound, "Resource '%s' was not found", name) }

// busy is the 409 of a change to a resource that another change is working on.
// Inferred: the text is the one sibling services use.
func busy() *apiError { return refuse(aborted, "unable to queue the operation") }

// notReady is the refusal of a change that the resource's state does not permit.
func notReady(name string) *apiError {
	return refuse(failedPrecondition, "The resource '%s' is not ready", name)
}

// badBody is the 400 for a body that does not fit its message.
func badBody(faults []violation) *apiError {
	var message strings.Builder
	for i, f := range faults {
		if i > 0 {
			message.WriteString("\n")
		}
		message.WriteString(f.Description)
	}
	fail := refuse(invalidArgument, "%s", message.String())
	fail.details = []any{badRequestDetail{Type: rpcTypes + "BadRequest", FieldViolations: faults}}
	return fail
}

// Authentication failures (texts of Google's API front end).
const (
	noCredential  = "Request is missing required authentication credential. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project."
	badCredential = "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project."
)

// unauthorised is the 401, with or without a token.
func unauthorised(e endpoint, token string) *apiError {
	fail, reason := refuse(unauthenticated, noCredential), "CREDENTIALS_MISSING"
	if token != "" {
		fail, reason = refuse(unauthenticated, badCredential), "ACCESS_TOKEN_TYPE_UNSUPPORTED"
	}
	fail.details = []any{errorInfoDetail{
		Type: rpcTypes + "ErrorInfo", Reason: reason, Domain: "googleapis.com",
		Metadata: map[string]string{"service": string(e.service), "method": e.method},
	}}
	return fail
}

// scopeInsufficient is the 403 of a token whose scopes do not cover the service
// (text of Google's API front end).
func scopeInsufficient(e endpoint) *apiError {
	fail := refuse(permissionDenied, "Request had insufficient authentication scopes.")
	fail.details = []any{errorInfoDetail{
		Type: rpcTypes + "ErrorInfo", Reason: "ACCESS_TOKEN_SCOPE_INSUFFICIENT", Domain: "googleapis.com",
		Metadata: map[string]string{"service": string(e.service), "method": e.method},
	}}
	return fail
}

// denied is the 403 of a project that is not the caller's.
func denied(e endpoint, resource string) *apiError {
	if e.service == computeEngine {
		return refuse(permissionDenied, "Required '%s' permission for '%s'", e.permission(), resource)
	}
	fail := refuse(permissionDenied, "Permission '%s' denied on resource '//%s/%s' (or it may not exist).",
		e.permission(), e.service, resource)
	fail.details = []any{errorInfoDetail{
		Type: rpcTypes + "ErrorInfo", Reason: "IAM_PERMISSION_DENIED", Domain: string(e.service),
		Metadata: map[string]string{"permission": e.permission(), "resource": resource},
	}}
	return fail
}

// disabled is the 403 of a service that the project has not enabled. The reason
// SERVICE_DISABLED is inferred from sibling services.
func disabled(s service, p project) *apiError {
	url := fmt.Sprintf("https://console.developers.google.com/apis/api/%s/overview?project=%d", s, p.number)
	fail := refuse(permissionDenied, "%s has not been used in project %d before or it is disabled. "+
		"Enable it by visiting %s then retry. If you enabled this API recently, "+
		"wait a few minutes for the action to propagate to our systems and retry.", s.title(), p.number, url)
	fail.details = []any{
		helpDetail{Type: rpcTypes + "Help", Links: []helpLink{{Description: "Google developers console API activation", URL: url}}},
		errorInfoDetail{
			Type: rpcTypes + "ErrorInfo", Reason: "SERVICE_DISABLED", Domain: "googleapis.com",
			Metadata: map[string]string{"service": string(s), "consumer": "projects/" + p.ref(), "activationUrl": url},
		},
	}
	return fail
}

// overQuota is the refusal of one transport too many. Inferred.
func overQuota(p project, location string, limit int, forbidden bool) *apiError {
	text := fmt.Sprintf("Quota limit 'TransportsPerProjectPerRegion' has been exceeded. Limit: %d in region %s.", limit, location)
	fail := refuse(resourceExhausted, "%s", text)
	if forbidden {
		fail.code = permissionDenied
	}
	fail.details = []any{quotaDetail{
		Type:       rpcTypes + "QuotaFailure",
		Violations: []quotaViolation{{Subject: "project:" + p.ref(), Description: text}},
	}}
	return fail
}
