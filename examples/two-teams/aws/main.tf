# The AWS end of a link whose Google end belongs to another team. This
# configuration needs no credentials of Google Cloud.
terraform {
  required_version = ">= 1.11" # write-only attributes

  required_providers {
    crosscloud = {
      source = "terraform-crosscloud/crosscloud"
    }
  }
}

variable "initiator" {
  type        = string
  default     = "aws"
  description = "The end that issues the activation key: aws or google. Both teams say the same."
}

variable "direct_connect_gateway_id" {
  type        = string
  description = "Direct Connect gateway that the link attaches to."
}

variable "google_project" {
  type        = string
  description = "Google Cloud project of the other team: the only one that can redeem our key."
}

variable "key_file" {
  type        = string
  default     = "activation.key"
  description = "Where our key is left for the other team."
}

variable "activation_key" {
  type        = string
  ephemeral   = true
  sensitive   = true
  default     = null
  description = "The other team's key, where google initiates. Not needed any more once the link exists."
}

variable "activation_key_version" {
  type        = number
  default     = null
  description = "Raise it with a key of a new link."
}

provider "crosscloud" {
  owner = "acme/network/aws"
}

locals {
  initiates = var.initiator == "aws"
}

resource "crosscloud_interconnect" "link" {
  name      = "two-teams"
  initiator = var.initiator
  bandwidth = local.initiates ? "1Gbps" : null # the acceptor takes it from the key

  aws = {
    region                    = "us-east-1"
    direct_connect_gateway_id = var.direct_connect_gateway_id
  }

  peer = {
    account = var.google_project
    region  = "us-east4"
  }

  activation_key_wo         = local.initiates ? null : var.activation_key
  activation_key_wo_version = var.activation_key_version
}

# Read when it is needed, kept nowhere.
ephemeral "crosscloud_activation_key" "ours" {
  count        = local.initiates ? 1 : 0
  interconnect = crosscloud_interconnect.link.aws.arn
}

# Leaves the key to the other team, once for each link. A secrets manager with a
# write-only attribute does the same without a file.
resource "terraform_data" "hand_over" {
  count            = local.initiates ? 1 : 0
  triggers_replace = crosscloud_interconnect.link.shared_id

  provisioner "local-exec" {
    command = "umask 077 && printf %s \"$KEY\" > \"$FILE\""
    environment = {
      FILE = var.key_file
      KEY  = ephemeral.crosscloud_activation_key.ours[0].activation_key
    }
  }
}

# No secret: the other team can give it as peer.shared_id.
output "shared_id" {
  value = crosscloud_interconnect.link.shared_id
}
