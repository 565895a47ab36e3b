# Made by tfgen from Service shop/web. Edits are lost: change what it was made from.
# tfgen-digest: sha256:f43731406c26c908d46814eb1bb056666d9cbd94acf49d710521b04b3dc014b1

# The Service is gone, and its floating IP stays in the project: the state forgets it.
removed {
  from = openstack_networking_floatingip_v2.lb_shop_web

  lifecycle {
    destroy = false
  }
}
