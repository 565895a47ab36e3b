# Made by tfgen from Service shop/port. Edits are lost: change what it was made from.
# tfgen-digest: sha256:cc8bdd060dc56b34ea09aef3c8fcbde803238d4fc31a8068a2bebdaf6f7c3886

resource "openstack_lb_loadbalancer_v2" "lb_shop_port" {
  name                  = "demo_shop_port"
  description           = "Kubernetes Service shop/port of cluster demo"
  admin_state_up        = true
  loadbalancer_provider = "amphora"
  flavor_id             = null
  availability_zone     = null
  vip_network_id        = null
  vip_subnet_id         = null
  vip_port_id           = "2c7d6c0e-6e7a-4e5f-9f0c-1f3a1b0f4c55"
  tags = [
    "tfgen",
    "tfgen_cluster=demo",
    "tfgen_service=shop_port",
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

module "lb_shop_port_tcp-80" {
  source = "../../modules/octavia_port"

  loadbalancer_id  = openstack_lb_loadbalancer_v2.lb_shop_port.id
  name             = "demo_shop_port_tcp-80"
  description      = "Kubernetes Service shop/port of cluster demo"
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
  node_port        = var.node_ports["shop_port"]["tcp-80"]
  tags             = openstack_lb_loadbalancer_v2.lb_shop_port.tags

  depends_on = []
}

resource "openstack_networking_floatingip_v2" "lb_shop_port" {
  pool        = "public"
  port_id     = openstack_lb_loadbalancer_v2.lb_shop_port.vip_port_id
  description = "Kubernetes Service shop/port of cluster demo"
  tags        = openstack_lb_loadbalancer_v2.lb_shop_port.tags

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
resource "terraform_data" "lb_shop_port" {
  input = "24f6b52310a41911"

  depends_on = [
    module.lb_shop_port_tcp-80,
    openstack_networking_floatingip_v2.lb_shop_port,
  ]
}

output "lb_shop_port" {
  description = "Where Service shop/port answers."
  value = {
    namespace   = "shop"
    name        = "port"
    id          = openstack_lb_loadbalancer_v2.lb_shop_port.id
    vip_address = openstack_lb_loadbalancer_v2.lb_shop_port.vip_address
    address     = openstack_networking_floatingip_v2.lb_shop_port.address
    revision    = terraform_data.lb_shop_port.output
  }
}
