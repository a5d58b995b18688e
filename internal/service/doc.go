// Package service is what every noun of the Terraform surface shares: the
// accounts that the provider was configured with, and the way in which domain
// errors become diagnostics. The nouns are packages below it.
package service
