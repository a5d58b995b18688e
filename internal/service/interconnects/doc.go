// Package interconnects is the data sources crosscloud_interconnect and
// crosscloud_interconnects: links as both clouds list them, whoever made them,
// with half-open and orphaned ends among them.
package interconnects
