terraform {
  required_providers {
    crosscloud = {
      source = "terraform-crosscloud/crosscloud"
    }
  }
}

resource "crosscloud_interconnect" "this" {
  for_each = var.links

  name                = "${var.name}-${each.key}"
  bandwidth           = var.bandwidth
  deletion_protection = var.deletion_protection

  aws = {
    region                    = each.value.aws_region
    direct_connect_gateway_id = each.value.direct_connect_gateway_id
  }

  google = {
    region            = each.value.google_region
    network           = var.network
    advertised_routes = each.value.advertised_routes
  }
}

resource "crosscloud_attachment" "this" {
  for_each = { for key, link in var.links : key => link if link.gateway_id != null }

  name         = "${var.name}-${each.key}"
  interconnect = crosscloud_interconnect.this[each.key].id
  aws          = { gateway_id = each.value.gateway_id }
  google       = {}
}

# A warning, not an error: the other link still carries traffic.
check "every_link_carries_traffic" {
  assert {
    condition     = local.paths == length(var.links)
    error_message = "Only ${local.paths} of ${length(var.links)} links carry traffic: ${join(" ", local.troubles)}"
  }
}

locals {
  paths    = length([for link in crosscloud_interconnect.this : link if link.pairing.status == "matched"])
  troubles = [for link in crosscloud_interconnect.this : link.pairing.summary if link.pairing.status != "matched"]
}
