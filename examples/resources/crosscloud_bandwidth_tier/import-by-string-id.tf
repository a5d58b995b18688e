import {
  to = crosscloud_bandwidth_tier.ai
  id = "projects/my-project/locations/us-east4/transports/ai-pipeline"
}
