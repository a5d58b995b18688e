import {
  to = crosscloud_bandwidth_tier.ai
  identity = {
    interconnect = "projects/my-project/locations/us-east4/transports/ai-pipeline"
  }
}
