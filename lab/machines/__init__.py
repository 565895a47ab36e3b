"""The machines of the data plane: network namespaces of this computer.

    internet    clients, with several source addresses
       |        a veth pair (192.0.2.0/30)
    cloud       the router: floating IPs (DNAT) and security groups (nftables),
       |        the gateways of the subnets and the cluster's nodes on the bridge "lan"
    amp-<id>    one a load balancer: an amphora with its VIP and one haproxy

Standard library only: Octavia's worker imports it inside OpenStack's own environment.
"""
