# Where can a 10 Gbps link be ordered now?
data "crosscloud_environments" "open" {
  bandwidth = "10Gbps"
}

output "pairs" {
  value = {
    for e in data.crosscloud_environments.open.environments :
    "${e.aws_region} - ${e.google_region}" => e.bandwidths if e.open
  }
}
