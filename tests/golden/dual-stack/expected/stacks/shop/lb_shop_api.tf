# Made by tfgen from Service shop/api. Edits are lost: change what it was made from.
# tfgen-digest: sha256:104b3ddf1915eaf978dfefd51c94902babfa77eea9ae285eebf053ddec0d0646

resource "openstack_lb_loadbalancer_v2" "lb_shop_api" {
  name                  = "demo_shop_api"
  description           = "Kubernetes Service shop/api of cluster demo"
  admin_state_up        = true
  loadbalancer_provider = "amphora"
  flavor_id             = null
  availability_zone     = null
  vip_network_id        = null
  vip_subnet_id         = "9b7e5d42-6a0f-4b1c-8e3d-2f1a6c4d8e90"
  tags = [
    "tfgen",
    "tfgen_cluster=demo",
    "tfgen_service=shop_api",
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

module "lb_shop_api_udp-53" {
  source = "../../modules/octavia_port"

  loadbalancer_id  = openstack_lb_loadbalancer_v2.lb_shop_api.id
  name             = "demo_shop_api_udp-53"
  description      = "Kubernetes Service shop/api of cluster demo"
  protocol         = "UDP"
  port             = 53
  connection_limit = -1
  allowed_cidrs = [
    "::/0",
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

  member_subnet_id = "9b7e5d42-6a0f-4b1c-8e3d-2f1a6c4d8e90"
  nodes            = var.node_groups["default-ipv6"]
  node_port        = var.node_ports["shop_api"]["udp-53"]
  tags             = openstack_lb_loadbalancer_v2.lb_shop_api.tags

  depends_on = []
}

resource "openstack_lb_loadbalancer_v2" "lb6_shop_api" {
  name                  = "demo_shop_api_ipv4"
  description           = "Kubernetes Service shop/api of cluster demo"
  admin_state_up        = true
  loadbalancer_provider = "amphora"
  flavor_id             = null
  availability_zone     = null
  vip_network_id        = null
  vip_subnet_id         = "7a1d2f4c-0c2e-4b5e-9f57-1f6f0f6f8d11"
  tags = [
    "tfgen",
    "tfgen_cluster=demo",
    "tfgen_second",
    "tfgen_service=shop_api",
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

module "lb6_shop_api_udp-53" {
  source = "../../modules/octavia_port"

  loadbalancer_id  = openstack_lb_loadbalancer_v2.lb6_shop_api.id
  name             = "demo_shop_api_ipv4_udp-53"
  description      = "Kubernetes Service shop/api of cluster demo"
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
  node_port        = var.node_ports["shop_api"]["udp-53"]
  tags             = openstack_lb_loadbalancer_v2.lb6_shop_api.tags

  depends_on = []
}

resource "openstack_networking_floatingip_v2" "lb6_shop_api" {
  pool        = "public"
  port_id     = openstack_lb_loadbalancer_v2.lb6_shop_api.vip_port_id
  description = "Kubernetes Service shop/api of cluster demo"
  tags        = openstack_lb_loadbalancer_v2.lb6_shop_api.tags

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
resource "terraform_data" "lb_shop_api" {
  input = "0afda65cdb7a3ee5"

  depends_on = [
    module.lb_shop_api_udp-53,
    module.lb6_shop_api_udp-53,
    openstack_networking_floatingip_v2.lb6_shop_api,
  ]
}

output "lb_shop_api" {
  description = "Where Service shop/api answers."
  value = {
    namespace   = "shop"
    name        = "api"
    id          = openstack_lb_loadbalancer_v2.lb_shop_api.id
    vip_address = openstack_lb_loadbalancer_v2.lb_shop_api.vip_address
    address     = openstack_lb_loadbalancer_v2.lb_shop_api.vip_address
    revision    = terraform_data.lb_shop_api.output
  }
}

output "lb6_shop_api" {
  description = "Where Service shop/api answers by IPv4."
  value = {
    namespace   = "shop"
    name        = "api"
    id          = openstack_lb_loadbalancer_v2.lb6_shop_api.id
    vip_address = openstack_lb_loadbalancer_v2.lb6_shop_api.vip_address
    address     = openstack_networking_floatingip_v2.lb6_shop_api.address
    revision    = terraform_data.lb_shop_api.output
  }
}
