# Made by tfgen from Service shop/queue. Edits are lost: change what it was made from.
# tfgen-digest: sha256:cfcdd329e21aeaf8ca3ff9eb84c033a5a046aadda5b3449d951d59936d5076d3

resource "openstack_lb_loadbalancer_v2" "lb_shop_queue" {
  name                  = "demo_shop_queue"
  description           = "Kubernetes Service shop/queue of cluster demo"
  admin_state_up        = true
  loadbalancer_provider = "amphora"
  flavor_id             = null
  availability_zone     = null
  vip_network_id        = null
  vip_subnet_id         = "7a1d2f4c-0c2e-4b5e-9f57-1f6f0f6f8d11"
  tags = [
    "tfgen",
    "tfgen_cluster=demo",
    "tfgen_service=shop_queue",
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

module "lb_shop_queue_tcp-80" {
  source = "../../modules/octavia_port"

  loadbalancer_id  = openstack_lb_loadbalancer_v2.lb_shop_queue.id
  name             = "demo_shop_queue_tcp-80"
  description      = "Kubernetes Service shop/queue of cluster demo"
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
  node_port        = var.node_ports["shop_queue"]["tcp-80"]
  tags             = openstack_lb_loadbalancer_v2.lb_shop_queue.tags

  depends_on = []
}

resource "openstack_networking_floatingip_v2" "lb_shop_queue" {
  pool        = "public"
  port_id     = openstack_lb_loadbalancer_v2.lb_shop_queue.vip_port_id
  description = "Kubernetes Service shop/queue of cluster demo"
  tags        = openstack_lb_loadbalancer_v2.lb_shop_queue.tags

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
resource "terraform_data" "lb_shop_queue" {
  input = "3ae1bec283224238"

  depends_on = [
    module.lb_shop_queue_tcp-80,
    openstack_networking_floatingip_v2.lb_shop_queue,
  ]
}

output "lb_shop_queue" {
  description = "Where Service shop/queue answers."
  value = {
    namespace   = "shop"
    name        = "queue"
    id          = openstack_lb_loadbalancer_v2.lb_shop_queue.id
    vip_address = openstack_lb_loadbalancer_v2.lb_shop_queue.vip_address
    address     = openstack_networking_floatingip_v2.lb_shop_queue.address
    revision    = terraform_data.lb_shop_queue.output
  }
}
