# Made by tfgen from Service shop/new. Edits are lost: change what it was made from.
# tfgen-digest: sha256:ef5954115f50ead895e7ab0abb77cf347c017e1f81a96fcc61d631af9ba0f597

resource "openstack_lb_loadbalancer_v2" "lb_shop_new" {
  name                  = "demo_shop_new"
  description           = "Kubernetes Service shop/new of cluster demo"
  admin_state_up        = true
  loadbalancer_provider = "amphora"
  flavor_id             = null
  availability_zone     = null
  vip_network_id        = null
  vip_subnet_id         = "9d4e1b70-53a8-4c66-8f0e-2b1c7a9e6d25"
  tags = [
    "tfgen",
    "tfgen_cluster=demo",
    "tfgen_service=shop_new",
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

module "lb_shop_new_tcp-80" {
  source = "../../modules/octavia_port"

  loadbalancer_id  = openstack_lb_loadbalancer_v2.lb_shop_new.id
  name             = "demo_shop_new_tcp-80"
  description      = "Kubernetes Service shop/new of cluster demo"
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

  member_subnet_id = "9d4e1b70-53a8-4c66-8f0e-2b1c7a9e6d25"
  nodes            = var.node_groups["default"]
  node_port        = var.node_ports["shop_new"]["tcp-80"]
  tags             = openstack_lb_loadbalancer_v2.lb_shop_new.tags

  depends_on = []
}

resource "openstack_networking_floatingip_v2" "lb_shop_new" {
  pool        = "internet"
  port_id     = openstack_lb_loadbalancer_v2.lb_shop_new.vip_port_id
  description = "Kubernetes Service shop/new of cluster demo"
  tags        = openstack_lb_loadbalancer_v2.lb_shop_new.tags

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
resource "terraform_data" "lb_shop_new" {
  input = "ed9f936d514ef28d"

  depends_on = [
    module.lb_shop_new_tcp-80,
    openstack_networking_floatingip_v2.lb_shop_new,
  ]
}

output "lb_shop_new" {
  description = "Where Service shop/new answers."
  value = {
    namespace   = "shop"
    name        = "new"
    id          = openstack_lb_loadbalancer_v2.lb_shop_new.id
    vip_address = openstack_lb_loadbalancer_v2.lb_shop_new.vip_address
    address     = openstack_networking_floatingip_v2.lb_shop_new.address
    revision    = terraform_data.lb_shop_new.output
  }
}
