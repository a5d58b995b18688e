// Package activationkey is crosscloud_activation_key: the ephemeral resource by
// which the key of a link's initiator leaves for another team. Terraform keeps
// nothing of it, neither in the plan nor in the state.
package activationkey
