# The whole path, from a VPC on AWS to a VPC network on Google Cloud.
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

# The link: a connection on AWS and a transport on Google, joined.
resource "crosscloud_interconnect" "path" {
  name      = "vpc-to-vpc"
  bandwidth = var.bandwidth

  aws = {
    region                    = var.aws_region
    direct_connect_gateway_id = var.direct_connect_gateway_id
  }

  google = {
    region            = var.google_region
    network           = var.google_network
    advertised_routes = var.google_prefixes
  }
}

# What hangs the two networks on it. Gateway and peering network are looked up
# from the link, so there is nothing to copy from one cloud to the other.
resource "crosscloud_attachment" "path" {
  name         = "vpc-to-vpc"
  interconnect = crosscloud_interconnect.path.id

  aws = {
    gateway_id       = var.vpn_gateway_id
    allowed_prefixes = var.aws_prefixes
  }

  google = {}
}

# The plan after the apply says so when a prefix is lost on the way.
check "routes" {
  assert {
    condition     = crosscloud_attachment.path.pairing.status == "matched"
    error_message = crosscloud_attachment.path.pairing.summary
  }
}
