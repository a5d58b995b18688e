action "crosscloud_revalidate_pairing" "ai" {
  config {
    interconnect = crosscloud_interconnect.ai.id
    wait         = "20m"
  }
}

# After each change of the bandwidth, compare both ends once more. On its own:
# terraform apply -invoke=action.crosscloud_revalidate_pairing.ai
resource "crosscloud_bandwidth_tier" "ai" {
  interconnect = crosscloud_interconnect.ai.id
  bandwidth    = "10Gbps"

  lifecycle {
    action_trigger {
      events  = [after_create, after_update]
      actions = [action.crosscloud_revalidate_pairing.ai]
    }
  }
}
