# Made by tfgen from Service shop/web. Edits are lost: change what it was made from.
# tfgen-digest: sha256:ff786394b11a9ef6c60f904306cee6b295f7485c264ba80f6ff9ec8f822e5c97

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
    "192.0.2.0/24",
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

module "lb_shop_web_tcp-443" {
  source = "../../modules/octavia_port"

  loadbalancer_id  = openstack_lb_loadbalancer_v2.lb_shop_web.id
  name             = "demo_shop_web_tcp-443"
  description      = "Kubernetes Service shop/web of cluster demo"
  protocol         = "TCP"
  port             = 443
  connection_limit = -1
  allowed_cidrs = [
    "192.0.2.0/24",
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
  node_port        = var.node_ports["shop_web"]["tcp-443"]
  tags             = openstack_lb_loadbalancer_v2.lb_shop_web.tags

  depends_on = [
    module.lb_shop_web_tcp-80,
  ]
}

resource "openstack_networking_floatingip_v2" "lb_shop_web" {
  pool        = "public"
  port_id     = openstack_lb_loadbalancer_v2.lb_shop_web.vip_port_id
  description = "Kubernetes Service shop/web of cluster demo"
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

resource "openstack_lb_loadbalancer_v2" "lb6_shop_web" {
  name                  = "demo_shop_web_ipv6"
  description           = "Kubernetes Service shop/web of cluster demo"
  admin_state_up        = true
  loadbalancer_provider = "amphora"
  flavor_id             = null
  availability_zone     = null
  vip_network_id        = null
  vip_subnet_id         = "9b7e5d42-6a0f-4b1c-8e3d-2f1a6c4d8e90"
  tags = [
    "tfgen",
    "tfgen_cluster=demo",
    "tfgen_second",
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

module "lb6_shop_web_tcp-80" {
  source = "../../modules/octavia_port"

  loadbalancer_id  = openstack_lb_loadbalancer_v2.lb6_shop_web.id
  name             = "demo_shop_web_ipv6_tcp-80"
  description      = "Kubernetes Service shop/web of cluster demo"
  protocol         = "TCP"
  port             = 80
  connection_limit = -1
  allowed_cidrs = [
    "2001:db8::/32",
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

  member_subnet_id = "9b7e5d42-6a0f-4b1c-8e3d-2f1a6c4d8e90"
  nodes            = var.node_groups["default-ipv6"]
  node_port        = var.node_ports["shop_web"]["tcp-80"]
  tags             = openstack_lb_loadbalancer_v2.lb6_shop_web.tags

  depends_on = []
}

module "lb6_shop_web_tcp-443" {
  source = "../../modules/octavia_port"

  loadbalancer_id  = openstack_lb_loadbalancer_v2.lb6_shop_web.id
  name             = "demo_shop_web_ipv6_tcp-443"
  description      = "Kubernetes Service shop/web of cluster demo"
  protocol         = "TCP"
  port             = 443
  connection_limit = -1
  allowed_cidrs = [
    "2001:db8::/32",
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

  member_subnet_id = "9b7e5d42-6a0f-4b1c-8e3d-2f1a6c4d8e90"
  nodes            = var.node_groups["default-ipv6"]
  node_port        = var.node_ports["shop_web"]["tcp-443"]
  tags             = openstack_lb_loadbalancer_v2.lb6_shop_web.tags

  depends_on = [
    module.lb6_shop_web_tcp-80,
  ]
}

# Which revision of all above is applied: noted last, so that a failed apply leaves the old one.
resource "terraform_data" "lb_shop_web" {
  input = "d626825c436e2803"

  depends_on = [
    module.lb_shop_web_tcp-443,
    openstack_networking_floatingip_v2.lb_shop_web,
    module.lb6_shop_web_tcp-443,
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

output "lb6_shop_web" {
  description = "Where Service shop/web answers by IPv6."
  value = {
    namespace   = "shop"
    name        = "web"
    id          = openstack_lb_loadbalancer_v2.lb6_shop_web.id
    vip_address = openstack_lb_loadbalancer_v2.lb6_shop_web.vip_address
    address     = openstack_lb_loadbalancer_v2.lb6_shop_web.vip_address
    revision    = terraform_data.lb_shop_web.output
  }
}
