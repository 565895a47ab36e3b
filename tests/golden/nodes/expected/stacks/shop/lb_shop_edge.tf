# Made by tfgen from Service shop/edge. Edits are lost: change what it was made from.
# tfgen-digest: sha256:076a11d52bfd0e33948d8593db6938bb66f855fb47ef38440729e9f9b0f8876f

resource "openstack_lb_loadbalancer_v2" "lb_shop_edge" {
  name                  = "demo_shop_edge"
  description           = "Kubernetes Service shop/edge of cluster demo"
  admin_state_up        = true
  loadbalancer_provider = "amphora"
  flavor_id             = null
  availability_zone     = null
  vip_network_id        = null
  vip_subnet_id         = "7a1d2f4c-0c2e-4b5e-9f57-1f6f0f6f8d11"
  tags = [
    "tfgen",
    "tfgen_cluster=demo",
    "tfgen_service=shop_edge",
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

module "lb_shop_edge_tcp-80" {
  source = "../../modules/octavia_port"

  loadbalancer_id  = openstack_lb_loadbalancer_v2.lb_shop_edge.id
  name             = "demo_shop_edge_tcp-80"
  description      = "Kubernetes Service shop/edge of cluster demo"
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
    url_path         = "/ready"
    http_method      = "GET"
    http_version     = "1.1"
    domain_name      = "shop.example"
    expected_codes   = "200"
  }

  member_subnet_id = "7a1d2f4c-0c2e-4b5e-9f57-1f6f0f6f8d11"
  nodes            = var.node_groups["not-old-pool-edge-13d65fc5"]
  node_port        = var.node_ports["shop_edge"]["tcp-80"]
  tags             = openstack_lb_loadbalancer_v2.lb_shop_edge.tags

  depends_on = []
}

module "lb_shop_edge_tcp-443" {
  source = "../../modules/octavia_port"

  loadbalancer_id  = openstack_lb_loadbalancer_v2.lb_shop_edge.id
  name             = "demo_shop_edge_tcp-443"
  description      = "Kubernetes Service shop/edge of cluster demo"
  protocol         = "TCP"
  port             = 443
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
    type             = "TLS-HELLO"
    delay            = 5
    timeout          = 3
    max_retries      = 1
    max_retries_down = 3
  }

  member_subnet_id = "7a1d2f4c-0c2e-4b5e-9f57-1f6f0f6f8d11"
  nodes            = var.node_groups["not-old-pool-edge-13d65fc5"]
  node_port        = var.node_ports["shop_edge"]["tcp-443"]
  tags             = openstack_lb_loadbalancer_v2.lb_shop_edge.tags

  depends_on = [
    module.lb_shop_edge_tcp-80,
  ]
}

resource "openstack_networking_floatingip_v2" "lb_shop_edge" {
  pool        = "public"
  port_id     = openstack_lb_loadbalancer_v2.lb_shop_edge.vip_port_id
  description = "Kubernetes Service shop/edge of cluster demo"
  tags        = openstack_lb_loadbalancer_v2.lb_shop_edge.tags

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
resource "terraform_data" "lb_shop_edge" {
  input = "1206f2c121ca9087"

  depends_on = [
    module.lb_shop_edge_tcp-443,
    openstack_networking_floatingip_v2.lb_shop_edge,
  ]
}

output "lb_shop_edge" {
  description = "Where Service shop/edge answers."
  value = {
    namespace   = "shop"
    name        = "edge"
    id          = openstack_lb_loadbalancer_v2.lb_shop_edge.id
    vip_address = openstack_lb_loadbalancer_v2.lb_shop_edge.vip_address
    address     = openstack_networking_floatingip_v2.lb_shop_edge.address
    revision    = terraform_data.lb_shop_edge.output
  }
}
