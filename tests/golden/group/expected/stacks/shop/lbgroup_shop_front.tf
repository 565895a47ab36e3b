# Made by tfgen from group shop/front. Edits are lost: change what it was made from.
# tfgen-digest: sha256:838a7ae147f35a24fa36eb357d1304bd422f53cc4cf9e3d0970f7acf40e64cd0

resource "openstack_lb_loadbalancer_v2" "lbgroup_shop_front" {
  name                  = "demo_shop_group_front"
  description           = "Services of group shop/front of cluster demo"
  admin_state_up        = true
  loadbalancer_provider = "amphora"
  flavor_id             = null
  availability_zone     = null
  vip_network_id        = null
  vip_subnet_id         = "7a1d2f4c-0c2e-4b5e-9f57-1f6f0f6f8d11"
  tags = [
    "tfgen",
    "tfgen_cluster=demo",
    "tfgen_group=shop_front",
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

resource "openstack_networking_floatingip_v2" "lbgroup_shop_front" {
  pool        = "public"
  port_id     = openstack_lb_loadbalancer_v2.lbgroup_shop_front.vip_port_id
  description = "Services of group shop/front of cluster demo"
  tags        = openstack_lb_loadbalancer_v2.lbgroup_shop_front.tags

  lifecycle {
    prevent_destroy = true
    ignore_changes  = [pool]
  }

  timeouts {
    create = "10m"
    delete = "10m"
  }
}

# The ports of this load balancer come one after another, over all the Services that share it.
locals {
  lb_shop_news_after = []
  lb_shop_web_after = [
    module.lb_shop_news_tcp-119,
  ]
}
