output "pairing" {
  value       = crosscloud_attachment.path.pairing
  description = "What each end offers, and whether the other has learned it."
}

output "links" {
  value = {
    aws    = crosscloud_interconnect.path.aws.connection_id
    google = crosscloud_interconnect.path.google.transport_id
  }
  description = "Both ends of the link."
}
