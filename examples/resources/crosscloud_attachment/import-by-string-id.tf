import {
  to = crosscloud_attachment.vpc
  id = "projects/acme-network/locations/us-east4/transports/ai-pipeline/attachments/vpc"
}
