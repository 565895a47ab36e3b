# What the module makes of its variables. No cloud: the provider's schema is real, its answers are made up.

mock_provider "openstack" {}

variables {
  loadbalancer_id = "5c1ae8f8-2d9f-4f0b-9f0f-6a0a4f6f1c11"
  name            = "demo_shop_web_tcp-80"
  protocol        = "TCP"
  port            = 80
  allowed_cidrs   = ["192.0.2.0/24", "198.51.100.0/24"]
  pool            = { protocol = "TCP" }
  node_port       = 30001
  nodes = {
    node-1 = { address = "10.0.0.11" }
    node-2 = { address = "10.0.0.12" }
  }
}

run "says_every_default" {
  command = plan

  assert {
    condition = (
      openstack_lb_listener_v2.this.connection_limit == -1
      && openstack_lb_listener_v2.this.timeout_client_data == 50000
      && openstack_lb_listener_v2.this.timeout_member_connect == 5000
      && openstack_lb_listener_v2.this.timeout_member_data == 50000
      && openstack_lb_listener_v2.this.timeout_tcp_inspect == 0
    )
    error_message = "A value that is left out would never be reset."
  }

  assert {
    condition     = openstack_lb_listener_v2.this.allowed_cidrs == tolist(["192.0.2.0/24", "198.51.100.0/24"])
    error_message = "The sources are an ordered list: they stand as given."
  }

  assert {
    condition     = openstack_lb_pool_v2.this.lb_method == "ROUND_ROBIN" && length(openstack_lb_pool_v2.this.persistence) == 0
    error_message = "A pool that is told nothing takes turns and does not persist."
  }

  assert {
    condition     = length(openstack_lb_monitor_v2.this) == 0 && length(openstack_lb_l7policy_v2.redirect) == 0 && length(openstack_lb_l7rule_v2.redirect) == 0
    error_message = "There is neither monitor nor redirect unless one is asked for."
  }
}

run "gives_every_attribute_of_a_member" {
  command = plan

  assert {
    condition     = toset([for member in openstack_lb_members_v2.this.member : member.name]) == toset(["node-1", "node-2"])
    error_message = "Every node is a member."
  }

  assert {
    condition = alltrue([
      for member in openstack_lb_members_v2.this.member : (
        member.protocol_port == 30001 && member.monitor_port == 30001 && member.weight == 1
        && member.admin_state_up && !member.backup && member.subnet_id == "" && member.monitor_address == ""
      )
    ])
    error_message = "With one attribute left out, a node that joins would show as a change of all members."
  }
}

run "drains_and_weighs_nodes" {
  command = plan

  variables {
    member_subnet_id = "0e6a9d0c-5d0c-4f0f-8a55-2a3a3a3a3a3a"
    nodes = {
      node-1 = { address = "10.0.0.11", weight = 5 }
      node-2 = { address = "10.0.0.12", weight = 5, drain = true }
    }
  }

  assert {
    condition     = { for member in openstack_lb_members_v2.this.member : member.name => member.weight } == { node-1 = 5, node-2 = 0 }
    error_message = "A draining node takes no new connections; the others have their weight."
  }

  assert {
    condition     = alltrue([for member in openstack_lb_members_v2.this.member : member.subnet_id == "0e6a9d0c-5d0c-4f0f-8a55-2a3a3a3a3a3a"])
    error_message = "Members are reached from the subnet that was named."
  }
}

run "awaits_its_node_port" {
  command = plan

  variables {
    node_port = null
  }

  assert {
    condition     = length(openstack_lb_members_v2.this.member) == 0
    error_message = "A port without a node port has a listener and a pool, and no members yet."
  }
}

run "persists_and_monitors" {
  command = plan

  variables {
    protocol         = "UDP"
    port             = 53
    connection_limit = 100
    tags             = ["tfgen", "tfgen_cluster=demo"]
    pool             = { protocol = "UDP", lb_method = "SOURCE_IP", persistence = "SOURCE_IP" }
    timeouts         = { client_data = 1000 }
    monitor          = { type = "UDP-CONNECT", delay = 5, timeout = 3, max_retries = 1, max_retries_down = 3 }
  }

  assert {
    condition     = one(openstack_lb_pool_v2.this.persistence).type == "SOURCE_IP" && openstack_lb_pool_v2.this.lb_method == "SOURCE_IP"
    error_message = "The pool persists, and picks members, as told."
  }

  assert {
    condition     = one(openstack_lb_monitor_v2.this).type == "UDP-CONNECT" && one(openstack_lb_monitor_v2.this).timeout == 3
    error_message = "The monitor is as told."
  }

  assert {
    condition     = openstack_lb_listener_v2.this.timeout_client_data == 1000 && openstack_lb_listener_v2.this.timeout_member_data == 50000
    error_message = "One timeout that is given leaves the others at their defaults."
  }

  assert {
    condition     = openstack_lb_listener_v2.this.tags == openstack_lb_pool_v2.this.tags && length(openstack_lb_pool_v2.this.tags) == 2
    error_message = "Listener and pool carry the tags."
  }

  assert {
    condition     = openstack_lb_listener_v2.this.connection_limit == 100
    error_message = "The connection limit is as told."
  }
}

run "sends_nothing_that_a_provider_refuses" {
  command = plan

  variables {
    allowed_cidrs    = null
    connection_limit = null
    timeouts         = null
    pool             = { protocol = "TCP", lb_method = "SOURCE_IP_PORT", monitor_port = false }
  }

  assert {
    condition     = openstack_lb_listener_v2.this.allowed_cidrs == null
    error_message = "A provider that cannot limit sources is not told any."
  }

  assert {
    condition     = alltrue([for member in openstack_lb_members_v2.this.member : member.monitor_port == null && member.protocol_port == 30001])
    error_message = "Members keep their port, and say none to the monitor."
  }
}

run "ends_tls" {
  command = plan

  variables {
    protocol       = "TERMINATED_HTTPS"
    port           = 443
    pool           = { protocol = "PROXYV2" }
    insert_headers = {}
    tls = {
      container_ref  = "https://barbican.example/v1/secrets/1"
      sni_refs       = ["https://barbican.example/v1/secrets/3", "https://barbican.example/v1/secrets/2"]
      versions       = ["TLSv1.3"]
      ciphers        = "TLS_AES_128_GCM_SHA256"
      alpn_protocols = ["h2", "http/1.1"]
      hsts_max_age   = 60
      hsts_preload   = true
    }
  }

  assert {
    condition = (
      openstack_lb_listener_v2.this.default_tls_container_ref == "https://barbican.example/v1/secrets/1"
      && openstack_lb_listener_v2.this.sni_container_refs == tolist(["https://barbican.example/v1/secrets/3", "https://barbican.example/v1/secrets/2"])
      && openstack_lb_listener_v2.this.tls_versions == toset(["TLSv1.3"])
      && openstack_lb_listener_v2.this.tls_ciphers == "TLS_AES_128_GCM_SHA256"
      && openstack_lb_listener_v2.this.alpn_protocols == toset(["h2", "http/1.1"])
    )
    error_message = "The certificates, in their order, and what clients may speak are as told."
  }

  assert {
    condition = (
      openstack_lb_listener_v2.this.hsts_max_age == 60
      && openstack_lb_listener_v2.this.hsts_preload
      && !openstack_lb_listener_v2.this.hsts_include_subdomains
    )
    error_message = "HSTS is as told."
  }

  assert {
    condition     = openstack_lb_pool_v2.this.protocol == "PROXYV2"
    error_message = "The pool speaks what it is told."
  }
}

run "ends_tls_without_hsts" {
  command = plan

  variables {
    protocol = "TERMINATED_HTTPS"
    pool     = { protocol = "HTTP" }
    tls      = { container_ref = "https://barbican.example/v1/secrets/1" }
  }

  assert {
    condition     = openstack_lb_listener_v2.this.hsts_max_age == null && openstack_lb_listener_v2.this.hsts_preload == null
    error_message = "The provider refuses the switches of HSTS, even off, without an age."
  }
}

run "redirects_and_inserts" {
  variables {
    protocol        = "HTTP"
    pool            = { protocol = "HTTP" }
    insert_headers  = { X-Forwarded-For = "true" }
    redirect_prefix = "https://shop.example"
    tags            = ["tfgen"]
    listener_tags   = ["a"]
    pool_tags       = ["b"]
  }

  assert {
    condition     = openstack_lb_listener_v2.this.insert_headers == tomap({ X-Forwarded-For = "true" })
    error_message = "The listener inserts the headers."
  }

  assert {
    condition = (
      one(openstack_lb_l7policy_v2.redirect).listener_id == openstack_lb_listener_v2.this.id
      && one(openstack_lb_l7policy_v2.redirect).action == "REDIRECT_PREFIX"
      && one(openstack_lb_l7policy_v2.redirect).redirect_prefix == "https://shop.example"
      && one(openstack_lb_l7policy_v2.redirect).redirect_http_code == 308
    )
    error_message = "The listener sends every request away, path and query kept."
  }

  assert {
    condition = (
      one(openstack_lb_l7rule_v2.redirect).l7policy_id == one(openstack_lb_l7policy_v2.redirect).id
      && one(openstack_lb_l7rule_v2.redirect).type == "PATH"
      && one(openstack_lb_l7rule_v2.redirect).compare_type == "STARTS_WITH"
      && one(openstack_lb_l7rule_v2.redirect).value == "/"
    )
    error_message = "Every path matches: a policy without a rule would match none."
  }

  assert {
    condition     = openstack_lb_listener_v2.this.tags == toset(["tfgen", "a"]) && openstack_lb_pool_v2.this.tags == toset(["tfgen", "b"])
    error_message = "Listener and pool have tags of their own beside those of both."
  }
}

run "asks_for_a_path" {
  command = plan

  variables {
    monitor = {
      type           = "HTTP", delay = 5, timeout = 3, max_retries = 1, max_retries_down = 3
      url_path       = "/ready"
      http_method    = "HEAD"
      http_version   = "1.1"
      domain_name    = "shop.example.com"
      expected_codes = "200-204"
    }
  }

  assert {
    condition = (
      one(openstack_lb_monitor_v2.this).url_path == "/ready"
      && one(openstack_lb_monitor_v2.this).http_method == "HEAD"
      && one(openstack_lb_monitor_v2.this).http_version == "1.1"
      && one(openstack_lb_monitor_v2.this).domain_name == "shop.example.com"
      && one(openstack_lb_monitor_v2.this).expected_codes == "200-204"
      && one(openstack_lb_monitor_v2.this).admin_state_up
    )
    error_message = "The monitor asks as told."
  }
}

run "refuses_a_host_without_its_version" {
  command = plan

  variables {
    monitor = { type = "HTTP", delay = 5, timeout = 3, max_retries = 1, max_retries_down = 3, domain_name = "a.example" }
  }

  expect_failures = [var.monitor]
}

run "asks_all_members_on_one_port" {
  command = plan

  variables {
    health_port = 32100
    monitor     = { type = "HTTP", delay = 5, timeout = 3, max_retries = 1, max_retries_down = 3, url_path = "/healthz" }
  }

  assert {
    condition     = alltrue([for member in openstack_lb_members_v2.this.member : member.monitor_port == 32100 && member.protocol_port == 30001])
    error_message = "Members are asked on the health port, and serve on their own."
  }
}

run "is_off_while_its_port_is_not_known" {
  command = plan

  variables {
    health_port = null
    monitor     = { type = "HTTP", delay = 5, timeout = 3, max_retries = 1, max_retries_down = 3, url_path = "/healthz" }
  }

  assert {
    condition     = !one(openstack_lb_monitor_v2.this).admin_state_up
    error_message = "A monitor that asks the wrong port would take every member out."
  }

  assert {
    condition     = alltrue([for member in openstack_lb_members_v2.this.member : member.monitor_port == 30001])
    error_message = "Members go on serving."
  }
}

run "awaits_its_nodes" {
  command = plan

  variables {
    nodes = null
  }

  assert {
    condition     = length(openstack_lb_members_v2.this.member) == 0
    error_message = "Nodes that are not known yet make no members."
  }
}

run "stands" {
  assert {
    condition     = output.listener_id == openstack_lb_listener_v2.this.id && output.pool_id == openstack_lb_pool_v2.this.id
    error_message = "The outputs name listener and pool."
  }

  assert {
    condition     = openstack_lb_members_v2.this.pool_id == output.pool_id && openstack_lb_pool_v2.this.listener_id == output.listener_id
    error_message = "Members hang on the pool, and the pool on its listener: the shape that imports reproduce."
  }
}

run "stays_when_a_node_joins" {
  variables {
    nodes = {
      node-1 = { address = "10.0.0.11" }
      node-2 = { address = "10.0.0.12" }
      node-3 = { address = "10.0.0.13" }
    }
  }

  assert {
    condition     = output.listener_id == run.stands.listener_id && output.pool_id == run.stands.pool_id
    error_message = "A node that joins replaces neither listener nor pool."
  }

  assert {
    condition     = length(openstack_lb_members_v2.this.member) == 3
    error_message = "The node joins."
  }
}
