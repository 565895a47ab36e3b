# Made by tfgen from Service shop/s1. Edits are lost: change what it was made from.
# tfgen-digest: sha256:8eac04b22354c61c68413a77f08c266e4a19ae95aaa5cdef0d714aa20f7a0e69

resource "openstack_lb_loadbalancer_v2" "lb_shop_s1" {
  name                  = "demo_shop_s1"
  description           = "Kubernetes Service shop/s1 of cluster demo"
  admin_state_up        = true
  loadbalancer_provider = "amphora"
  flavor_id             = null
  availability_zone     = null
  vip_network_id        = null
  vip_subnet_id         = "7a1d2f4c-0c2e-4b5e-9f57-1f6f0f6f8d11"
  tags = [
    "tfgen",
    "tfgen_cluster=demo",
    "tfgen_service=shop_s1",
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

module "lb_shop_s1_tcp-80" {
  source = "../../modules/octavia_port"

  loadbalancer_id  = openstack_lb_loadbalancer_v2.lb_shop_s1.id
  name             = "demo_shop_s1_tcp-80"
  description      = "Kubernetes Service shop/s1 of cluster demo"
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
  node_port        = var.node_ports["shop_s1"]["tcp-80"]
  tags             = openstack_lb_loadbalancer_v2.lb_shop_s1.tags

  depends_on = []
}

resource "openstack_networking_floatingip_v2" "lb_shop_s1" {
  pool        = "public"
  port_id     = openstack_lb_loadbalancer_v2.lb_shop_s1.vip_port_id
  description = "Kubernetes Service shop/s1 of cluster demo"
  tags        = openstack_lb_loadbalancer_v2.lb_shop_s1.tags

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
resource "terraform_data" "lb_shop_s1" {
  input = "9b3447a2ec77b206"

  depends_on = [
    module.lb_shop_s1_tcp-80,
    openstack_networking_floatingip_v2.lb_shop_s1,
  ]
}

output "lb_shop_s1" {
  description = "Where Service shop/s1 answers."
  value = {
    namespace   = "shop"
    name        = "s1"
    id          = openstack_lb_loadbalancer_v2.lb_shop_s1.id
    vip_address = openstack_lb_loadbalancer_v2.lb_shop_s1.vip_address
    address     = openstack_networking_floatingip_v2.lb_shop_s1.address
    revision    = terraform_data.lb_shop_s1.output
  }
}
