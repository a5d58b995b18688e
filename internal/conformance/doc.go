// Package conformance holds the sandbox to clients that nobody here wrote and to
// the contracts that the clouds publish. It has tests only: the AWS CLI and boto3
// walk AWS Interconnect as they come, in both of its protocols; Google's Go clients
// walk transports, hubs and networks, with a service account whose tokens are the
// sandbox's, and gcloud networks and their peerings; the provider lives through a
// link with either cloud as the initiator. Meanwhile a contract.Watch looks at
// every request and reply at the sandbox's doors.
//
// A test whose client is missing is skipped; with CROSSCLOUD_CONFORMANCE=required
// it fails instead.
package conformance
