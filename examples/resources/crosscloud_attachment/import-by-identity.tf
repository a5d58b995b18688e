import {
  to = crosscloud_attachment.vpc
  identity = {
    interconnect = "projects/acme-network/locations/us-east4/transports/ai-pipeline"
    name         = "vpc"
  }
}
