# Made by tfgen from Service shop/web. Edits are lost: change what it was made from.
# tfgen-digest: sha256:eca312ab0b0b953b9918cffe69d207ee7401cbc46b17b6ad4e039da5362e2b8c

resource "openstack_lb_loadbalancer_v2" "lb_shop_web" {
  name                  = "demo_shop_web"
  description           = "Kubernetes Service shop/web of cluster demo"
  admin_state_up        = true
  loadbalancer_provider = "amphora"
  flavor_id             = "5f0b7d0e-8b0c-4a6e-9d0a-6f7f3a0d2c11"
  availability_zone     = "zone-2"
  vip_network_id        = null
  vip_subnet_id         = "7a1d2f4c-0c2e-4b5e-9f57-1f6f0f6f8d11"
  tags = [
    "tfgen",
    "tfgen_cluster=demo",
    "tfgen_service=shop_web",
    "tfgen_tree=00c0ffee",
    "cost=4711",
    "team=shop",
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

module "lb_shop_web_tcp-80" {
  source = "../../modules/octavia_port"

  loadbalancer_id  = openstack_lb_loadbalancer_v2.lb_shop_web.id
  name             = "demo_shop_web_tcp-80"
  description      = "Kubernetes Service shop/web of cluster demo"
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
  node_port        = var.node_ports["shop_web"]["tcp-80"]
  tags = [
    "tfgen",
    "tfgen_cluster=demo",
    "tfgen_service=shop_web",
    "tfgen_tree=00c0ffee",
  ]

  depends_on = []
}

resource "openstack_networking_floatingip_v2" "lb_shop_web" {
  pool        = "partners"
  port_id     = openstack_lb_loadbalancer_v2.lb_shop_web.vip_port_id
  description = "Kubernetes Service shop/web of cluster demo"
  tags = [
    "tfgen",
    "tfgen_cluster=demo",
    "tfgen_service=shop_web",
    "tfgen_tree=00c0ffee",
  ]

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
resource "terraform_data" "lb_shop_web" {
  input = "11ac864aedfd61db"

  depends_on = [
    module.lb_shop_web_tcp-80,
    openstack_networking_floatingip_v2.lb_shop_web,
  ]
}

output "lb_shop_web" {
  description = "Where Service shop/web answers."
  value = {
    namespace   = "shop"
    name        = "web"
    id          = openstack_lb_loadbalancer_v2.lb_shop_web.id
    vip_address = openstack_lb_loadbalancer_v2.lb_shop_web.vip_address
    address     = openstack_networking_floatingip_v2.lb_shop_web.address
    revision    = terraform_data.lb_shop_web.output
  }
}
