# Made by tfgen from Service shop/secure. Edits are lost: change what it was made from.
# tfgen-digest: sha256:70f9e6f7edcdbc61a10f43a53bf28e19e2c634366874ed0b8e3a8678eaba6942

resource "openstack_lb_loadbalancer_v2" "lb_shop_secure" {
  name                  = "demo_shop_secure"
  description           = "Kubernetes Service shop/secure of cluster demo"
  admin_state_up        = true
  loadbalancer_provider = "amphora"
  flavor_id             = null
  availability_zone     = null
  vip_network_id        = null
  vip_subnet_id         = "7a1d2f4c-0c2e-4b5e-9f57-1f6f0f6f8d11"
  tags = [
    "tfgen",
    "tfgen_cluster=demo",
    "tfgen_service=shop_secure",
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

module "lb_shop_secure_tcp-80" {
  source = "../../modules/octavia_port"

  loadbalancer_id  = openstack_lb_loadbalancer_v2.lb_shop_secure.id
  name             = "demo_shop_secure_tcp-80"
  description      = "Kubernetes Service shop/secure of cluster demo"
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
    persistence = null
  }

  monitor = null

  insert_headers = {
    X-Forwarded-Port = "true"
  }

  member_subnet_id = "7a1d2f4c-0c2e-4b5e-9f57-1f6f0f6f8d11"
  nodes            = var.node_groups["default"]
  node_port        = var.node_ports["shop_secure"]["tcp-80"]
  tags             = openstack_lb_loadbalancer_v2.lb_shop_secure.tags

  depends_on = []
}

module "lb_shop_secure_tcp-443" {
  source = "../../modules/octavia_port"

  loadbalancer_id  = openstack_lb_loadbalancer_v2.lb_shop_secure.id
  name             = "demo_shop_secure_tcp-443"
  description      = "Kubernetes Service shop/secure of cluster demo"
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
    persistence = null
  }

  monitor = null

  tls = {
    container_ref = "https://barbican.example/v1/secrets/0b1f7c1e-8a44-4c6a-9d55-0a8f4f0f1c01"
    sni_refs = [
      "https://barbican.example/v1/secrets/0b1f7c1e-8a44-4c6a-9d55-0a8f4f0f1c02",
    ]
    versions = [
      "TLSv1.2",
      "TLSv1.3",
    ]
    ciphers = "ECDHE-RSA-AES128-GCM-SHA256"
    alpn_protocols = [
      "http/1.1",
    ]
    hsts_max_age            = 60
    hsts_include_subdomains = true
    hsts_preload            = true
  }

  insert_headers = {
    X-Forwarded-Port = "true"
  }

  member_subnet_id = "7a1d2f4c-0c2e-4b5e-9f57-1f6f0f6f8d11"
  nodes            = var.node_groups["default"]
  node_port        = var.node_ports["shop_secure"]["tcp-443"]
  tags             = openstack_lb_loadbalancer_v2.lb_shop_secure.tags

  depends_on = [
    module.lb_shop_secure_tcp-80,
  ]
}

resource "openstack_networking_floatingip_v2" "lb_shop_secure" {
  pool        = "public"
  port_id     = openstack_lb_loadbalancer_v2.lb_shop_secure.vip_port_id
  description = "Kubernetes Service shop/secure of cluster demo"
  tags        = openstack_lb_loadbalancer_v2.lb_shop_secure.tags
  subnet_ids = [
    "0b7c9d54-4a39-4c53-8b77-0a4bd1f7a7a1",
    "0b7c9d54-4a39-4c53-8b77-0a4bd1f7a7a2",
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
resource "terraform_data" "lb_shop_secure" {
  input = "f0ffebaa70c37c24"

  depends_on = [
    module.lb_shop_secure_tcp-443,
    openstack_networking_floatingip_v2.lb_shop_secure,
  ]
}

output "lb_shop_secure" {
  description = "Where Service shop/secure answers."
  value = {
    namespace   = "shop"
    name        = "secure"
    id          = openstack_lb_loadbalancer_v2.lb_shop_secure.id
    vip_address = openstack_lb_loadbalancer_v2.lb_shop_secure.vip_address
    address     = openstack_networking_floatingip_v2.lb_shop_secure.address
    revision    = terraform_data.lb_shop_secure.output
  }
}
