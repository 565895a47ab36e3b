# What the module refuses, each at plan time.

mock_provider "openstack" {}

variables {
  loadbalancer_id = "5c1ae8f8-2d9f-4f0b-9f0f-6a0a4f6f1c11"
  name            = "demo_shop_web_tcp-80"
  protocol        = "TCP"
  port            = 80
  allowed_cidrs   = ["0.0.0.0/0"]
  pool            = { protocol = "TCP" }
  node_port       = 30001
  nodes           = { node-1 = { address = "10.0.0.11" } }
}

run "refuses_an_empty_group" {
  command         = plan
  expect_failures = [var.nodes]

  variables {
    nodes = {}
  }
}

run "refuses_silence_about_sources" {
  command         = plan
  expect_failures = [var.allowed_cidrs]

  variables {
    allowed_cidrs = []
  }
}

run "refuses_a_port_out_of_range" {
  command         = plan
  expect_failures = [var.port]

  variables {
    port = 65536
  }
}

run "refuses_a_node_port_out_of_range" {
  command         = plan
  expect_failures = [var.node_port]

  variables {
    node_port = 0
  }
}

run "refuses_an_unknown_protocol" {
  command         = plan
  expect_failures = [var.protocol]

  variables {
    protocol = "QUIC"
  }
}

run "refuses_a_monitor_that_overlaps_itself" {
  command         = plan
  expect_failures = [var.monitor]

  variables {
    monitor = { type = "TCP", delay = 5, timeout = 5, max_retries = 1, max_retries_down = 3 }
  }
}

run "refuses_tls_without_its_protocol" {
  command         = plan
  expect_failures = [openstack_lb_listener_v2.this]

  variables {
    tls = { container_ref = "https://barbican.example/v1/secrets/1" }
  }
}

run "refuses_the_protocol_without_tls" {
  command         = plan
  expect_failures = [openstack_lb_listener_v2.this]

  variables {
    protocol = "TERMINATED_HTTPS"
    pool     = { protocol = "HTTP" }
  }
}

run "refuses_headers_of_what_is_no_http" {
  command         = plan
  expect_failures = [openstack_lb_listener_v2.this]

  variables {
    insert_headers = { X-Forwarded-For = "true" }
  }
}

run "refuses_a_redirect_of_what_is_no_http" {
  command         = plan
  expect_failures = [openstack_lb_listener_v2.this]

  variables {
    redirect_prefix = "https://shop.example"
  }
}

run "refuses_a_redirect_with_a_path" {
  command         = plan
  expect_failures = [var.redirect_prefix]

  variables {
    protocol        = "HTTP"
    pool            = { protocol = "HTTP" }
    redirect_prefix = "https://shop.example/shop"
  }
}

run "refuses_hsts_without_an_age" {
  command         = plan
  expect_failures = [var.tls]

  variables {
    protocol = "TERMINATED_HTTPS"
    pool     = { protocol = "HTTP" }
    tls      = { container_ref = "https://barbican.example/v1/secrets/1", hsts_preload = true }
  }
}
