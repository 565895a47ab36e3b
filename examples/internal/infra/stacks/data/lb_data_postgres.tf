# Made by tfgen from Service data/postgres. Edits are lost: change what it was made from.
# tfgen-digest: sha256:66437a36ca699e32d3c84845dc4ff6b53508672a183d7e34ee1a9ece490f6d2d

resource "openstack_lb_loadbalancer_v2" "lb_data_postgres" {
  name                  = "demo_data_postgres"
  description           = "Kubernetes Service data/postgres of cluster demo"
  admin_state_up        = true
  loadbalancer_provider = "amphora"
  flavor_id             = null
  availability_zone     = null
  vip_network_id        = null
  vip_subnet_id         = "7a1d2f4c-0c2e-4b5e-9f57-1f6f0f6f8d11"
  tags = [
    "tfgen",
    "tfgen_cluster=demo",
    "tfgen_service=data_postgres",
    "tfgen_tree=c4d85a1f6e93b270",
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

module "lb_data_postgres_tcp-5432" {
  source = "../../modules/octavia_port"

  loadbalancer_id  = openstack_lb_loadbalancer_v2.lb_data_postgres.id
  name             = "demo_data_postgres_tcp-5432"
  description      = "Kubernetes Service data/postgres of cluster demo"
  protocol         = "TCP"
  port             = 5432
  connection_limit = -1
  allowed_cidrs = [
    "10.0.0.0/16",
  ]
  timeouts = {
    client_data    = 3600000
    member_connect = 5000
    member_data    = 3600000
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
  node_port        = var.node_ports["data_postgres"]["tcp-5432"]
  tags             = openstack_lb_loadbalancer_v2.lb_data_postgres.tags

  depends_on = []
}

# Which revision of all above is applied: noted last, so that a failed apply leaves the old one.
resource "terraform_data" "lb_data_postgres" {
  input = "1c34261ee44fbb47"

  depends_on = [
    module.lb_data_postgres_tcp-5432,
  ]
}

output "lb_data_postgres" {
  description = "Where Service data/postgres answers."
  value = {
    namespace   = "data"
    name        = "postgres"
    id          = openstack_lb_loadbalancer_v2.lb_data_postgres.id
    vip_address = openstack_lb_loadbalancer_v2.lb_data_postgres.vip_address
    address     = openstack_lb_loadbalancer_v2.lb_data_postgres.vip_address
    revision    = terraform_data.lb_data_postgres.output
  }
}
