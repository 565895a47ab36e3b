# Made by tfgen from Service shop/news. Edits are lost: change what it was made from.
# tfgen-digest: sha256:9d98d67aebc3f5fe03810f45022adcb2f174b5000dee75a5d984aa237a3ba552

module "lb_shop_news_tcp-119" {
  source = "../../modules/octavia_port"

  loadbalancer_id  = openstack_lb_loadbalancer_v2.lbgroup_shop_front.id
  name             = "demo_shop_news_tcp-119"
  description      = "Kubernetes Service shop/news of cluster demo"
  protocol         = "TCP"
  port             = 119
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
  node_port        = var.node_ports["shop_news"]["tcp-119"]
  tags = [
    "tfgen",
    "tfgen_cluster=demo",
    "tfgen_service=shop_news",
    "tfgen_tree=00c0ffee",
  ]

  depends_on = [
    local.lb_shop_news_after,
  ]
}

# Which revision of all above is applied: noted last, so that a failed apply leaves the old one.
resource "terraform_data" "lb_shop_news" {
  input = "406c6ef40ceaf5b2"

  depends_on = [
    module.lb_shop_news_tcp-119,
    openstack_networking_floatingip_v2.lbgroup_shop_front,
  ]
}

output "lb_shop_news" {
  description = "Where Service shop/news answers."
  value = {
    namespace   = "shop"
    name        = "news"
    id          = openstack_lb_loadbalancer_v2.lbgroup_shop_front.id
    vip_address = openstack_lb_loadbalancer_v2.lbgroup_shop_front.vip_address
    address     = openstack_networking_floatingip_v2.lbgroup_shop_front.address
    revision    = terraform_data.lb_shop_news.output
  }
}
