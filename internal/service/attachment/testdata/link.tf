resource "crosscloud_interconnect" "test" {
  name      = "path"
  bandwidth = "1Gbps"
  aws       = { direct_connect_gateway_id = local.gateway }
  google = {
    network           = "default"
    advertised_routes = ["10.128.0.0/20"]
  }
}
