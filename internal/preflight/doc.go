// Package preflight has the provider make the checks of a plan without a Terraform:
// for a configuration in files, or a plan in JSON. It speaks the plugin protocol to
// the provider in process, so that no check and no reading of the configuration is
// written twice.
package preflight
