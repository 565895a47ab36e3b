# Made by tfgen from Service shop/c. Edits are lost: change what it was made from.
# tfgen-digest: sha256:282d19487095b83845af39b716039c9b2ac7e62a16423fa4a355cbc5bbe65163

resource "openstack_lb_loadbalancer_v2" "lb_shop_c" {
  name                  = "demo_shop_c"
  description           = "Kubernetes Service shop/c of cluster demo"
  admin_state_up        = true
  loadbalancer_provider = "amphora"
  flavor_id             = null
  availability_zone     = null
  vip_network_id        = null
  vip_subnet_id         = "7a1d2f4c-0c2e-4b5e-9f57-1f6f0f6f8d11"
  tags = [
    "tfgen",
    "tfgen_cluster=demo",
    "tfgen_service=shop_c",
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

module "lb_shop_c_tcp-80" {
  source = "../../modules/octavia_port"

  loadbalancer_id  = openstack_lb_loadbalancer_v2.lb_shop_c.id
  name             = "demo_shop_c_tcp-80"
  description      = "Kubernetes Service shop/c of cluster demo"
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
  node_port        = var.node_ports["shop_c"]["tcp-80"]
  tags             = openstack_lb_loadbalancer_v2.lb_shop_c.tags

  depends_on = []
}

resource "openstack_networking_floatingip_v2" "lb_shop_c" {
  pool        = "public"
  port_id     = openstack_lb_loadbalancer_v2.lb_shop_c.vip_port_id
  description = "Kubernetes Service shop/c of cluster demo"
  tags        = openstack_lb_loadbalancer_v2.lb_shop_c.tags

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
resource "terraform_data" "lb_shop_c" {
  input = "333bf7f44501b746"

  depends_on = [
    module.lb_shop_c_tcp-80,
    openstack_networking_floatingip_v2.lb_shop_c,
  ]
}

output "lb_shop_c" {
  description = "Where Service shop/c answers."
  value = {
    namespace   = "shop"
    name        = "c"
    id          = openstack_lb_loadbalancer_v2.lb_shop_c.id
    vip_address = openstack_lb_loadbalancer_v2.lb_shop_c.vip_address
    address     = openstack_networking_floatingip_v2.lb_shop_c.address
    revision    = terraform_data.lb_shop_c.output
  }
}
