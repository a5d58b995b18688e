output "transport_region" {
  value = provider::crosscloud::parse_interconnect_id(crosscloud_interconnect.ai.id).region
}
