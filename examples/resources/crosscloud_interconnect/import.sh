# By the transport's full name:
terraform import crosscloud_interconnect.ai projects/acme-network/locations/us-east4/transports/ai-pipeline

# By the connection's ARN:
terraform import crosscloud_interconnect.ai arn:aws:interconnect:us-east-1:123456789012:connection/mcc-1a2b3c4d

# By AWS region and connection id:
terraform import crosscloud_interconnect.ai us-east-1/mcc-1a2b3c4d

# By both, where neither end tells of the other:
terraform import crosscloud_interconnect.ai "arn:aws:interconnect:us-east-1:123456789012:connection/mcc-1a2b3c4d,projects/acme-network/locations/us-east4/transports/ai-pipeline"

# One end alone, where the other belongs to another team:
terraform import crosscloud_interconnect.ai one-ended:us-east-1/mcc-1a2b3c4d
