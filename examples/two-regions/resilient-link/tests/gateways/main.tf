# What the tests find in the sandbox: two Direct Connect gateways.
terraform {
  required_providers {
    crosscloud = {
      source = "terraform-crosscloud/crosscloud"
    }
  }
}

data "crosscloud_attach_points" "this" {
  aws_region = "us-east-1"
}

output "ids" {
  value = data.crosscloud_attach_points.this.ids
}
