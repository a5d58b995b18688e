// Package proposal is crosscloud_connection_proposal: the ephemeral resource that
// asks AWS what an activation key of the other cloud is for. It is ephemeral and
// no data source because a data source keeps its arguments in the state, and the
// key is a secret.
package proposal
