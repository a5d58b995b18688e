// Package contract holds messages to what the clouds publish of their APIs: the
// AWS service model of AWS Interconnect, Google's discovery documents and
// protocol buffers, and the OpenAPI document between the clouds.
//
// A Watch stands before a handler, lets everything through unchanged, and holds
// every request and reply to the contract that it is under. It knows nothing of
// the sandbox: the contracts say what is right.
package contract
