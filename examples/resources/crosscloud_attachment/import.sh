# By the link's id and the attachment's name:
terraform import crosscloud_attachment.vpc projects/acme-network/locations/us-east4/transports/ai-pipeline/attachments/vpc

# An association that was made elsewhere, with the gateway's id behind it; the name is the peering's:
terraform import crosscloud_attachment.vpc projects/acme-network/locations/us-east4/transports/ai-pipeline/attachments/vpc/vgw-0123456789abcdef0
