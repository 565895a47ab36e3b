# Made by tfgen from its module octavia_port. Edits are lost: change what it was made from.
# tfgen-digest: sha256:1de19c7c74bff7345a408374bdb541468dd614a3de3e579b4a826d4b7bfb7e61

# One port of a load balancer: listener, pool, members, monitor, redirect. It knows no Kubernetes words.
# Every optional argument is given, for one that is left out later would never be reset. null is for
# clouds and providers that refuse one (ovn: sources, timeouts, limit, a member's monitor port).

locals {
  # A node port, or nodes, that are not known yet make no members; a known one has all nodes.
  _members = var.node_port == null || var.nodes == null ? {} : var.nodes

  # The monitor asks every member on its own port, or on one that is the same for all of them.
  _monitor_port = coalesce(var.health_port, 0) > 0 ? var.health_port : var.node_port

  _timeouts = var.timeouts == null ? { client_data = null, member_connect = null, member_data = null, tcp_inspect = null } : var.timeouts

  # What a listener without TLS has: nothing of it is sent.
  _no_tls = {
    container_ref           = null
    sni_refs                = null
    versions                = null
    ciphers                 = null
    alpn_protocols          = null
    hsts_max_age            = null
    hsts_include_subdomains = null
    hsts_preload            = null
  }
  _tls = var.tls == null ? local._no_tls : var.tls
}

resource "openstack_lb_listener_v2" "this" {
  name                   = var.name
  description            = var.description
  loadbalancer_id        = var.loadbalancer_id
  protocol               = var.protocol
  protocol_port          = var.port
  admin_state_up         = true
  allowed_cidrs          = var.allowed_cidrs
  connection_limit       = var.connection_limit
  insert_headers         = var.insert_headers
  timeout_client_data    = local._timeouts.client_data
  timeout_member_connect = local._timeouts.member_connect
  timeout_member_data    = local._timeouts.member_data
  timeout_tcp_inspect    = local._timeouts.tcp_inspect
  tags                   = setunion(var.tags, var.listener_tags)

  default_tls_container_ref = local._tls.container_ref
  sni_container_refs        = local._tls.sni_refs
  tls_versions              = local._tls.versions
  tls_ciphers               = local._tls.ciphers
  alpn_protocols            = local._tls.alpn_protocols
  hsts_max_age              = local._tls.hsts_max_age
  hsts_include_subdomains   = local._tls.hsts_max_age == null ? null : local._tls.hsts_include_subdomains
  hsts_preload              = local._tls.hsts_max_age == null ? null : local._tls.hsts_preload

  timeouts {
    create = "5m"
    update = "5m"
    delete = "5m"
  }

  lifecycle {
    precondition {
      condition     = (var.tls != null) == (var.protocol == "TERMINATED_HTTPS")
      error_message = "A listener of protocol TERMINATED_HTTPS has TLS, and no other has."
    }

    precondition {
      condition     = length(var.insert_headers) == 0 || contains(["HTTP", "TERMINATED_HTTPS"], var.protocol)
      error_message = "Headers are inserted by listeners of protocol HTTP or TERMINATED_HTTPS alone."
    }

    precondition {
      condition     = var.redirect_prefix == null || contains(["HTTP", "TERMINATED_HTTPS"], var.protocol)
      error_message = "A redirect is answered by listeners of protocol HTTP or TERMINATED_HTTPS alone."
    }
  }
}

# The pool hangs on its listener: the only shape that an import reproduces without a replacement.
resource "openstack_lb_pool_v2" "this" {
  name           = var.name
  description    = var.description
  listener_id    = openstack_lb_listener_v2.this.id
  protocol       = var.pool.protocol
  lb_method      = var.pool.lb_method
  admin_state_up = true
  tags           = setunion(var.tags, var.pool_tags)

  dynamic "persistence" {
    for_each = var.pool.persistence == null ? [] : [var.pool.persistence]

    content {
      type = persistence.value
    }
  }

  timeouts {
    create = "5m"
    update = "5m"
    delete = "5m"
  }
}

# All members in one resource: one call a pool, whatever the number of nodes. Every attribute is
# given; with one left out, a node that joins shows as a change of all members.
resource "openstack_lb_members_v2" "this" {
  pool_id = openstack_lb_pool_v2.this.id

  dynamic "member" {
    for_each = local._members

    content {
      name            = member.key
      address         = member.value.address
      protocol_port   = var.node_port
      weight          = member.value.drain ? 0 : member.value.weight
      backup          = false
      admin_state_up  = true
      subnet_id       = var.member_subnet_id == null ? "" : var.member_subnet_id
      monitor_address = ""
      monitor_port    = var.pool.monitor_port ? local._monitor_port : null
    }
  }

  timeouts {
    create = "5m"
    update = "5m"
    delete = "5m"
  }
}

resource "openstack_lb_monitor_v2" "this" {
  count = var.monitor == null ? 0 : 1

  name             = var.name
  pool_id          = openstack_lb_pool_v2.this.id
  type             = var.monitor.type
  delay            = var.monitor.delay
  timeout          = var.monitor.timeout
  max_retries      = var.monitor.max_retries
  max_retries_down = var.monitor.max_retries_down
  url_path         = var.monitor.url_path
  http_method      = var.monitor.http_method
  http_version     = var.monitor.http_version
  domain_name      = var.monitor.domain_name
  expected_codes   = var.monitor.expected_codes
  admin_state_up   = var.health_port != null

  timeouts {
    create = "5m"
    update = "5m"
    delete = "5m"
  }

  depends_on = [openstack_lb_members_v2.this]
}

# The policy comes after the pool is whole, and its one rule after it: a load balancer takes one change
# at a time. A policy without a rule would match nothing; each path begins with "/".
resource "openstack_lb_l7policy_v2" "redirect" {
  count = var.redirect_prefix == null ? 0 : 1

  name               = var.name
  description        = var.description
  listener_id        = openstack_lb_listener_v2.this.id
  action             = "REDIRECT_PREFIX"
  redirect_prefix    = var.redirect_prefix
  redirect_http_code = 308
  position           = 1
  admin_state_up     = true

  timeouts {
    create = "5m"
    update = "5m"
    delete = "5m"
  }

  depends_on = [openstack_lb_members_v2.this, openstack_lb_monitor_v2.this]
}

resource "openstack_lb_l7rule_v2" "redirect" {
  count = var.redirect_prefix == null ? 0 : 1

  l7policy_id    = openstack_lb_l7policy_v2.redirect[count.index].id
  type           = "PATH"
  compare_type   = "STARTS_WITH"
  value          = "/"
  invert         = false
  admin_state_up = true

  timeouts {
    create = "5m"
    update = "5m"
    delete = "5m"
  }
}
