# One port of a load balancer: listener, pool, members, monitor. It knows no Kubernetes words.
# Every optional argument is given, for one that is left out later would never be reset. null is for
# clouds and providers that refuse one (ovn: sources, timeouts, limit, a member's monitor port).

locals {
  # A node port, or nodes, that are not known yet make no members; a known one has all nodes.
  _members = var.node_port == null || var.nodes == null ? {} : var.nodes

  _timeouts = var.timeouts == null ? { client_data = null, member_connect = null, member_data = null, tcp_inspect = null } : var.timeouts
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
  timeout_client_data    = local._timeouts.client_data
  timeout_member_connect = local._timeouts.member_connect
  timeout_member_data    = local._timeouts.member_data
  timeout_tcp_inspect    = local._timeouts.tcp_inspect
  tags                   = var.tags

  timeouts {
    create = "5m"
    update = "5m"
    delete = "5m"
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
  tags           = var.tags

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
      monitor_port    = var.pool.monitor_port ? var.node_port : null
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
  admin_state_up   = true

  timeouts {
    create = "5m"
    update = "5m"
    delete = "5m"
  }

  depends_on = [openstack_lb_members_v2.this]
}
