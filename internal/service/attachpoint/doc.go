// Package attachpoint is the data source crosscloud_attach_points: what an AWS
// connection can be attached to.
package attachpoint
