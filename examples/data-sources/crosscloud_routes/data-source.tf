# What Google has learned from AWS over one link, for a firewall rule.
data "crosscloud_routes" "from_aws" {
  interconnect = crosscloud_interconnect.ai.id
  end          = "google"
  direction    = "learned"
}

output "from_aws" {
  value = data.crosscloud_routes.from_aws.prefixes
}

# What is offered on any link and has not arrived at the other end.
data "crosscloud_routes" "lost" {
  direction = "offered"
  matched   = false

  lifecycle {
    postcondition {
      condition     = length(self.routes) == 0
      error_message = "Not learned by the other end: ${join(", ", self.prefixes)}."
    }
  }
}
