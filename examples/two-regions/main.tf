# Two links in two pairs of regions, so that a path is left when a link, or a
# region of either cloud, is lost.
terraform {
  required_providers {
    crosscloud = {
      source = "terraform-crosscloud/crosscloud"
    }
  }
}

provider "crosscloud" {
  owner = "acme/network/two-regions"
}

variable "vpn_gateway_ids" {
  type = object({
    virginia = string
    oregon   = string
  })
  description = "Virtual private gateway of the VPC in each region; the VPC's route tables take its routes."
}

# The Direct Connect gateways, by name.
data "crosscloud_attach_points" "this" {
  for_each = toset(["virginia", "oregon"])

  aws_region = "us-east-1"
  name       = each.key
}

module "links" {
  source = "./resilient-link"

  name      = "ai"
  bandwidth = "1Gbps"
  network   = "default"

  links = {
    virginia = {
      aws_region                = "us-east-1"
      google_region             = "us-east4"
      direct_connect_gateway_id = one(data.crosscloud_attach_points.this["virginia"].ids)
      gateway_id                = var.vpn_gateway_ids.virginia
      advertised_routes         = ["10.128.0.0/20"]
    }
    oregon = {
      aws_region                = "us-west-2"
      google_region             = "us-west1"
      direct_connect_gateway_id = one(data.crosscloud_attach_points.this["oregon"].ids)
      gateway_id                = var.vpn_gateway_ids.oregon
      advertised_routes         = ["10.138.0.0/20"]
    }
  }
}

output "links" {
  value       = module.links.links
  description = "Each link: its id, whether both ends are one link, and whether routes pass."
}

output "paths" {
  value       = module.links.paths
  description = "How many links carry traffic now."
}
