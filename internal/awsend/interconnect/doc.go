// Package interconnect is the client of the AWS Interconnect service (managed
// private connections between AWS and other clouds or last-mile providers).
//
// It stands on the core of the AWS SDK for Go v2 (configuration, credentials,
// SigV4, retries, middleware) and has the names and shapes of the SDK's own
// service/interconnect module, so that changing an import line is all it takes
// to move to that one. What a caller may rely on here and not there:
//
//   - Activation keys are secrets. Values that hold one print, marshal and log
//     without it, SDK logs (bodies too) do not show it, and the text of an error
//     never repeats the key that was sent.
//   - An input is never written to. A missing ClientToken is filled into a copy,
//     so one input may serve many calls at once.
//
// The contract is the AWS service model of API version 2022-07-26, spoken as
// JSON 1.0. A copy of the model is in testdata, and the tests hold every type
// here against it.
package interconnect

const (
	// ServiceID is the service's name in the AWS SDKs (AWS service model,
	// serviceId). Configuration by service is found by it, as in
	// AWS_ENDPOINT_URL_INTERCONNECT.
	ServiceID = "Interconnect"
	// ServiceAPIVersion is the version of the API (AWS service model).
	ServiceAPIVersion = "2022-07-26"

	// signingName is the service in a SigV4 scope (AWS service model).
	signingName = "interconnect"
	// targetPrefix begins the X-Amz-Target header (AWS service model).
	targetPrefix = "Interconnect"
	// contentType of JSON 1.0 (AWS service model, jsonVersion).
	contentType = "application/x-amz-json-1.0"
)
