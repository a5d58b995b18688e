// Package functions holds the provider's functions: what can be said of a value
// without asking any cloud.
package functions

import "github.com/hashicorp/terraform-plugin-framework/function"

// All are all functions.
func All() []func() function.Function {
	return []func() function.Function{
		func() function.Function { return bandwidthMbps{} },
		func() function.Function { return decodeActivationKey{} },
		func() function.Function { return parseInterconnectID{} },
	}
}
