// Package house holds the rules that the whole repository keeps, as tests:
// who may import whom, what is documented, how long functions and files may
// be, and what the top level holds. It has no code of its own.
//
// ARCHITECTURE.md tells the same rules to people. Each rule here has a small
// made-up tree that breaks it, so that a rule cannot fall silent unseen.
package house
