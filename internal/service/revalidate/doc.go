// Package revalidate is crosscloud_revalidate_pairing: the action that compares
// both ends of a link now, apart from any plan of the link.
package revalidate
