# Made by tfgen from Service shop/b. Edits are lost: change what it was made from.
# tfgen-digest: sha256:52f6ca289f27489192677f764cbe125135d988ddbc066a649de7e41352fa50db

resource "openstack_lb_loadbalancer_v2" "lb_shop_b" {
  name                  = "demo_shop_b"
  description           = "Kubernetes Service shop/b of cluster demo"
  admin_state_up        = true
  loadbalancer_provider = "amphora"
  flavor_id             = null
  availability_zone     = null
  vip_network_id        = null
  vip_subnet_id         = "7a1d2f4c-0c2e-4b5e-9f57-1f6f0f6f8d11"
  tags = [
    "tfgen",
    "tfgen_cluster=demo",
    "tfgen_service=shop_b",
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

module "lb_shop_b_tcp-80" {
  source = "../../modules/octavia_port"

  loadbalancer_id  = openstack_lb_loadbalancer_v2.lb_shop_b.id
  name             = "demo_shop_b_tcp-80"
  description      = "Kubernetes Service shop/b of cluster demo"
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
  node_port        = var.node_ports["shop_b"]["tcp-80"]
  tags             = openstack_lb_loadbalancer_v2.lb_shop_b.tags

  depends_on = []
}

resource "openstack_networking_floatingip_v2" "lb_shop_b" {
  pool        = "public"
  port_id     = openstack_lb_loadbalancer_v2.lb_shop_b.vip_port_id
  description = "Kubernetes Service shop/b of cluster demo"
  tags        = openstack_lb_loadbalancer_v2.lb_shop_b.tags

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
resource "terraform_data" "lb_shop_b" {
  input = "f8cdc1c5d88184b1"

  depends_on = [
    module.lb_shop_b_tcp-80,
    openstack_networking_floatingip_v2.lb_shop_b,
  ]
}

output "lb_shop_b" {
  description = "Where Service shop/b answers."
  value = {
    namespace   = "shop"
    name        = "b"
    id          = openstack_lb_loadbalancer_v2.lb_shop_b.id
    vip_address = openstack_lb_loadbalancer_v2.lb_shop_b.vip_address
    address     = openstack_networking_floatingip_v2.lb_shop_b.address
    revision    = terraform_data.lb_shop_b.output
  }
}
