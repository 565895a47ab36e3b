# Made by tfgen from Service sock-shop/front-end. Edits are lost: change what it was made from.
# tfgen-digest: sha256:4fd27d60fc87a6f03a2573c7591e4c5a8119b6f0fece5f6d5e04f0d3c12a2c04

resource "openstack_lb_loadbalancer_v2" "lb_sock-shop_front-end" {
  name                  = "demo_sock-shop_front-end"
  description           = "Kubernetes Service sock-shop/front-end of cluster demo"
  admin_state_up        = true
  loadbalancer_provider = "amphora"
  flavor_id             = null
  availability_zone     = null
  vip_network_id        = null
  vip_subnet_id         = "7a1d2f4c-0c2e-4b5e-9f57-1f6f0f6f8d11"
  tags = [
    "tfgen",
    "tfgen_cluster=demo",
    "tfgen_service=sock-shop_front-end",
    "tfgen_tree=5f2d0c9b8e7a4163",
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

module "lb_sock-shop_front-end_tcp-80" {
  source = "../../modules/octavia_port"

  loadbalancer_id  = openstack_lb_loadbalancer_v2.lb_sock-shop_front-end.id
  name             = "demo_sock-shop_front-end_tcp-80"
  description      = "Kubernetes Service sock-shop/front-end of cluster demo"
  protocol         = "TCP"
  port             = 80
  connection_limit = -1
  allowed_cidrs = [
    "192.0.2.0/24",
    "198.51.100.0/24",
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
  node_port        = var.node_ports["sock-shop_front-end"]["tcp-80"]
  tags             = openstack_lb_loadbalancer_v2.lb_sock-shop_front-end.tags

  depends_on = []
}

resource "openstack_networking_floatingip_v2" "lb_sock-shop_front-end" {
  pool        = "public"
  port_id     = openstack_lb_loadbalancer_v2.lb_sock-shop_front-end.vip_port_id
  description = "Kubernetes Service sock-shop/front-end of cluster demo"
  tags        = openstack_lb_loadbalancer_v2.lb_sock-shop_front-end.tags

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
resource "terraform_data" "lb_sock-shop_front-end" {
  input = "0d4e77558ea85516"

  depends_on = [
    module.lb_sock-shop_front-end_tcp-80,
    openstack_networking_floatingip_v2.lb_sock-shop_front-end,
  ]
}

output "lb_sock-shop_front-end" {
  description = "Where Service sock-shop/front-end answers."
  value = {
    namespace   = "sock-shop"
    name        = "front-end"
    id          = openstack_lb_loadbalancer_v2.lb_sock-shop_front-end.id
    vip_address = openstack_lb_loadbalancer_v2.lb_sock-shop_front-end.vip_address
    address     = openstack_networking_floatingip_v2.lb_sock-shop_front-end.address
    revision    = terraform_data.lb_sock-shop_front-end.output
  }
}
