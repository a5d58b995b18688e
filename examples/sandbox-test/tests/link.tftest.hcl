provider "crosscloud" {
  owner = "acme/network/test"
}

variables {
  name = "tested"
}

run "a_link_comes_up_on_both_clouds" {
  variables {
    protected = true
  }

  assert {
    condition     = output.status == "matched"
    error_message = "The two ends are not one link: ${output.status}."
  }
}

# A plan that replaces a protected link fails.
run "more_bandwidth_needs_no_other_link" {
  variables {
    bandwidth = "10Gbps"
    protected = true
  }

  assert {
    condition     = output.status == "matched"
    error_message = "The two ends are not one link: ${output.status}."
  }
}

# The destroy at the end needs a link without protection.
run "protection_ends_in_place" {
  variables {
    bandwidth = "10Gbps"
  }
}

run "the_budget_holds" {
  command = plan

  variables {
    bandwidth = "100Gbps"
  }

  expect_failures = [var.bandwidth]
}
