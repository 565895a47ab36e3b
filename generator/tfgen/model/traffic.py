"""What one port of a load balancer does: its listener, pool and monitor, and their limits."""

import re
from dataclasses import dataclass
from enum import StrEnum

MOST_MILLISECONDS = 24 * 86_400_000
"""Octavia's limit for timeouts. 0 is sent at no creation: the provider takes it for absent, and
would change it only at the second apply."""
MOST_CONNECTIONS = 2_147_483_647
"""What Octavia's table of listeners holds; 0 is as with timeouts, and means no limit there."""
MOST_HSTS_SECONDS = 2_147_483_647
"""What Octavia's table of listeners holds."""
TLS_VERSIONS = ("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3")
TLS_SAFE_VERSIONS = TLS_VERSIONS[2:]
"""Octavia's default; sent, for what is not sent is never reset."""
TLS_CIPHERS = (
    "TLS_AES_128_GCM_SHA256:"
    "TLS_AES_256_GCM_SHA384:"
    "TLS_CHACHA20_POLY1305_SHA256:"
    "ECDHE-ECDSA-AES128-GCM-SHA256:"
    "ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:"
    "ECDHE-ECDSA-CHACHA20-POLY1305:"
    "ECDHE-RSA-CHACHA20-POLY1305:"
    "DHE-RSA-AES128-GCM-SHA256:"
    "DHE-RSA-AES256-GCM-SHA384:"
    "DHE-RSA-CHACHA20-POLY1305"
)
"""Octavia's default (OWASP's suite B), sent as well."""
ALPN_PROTOCOLS = ("h2", "http/1.1", "http/1.0")
"""All that Octavia knows, and its default."""
BARBICAN = re.compile(r"(?:.*/)?(?:containers|secrets)/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""A reference to Barbican, as OCCM takes it: its last two parts."""

MONITOR_PATH = r"/[A-Za-z0-9._~!$&'()*+,;=:@%/?-]{0,254}"
MONITOR_CODES = r"[1-5][0-9]{2}(-[1-5][0-9]{2}|(,[1-5][0-9]{2})*)"
"""One code, several, or a range, as Octavia takes them."""
MONITOR_HOST = r"[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*"
HEALTH_CHECK = "health-check"
"""By which the facts know a Service's health check node port, beside its ports' keys."""


class Protocol(StrEnum):
    """A Service port's transport."""

    TCP = "TCP"
    UDP = "UDP"
    SCTP = "SCTP"


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Listener timeouts in milliseconds; OCCM's values, always sent."""

    client_data: int = 50_000
    member_connect: int = 5_000
    member_data: int = 50_000
    tcp_inspect: int = 0


@dataclass(frozen=True, slots=True)
class Monitor:
    """A health monitor. Delay and timeout are seconds."""

    type: str
    delay: int
    timeout: int
    max_retries: int
    max_retries_down: int
    url_path: str | None = None
    """None, as with all below: not sent, for the type has none."""
    http_method: str | None = None
    http_version: str | None = None
    domain_name: str | None = None
    expected_codes: str | None = None


@dataclass(frozen=True, slots=True)
class Tls:
    """TLS that ends at a listener; what is None is not sent, for Octavia lacks it."""

    container_ref: str
    sni_refs: tuple[str, ...] = ()
    """The first whose name a client asks for counts: their order is kept."""
    versions: tuple[str, ...] | None = TLS_SAFE_VERSIONS
    ciphers: str | None = TLS_CIPHERS
    alpn_protocols: tuple[str, ...] | None = ALPN_PROTOCOLS
    hsts_max_age: int | None = None
    """Seconds; None: browsers are told nothing."""
    hsts_include_subdomains: bool = False
    hsts_preload: bool = False


@dataclass(frozen=True, slots=True)
class Port:
    """One port of a load balancer: a listener with its pool, members and monitor."""

    protocol: Protocol
    port: int
    node_port: int | None
    """None: not known yet (a manifest in Git has none); *awaiting facts*."""
    listener_protocol: str
    pool_protocol: str
    lb_method: str
    persistence: str | None
    """Octavia's session persistence type, or None."""
    connection_limit: int | None
    timeouts: Timeouts | None
    """None, as with the limit: not sent, for Octavia or its provider lacks it."""
    monitor: Monitor | None
    allowed_cidrs: tuple[str, ...]
    """Who may connect is always said; empty only where Octavia cannot be told: everyone may."""
    monitor_port: bool = True
    """Whether members say the port that is probed: provider ovn refuses to be told."""
    tls: Tls | None = None
    headers: tuple[str, ...] = ()
    """HTTP headers that the listener inserts."""
    redirect: str = ""
    """Where the listener sends every request, path and query kept; empty: to the pool."""
    listener_tags: tuple[str, ...] = ()
    """Beside those of the load balancer."""
    pool_tags: tuple[str, ...] = ()
    health_check: bool = False
    """Whether the Service's health check node port is probed, not the port's own node port."""

    @property
    def key(self) -> str:
        """`tcp-80`: what a port is known by, whatever its place or name."""
        return f"{self.protocol.lower()}-{self.port}"
