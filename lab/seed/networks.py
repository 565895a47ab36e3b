"""Networks, subnets, routers, and the ports of the cluster's nodes."""

from openstack.network.v2._proxy import Proxy as Network
from openstack.network.v2.subnet import Subnet

from lab import topology
from lab.seed.connect import connect
from lab.settings import Settings


def make(settings: Settings) -> None:
    """Make the external network, and a network with a router for each project."""
    external(connect(settings, "admin").network)
    demo = connect(settings, "demo").network
    subnet = tenant(demo, "demo", topology.DEMO_CIDR)
    demo.set_tags(subnet, ["tfgen", "env=lab"])
    for node, address in topology.NODES.items():
        node_port(demo, node, address)
    tenant(connect(settings, "other").network, "other", topology.OTHER_CIDR)


def external(network: Network) -> None:
    """Make the network of the floating IPs."""
    name = topology.PUBLIC_NETWORK
    public = network.find_network(name) or network.create_network(
        name=name,
        is_router_external=True,
        provider_network_type="flat",
        provider_physical_network="public",
    )
    # A low id: choices.floating() makes one with a higher.
    while floating(network, public.id, topology.PUBLIC_SUBNET, topology.PUBLIC_CIDR).id >= "8":
        network.delete_subnet(network.find_subnet(topology.PUBLIC_SUBNET, ignore_missing=False))


def floating(network: Network, public: str, name: str, cidr: str) -> Subnet:
    """Have a subnet of floating IPs in the network `public`, by its id."""
    return network.find_subnet(name) or network.create_subnet(
        name=name, network_id=public, ip_version=4, cidr=cidr, is_dhcp_enabled=False
    )


def tenant(network: Network, name: str, cidr: str) -> Subnet:
    """Make a project's NAME-net, NAME-subnet and NAME-router; the subnet."""
    net = network.find_network(f"{name}-net") or network.create_network(name=f"{name}-net")
    subnet = network.find_subnet(f"{name}-subnet") or network.create_subnet(
        name=f"{name}-subnet", network_id=net.id, ip_version=4, cidr=cidr
    )
    if not network.find_router(f"{name}-router"):
        public = network.find_network(topology.PUBLIC_NETWORK, ignore_missing=False)
        gateway = {"network_id": public.id}
        router = network.create_router(name=f"{name}-router", external_gateway_info=gateway)
        network.add_interface_to_router(router, subnet.id)
    return subnet


def node_port(network: Network, node: str, *addresses: str) -> None:
    """Have a node's port in demo-net, as Nova would; it keeps the addresses from others."""
    net = network.find_network(topology.DEMO_NETWORK, ignore_missing=False)
    fixed = [{"subnet_id": subnet_of(network, each), "ip_address": each} for each in addresses]
    if port := network.find_port(node):
        network.update_port(port, fixed_ips=fixed)
    else:
        network.create_port(name=node, network_id=net.id, fixed_ips=fixed)


def subnet_of(network: Network, address: str) -> str:
    """Give the id of demo-net's subnet of an address's family."""
    name = topology.DEMO_SUBNET_V6 if ":" in address else topology.DEMO_SUBNET
    return str(network.find_subnet(name, ignore_missing=False).id)


def remove_port(network: Network, node: str) -> None:
    """Remove a node's port, if there is one."""
    if port := network.find_port(node):
        network.delete_port(port)


def ids(settings: Settings) -> tuple[str, str]:
    """Give the ids of demo-subnet and of the floating IPs' network."""
    network = connect(settings, "demo").network
    subnet = network.find_subnet(topology.DEMO_SUBNET, ignore_missing=False)
    public = network.find_network(topology.PUBLIC_NETWORK, ignore_missing=False)
    return str(subnet.id), str(public.id)
