resource "crosscloud_attachment" "vpc" {
  name         = "vpc"
  interconnect = crosscloud_interconnect.ai.id

  aws = {
    gateway_id       = aws_vpn_gateway.prod.id
    allowed_prefixes = ["10.64.0.0/16"]
  }

  # The link's own network is peered with the transport's.
  google = {}
}

# What each end offers, and whether the other has learned it.
output "prefixes" {
  value = crosscloud_attachment.vpc.pairing.prefixes
}
