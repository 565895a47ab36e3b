# Made by tfgen from its module octavia_port. Edits are lost: change what it was made from.
# tfgen-digest: sha256:81eb42a8da6e44b398f1669698d5838ceb12b877f2b84bfacfded3d31b9974df

output "listener_id" {
  description = "The listener, for L7 policies and imports; known once the whole port stands."
  value       = openstack_lb_listener_v2.this.id
  depends_on  = [openstack_lb_members_v2.this, openstack_lb_monitor_v2.this]
}

output "pool_id" {
  description = "The pool."
  value       = openstack_lb_pool_v2.this.id
}
