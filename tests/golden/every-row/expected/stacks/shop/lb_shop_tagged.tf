# Made by tfgen from Service shop/tagged. Edits are lost: change what it was made from.
# tfgen-digest: sha256:0207080937d66bcd587dfb75a202ec716cd58a8c97d21f896b4fc91982549fc0

resource "openstack_lb_loadbalancer_v2" "lb_shop_tagged" {
  name                  = "demo_shop_tagged"
  description           = "Kubernetes Service shop/tagged of cluster demo"
  admin_state_up        = true
  loadbalancer_provider = "amphora"
  flavor_id             = null
  availability_zone     = null
  vip_network_id        = null
  vip_subnet_id         = "7a1d2f4c-0c2e-4b5e-9f57-1f6f0f6f8d11"
  tags = [
    "tfgen",
    "tfgen_cluster=demo",
    "tfgen_service=shop_tagged",
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

module "lb_shop_tagged_tcp-80" {
  source = "../../modules/octavia_port"

  loadbalancer_id  = openstack_lb_loadbalancer_v2.lb_shop_tagged.id
  name             = "demo_shop_tagged_tcp-80"
  description      = "Kubernetes Service shop/tagged of cluster demo"
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
  node_port        = var.node_ports["shop_tagged"]["tcp-80"]
  tags             = openstack_lb_loadbalancer_v2.lb_shop_tagged.tags

  depends_on = []
}

resource "openstack_networking_floatingip_v2" "lb_shop_tagged" {
  pool        = "public"
  port_id     = openstack_lb_loadbalancer_v2.lb_shop_tagged.vip_port_id
  description = "Kubernetes Service shop/tagged of cluster demo"
  subnet_id   = "0b7c9d54-4a39-4c53-8b77-0a4bd1f7a7a1"
  tags        = openstack_lb_loadbalancer_v2.lb_shop_tagged.tags

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
resource "terraform_data" "lb_shop_tagged" {
  input = "e054b43e466a7695"

  depends_on = [
    module.lb_shop_tagged_tcp-80,
    openstack_networking_floatingip_v2.lb_shop_tagged,
  ]
}

output "lb_shop_tagged" {
  description = "Where Service shop/tagged answers."
  value = {
    namespace   = "shop"
    name        = "tagged"
    id          = openstack_lb_loadbalancer_v2.lb_shop_tagged.id
    vip_address = openstack_lb_loadbalancer_v2.lb_shop_tagged.vip_address
    address     = openstack_networking_floatingip_v2.lb_shop_tagged.address
    revision    = terraform_data.lb_shop_tagged.output
  }
}
