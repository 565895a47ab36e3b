# Made by tfgen from Service shop/web. Edits are lost: change what it was made from.
# tfgen-digest: sha256:d1ef43f657c8b746c75eebf583c61c6fb2904bf2d5c28179f2f8a9534e9fd18b

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

module "lb_shop_web_tcp-22" {
  source = "../../modules/octavia_port"

  loadbalancer_id  = openstack_lb_loadbalancer_v2.lb_shop_web.id
  name             = "demo_shop_web_tcp-22"
  description      = "Kubernetes Service shop/web of cluster demo"
  protocol         = "TCP"
  port             = 22
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
    persistence = "SOURCE_IP"
  }

  monitor = {
    type             = "TCP"
    delay            = 5
    timeout          = 3
    max_retries      = 1
    max_retries_down = 3
  }

  listener_tags = [
    "team-a",
  ]

  member_subnet_id = "7a1d2f4c-0c2e-4b5e-9f57-1f6f0f6f8d11"
  nodes            = var.node_groups["default"]
  node_port        = var.node_ports["shop_web"]["tcp-22"]
  tags             = openstack_lb_loadbalancer_v2.lb_shop_web.tags

  depends_on = []
}

module "lb_shop_web_tcp-80" {
  source = "../../modules/octavia_port"

  loadbalancer_id  = openstack_lb_loadbalancer_v2.lb_shop_web.id
  name             = "demo_shop_web_tcp-80"
  description      = "Kubernetes Service shop/web of cluster demo"
  protocol         = "HTTP"
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
    protocol    = "HTTP"
    lb_method   = "ROUND_ROBIN"
    persistence = "SOURCE_IP"
  }

  monitor = {
    type             = "TCP"
    delay            = 5
    timeout          = 3
    max_retries      = 1
    max_retries_down = 3
  }

  insert_headers = {
    X-Forwarded-For   = "true"
    X-Forwarded-Proto = "true"
  }

  redirect_prefix = "https://shop.example"

  listener_tags = [
    "team-a",
  ]

  member_subnet_id = "7a1d2f4c-0c2e-4b5e-9f57-1f6f0f6f8d11"
  nodes            = var.node_groups["default"]
  node_port        = var.node_ports["shop_web"]["tcp-80"]
  tags             = openstack_lb_loadbalancer_v2.lb_shop_web.tags

  depends_on = [
    module.lb_shop_web_tcp-22,
  ]
}

module "lb_shop_web_tcp-443" {
  source = "../../modules/octavia_port"

  loadbalancer_id  = openstack_lb_loadbalancer_v2.lb_shop_web.id
  name             = "demo_shop_web_tcp-443"
  description      = "Kubernetes Service shop/web of cluster demo"
  protocol         = "TERMINATED_HTTPS"
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
    protocol    = "HTTP"
    lb_method   = "ROUND_ROBIN"
    persistence = "SOURCE_IP"
  }

  monitor = {
    type             = "TCP"
    delay            = 5
    timeout          = 3
    max_retries      = 1
    max_retries_down = 3
  }

  tls = {
    container_ref = "https://barbican.example/v1/secrets/0b1f7c1e-8a44-4c6a-9d55-0a8f4f0f1c01"
    sni_refs = [
      "https://barbican.example/v1/secrets/0b1f7c1e-8a44-4c6a-9d55-0a8f4f0f1c02",
    ]
    versions = [
      "TLSv1.3",
    ]
    ciphers = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:DHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-GCM-SHA384:DHE-RSA-CHACHA20-POLY1305"
    alpn_protocols = [
      "h2",
      "http/1.1",
      "http/1.0",
    ]
    hsts_max_age            = 31536000
    hsts_include_subdomains = false
    hsts_preload            = false
  }

  insert_headers = {
    X-Forwarded-For   = "true"
    X-Forwarded-Proto = "true"
  }

  listener_tags = [
    "team-a",
  ]

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

# Which revision of all above is applied: noted last, so that a failed apply leaves the old one.
resource "terraform_data" "lb_shop_web" {
  input = "09dcbe4af6c13da4"

  depends_on = [
    module.lb_shop_web_tcp-443,
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
