# Made by tfgen from Service shop/api. Edits are lost: change what it was made from.
# tfgen-digest: sha256:613b87f28e669d517fd4f209bdc28c5cf65992a84f7b1495439d40a73425741c

module "lb_shop_api_tcp-8443" {
  source = "../../modules/octavia_port"

  loadbalancer_id  = "2c7d6c0e-6e7a-4e5f-9f0c-1f3a1b0f4c55"
  name             = "demo_shop_api_tcp-8443"
  description      = "Kubernetes Service shop/api of cluster demo"
  protocol         = "TCP"
  port             = 8443
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
  node_port        = var.node_ports["shop_api"]["tcp-8443"]
  tags = [
    "tfgen",
    "tfgen_cluster=demo",
    "tfgen_service=shop_api",
    "tfgen_tree=00c0ffee",
  ]

  depends_on = [
    local.lb_shop_api_after,
  ]
}

module "lb_shop_api_udp-9000" {
  source = "../../modules/octavia_port"

  loadbalancer_id  = "2c7d6c0e-6e7a-4e5f-9f0c-1f3a1b0f4c55"
  name             = "demo_shop_api_udp-9000"
  description      = "Kubernetes Service shop/api of cluster demo"
  protocol         = "UDP"
  port             = 9000
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
    protocol    = "UDP"
    lb_method   = "ROUND_ROBIN"
    persistence = null
  }

  monitor = {
    type             = "UDP-CONNECT"
    delay            = 5
    timeout          = 3
    max_retries      = 1
    max_retries_down = 3
  }

  member_subnet_id = "7a1d2f4c-0c2e-4b5e-9f57-1f6f0f6f8d11"
  nodes            = var.node_groups["default"]
  node_port        = var.node_ports["shop_api"]["udp-9000"]
  tags = [
    "tfgen",
    "tfgen_cluster=demo",
    "tfgen_service=shop_api",
    "tfgen_tree=00c0ffee",
  ]

  depends_on = [
    module.lb_shop_api_tcp-8443,
  ]
}

# Which revision of all above is applied: noted last, so that a failed apply leaves the old one.
resource "terraform_data" "lb_shop_api" {
  input = "a4bc306591982b57"

  depends_on = [
    module.lb_shop_api_udp-9000,
  ]
}

output "lb_shop_api" {
  description = "Where Service shop/api answers."
  value = {
    namespace   = "shop"
    name        = "api"
    id          = "2c7d6c0e-6e7a-4e5f-9f0c-1f3a1b0f4c55"
    vip_address = "10.0.7.7"
    address     = "10.0.7.7"
    revision    = terraform_data.lb_shop_api.output
    attached    = true
  }
}
