# By any name of the link, such as the transport's full name.
terraform import crosscloud_bandwidth_tier.ai projects/my-project/locations/us-east4/transports/ai-pipeline
