// Package cloud is what any end of a link needs, whichever cloud it is on: one
// taxonomy of errors, the pace of waiting, asking many regions at once, and
// idempotency tokens.
//
// An end translates what its cloud answers into an *Error once, at its edge.
// Everything above asks for the Kind and prints the rest; nothing above knows a
// cloud's error codes.
package cloud
