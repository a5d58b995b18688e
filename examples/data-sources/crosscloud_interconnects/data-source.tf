# What bills and carries nothing: half-open links and orphaned ends.
data "crosscloud_interconnects" "leftover" {
  kinds = ["half_open", "orphaned"]
}

output "leftover" {
  value = {
    for l in data.crosscloud_interconnects.leftover.interconnects :
    l.id => l.pairing.summary
  }
}
