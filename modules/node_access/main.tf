# Lets load balancers reach the ports in use on nodes, and no others: one security group. It knows no
# Kubernetes words.

locals {
  # "tcp-30080": a port that changes is one rule that goes and one that comes. Owners may share one.
  _rules = toset(flatten([
    for ports in values(var.node_ports) : [
      for key, port in ports : "${key == "health-check" ? "tcp" : split("-", key)[0]}-${port}" if port != null
    ]
  ]))
}

# Without Neutron's two rules for all that goes out: the group opens what it says, and nothing else.
resource "openstack_networking_secgroup_v2" "this" {
  name                 = var.name
  description          = var.description
  delete_default_rules = true
  tags                 = var.tags

  # It is of the creation alone: a group that is imported does not say it, and would be replaced.
  lifecycle {
    ignore_changes = [delete_default_rules]
  }
}

resource "openstack_networking_secgroup_rule_v2" "this" {
  for_each = local._rules

  security_group_id = openstack_networking_secgroup_v2.this.id
  direction         = "ingress"
  ethertype         = strcontains(var.cidr, ":") ? "IPv6" : "IPv4"
  protocol          = split("-", each.key)[0]
  port_range_min    = tonumber(split("-", each.key)[1])
  port_range_max    = tonumber(split("-", each.key)[1])
  remote_ip_prefix  = var.cidr
}

# Adds the group to those that a port has. It is taken off again before the group goes.
resource "openstack_networking_port_secgroup_associate_v2" "this" {
  for_each = var.ports

  port_id            = each.value
  security_group_ids = [openstack_networking_secgroup_v2.this.id]
  enforce            = false
}
