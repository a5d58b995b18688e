terraform {
  required_providers {
    crosscloud = {
      source = "terraform-crosscloud/crosscloud"
    }
  }
}

provider "crosscloud" {
  owner = "acme/network/prod"

  aws = {
    region       = "us-east-1"
    default_tags = { environment = "prod" }
  }

  google = {
    project        = "acme-network"
    region         = "us-east4"
    default_labels = { environment = "prod" }
  }
}
