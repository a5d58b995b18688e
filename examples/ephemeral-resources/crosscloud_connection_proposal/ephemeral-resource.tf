variable "activation_key" {
  type      = string
  ephemeral = true
}

ephemeral "crosscloud_connection_proposal" "offer" {
  activation_key = var.activation_key
  aws_region     = "us-east-1"
}

# The key is redeemed only if it is for what was agreed.
resource "crosscloud_interconnect" "ai" {
  name      = "ai-pipeline"
  initiator = "google"

  aws = {
    region                    = "us-east-1"
    direct_connect_gateway_id = var.direct_connect_gateway_id
  }

  activation_key_wo         = var.activation_key
  activation_key_wo_version = 1

  lifecycle {
    precondition {
      condition     = ephemeral.crosscloud_connection_proposal.offer.bandwidth == "10Gbps"
      error_message = "The activation key is for another bandwidth."
    }
  }
}
