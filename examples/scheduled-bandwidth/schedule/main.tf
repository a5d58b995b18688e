# The bandwidth of the link, in a configuration and a pipeline of its own: much on
# the nights of working days, little otherwise. Every plan says what its hour
# wants, so that a run that was late or missing is made up for by the next.
terraform {
  required_providers {
    crosscloud = {
      source = "terraform-crosscloud/crosscloud"
    }
  }
}

provider "crosscloud" {
  owner = "acme/training/bandwidth"
}

variable "at" {
  type        = string
  default     = null
  description = "Moment to plan for, as in 2026-11-26T22:15:00Z. Default: now."
}

locals {
  at    = coalesce(var.at, plantimestamp())
  hour  = tonumber(formatdate("h", local.at)) # UTC
  night = contains(["Mon", "Tue", "Wed", "Thu", "Fri"], formatdate("EEE", local.at)) && local.hour >= 20
}

data "crosscloud_interconnect" "ai" {
  name = "ai-pipeline"
}

resource "crosscloud_bandwidth_tier" "ai" {
  interconnect = data.crosscloud_interconnect.ai.id
  bandwidth    = local.night ? "10Gbps" : "1Gbps"
}

output "bandwidth" {
  value       = crosscloud_bandwidth_tier.ai.aws_bandwidth
  description = "Bandwidth that the link has now."
}
