variable "gateway" { type = string }
variable "initiator" { type = string }
variable "bandwidth" { type = string }
variable "routes" { type = set(string) }
variable "description" { type = string }
variable "tags" { type = map(string) }

resource "crosscloud_interconnect" "test" {
  name        = "max-link"
  description = var.description
  bandwidth   = var.bandwidth
  initiator   = var.initiator

  aws = {
    region                    = "eu-west-2"
    direct_connect_gateway_id = var.gateway
    tags                      = var.tags
  }

  google = {
    project           = "sandbox-project"
    region            = "europe-west2"
    network           = "projects/sandbox-project/global/networks/default"
    advertised_routes = var.routes
    stack_type        = "IPV4_IPV6"
    labels            = var.tags
  }

  wait_for            = "available"
  on_incomplete       = "warn"
  deletion_protection = false

  timeouts = {
    create = "5m"
    read   = "1m"
    update = "5m"
    delete = "5m"
  }
}
