"""The networks of the laboratory, as plain values: what is where, under which name.

internet    clients 198.51.100.10 (the usual one), 203.0.113.9
   |
cloud       floating IPs out of 172.24.0.0/16; gateway and nodes of 10.0.0.0/16
   |
amp-<id>    one a load balancer
"""

CLIENTS = ("198.51.100.10", "203.0.113.9")
PUBLIC_NETWORK = "public"
PUBLIC_SUBNET = "public-subnet"
PUBLIC_CIDR = "172.24.0.0/16"
DEMO_NETWORK = "demo-net"
DEMO_SUBNET = "demo-subnet"
DEMO_CIDR = "10.0.0.0/16"
DEMO_GATEWAY = "10.0.0.1/16"
DEMO_ROUTER = "demo-router"
# The cluster's nodes that every laboratory begins with.
NODES = {"node-1": "10.0.0.11", "node-2": "10.0.0.12", "node-3": "10.0.0.13"}
REGION = "RegionOne"
# A second project, for what must not see the first one's things.
OTHER_NETWORK = "other-net"
OTHER_SUBNET = "other-subnet"
OTHER_CIDR = "10.1.0.0/16"
