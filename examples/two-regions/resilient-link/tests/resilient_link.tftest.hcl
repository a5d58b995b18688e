# Against two clouds on this machine, from the folder of the module:
#
#   crosscloud sandbox -seed-file ../seed.json &
#   eval "$(crosscloud sandbox env)"
#   terraform init && terraform test
provider "crosscloud" {
  owner = "acme/network/test"
}

variables {
  name      = "tested"
  bandwidth = "1Gbps"
  network   = "default"
}

run "gateways" {
  module {
    source = "./tests/gateways"
  }
}

run "both_links_carry_traffic" {
  variables {
    links = {
      east = {
        aws_region                = "us-east-1"
        google_region             = "us-east4"
        direct_connect_gateway_id = run.gateways.ids[0]
        advertised_routes         = ["10.128.0.0/20"]
      }
      west = {
        aws_region                = "us-west-2"
        google_region             = "us-west1"
        direct_connect_gateway_id = run.gateways.ids[1]
        advertised_routes         = ["10.138.0.0/20"]
      }
    }
  }

  assert {
    condition     = output.paths == 2 && alltrue([for link in output.links : link.status == "matched"])
    error_message = "Not every link carries traffic: ${jsonencode(output.links)}."
  }
}

run "one_link_is_refused" {
  command = plan

  variables {
    links = {
      east = {
        aws_region                = "us-east-1"
        google_region             = "us-east4"
        direct_connect_gateway_id = run.gateways.ids[0]
        advertised_routes         = ["10.128.0.0/20"]
      }
    }
  }

  expect_failures = [var.links]
}

run "one_region_and_one_gateway_are_refused" {
  command = plan

  variables {
    links = {
      east = {
        aws_region                = "us-east-1"
        google_region             = "us-east4"
        direct_connect_gateway_id = run.gateways.ids[0]
        advertised_routes         = ["10.128.0.0/20"]
      }
      again = {
        aws_region                = "us-east-1"
        google_region             = "us-west1"
        direct_connect_gateway_id = run.gateways.ids[0]
        advertised_routes         = ["10.138.0.0/20"]
      }
    }
  }

  expect_failures = [var.links]
}
