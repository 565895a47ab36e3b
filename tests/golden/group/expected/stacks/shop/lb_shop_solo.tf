# Made by tfgen from Service shop/solo. Edits are lost: change what it was made from.
# tfgen-digest: sha256:15862e3951a0baca1ba0eaac30dbdbbc2fd2572557c9ea5b0c0879f2f74a5483

resource "openstack_lb_loadbalancer_v2" "lb_shop_solo" {
  name                  = "demo_shop_solo"
  description           = "Kubernetes Service shop/solo of cluster demo"
  admin_state_up        = true
  loadbalancer_provider = "amphora"
  flavor_id             = null
  availability_zone     = null
  vip_network_id        = null
  vip_subnet_id         = "7a1d2f4c-0c2e-4b5e-9f57-1f6f0f6f8d11"
  tags = [
    "tfgen",
    "tfgen_cluster=demo",
    "tfgen_service=shop_solo",
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

module "lb_shop_solo_tcp-53" {
  source = "../../modules/octavia_port"

  loadbalancer_id  = openstack_lb_loadbalancer_v2.lb_shop_solo.id
  name             = "demo_shop_solo_tcp-53"
  description      = "Kubernetes Service shop/solo of cluster demo"
  protocol         = "TCP"
  port             = 53
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
  node_port        = var.node_ports["shop_solo"]["tcp-53"]
  tags             = openstack_lb_loadbalancer_v2.lb_shop_solo.tags

  depends_on = []
}

resource "openstack_networking_floatingip_v2" "lb_shop_solo" {
  pool        = "public"
  port_id     = openstack_lb_loadbalancer_v2.lb_shop_solo.vip_port_id
  description = "Kubernetes Service shop/solo of cluster demo"
  tags        = openstack_lb_loadbalancer_v2.lb_shop_solo.tags

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
resource "terraform_data" "lb_shop_solo" {
  input = "8818c0c91e7b74eb"

  depends_on = [
    module.lb_shop_solo_tcp-53,
    openstack_networking_floatingip_v2.lb_shop_solo,
  ]
}

output "lb_shop_solo" {
  description = "Where Service shop/solo answers."
  value = {
    namespace   = "shop"
    name        = "solo"
    id          = openstack_lb_loadbalancer_v2.lb_shop_solo.id
    vip_address = openstack_lb_loadbalancer_v2.lb_shop_solo.vip_address
    address     = openstack_networking_floatingip_v2.lb_shop_solo.address
    revision    = terraform_data.lb_shop_solo.output
  }
}
