import {
  to = crosscloud_interconnect.ai
  identity = {
    project = "acme-network"
    region  = "us-east4"
    name    = "ai-pipeline"
  }
}
