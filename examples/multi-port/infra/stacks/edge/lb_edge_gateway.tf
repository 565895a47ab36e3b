# Made by tfgen from Service edge/gateway. Edits are lost: change what it was made from.
# tfgen-digest: sha256:6b897d45e47864365dcecac97e4f4f8a511ddff9d4362afa263e6cf3613a2487

resource "openstack_lb_loadbalancer_v2" "lb_edge_gateway" {
  name                  = "demo_edge_gateway"
  description           = "Kubernetes Service edge/gateway of cluster demo"
  admin_state_up        = true
  loadbalancer_provider = "amphora"
  flavor_id             = null
  availability_zone     = null
  vip_network_id        = null
  vip_subnet_id         = "7a1d2f4c-0c2e-4b5e-9f57-1f6f0f6f8d11"
  tags = [
    "tfgen",
    "tfgen_cluster=demo",
    "tfgen_service=edge_gateway",
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

module "lb_edge_gateway_tcp-80" {
  source = "../../modules/octavia_port"

  loadbalancer_id  = openstack_lb_loadbalancer_v2.lb_edge_gateway.id
  name             = "demo_edge_gateway_tcp-80"
  description      = "Kubernetes Service edge/gateway of cluster demo"
  protocol         = "TCP"
  port             = 80
  connection_limit = 20000
  allowed_cidrs = [
    "0.0.0.0/0",
  ]
  timeouts = {
    client_data    = 300000
    member_connect = 5000
    member_data    = 300000
    tcp_inspect    = 0
  }
  pool = {
    protocol    = "TCP"
    lb_method   = "LEAST_CONNECTIONS"
    persistence = "SOURCE_IP"
  }

  monitor = {
    type             = "TCP"
    delay            = 10
    timeout          = 3
    max_retries      = 1
    max_retries_down = 3
  }

  member_subnet_id = "7a1d2f4c-0c2e-4b5e-9f57-1f6f0f6f8d11"
  nodes            = var.node_groups["default"]
  node_port        = var.node_ports["edge_gateway"]["tcp-80"]
  tags             = openstack_lb_loadbalancer_v2.lb_edge_gateway.tags

  depends_on = []
}

module "lb_edge_gateway_tcp-443" {
  source = "../../modules/octavia_port"

  loadbalancer_id  = openstack_lb_loadbalancer_v2.lb_edge_gateway.id
  name             = "demo_edge_gateway_tcp-443"
  description      = "Kubernetes Service edge/gateway of cluster demo"
  protocol         = "TCP"
  port             = 443
  connection_limit = 20000
  allowed_cidrs = [
    "0.0.0.0/0",
  ]
  timeouts = {
    client_data    = 300000
    member_connect = 5000
    member_data    = 300000
    tcp_inspect    = 0
  }
  pool = {
    protocol    = "TCP"
    lb_method   = "LEAST_CONNECTIONS"
    persistence = "SOURCE_IP"
  }

  monitor = {
    type             = "TCP"
    delay            = 10
    timeout          = 3
    max_retries      = 1
    max_retries_down = 3
  }

  member_subnet_id = "7a1d2f4c-0c2e-4b5e-9f57-1f6f0f6f8d11"
  nodes            = var.node_groups["default"]
  node_port        = var.node_ports["edge_gateway"]["tcp-443"]
  tags             = openstack_lb_loadbalancer_v2.lb_edge_gateway.tags

  depends_on = [
    module.lb_edge_gateway_tcp-80,
  ]
}

module "lb_edge_gateway_udp-443" {
  source = "../../modules/octavia_port"

  loadbalancer_id  = openstack_lb_loadbalancer_v2.lb_edge_gateway.id
  name             = "demo_edge_gateway_udp-443"
  description      = "Kubernetes Service edge/gateway of cluster demo"
  protocol         = "UDP"
  port             = 443
  connection_limit = 20000
  allowed_cidrs = [
    "0.0.0.0/0",
  ]
  timeouts = {
    client_data    = 300000
    member_connect = 5000
    member_data    = 300000
    tcp_inspect    = 0
  }
  pool = {
    protocol    = "UDP"
    lb_method   = "LEAST_CONNECTIONS"
    persistence = "SOURCE_IP"
  }

  monitor = {
    type             = "UDP-CONNECT"
    delay            = 10
    timeout          = 3
    max_retries      = 1
    max_retries_down = 3
  }

  member_subnet_id = "7a1d2f4c-0c2e-4b5e-9f57-1f6f0f6f8d11"
  nodes            = var.node_groups["default"]
  node_port        = var.node_ports["edge_gateway"]["udp-443"]
  tags             = openstack_lb_loadbalancer_v2.lb_edge_gateway.tags

  depends_on = [
    module.lb_edge_gateway_tcp-443,
  ]
}

resource "openstack_networking_floatingip_v2" "lb_edge_gateway" {
  pool        = "public"
  port_id     = openstack_lb_loadbalancer_v2.lb_edge_gateway.vip_port_id
  description = "Kubernetes Service edge/gateway of cluster demo"
  tags        = openstack_lb_loadbalancer_v2.lb_edge_gateway.tags

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
resource "terraform_data" "lb_edge_gateway" {
  input = "b0c750a3ad84a642"

  depends_on = [
    module.lb_edge_gateway_udp-443,
    openstack_networking_floatingip_v2.lb_edge_gateway,
  ]
}

output "lb_edge_gateway" {
  description = "Where Service edge/gateway answers."
  value = {
    namespace   = "edge"
    name        = "gateway"
    id          = openstack_lb_loadbalancer_v2.lb_edge_gateway.id
    vip_address = openstack_lb_loadbalancer_v2.lb_edge_gateway.vip_address
    address     = openstack_networking_floatingip_v2.lb_edge_gateway.address
    revision    = terraform_data.lb_edge_gateway.output
  }
}
