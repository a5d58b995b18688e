variable "gateway" { type = string }
variable "initiator" {
  type    = string
  default = null
}

resource "crosscloud_interconnect" "test" {
  name      = "min"
  bandwidth = "1Gbps"
  initiator = var.initiator
  aws       = { direct_connect_gateway_id = var.gateway }
  google    = { network = "default" }
}
