// Package inventory finds links on both clouds: one by any of its names, or all
// that there are. It reads only.
package inventory
