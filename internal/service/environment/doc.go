// Package environment is the data source crosscloud_environments: what both
// clouds offer, joined.
package environment
