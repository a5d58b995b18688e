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
  google      = { network = "default", advertised_routes = ["10.128.0.0/20"] }
  peer        = var.account == null ? null : { account = var.account, region = "us-east-1" }

  activation_key_wo         = var.key
  activation_key_wo_version = var.key_version
}
