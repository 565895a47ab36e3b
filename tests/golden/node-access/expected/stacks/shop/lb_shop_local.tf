# Made by tfgen from Service shop/local. Edits are lost: change what it was made from.
# tfgen-digest: sha256:756fac0e7c60e0e3b7fd24bbb9e65ce955dc670ca606314be4b297d9aa2d1b40

resource "openstack_lb_loadbalancer_v2" "lb_shop_local" {
  name                  = "demo_shop_local"
  description           = "Kubernetes Service shop/local of cluster demo"
  admin_state_up        = true
  loadbalancer_provider = "amphora"
  flavor_id             = null
  availability_zone     = null
  vip_network_id        = null
  vip_subnet_id         = "7a1d2f4c-0c2e-4b5e-9f57-1f6f0f6f8d11"
  tags = [
    "tfgen",
    "tfgen_cluster=demo",
    "tfgen_service=shop_local",
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

module "lb_shop_local_tcp-80" {
  source = "../../modules/octavia_port"

  loadbalancer_id  = openstack_lb_loadbalancer_v2.lb_shop_local.id
  name             = "demo_shop_local_tcp-80"
  description      = "Kubernetes Service shop/local of cluster demo"
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
    type             = "HTTP"
    delay            = 5
    timeout          = 3
    max_retries      = 1
    max_retries_down = 3
    url_path         = "/healthz"
    http_method      = "GET"
    expected_codes   = "200"
  }

  member_subnet_id = "7a1d2f4c-0c2e-4b5e-9f57-1f6f0f6f8d11"
  nodes            = var.node_groups["default"]
  node_port        = var.node_ports["shop_local"]["tcp-80"]
  health_port      = var.node_ports["shop_local"]["health-check"]
  tags             = openstack_lb_loadbalancer_v2.lb_shop_local.tags

  depends_on = []
}

resource "openstack_networking_floatingip_v2" "lb_shop_local" {
  pool        = "public"
  port_id     = openstack_lb_loadbalancer_v2.lb_shop_local.vip_port_id
  description = "Kubernetes Service shop/local of cluster demo"
  tags        = openstack_lb_loadbalancer_v2.lb_shop_local.tags

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
resource "terraform_data" "lb_shop_local" {
  input = "d4ca4fe2500da2ee"

  depends_on = [
    module.lb_shop_local_tcp-80,
    openstack_networking_floatingip_v2.lb_shop_local,
  ]
}

output "lb_shop_local" {
  description = "Where Service shop/local answers."
  value = {
    namespace   = "shop"
    name        = "local"
    id          = openstack_lb_loadbalancer_v2.lb_shop_local.id
    vip_address = openstack_lb_loadbalancer_v2.lb_shop_local.vip_address
    address     = openstack_networking_floatingip_v2.lb_shop_local.address
    revision    = terraform_data.lb_shop_local.output
  }
}
