# A link that another team owns, by its name or by any of its ids.
data "crosscloud_interconnect" "ai" {
  name = "ai-pipeline"

  lifecycle {
    postcondition {
      condition     = self.pairing.status == "matched"
      error_message = "The link is ${self.pairing.status}: ${self.pairing.summary}"
    }
  }
}

output "gateway" {
  value = data.crosscloud_interconnect.ai.aws.direct_connect_gateway_id
}
