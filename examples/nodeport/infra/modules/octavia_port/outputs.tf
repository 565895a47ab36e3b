# Made by tfgen from its module octavia_port. Edits are lost: change what it was made from.
# tfgen-digest: sha256:021560587f142e45251cbd855d0686e043b0ce14f815b061c5e50aa9cee72304

output "listener_id" {
  description = "The listener, for L7 policies and imports; known once the whole port stands."
  value       = openstack_lb_listener_v2.this.id
  depends_on = [
    openstack_lb_members_v2.this,
    openstack_lb_monitor_v2.this,
    openstack_lb_l7rule_v2.redirect,
  ]
}

output "pool_id" {
  description = "The pool."
  value       = openstack_lb_pool_v2.this.id
}
