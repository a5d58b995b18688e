# The link, in the configuration of those who own it. They choose the bandwidth
# that it is made with, and leave it alone from then on.
terraform {
  required_providers {
    crosscloud = {
      source = "terraform-crosscloud/crosscloud"
    }
  }
}

provider "crosscloud" {
  owner = "acme/network/links"
}

variable "direct_connect_gateway_id" {
  type        = string
  description = "Direct Connect gateway that the link attaches to."
}

resource "crosscloud_interconnect" "ai" {
  name = "ai-pipeline"

  # Not AWS's free tier of 500 Mbps, which AWS does not resize.
  bandwidth = "1Gbps"

  aws = {
    region                    = "us-east-1"
    direct_connect_gateway_id = var.direct_connect_gateway_id
  }

  google = {
    region            = "us-east4"
    network           = "default"
    advertised_routes = ["10.128.0.0/20"]
  }

  lifecycle {
    ignore_changes = [bandwidth]
  }
}
