# Made by tfgen from Service shop/dns. Edits are lost: change what it was made from.
# tfgen-digest: sha256:d986147d95082baa2cfe8ce7985783916a55a00690f89f3e891c5eea27f05749

resource "openstack_lb_loadbalancer_v2" "lb_shop_dns" {
  name                  = "demo_shop_dns"
  description           = "Kubernetes Service shop/dns of cluster demo"
  admin_state_up        = true
  loadbalancer_provider = "amphora"
  flavor_id             = null
  availability_zone     = null
  vip_network_id        = null
  vip_subnet_id         = "7a1d2f4c-0c2e-4b5e-9f57-1f6f0f6f8d11"
  tags = [
    "tfgen",
    "tfgen_cluster=demo",
    "tfgen_service=shop_dns",
    "tfgen_tree=00c0ffee",
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

module "lb_shop_dns_tcp-53" {
  source = "../../modules/octavia_port"

  loadbalancer_id  = openstack_lb_loadbalancer_v2.lb_shop_dns.id
  name             = "demo_shop_dns_tcp-53"
  description      = "Kubernetes Service shop/dns of cluster demo"
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
  node_port        = var.node_ports["shop_dns"]["tcp-53"]
  tags             = openstack_lb_loadbalancer_v2.lb_shop_dns.tags

  depends_on = []
}

module "lb_shop_dns_udp-53" {
  source = "../../modules/octavia_port"

  loadbalancer_id  = openstack_lb_loadbalancer_v2.lb_shop_dns.id
  name             = "demo_shop_dns_udp-53"
  description      = "Kubernetes Service shop/dns of cluster demo"
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
  node_port        = var.node_ports["shop_dns"]["udp-53"]
  tags             = openstack_lb_loadbalancer_v2.lb_shop_dns.tags

  depends_on = [
    module.lb_shop_dns_tcp-53,
  ]
}

resource "openstack_networking_floatingip_v2" "lb_shop_dns" {
  pool        = "public"
  port_id     = openstack_lb_loadbalancer_v2.lb_shop_dns.vip_port_id
  description = "Kubernetes Service shop/dns of cluster demo"
  tags        = openstack_lb_loadbalancer_v2.lb_shop_dns.tags

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
resource "terraform_data" "lb_shop_dns" {
  input = "188f4e83639dc545"

  depends_on = [
    module.lb_shop_dns_udp-53,
    openstack_networking_floatingip_v2.lb_shop_dns,
  ]
}

output "lb_shop_dns" {
  description = "Where Service shop/dns answers."
  value = {
    namespace   = "shop"
    name        = "dns"
    id          = openstack_lb_loadbalancer_v2.lb_shop_dns.id
    vip_address = openstack_lb_loadbalancer_v2.lb_shop_dns.vip_address
    address     = openstack_networking_floatingip_v2.lb_shop_dns.address
    revision    = terraform_data.lb_shop_dns.output
  }
}
