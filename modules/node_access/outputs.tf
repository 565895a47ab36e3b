output "security_group_id" {
  description = "The security group, for ports that get it by hand."
  value       = openstack_networking_secgroup_v2.this.id
}
