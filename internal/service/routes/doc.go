// Package routes is the data source crosscloud_routes: what each end of a link
// offers to the other, and has learned from it.
package routes
