"""What a fresh OpenStack is filled with: users, projects, the catalog, networks.

Everything is looked for before it is made, so a seed that was cut short goes on where it was.
"""

from collections.abc import Iterable
from typing import Any

import openstack
from openstack.connection import Connection

from lab import ports, topology
from lab.ports import Port
from lab.settings import Settings

CATALOG = {
    "neutron": ("network", Port.NEUTRON),
    "octavia": ("load-balancer", Port.OCTAVIA),
    "barbican": ("key-manager", Port.BARBICAN),
}
ROLES = (
    "load-balancer_observer",
    "load-balancer_global_observer",
    "load-balancer_member",
    "load-balancer_quota_admin",
    "load-balancer_admin",
    "creator",
)
PROJECTS = ("demo", "other")
TENANT_ROLES = ("member", "reader", "load-balancer_member", "creator")
APPLICATION = "tfgen"


def connect(settings: Settings, user: str) -> Connection:
    """A connection as one of the laboratory's users, in the project of the same name."""
    return openstack.connect(
        load_yaml_config=False,
        load_envvars=False,
        auth_url=f"{settings.url(Port.KEYSTONE)}/v3",
        username=user,
        password=f"{user}-secret",
        project_name=user,
        user_domain_name="Default",
        project_domain_name="Default",
        region_name=topology.REGION,
    )


def identity(settings: Settings) -> str:
    """Roles, users, projects and the catalog; the id of the demo application credential."""
    admin = connect(settings, "admin").identity
    for role in ROLES:
        admin.find_role(role) or admin.create_role(name=role)
    service_users(admin)
    catalog(admin, settings)
    grant(admin, "admin", "admin", ["load-balancer_admin"])
    for project in PROJECTS:
        admin.find_project(project) or admin.create_project(name=project, domain_id="default")
        user(admin, project, project)
        grant(admin, project, project, TENANT_ROLES)
    return application_credential(settings)


def user(admin: Any, name: str, project: str) -> Any:
    """A user whose password is its name and `-secret`."""
    return admin.find_user(name) or admin.create_user(
        name=name,
        password=f"{name}-secret",
        domain_id="default",
        default_project_id=admin.find_project(project).id,
    )


def grant(admin: Any, project: str, user: str, roles: Iterable[str]) -> None:
    """Give a user roles in a project."""
    where, who = admin.find_project(project), admin.find_user(user)
    for role in roles:
        admin.assign_project_role_to_user(where, who, admin.find_role(role))


def service_users(admin: Any) -> None:
    """The users as which the services speak to one another."""
    admin.find_project("service") or admin.create_project(name="service", domain_id="default")
    for name in CATALOG:
        user(admin, name, "service")
        grant(admin, "service", name, ["admin", "service"])


def catalog(admin: Any, settings: Settings) -> None:
    """Where the services are."""
    for name, (kind, port) in CATALOG.items():
        service = admin.find_service(name) or admin.create_service(name=name, type=kind)
        there = {endpoint.interface for endpoint in admin.endpoints(service_id=service.id)}
        for interface in {"public", "internal", "admin"} - there:
            admin.create_endpoint(
                service_id=service.id,
                interface=interface,
                region_id=topology.REGION,
                url=ports.url(settings.port, port),
            )


def application_credential(settings: Settings) -> str:
    """The id of the demo user's application credential, made anew."""
    demo = connect(settings, "demo")
    mine = demo.identity.find_user(demo.current_user_id)
    for old in demo.identity.application_credentials(mine):
        demo.identity.delete_application_credential(mine, old)
    made = demo.identity.create_application_credential(
        mine, APPLICATION, secret="tfgen-app-secret", unrestricted=True
    )
    return str(made.id)


def networks(settings: Settings) -> str:
    """The external network, and a network with a router for each project."""
    external(connect(settings, "admin").network)
    demo = connect(settings, "demo").network
    subnet = tenant(demo, "demo", topology.DEMO_CIDR)
    demo.set_tags(subnet, ["tfgen", "env=lab"])
    for node, address in topology.NODES.items():
        node_port(demo, node, address)
    tenant(connect(settings, "other").network, "other", topology.OTHER_CIDR)
    return "done"


def external(network: Any) -> None:
    """The network of the floating IPs."""
    name = topology.PUBLIC_NETWORK
    public = network.find_network(name) or network.create_network(
        name=name,
        is_router_external=True,
        provider_network_type="flat",
        provider_physical_network="public",
    )
    network.find_subnet(topology.PUBLIC_SUBNET) or network.create_subnet(
        name=topology.PUBLIC_SUBNET,
        network_id=public.id,
        ip_version=4,
        cidr=topology.PUBLIC_CIDR,
        is_dhcp_enabled=False,
    )


def tenant(network: Any, name: str, cidr: str) -> Any:
    """A project's NAME-net, NAME-subnet and NAME-router; the subnet."""
    net = network.find_network(f"{name}-net") or network.create_network(name=f"{name}-net")
    subnet = network.find_subnet(f"{name}-subnet") or network.create_subnet(
        name=f"{name}-subnet", network_id=net.id, ip_version=4, cidr=cidr
    )
    if not network.find_router(f"{name}-router"):
        public = network.find_network(topology.PUBLIC_NETWORK)
        gateway = {"network_id": public.id}
        router = network.create_router(name=f"{name}-router", external_gateway_info=gateway)
        network.add_interface_to_router(router, subnet_id=subnet.id)
    return subnet


def node_port(network: Any, node: str, address: str) -> None:
    """A node's port in demo-net, as Nova would have made it; it keeps its address from others."""
    net = network.find_network(topology.DEMO_NETWORK)
    subnet = network.find_subnet(topology.DEMO_SUBNET)
    fixed = [{"subnet_id": subnet.id, "ip_address": address}]
    if not network.find_port(node):
        network.create_port(name=node, network_id=net.id, fixed_ips=fixed)


def move_port(network: Any, node: str, address: str) -> None:
    """Give a node's port another address."""
    subnet = network.find_subnet(topology.DEMO_SUBNET)
    port = network.find_port(node)
    if port is None:
        node_port(network, node, address)
    else:
        fixed = [{"subnet_id": subnet.id, "ip_address": address}]
        network.update_port(port, fixed_ips=fixed)
