// Package crash is the crash matrix: every scenario of a link's life, with every
// kind of trouble at every API call and after every write of the state, and then
// plain applies until nothing changes.
//
// It drives the provider by its protocol, in process, with an engine of its own
// that does what Terraform does with a resource: refresh, plan, apply, taint,
// replace, import, and lose its state when it is killed. It holds tests only.
package crash
