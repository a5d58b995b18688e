# terraform query: links of this owner, to be imported.
# terraform query -generate-config-out=imported.tf writes their configuration.
list "crosscloud_interconnect" "ours" {
  provider         = crosscloud
  include_resource = true

  config {
    owner = "acme/network/prod"
    kinds = ["whole"]
  }
}
