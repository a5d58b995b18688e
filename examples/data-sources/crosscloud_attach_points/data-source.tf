# The one Direct Connect gateway that may carry links to us-east4.
data "crosscloud_attach_points" "network" {
  google_region = "us-east4"
  name_prefix   = "network-"
}

resource "crosscloud_interconnect" "ai" {
  name = "ai-pipeline"

  aws = {
    direct_connect_gateway_id = one(data.crosscloud_attach_points.network.ids)
  }

  google = {
    region            = "us-east4"
    network           = "default"
    advertised_routes = ["10.128.0.0/20"]
  }
}
