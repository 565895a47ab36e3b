"""What there is to choose from: further subnets, and Octavia's flavors and availability zones."""

import json
from collections.abc import Mapping

from openstack.load_balancer.v2._proxy import Proxy as LoadBalancer
from openstack.network.v2._proxy import Proxy as Network
from openstack.network.v2.subnet import Subnet

from lab import choices, topology
from lab.seed import networks
from lab.seed.connect import connect
from lab.settings import Settings

PROVIDER = "amphora"


def make(settings: Settings) -> str:
    """Make all of it; the ids, as lab.choices reads them."""
    admin, demo = connect(settings, "admin"), connect(settings, "demo").network
    subnet = ipv6(demo)
    for node in topology.NODES:
        widen_port(demo, node)
    return choices.Choices(
        flavors={
            name: flavor(admin.load_balancer, name, topology.FLAVORS[name])
            for name in topology.FLAVORS
        },
        zones=tuple(
            zone(admin.load_balancer, name, topology.ZONES[name]) for name in topology.ZONES
        ),
        floating_subnets=floating(admin.network),
        ipv6_subnets={topology.DEMO_SUBNET_V6: str(subnet.id)},
    ).text()


def floating(network: Network) -> dict[str, str]:
    """Make the second subnet of floating IPs, and give both their tags; ids by name.

    Where nobody says which subnet, Neutron takes the one with the lowest id: that stays the first.
    """
    public = network.find_network(topology.PUBLIC_NETWORK, ignore_missing=False)
    first = network.find_subnet(topology.PUBLIC_SUBNET, ignore_missing=False)
    name, cidr = topology.PARTNER_SUBNET, topology.PARTNER_CIDR
    while (second := networks.floating(network, public.id, name, cidr)).id < first.id:
        network.delete_subnet(second)
    for subnet in (first, second):
        network.set_tags(subnet, list(topology.FLOATING_TAGS[subnet.name]))
    return {subnet.name: str(subnet.id) for subnet in (first, second)}


def ipv6(network: Network) -> Subnet:
    """Have demo-net's subnet of IPv6, on the router; addresses are given, not made up by hosts."""
    net = network.find_network(topology.DEMO_NETWORK, ignore_missing=False)
    first, last = topology.DEMO_POOL_V6
    subnet = network.find_subnet(topology.DEMO_SUBNET_V6) or network.create_subnet(
        name=topology.DEMO_SUBNET_V6,
        network_id=net.id,
        ip_version=6,
        cidr=topology.DEMO_CIDR_V6,
        allocation_pools=[{"start": first, "end": last}],
        is_dhcp_enabled=False,
    )
    router = network.find_router(topology.DEMO_ROUTER, ignore_missing=False)
    if not list(network.ports(device_id=router.id, fixed_ips=f"subnet_id={subnet.id}")):
        network.add_interface_to_router(router, subnet.id)
    return subnet


def widen_port(network: Network, node: str) -> None:
    """Let a node's port hold its IPv6 address, too; a node that was taken away has no port."""
    if port := network.find_port(node):
        held = [each["ip_address"] for each in port.fixed_ips]
        first = next(address for address in held if ":" not in address)
        networks.node_port(network, node, *topology.families(first))


def flavor(octavia: LoadBalancer, name: str, data: Mapping[str, str]) -> str:
    """Have a flavor with a profile of the same name; its id."""
    profile = octavia.find_flavor_profile(name) or octavia.create_flavor_profile(
        name=name, provider_name=PROVIDER, flavor_data=json.dumps(data)
    )
    made = octavia.find_flavor(name) or octavia.create_flavor(
        name=name, flavor_profile_id=profile.id
    )
    return str(made.id)


def zone(octavia: LoadBalancer, name: str, data: Mapping[str, str]) -> str:
    """Have an availability zone with a profile of the same name; its name."""
    profile = octavia.find_availability_zone_profile(
        name
    ) or octavia.create_availability_zone_profile(
        name=name, provider_name=PROVIDER, availability_zone_data=json.dumps(data)
    )
    made = octavia.find_availability_zone(name) or octavia.create_availability_zone(
        name=name, availability_zone_profile_id=profile.id
    )
    return str(made.name)
