# What the module makes of its variables. No cloud: the provider's schema is real, its answers are made up.

mock_provider "openstack" {}

variables {
  name = "demo_shop_nodes"
  cidr = "10.0.0.0/24"
  node_ports = {
    shop_web = { "tcp-80" = 30080, "udp-53" = 30053, "health-check" = 32100 }
    shop_api = { "tcp-8080" = 30081, "sctp-3868" = 30868 }
  }
}

run "opens_each_port_in_use" {
  command = plan

  assert {
    condition = toset(keys(openstack_networking_secgroup_rule_v2.this)) == toset([
      "tcp-30080", "udp-30053", "tcp-32100", "tcp-30081", "sctp-30868",
    ])
    error_message = "Each port has a rule of its own, the one of health checks too."
  }

  assert {
    condition = alltrue([
      for key, rule in openstack_networking_secgroup_rule_v2.this : (
        key == "${rule.protocol}-${rule.port_range_min}"
        && rule.port_range_min == rule.port_range_max
        && rule.direction == "ingress"
        && rule.ethertype == "IPv4"
        && rule.remote_ip_prefix == "10.0.0.0/24"
      )
    ])
    error_message = "A rule lets in to one port, from the CIDR alone."
  }

  assert {
    condition     = openstack_networking_secgroup_v2.this.delete_default_rules
    error_message = "A group that is added must not open all that goes out."
  }

  assert {
    condition     = length(openstack_networking_port_secgroup_associate_v2.this) == 0
    error_message = "Ports of nodes are the operator's unless they are named."
  }
}

run "keeps_an_unknown_port_closed" {
  command = plan

  variables {
    node_ports = { shop_web = { "tcp-80" = null, "tcp-443" = 30443 } }
  }

  assert {
    condition     = keys(openstack_networking_secgroup_rule_v2.this) == ["tcp-30443"]
    error_message = "A port that is not known yet has no rule."
  }
}

run "has_one_rule_for_a_port_that_two_share" {
  command = plan

  variables {
    node_ports = {
      shop_a = { "health-check" = 32100 }
      shop_b = { "tcp-443" = 32100, "udp-443" = 32100 }
    }
  }

  assert {
    condition     = keys(openstack_networking_secgroup_rule_v2.this) == ["tcp-32100", "udp-32100"]
    error_message = "Neutron refuses the same rule twice."
  }
}

run "follows_the_family_of_the_cidr" {
  command = plan

  variables {
    cidr = "2001:db8::/64"
  }

  assert {
    condition     = alltrue([for rule in openstack_networking_secgroup_rule_v2.this : rule.ethertype == "IPv6"])
    error_message = "A CIDR of IPv6 is for rules of IPv6."
  }
}

run "adds_the_group_to_ports_and_takes_none" {
  command = plan

  variables {
    ports = { node-1 = "5c1ae8f8-2d9f-4f0b-9f0f-6a0a4f6f1c11" }
  }

  assert {
    condition = (
      keys(openstack_networking_port_secgroup_associate_v2.this) == ["node-1"]
      && openstack_networking_port_secgroup_associate_v2.this["node-1"].enforce == false
    )
    error_message = "Other groups of the port stay."
  }
}
