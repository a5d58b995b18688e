output "links" {
  value = {
    for key, link in crosscloud_interconnect.this : key => {
      id     = link.id
      status = link.pairing.status
      routes = try(crosscloud_attachment.this[key].pairing.status, null)
    }
  }
  description = "Each link by its short name: id, pairing of its ends, and pairing of its attachment."
}

output "paths" {
  value       = local.paths
  description = "How many links carry traffic now."
}
