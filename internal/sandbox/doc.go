// Package sandbox runs two simulated clouds, in one process or in two, on
// loopback, over their real wire protocols, so that links can be made on a
// laptop.
//
// The clouds know nothing of each other but the open API between them (package
// coordinator). Clients need nothing but other addresses and credentials, which
// Env gives: Terraform, the AWS CLI, boto3 and Google's Go clients work as they
// are.
package sandbox
