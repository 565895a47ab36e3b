"""The data plane's own processes, inside the namespace of router and nodes."""

import socket

from lab import probe
from lab.machines.site import Site
from lab.services import cloud
from lab.services.record import PYTHON, Service, in_cloud, sources
from lab.settings import CHECKOUT, Settings
from lab.software import openstack


def nodes(settings: Settings) -> Service:
    """Give the nodes' servers on their node ports."""
    site = Site(settings.home, settings.prefix)
    return Service(
        name="nodes",
        version="-",
        address=site.cloud,
        command=in_cloud(settings, PYTHON, "-m", "lab.traffic.server"),
        environment={"PYTHONPATH": str(CHECKOUT)},
        reads=sources("traffic/*.py", "templates/shop.html.j2"),
        ready=lambda: probe.unix(site.nodes_socket),
        after=("data plane",),
    )


def agent(settings: Settings) -> Service:
    """Floating IPs, security groups, health and statistics."""
    confs = (settings.etc / "octavia.conf", settings.etc / "neutron.conf")
    site = Site(settings.home, settings.prefix)
    return Service(
        name="agent",
        version="-",
        address=site.cloud,
        command=in_cloud(settings, openstack.program("python"), "-m", "lab_agent", *confs),
        environment=cloud.environment(settings),
        reads=(*confs, *sources("ext/*.py", "machines/*.py")),
        ready=lambda: probe.unix(site.syslog / "log", socket.SOCK_DGRAM),
        after=("data plane", "mariadb"),
    )
