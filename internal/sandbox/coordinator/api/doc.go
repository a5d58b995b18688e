// Package api is the open API between two clouds as it travels: the resources of
// the Connection Coordinator API, version v1, their names, and a client.
//
// Names and meanings are those of the API's OpenAPI document. A resource's name
// begins with the provider that calls: AWS asks Google for
// "providers/aws/environments/…", Google asks AWS for "providers/gcp/…" of the
// same thing.
package api

// MaxBody is the largest body that either side reads, in bytes.
const MaxBody = 1 << 20
