# A link and an attachment that exist, taken into a configuration. Nothing is
# changed on either cloud by that.
terraform {
  required_providers {
    crosscloud = {
      source = "terraform-crosscloud/crosscloud"
    }
  }
}

provider "crosscloud" {
  owner = "acme/network/vpc-to-vpc"
}

variable "vpn_gateway_id" {
  type        = string
  description = "Virtual private gateway that the link is attached to."
}

# The link as both clouds list it, by the name that "crosscloud links" shows.
data "crosscloud_interconnect" "existing" {
  name = "vpc-to-vpc"
}

import {
  to = crosscloud_interconnect.path
  id = data.crosscloud_interconnect.existing.id
}

import {
  to = crosscloud_attachment.path
  id = "${data.crosscloud_interconnect.existing.id}/attachments/vpc-to-vpc/${var.vpn_gateway_id}"
}

resource "crosscloud_interconnect" "path" {
  name      = "vpc-to-vpc"
  bandwidth = "1Gbps"

  aws = {
    region                    = "us-east-1"
    direct_connect_gateway_id = data.crosscloud_interconnect.existing.aws.direct_connect_gateway_id
  }

  google = {
    region            = "us-east4"
    network           = "default"
    advertised_routes = ["10.128.0.0/20"]
  }
}

resource "crosscloud_attachment" "path" {
  name         = "vpc-to-vpc"
  interconnect = crosscloud_interconnect.path.id

  aws = {
    gateway_id       = var.vpn_gateway_id
    allowed_prefixes = ["10.64.0.0/16"]
  }

  google = {}
}
