# Made by tfgen from Service shop/s7. Edits are lost: change what it was made from.
# tfgen-digest: sha256:fc4da521c8e742f07daaea558f2c354672b4aa7375c9bc9b10ef8b00b1fa0029

resource "openstack_lb_loadbalancer_v2" "lb_shop_s7" {
  name                  = "demo_shop_s7"
  description           = "Kubernetes Service shop/s7 of cluster demo"
  admin_state_up        = true
  loadbalancer_provider = "amphora"
  flavor_id             = null
  availability_zone     = null
  vip_network_id        = null
  vip_subnet_id         = "7a1d2f4c-0c2e-4b5e-9f57-1f6f0f6f8d11"
  tags = [
    "tfgen",
    "tfgen_cluster=demo",
    "tfgen_service=shop_s7",
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

module "lb_shop_s7_tcp-80" {
  source = "../../modules/octavia_port"

  loadbalancer_id  = openstack_lb_loadbalancer_v2.lb_shop_s7.id
  name             = "demo_shop_s7_tcp-80"
  description      = "Kubernetes Service shop/s7 of cluster demo"
  protocol         = "TCP"
  port             = 80
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
  node_port        = try(var.node_ports["shop_s7"]["tcp-80"], null)
  tags             = openstack_lb_loadbalancer_v2.lb_shop_s7.tags

  depends_on = []
}

resource "openstack_networking_floatingip_v2" "lb_shop_s7" {
  pool        = "public"
  port_id     = openstack_lb_loadbalancer_v2.lb_shop_s7.vip_port_id
  description = "Kubernetes Service shop/s7 of cluster demo"
  tags        = openstack_lb_loadbalancer_v2.lb_shop_s7.tags

  lifecycle {
    prevent_destroy = true
    ignore_changes  = [pool]
  }

  timeouts {
    create = "10m"
    delete = "10m"
  }
}

output "lb_shop_s7" {
  description = "Where Service shop/s7 answers."
  value = {
    namespace   = "shop"
    name        = "s7"
    id          = openstack_lb_loadbalancer_v2.lb_shop_s7.id
    vip_address = openstack_lb_loadbalancer_v2.lb_shop_s7.vip_address
    address     = openstack_networking_floatingip_v2.lb_shop_s7.address
  }
}
