# Made by tfgen from Service shop/inner. Edits are lost: change what it was made from.
# tfgen-digest: sha256:32c83b347920dc81c00b0389a451290d447417c193f0bb879098d10c511f600a

resource "openstack_lb_loadbalancer_v2" "lb_shop_inner" {
  name                  = "demo_shop_inner"
  description           = "Kubernetes Service shop/inner of cluster demo"
  admin_state_up        = true
  loadbalancer_provider = "amphora"
  flavor_id             = null
  availability_zone     = null
  vip_network_id        = null
  vip_subnet_id         = "7a1d2f4c-0c2e-4b5e-9f57-1f6f0f6f8d11"
  vip_address           = "10.0.0.77"
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
  input = "1c001e5ea4af6ac1"

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
