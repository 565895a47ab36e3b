"""The one table of the laboratory's ports: a block of 100, counted from `LAB_PORT`.

Each offset is the end of the port that the same service has in the world (Keystone's 5000 is 0,
Neutron's 9696 is 96), so that one who knows those finds these.
"""

import enum

HOST = "127.0.0.1"
DEFAULT_BASE = 15000
BLOCK = 100


class Port(enum.IntEnum):
    """A service's offset in the block."""

    KEYSTONE = 0
    BARBICAN = 11
    KUBERNETES = 43
    HEALTH_MANAGER = 55
    OCCM = 58
    EPMD = 69
    RABBITMQ = 72
    RABBITMQ_DISTRIBUTION = 73
    OCTAVIA = 76
    ETCD = 79
    ETCD_PEER = 80
    NEUTRON = 96


# Nothing listens on these unless asked for, or ever (Octavia only wants the number).
OPTIONAL = frozenset({Port.HEALTH_MANAGER, Port.OCCM})


def number(base: int, port: Port) -> int:
    """Give the TCP port of a service in the laboratory whose block begins at `base`."""
    return base + port.value


def address(base: int, port: Port) -> str:
    """`host:port` of a service."""
    return f"{HOST}:{number(base, port)}"


def url(base: int, port: Port, *, scheme: str = "http") -> str:
    """Give the root URL of a service, without a slash at its end."""
    return f"{scheme}://{address(base, port)}"
