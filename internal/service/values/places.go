package values

import (
	"net/netip"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// Patterns are made once: schemas are made often.
var (
	awsRegionPattern    = regexp.MustCompile(`^[a-z]{2}(-[a-z]+)+-[0-9]{1,2}$`)
	googleRegionPattern = regexp.MustCompile(`^[a-z]+-[a-z]+[0-9]{1,2}$`)
	projectPattern      = regexp.MustCompile(`^([a-z0-9.-]+:)?[a-z][-a-z0-9]{4,28}[a-z0-9]$`)
	uuidPattern         = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)
)

// AWSRegion accepts AWS regions.
func AWSRegion() validator.String {
	return Matching(awsRegionPattern, `an AWS region, such as "us-east-1"`)
}

// GoogleRegion accepts Google Cloud regions.
func GoogleRegion() validator.String {
	return Matching(googleRegionPattern, `a Google Cloud region, such as "us-east4"`)
}

// Project accepts project ids of Google Cloud, also those of a domain.
func Project() validator.String {
	return Matching(projectPattern,
		"a project id: 6 to 30 lower-case letters, digits and hyphens, beginning with a letter")
}

// UUID accepts UUIDs. what says of what.
func UUID(what string) validator.String {
	return Matching(uuidPattern,
		"the UUID of "+what+`, such as "5f294f92-bafb-4011-916d-9b0b0c4e1d2a"`)
}

// Prefix accepts one prefix as Prefixes does.
func Prefix() validator.String {
	return check{"an IPv4 or IPv6 prefix in CIDR notation, without host bits", func(s string) string {
		if _, err := canonicalPrefix(s); err != nil {
			return err.Error()
		}
		return ""
	}}
}

// AddressOrPrefix accepts what Prefix does, and addresses.
func AddressOrPrefix() validator.String {
	return check{"an IPv4 or IPv6 address, or a prefix in CIDR notation without host bits", func(s string) string {
		if a, err := netip.ParseAddr(s); err == nil && a.Zone() == "" && !a.Is4In6() {
			return ""
		}
		if _, err := canonicalPrefix(s); err != nil {
			return "it must be an address, or a prefix: " + err.Error()
		}
		return ""
	}}
}
