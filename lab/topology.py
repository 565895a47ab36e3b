"""The networks of the laboratory, as plain values: what is where, under which name.

internet    clients 198.51.100.10 (the usual one), 203.0.113.9
   |
cloud       floating IPs out of 172.24.0.0/16 and 172.25.0.0/16; gateway and nodes of 10.0.0.0/16
   |
amp-<id>    one a load balancer
"""

import ipaddress

CLIENTS = ("198.51.100.10", "203.0.113.9")
PUBLIC_NETWORK = "public"
PUBLIC_SUBNET = "public-subnet"
PUBLIC_CIDR = "172.24.0.0/16"
# A second subnet of floating IPs, for who chooses by name or tags.
PARTNER_SUBNET = "partner-subnet"
PARTNER_CIDR = "172.25.0.0/16"
FLOATING_TAGS = {
    PUBLIC_SUBNET: ("floating", "reach=internet"),
    PARTNER_SUBNET: ("floating", "reach=partner"),
}
DEMO_NETWORK = "demo-net"
DEMO_SUBNET = "demo-subnet"
DEMO_CIDR = "10.0.0.0/16"
DEMO_GATEWAY = "10.0.0.1/16"
DEMO_ROUTER = "demo-router"
# The same network's subnet of IPv6. Nodes have addresses below the pool that VIPs are given of.
DEMO_SUBNET_V6 = "demo-subnet-v6"
DEMO_CIDR_V6 = "fd00:10::/64"
DEMO_POOL_V6 = ("fd00:10::1:0:0", "fd00:10::ffff:ffff:ffff")
# The cluster's nodes that every laboratory begins with.
NODES = {"node-1": "10.0.0.11", "node-2": "10.0.0.12", "node-3": "10.0.0.13"}
REGION = "RegionOne"
# Octavia's flavors and availability zones, each with what its profile says. Of either two, so that
# a change from one to the other can be asked for; amphorae are the same with all of them.
FLAVORS = {
    "small": {"loadbalancer_topology": "SINGLE", "compute_flavor": "1"},
    "large": {"loadbalancer_topology": "SINGLE", "compute_flavor": "2"},
}
ZONES = {"zone-a": {"compute_zone": "a"}, "zone-b": {"compute_zone": "b"}}
# A second project, for what must not see the first one's things.
OTHER_NETWORK = "other-net"
OTHER_SUBNET = "other-subnet"
OTHER_CIDR = "10.1.0.0/16"


def families(address: str) -> tuple[str, ...]:
    """Give a node's addresses, IPv4 first: 10.0.0.14 in demo-subnet goes with fd00:10::14."""
    if ipaddress.ip_address(address) not in ipaddress.ip_network(DEMO_CIDR):
        return (address,)
    third, fourth = address.split(".")[2:]
    prefix = DEMO_CIDR_V6.partition("/")[0]
    return address, str(ipaddress.ip_address(f"{prefix}{third}:{fourth}"))
