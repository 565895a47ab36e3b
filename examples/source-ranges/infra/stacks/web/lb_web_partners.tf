# Made by tfgen from Service web/partners. Edits are lost: change what it was made from.
# tfgen-digest: sha256:1817c47bbf45ae260754187a2b866a89e2c31709b22bd056367c2b2764d120d0

resource "openstack_lb_loadbalancer_v2" "lb_web_partners" {
  name                  = "demo_web_partners"
  description           = "Kubernetes Service web/partners of cluster demo"
  admin_state_up        = true
  loadbalancer_provider = "amphora"
  flavor_id             = null
  availability_zone     = null
  vip_network_id        = null
  vip_subnet_id         = "7a1d2f4c-0c2e-4b5e-9f57-1f6f0f6f8d11"
  tags = [
    "tfgen",
    "tfgen_cluster=demo",
    "tfgen_service=web_partners",
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

module "lb_web_partners_tcp-443" {
  source = "../../modules/octavia_port"

  loadbalancer_id  = openstack_lb_loadbalancer_v2.lb_web_partners.id
  name             = "demo_web_partners_tcp-443"
  description      = "Kubernetes Service web/partners of cluster demo"
  protocol         = "TCP"
  port             = 443
  connection_limit = -1
  allowed_cidrs = [
    "198.51.100.0/25",
    "198.51.100.128/26",
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
  node_port        = var.node_ports["web_partners"]["tcp-443"]
  tags             = openstack_lb_loadbalancer_v2.lb_web_partners.tags

  depends_on = []
}

resource "openstack_networking_floatingip_v2" "lb_web_partners" {
  pool        = "public"
  port_id     = openstack_lb_loadbalancer_v2.lb_web_partners.vip_port_id
  description = "Kubernetes Service web/partners of cluster demo"
  tags        = openstack_lb_loadbalancer_v2.lb_web_partners.tags

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
resource "terraform_data" "lb_web_partners" {
  input = "32dc588a06a43b4a"

  depends_on = [
    module.lb_web_partners_tcp-443,
    openstack_networking_floatingip_v2.lb_web_partners,
  ]
}

output "lb_web_partners" {
  description = "Where Service web/partners answers."
  value = {
    namespace   = "web"
    name        = "partners"
    id          = openstack_lb_loadbalancer_v2.lb_web_partners.id
    vip_address = openstack_lb_loadbalancer_v2.lb_web_partners.vip_address
    address     = openstack_networking_floatingip_v2.lb_web_partners.address
    revision    = terraform_data.lb_web_partners.output
  }
}
