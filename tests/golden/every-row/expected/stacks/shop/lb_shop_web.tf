# Made by tfgen from Service shop/web. Edits are lost: change what it was made from.
# tfgen-digest: sha256:7dba556a863df6a9acf3f76fb81bcd96d4013aa3ab7f5ed4307227c7ad233737

resource "openstack_lb_loadbalancer_v2" "lb_shop_web" {
  name                  = "demo_shop_web"
  description           = "Kubernetes Service shop/web of cluster demo"
  admin_state_up        = true
  loadbalancer_provider = "amphora"
  flavor_id             = "5f0b7d0e-8b0c-4a6e-9d0a-6f7f3a0d2c11"
  availability_zone     = null
  vip_network_id        = null
  vip_subnet_id         = "91f0a9c4-6d9b-4a6f-8a3b-2c1de6f6c0aa"
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
    member_connect = 6000
    member_data    = 50000
    tcp_inspect    = 100
  }
  pool = {
    protocol    = "TCP"
    lb_method   = "ROUND_ROBIN"
    persistence = null
  }

  monitor = {
    type             = "HTTP"
    delay            = 5
    timeout          = 4
    max_retries      = 2
    max_retries_down = 4
    url_path         = "/"
    http_method      = "HEAD"
    expected_codes   = "200-204"
  }

  member_subnet_id = "91f0a9c4-6d9b-4a6f-8a3b-2c1de6f6c0bb"
  nodes            = var.node_groups["default"]
  node_port        = var.node_ports["shop_web"]["tcp-80"]
  tags             = openstack_lb_loadbalancer_v2.lb_shop_web.tags

  depends_on = []
}

resource "openstack_networking_floatingip_v2" "lb_shop_web" {
  pool        = "public"
  port_id     = openstack_lb_loadbalancer_v2.lb_shop_web.vip_port_id
  description = "Kubernetes Service shop/web of cluster demo"
  subnet_id   = "0b7c9d54-4a39-4c53-8b77-0a4bd1f7a7a1"
  tags        = openstack_lb_loadbalancer_v2.lb_shop_web.tags

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
  input = "5cdc4d3ddf013702"

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
