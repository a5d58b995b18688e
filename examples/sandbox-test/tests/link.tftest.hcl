provider "crosscloud" {
  owner = "acme/network/test"
}

variables {
  name = "tested"
}

run "a_link_comes_up_on_both_clouds" {
  assert {
    condition     = output.status == "matched"
    error_message = "The two ends are not one link: ${output.status}."
  }
}

run "more_bandwidth_needs_no_other_link" {
  variables {
    bandwidth = "10Gbps"
  }

  assert {
    condition     = output.id == run.a_link_comes_up_on_both_clouds.id
    error_message = "The link was replaced: it is ${output.id} now."
  }

  assert {
    condition     = output.status == "matched"
    error_message = "The two ends are not one link: ${output.status}."
  }
}

run "the_budget_holds" {
  command = plan

  variables {
    bandwidth = "100Gbps"
  }

  expect_failures = [var.bandwidth]
}
