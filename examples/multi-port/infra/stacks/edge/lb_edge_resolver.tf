# Made by tfgen from Service edge/resolver. Edits are lost: change what it was made from.
# tfgen-digest: sha256:6314c143b63454baf74d64b90af69e608b43cc16ab76603150cdb11a93d2c509

resource "openstack_lb_loadbalancer_v2" "lb_edge_resolver" {
  name                  = "demo_edge_resolver"
  description           = "Kubernetes Service edge/resolver of cluster demo"
  admin_state_up        = true
  loadbalancer_provider = "amphora"
  flavor_id             = null
  availability_zone     = null
  vip_network_id        = null
  vip_subnet_id         = "7a1d2f4c-0c2e-4b5e-9f57-1f6f0f6f8d11"
  tags = [
    "tfgen",
    "tfgen_cluster=demo",
    "tfgen_service=edge_resolver",
    "tfgen_tree=91c3a7e5d2b04f68",
  ]

  lifecycle {
    prevent_destroy = true
  }

  timeouts {
    create = "20m"
    update = "10m"
    delete = "10m"
  }
}

module "lb_edge_resolver_tcp-53" {
  source = "../../modules/octavia_port"

  loadbalancer_id  = openstack_lb_loadbalancer_v2.lb_edge_resolver.id
  name             = "demo_edge_resolver_tcp-53"
  description      = "Kubernetes Service edge/resolver of cluster demo"
  protocol         = "TCP"
  port             = 53
  connection_limit = -1
  allowed_cidrs = [
    "0.0.0.0/0",
  ]
  timeouts = {
    client_data    = 50000
    member_connect = 5000
    member_data    = 50000
    tcp_inspect    = 0
  }
  pool = {
    protocol    = "TCP"
    lb_method   = "ROUND_ROBIN"
    persistence = null
  }

  monitor = {
    type             = "TCP"
    delay            = 5
    timeout          = 3
    max_retries      = 1
    max_retries_down = 3
  }

  member_subnet_id = "7a1d2f4c-0c2e-4b5e-9f57-1f6f0f6f8d11"
  nodes            = var.node_groups["default"]
  node_port        = var.node_ports["edge_resolver"]["tcp-53"]
  tags             = openstack_lb_loadbalancer_v2.lb_edge_resolver.tags

  depends_on = []
}

module "lb_edge_resolver_udp-53" {
  source = "../../modules/octavia_port"

  loadbalancer_id  = openstack_lb_loadbalancer_v2.lb_edge_resolver.id
  name             = "demo_edge_resolver_udp-53"
  description      = "Kubernetes Service edge/resolver of cluster demo"
  protocol         = "UDP"
  port             = 53
  connection_limit = -1
  allowed_cidrs = [
    "0.0.0.0/0",
  ]
  timeouts = {
    client_data    = 50000
    member_connect = 5000
    member_data    = 50000
    tcp_inspect    = 0
  }
  pool = {
    protocol    = "UDP"
    lb_method   = "ROUND_ROBIN"
    persistence = null
  }

  monitor = {
    type             = "UDP-CONNECT"
    delay            = 5
    timeout          = 3
    max_retries      = 1
    max_retries_down = 3
  }

  member_subnet_id = "7a1d2f4c-0c2e-4b5e-9f57-1f6f0f6f8d11"
  nodes            = var.node_groups["default"]
  node_port        = var.node_ports["edge_resolver"]["udp-53"]
  tags             = openstack_lb_loadbalancer_v2.lb_edge_resolver.tags

  depends_on = [
    module.lb_edge_resolver_tcp-53,
  ]
}

resource "openstack_networking_floatingip_v2" "lb_edge_resolver" {
  pool        = "public"
  port_id     = openstack_lb_loadbalancer_v2.lb_edge_resolver.vip_port_id
  description = "Kubernetes Service edge/resolver of cluster demo"
  tags        = openstack_lb_loadbalancer_v2.lb_edge_resolver.tags

  lifecycle {
    prevent_destroy = true
    ignore_changes  = [pool]
  }

  timeouts {
    create = "10m"
    delete = "10m"
  }
}

# Which revision of all above is applied: noted last, so that a failed apply leaves the old one.
resource "terraform_data" "lb_edge_resolver" {
  input = "49b65f4af690ee23"

  depends_on = [
    module.lb_edge_resolver_udp-53,
    openstack_networking_floatingip_v2.lb_edge_resolver,
  ]
}

output "lb_edge_resolver" {
  description = "Where Service edge/resolver answers."
  value = {
    namespace   = "edge"
    name        = "resolver"
    id          = openstack_lb_loadbalancer_v2.lb_edge_resolver.id
    vip_address = openstack_lb_loadbalancer_v2.lb_edge_resolver.vip_address
    address     = openstack_networking_floatingip_v2.lb_edge_resolver.address
    revision    = terraform_data.lb_edge_resolver.output
  }
}
