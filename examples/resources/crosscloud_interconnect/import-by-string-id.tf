import {
  to = crosscloud_interconnect.ai
  id = "projects/acme-network/locations/us-east4/transports/ai-pipeline"
}
