variable "gateway" { type = string }
variable "initiator" { type = string }
variable "description" { type = string }
variable "bandwidth" {
  type    = string
  default = null
}
variable "account" {
  type    = string
  default = null
}
variable "key" {
  type    = string
  default = null
}
variable "key_version" {
  type    = number
  default = null
}

resource "crosscloud_interconnect" "test" {
  name        = "min"
  description = var.description
  bandwidth   = var.bandwidth
  initiator   = var.initiator
  aws         = { direct_connect_gateway_id = var.gateway }
  peer        = var.account == null ? null : { account = var.account, region = "us-east4" }

  activation_key_wo         = var.key
  activation_key_wo_version = var.key_version
}
