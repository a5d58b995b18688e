# The AWS end of a link. Its Google end belongs to another team.
resource "crosscloud_interconnect" "ours" {
  name      = "two-teams"
  bandwidth = "10Gbps"

  aws = {
    region                    = "us-east-1"
    direct_connect_gateway_id = "5f294f92-bafb-4011-916d-9b0bd0e1f2a3"
  }

  peer = {
    account = "acme-network" # the Google Cloud project that can redeem the key
    region  = "us-east4"
  }
}

ephemeral "crosscloud_activation_key" "ours" {
  interconnect = crosscloud_interconnect.ours.aws.arn
}

# Leaves by a write-only attribute, here of a secret that the other team can read.
resource "aws_secretsmanager_secret_version" "key" {
  secret_id                = "interconnect/two-teams"
  secret_string_wo         = ephemeral.crosscloud_activation_key.ours.activation_key
  secret_string_wo_version = parseint(substr(crosscloud_interconnect.ours.shared_id, 0, 7), 16)
}
