# One private link between AWS and Google Cloud.
terraform {
  required_providers {
    crosscloud = {
      source = "terraform-crosscloud/crosscloud"
    }
  }
}

provider "crosscloud" {
  owner = "acme/network/quickstart"
}

variable "direct_connect_gateway_id" {
  type        = string
  description = "Direct Connect gateway that the link attaches to."
}

variable "bandwidth" {
  type        = string
  default     = "1Gbps"
  description = "Bandwidth of the link."
}

resource "crosscloud_interconnect" "ai" {
  name      = "ai-pipeline"
  bandwidth = var.bandwidth

  aws = {
    region                    = "us-east-1"
    direct_connect_gateway_id = var.direct_connect_gateway_id
    tags                      = { team = "ml-platform" }
  }

  google = {
    region            = "us-east4"
    network           = "default"
    advertised_routes = ["10.128.0.0/20"]
    labels            = { team = "ml-platform" }
  }
}

output "pairing" {
  value = crosscloud_interconnect.ai.pairing
}
