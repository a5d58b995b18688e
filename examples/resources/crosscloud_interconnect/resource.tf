resource "crosscloud_interconnect" "ai" {
  name      = "ai-pipeline"
  bandwidth = "10Gbps"

  aws = {
    region                    = "us-east-1"
    direct_connect_gateway_id = "5f294f92-bafb-4011-916d-9b0bd0e1f2a3"
    tags                      = { team = "ml-platform" }
  }

  google = {
    project           = "acme-network"
    region            = "us-east4"
    network           = "prod"
    advertised_routes = ["10.128.0.0/20"]
    labels            = { team = "ml-platform" }
  }

  deletion_protection = true
}

# Anything that needs the link to carry traffic can look at the pairing.
check "link" {
  assert {
    condition     = crosscloud_interconnect.ai.pairing.status == "matched"
    error_message = crosscloud_interconnect.ai.pairing.summary
  }
}
