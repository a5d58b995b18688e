variable "direct_connect_gateway_id" {
  type        = string
  description = "Direct Connect gateway that the link attaches to."
}

variable "vpn_gateway_id" {
  type        = string
  description = "Virtual private gateway that is attached to the VPC; the VPC's route tables take its routes."
}

variable "aws_region" {
  type        = string
  default     = "us-east-1"
  description = "AWS region of the VPC and of the link."
}

variable "aws_prefixes" {
  type        = list(string)
  default     = ["10.64.0.0/16"]
  description = "Prefixes of the VPC that Google is to reach."
}

variable "google_region" {
  type        = string
  default     = "us-east4"
  description = "Google Cloud region that is joined with the AWS region."
}

variable "google_network" {
  type        = string
  default     = "default"
  description = "VPC network on Google Cloud."
}

variable "google_prefixes" {
  type        = list(string)
  default     = ["10.128.0.0/20"]
  description = "Prefixes of the network that AWS is to reach."
}

variable "bandwidth" {
  type        = string
  default     = "1Gbps"
  description = "Bandwidth of the link."
}
