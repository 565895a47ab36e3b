"""The cloud: where load balancers stand, with what, and what they are called."""

from typing import Annotated, Literal

from pydantic import Field

from tfgen.config.settings.kinds import ObjectId, Section, Url


class OpenStack(Section):
    """Which cloud, region and project; compared with the live cloud before any plan."""

    cloud: str = ""
    """Name in clouds.yaml; empty: the OS_* variables of the environment."""
    region: str = ""
    """Region of the load balancers; empty: the cloud's own."""
    project_id: ObjectId = ""
    """Project that owns them; written by init."""
    auth_url: Url = ""
    """Keystone's address; written by init."""


class FloatingNetwork(Section):
    """An external network that floating IPs may come from."""

    id: ObjectId = ""
    """Its id."""
    name: str = ""
    """Its name: the provider asks for the name."""


class Network(Section):
    """Where load balancers and their members live."""

    subnet_id: ObjectId = ""
    """Subnet of the VIP (or give network_id)."""
    network_id: ObjectId = ""
    """Network of the VIP; Octavia then picks the subnet."""
    member_subnet_id: ObjectId = ""
    """Subnet from which members are reached; empty: subnet_id."""
    ipv6_subnet_id: ObjectId = ""
    """Subnet of the VIP of a Service's IPv6 load balancer; empty: no Service has one."""
    ipv6_member_subnet_id: ObjectId = ""
    """Subnet from which members are reached by IPv6; empty: ipv6_subnet_id."""
    floating_networks: list[FloatingNetwork] = []
    """External networks that may be used; the first is the default."""
    floating_subnet_id: ObjectId = ""
    """Subnet of floating IPs; empty: any of the network."""
    floating_subnet: str = ""
    """Subnets of floating IPs by name: shell pattern, or ~ and regular expression; ! negates."""
    floating_subnet_tags: str = ""
    """Subnets of floating IPs by tags; & before them: all of them, ! before that: not so."""


class Octavia(Section):
    """What the cloud's Octavia can do; written by init."""

    provider: str = "amphora"
    """Octavia provider of new load balancers."""
    api_version: Annotated[str, Field(pattern=r"^2\.\d+$")] = "2.27"
    """Newest API version that the cloud offers."""
    flavor_id: ObjectId = ""
    """Flavor of new load balancers; empty: the cloud's own."""
    availability_zone: str = ""
    """Availability zone of new load balancers; empty: the cloud's own."""


class Names(Section):
    """Names of objects in the cloud; a change renames them in place."""

    load_balancer: str = "{cluster}_{namespace}_{name}"
    """Name of a Service's load balancer; its listeners, pools and monitors add _tcp-80."""


class TlsStore(Section):
    """Where certificates lie."""

    container_store: Literal["barbican", "external"] = "barbican"
    """barbican: references are checked by their form; external: they are not."""
