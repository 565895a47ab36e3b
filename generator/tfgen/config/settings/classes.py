"""What holds for Services that name a class."""

from tfgen.config.settings.cloud import FloatingNetwork
from tfgen.config.settings.kinds import ObjectId, Said
from tfgen.config.settings.traffic import Defaults, Monitor, Timeouts, Tls


class ClassMonitor(Said, Monitor):
    """Health monitors of the class."""


class ClassTimeouts(Said, Timeouts):
    """Listener timeouts of the class, milliseconds."""


class ClassTls(Said, Tls):
    """TLS of the class."""


class Class(Said, Defaults):
    """What holds for Services that name the class; what it leaves out is as in the settings."""

    monitor: ClassMonitor = ClassMonitor()
    """Health monitors."""
    timeouts: ClassTimeouts = ClassTimeouts()
    """Listener timeouts."""
    tls: ClassTls = ClassTls()
    """TLS that ends at listeners."""
    provider: str = ""
    """Octavia provider."""
    flavor_id: ObjectId = ""
    """Octavia flavor."""
    availability_zone: str = ""
    """Octavia availability zone."""
    subnet_id: ObjectId = ""
    """Subnet of the VIP."""
    network_id: ObjectId = ""
    """Network of the VIP."""
    member_subnet_id: ObjectId = ""
    """Subnet from which members are reached."""
    ipv6_subnet_id: ObjectId = ""
    """Subnet of the VIP of IPv6."""
    ipv6_member_subnet_id: ObjectId = ""
    """Subnet from which members are reached by IPv6."""
    floating_networks: list[FloatingNetwork] = []
    """External networks that may be used; the first is the default."""
    floating_subnet_id: ObjectId = ""
    """Subnet of floating IPs; empty: any of the network."""
    floating_subnet: str = ""
    """Subnets of floating IPs by name: shell pattern, or ~ and regular expression; ! negates."""
    floating_subnet_tags: str = ""
    """Subnets of floating IPs by tags; & before them: all of them, ! before that: not so."""
    node_selector: str = ""
    """Labels that a node must have."""
    annotations: list[str] = []
    """Where given: the only annotations of tfgen and OCCM beside it; shell patterns."""
