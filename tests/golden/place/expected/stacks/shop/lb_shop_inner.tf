# Made by tfgen from Service shop/inner. Edits are lost: change what it was made from.
# tfgen-digest: sha256:13424c3ee6988f016177c8aecb64bbb7187f3f6d6ebd73db1a1efae2abb240fc

resource "openstack_lb_loadbalancer_v2" "lb_shop_inner" {
  name                  = "demo_shop_inner"
  description           = "Kubernetes Service shop/inner of cluster demo"
  admin_state_up        = true
  loadbalancer_provider = "amphorav2"
  flavor_id             = null
  availability_zone     = null
  vip_network_id        = "91f0a9c4-6d9b-4a6f-8a3b-2c1de6f6c0aa"
  vip_subnet_id         = null
  tags = [
    "tfgen",
    "tfgen_cluster=demo",
    "tfgen_service=shop_inner",
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

module "lb_shop_inner_tcp-80" {
  source = "../../modules/octavia_port"

  loadbalancer_id  = openstack_lb_loadbalancer_v2.lb_shop_inner.id
  name             = "demo_shop_inner_tcp-80"
  description      = "Kubernetes Service shop/inner of cluster demo"
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
  node_port        = var.node_ports["shop_inner"]["tcp-80"]
  tags             = openstack_lb_loadbalancer_v2.lb_shop_inner.tags

  depends_on = []
}

# Which revision of all above is applied: noted last, so that a failed apply leaves the old one.
resource "terraform_data" "lb_shop_inner" {
  input = "0141a03e24c7598d"

  depends_on = [
    module.lb_shop_inner_tcp-80,
  ]
}

output "lb_shop_inner" {
  description = "Where Service shop/inner answers."
  value = {
    namespace   = "shop"
    name        = "inner"
    id          = openstack_lb_loadbalancer_v2.lb_shop_inner.id
    vip_address = openstack_lb_loadbalancer_v2.lb_shop_inner.vip_address
    address     = openstack_lb_loadbalancer_v2.lb_shop_inner.vip_address
    revision    = terraform_data.lb_shop_inner.output
  }
}
