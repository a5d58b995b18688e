// Package values holds the Terraform value types and validators that several
// nouns use: bandwidths that are equal in any spelling, names, prefixes, tags
// and labels.
package values
