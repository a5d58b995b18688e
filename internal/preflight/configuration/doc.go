// Package configuration reads what a Terraform configuration says of some resource
// types, without a Terraform: from the files of a module, as far as their
// expressions can be evaluated, or from a plan in JSON. What cannot be known is
// unknown, and noted.
package configuration
