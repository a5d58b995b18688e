variable "name" {
  type        = string
  description = "What the names of the links and attachments begin with."
}

variable "bandwidth" {
  type        = string
  description = "Bandwidth of each link. One link has to carry everything while another is down."
}

variable "network" {
  type        = string
  description = "VPC network on Google Cloud, with global dynamic routing: its regions then use each other's links."
}

variable "deletion_protection" {
  type        = bool
  default     = false
  description = "Whether the links refuse to be destroyed or replaced."
}

variable "links" {
  type = map(object({
    aws_region                = string
    google_region             = string
    direct_connect_gateway_id = string
    gateway_id                = optional(string)
    advertised_routes         = list(string)
  }))
  description = "The links, by a short name. gateway_id is what the link is attached to on AWS; without it, the link is attached elsewhere."

  validation {
    condition     = length(var.links) >= 2
    error_message = "One link is no resilience: give at least two."
  }

  validation {
    condition     = length(distinct([for link in var.links : link.aws_region])) == length(var.links) && length(distinct([for link in var.links : link.google_region])) == length(var.links)
    error_message = "Two links in one region fail together: give each link a region of its own on both clouds."
  }

  validation {
    condition     = length(distinct([for link in var.links : lower(link.direct_connect_gateway_id)])) == length(var.links)
    error_message = "A Direct Connect gateway that carries a link takes gateways of that link's region only: give each link one of its own."
  }
}
