# A module of your own: one private link between AWS and Google Cloud. The tests
# below tests/ run it against the sandbox, and need no account:
#
#   crosscloud sandbox &
#   eval "$(crosscloud sandbox env)"
#   terraform init && terraform test
terraform {
  required_providers {
    crosscloud = {
      source = "terraform-crosscloud/crosscloud"
    }
  }
}

variable "name" {
  type        = string
  description = "Name of the link on both clouds."
}

variable "bandwidth" {
  type        = string
  default     = "1Gbps"
  description = "Bandwidth of the link."

  validation {
    condition     = contains(["1Gbps", "2Gbps", "5Gbps", "10Gbps"], var.bandwidth)
    error_message = "Our budget ends at 10Gbps."
  }
}

variable "protected" {
  type        = bool
  default     = false
  description = "Whether the link refuses to be destroyed or replaced."
}

variable "direct_connect_gateway_id" {
  type        = string
  description = "Direct Connect gateway that the link attaches to."
}

variable "network" {
  type        = string
  default     = "default"
  description = "VPC network that the link attaches to."
}

resource "crosscloud_interconnect" "this" {
  name                = var.name
  bandwidth           = var.bandwidth
  deletion_protection = var.protected

  aws = {
    region                    = "us-east-1"
    direct_connect_gateway_id = var.direct_connect_gateway_id
  }

  google = {
    region            = "us-east4"
    network           = var.network
    advertised_routes = ["10.128.0.0/20"]
  }
}

output "id" {
  value       = crosscloud_interconnect.this.id
  description = "The link, by the name of its transport."
}

output "status" {
  value       = crosscloud_interconnect.this.pairing.status
  description = "Whether both ends are one link: matched."
}
