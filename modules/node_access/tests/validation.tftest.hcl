# What the module refuses, each at plan time.

mock_provider "openstack" {}

variables {
  name       = "demo_shop_nodes"
  cidr       = "10.0.0.0/24"
  node_ports = {}
}

run "refuses_what_is_no_cidr" {
  command         = plan
  expect_failures = [var.cidr]

  variables {
    cidr = "10.0.0.1"
  }
}

run "refuses_a_port_out_of_range" {
  command         = plan
  expect_failures = [var.node_ports]

  variables {
    node_ports = { shop_web = { "tcp-80" = 0 } }
  }
}

run "refuses_a_port_without_protocol" {
  command         = plan
  expect_failures = [var.node_ports]

  variables {
    node_ports = { shop_web = { "80" = 30080 } }
  }
}
