# The link sets no bandwidth: it is made at the smallest tier that both ends
# sell, and then leaves its bandwidth alone.
resource "crosscloud_interconnect" "ai" {
  name = "ai-pipeline"

  aws = {
    region                    = "us-east-1"
    direct_connect_gateway_id = var.direct_connect_gateway_id
  }

  google = {
    region            = "us-east4"
    network           = "default"
    advertised_routes = ["10.128.0.0/20"]
  }
}

resource "crosscloud_bandwidth_tier" "ai" {
  interconnect = crosscloud_interconnect.ai.id
  bandwidth    = var.training ? "10Gbps" : "1Gbps"
}
