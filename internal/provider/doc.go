// Package provider wires the provider together: its configuration, its
// resources and its data sources. It holds no logic of a cloud or of a link.
package provider
