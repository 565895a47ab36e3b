# Made by tfgen from Service shop/web. Edits are lost: change what it was made from.
# tfgen-digest: sha256:4ad6fed1cd8f211cf1dc2ebc50538fe8e0f1c5d858bbf9b2a2c31b4aaf755079

resource "openstack_lb_loadbalancer_v2" "lb_shop_web" {
  name                  = "demo_shop_web"
  description           = "Kubernetes Service shop/web of cluster demo"
  admin_state_up        = true
  loadbalancer_provider = "amphora"
  flavor_id             = null
  availability_zone     = null
  vip_network_id        = null
  vip_subnet_id         = "7a1d2f4c-0c2e-4b5e-9f57-1f6f0f6f8d11"
  tags = [
    "tfgen",
    "tfgen_cluster=demo",
    "tfgen_service=shop_web",
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
  tags             = openstack_lb_loadbalancer_v2.lb_shop_web.tags

  depends_on = []
}

# A floating IP that exists: bound here, never made or destroyed.
resource "openstack_networking_floatingip_associate_v2" "lb_shop_web" {
  floating_ip = "203.0.113.9"
  port_id     = openstack_lb_loadbalancer_v2.lb_shop_web.vip_port_id

  lifecycle {
    prevent_destroy = true
  }
}

# Which revision of all above is applied: noted last, so that a failed apply leaves the old one.
resource "terraform_data" "lb_shop_web" {
  input = "eee8b5332b9f5236"

  depends_on = [
    module.lb_shop_web_tcp-80,
    openstack_networking_floatingip_associate_v2.lb_shop_web,
  ]
}

output "lb_shop_web" {
  description = "Where Service shop/web answers."
  value = {
    namespace   = "shop"
    name        = "web"
    id          = openstack_lb_loadbalancer_v2.lb_shop_web.id
    vip_address = openstack_lb_loadbalancer_v2.lb_shop_web.vip_address
    address     = openstack_networking_floatingip_associate_v2.lb_shop_web.floating_ip
    revision    = terraform_data.lb_shop_web.output
  }
}
