# true: the link is at least as fast as 10 Gbps, in whatever spelling.
output "fast" {
  value = provider::crosscloud::bandwidth_mbps(var.bandwidth) >= provider::crosscloud::bandwidth_mbps("10Gbps")
}
