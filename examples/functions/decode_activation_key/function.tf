# An ephemeral variable: the key is in no plan and in no state.
variable "activation_key" {
  type      = string
  ephemeral = true

  validation {
    condition = anytrue([
      !provider::crosscloud::decode_activation_key(var.activation_key).readable,
      provider::crosscloud::decode_activation_key(var.activation_key).account_id == "my-project",
    ])
    error_message = "The activation key is for another project."
  }
}
