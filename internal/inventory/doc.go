// Package inventory finds links on both clouds: one by any of its names, or all
// that there are, and the routes that their ends show. It reads only.
package inventory
