# Made by tfgen from Service web/world. Edits are lost: change what it was made from.
# tfgen-digest: sha256:807bfc9d5b87bc70aae4f7612a96e57c0610e331d644e4e9c929df8c42307457

resource "openstack_lb_loadbalancer_v2" "lb_web_world" {
  name                  = "demo_web_world"
  description           = "Kubernetes Service web/world of cluster demo"
  admin_state_up        = true
  loadbalancer_provider = "amphora"
  flavor_id             = null
  availability_zone     = null
  vip_network_id        = null
  vip_subnet_id         = "7a1d2f4c-0c2e-4b5e-9f57-1f6f0f6f8d11"
  tags = [
    "tfgen",
    "tfgen_cluster=demo",
    "tfgen_service=web_world",
    "tfgen_tree=2e7f9b60a8d1c354",
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

module "lb_web_world_tcp-443" {
  source = "../../modules/octavia_port"

  loadbalancer_id  = openstack_lb_loadbalancer_v2.lb_web_world.id
  name             = "demo_web_world_tcp-443"
  description      = "Kubernetes Service web/world of cluster demo"
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
    type             = "TCP"
    delay            = 5
    timeout          = 3
    max_retries      = 1
    max_retries_down = 3
  }

  member_subnet_id = "7a1d2f4c-0c2e-4b5e-9f57-1f6f0f6f8d11"
  nodes            = var.node_groups["default"]
  node_port        = var.node_ports["web_world"]["tcp-443"]
  tags             = openstack_lb_loadbalancer_v2.lb_web_world.tags

  depends_on = []
}

resource "openstack_networking_floatingip_v2" "lb_web_world" {
  pool        = "public"
  port_id     = openstack_lb_loadbalancer_v2.lb_web_world.vip_port_id
  description = "Kubernetes Service web/world of cluster demo"
  tags        = openstack_lb_loadbalancer_v2.lb_web_world.tags

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
resource "terraform_data" "lb_web_world" {
  input = "ddf8bedfeb7ee406"

  depends_on = [
    module.lb_web_world_tcp-443,
    openstack_networking_floatingip_v2.lb_web_world,
  ]
}

output "lb_web_world" {
  description = "Where Service web/world answers."
  value = {
    namespace   = "web"
    name        = "world"
    id          = openstack_lb_loadbalancer_v2.lb_web_world.id
    vip_address = openstack_lb_loadbalancer_v2.lb_web_world.vip_address
    address     = openstack_networking_floatingip_v2.lb_web_world.address
    revision    = terraform_data.lb_web_world.output
  }
}
