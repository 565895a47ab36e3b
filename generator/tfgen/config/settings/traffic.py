"""What listeners, pools and monitors are, where a Service says nothing."""

from typing import Annotated, Literal

from pydantic import Field

from tfgen import model
from tfgen.config.settings.kinds import (
    AlpnProtocol,
    ConnectionLimit,
    LbMethod,
    Milliseconds,
    MillisecondsOrNone,
    MonitorMethod,
    MonitorType,
    Retries,
    Seconds,
    SecretRef,
    Section,
    TlsVersion,
)


class Monitor(Section):
    """Health monitors of all pools, unless an annotation says otherwise."""

    enabled: bool = True
    """Whether pools have a monitor; readiness is left to it."""
    delay: Seconds = 5
    """Seconds between two probes."""
    timeout: Seconds = 3
    """Seconds to wait for an answer; less than delay."""
    max_retries: Retries = 1
    """Successes after which a member is ONLINE."""
    max_retries_down: Retries = 3
    """Failures after which a member is ERROR."""
    type: MonitorType = ""
    """How members are probed; empty: as the port's protocol (TCP, UDP-CONNECT, SCTP)."""
    path: Annotated[str, Field(pattern=f"^({model.MONITOR_PATH})$")] = "/"
    """What HTTP and HTTPS monitors ask for."""
    codes: Annotated[str, Field(pattern=f"^({model.MONITOR_CODES})$")] = "200"
    """What they take for an answer: "200", "200,202" or "200-204"."""
    method: MonitorMethod = "GET"
    """How they ask."""
    host: Annotated[str, Field(pattern=f"^({model.MONITOR_HOST})?$")] = ""
    """The host that they ask for; empty: none is named."""


class Timeouts(Section):
    """Listener timeouts, milliseconds."""

    client_data: Milliseconds = model.Timeouts().client_data
    """Inactivity of the client."""
    member_connect: Milliseconds = model.Timeouts().member_connect
    """Connecting to a member."""
    member_data: Milliseconds = model.Timeouts().member_data
    """Inactivity of a member."""
    tcp_inspect: MillisecondsOrNone = model.Timeouts().tcp_inspect
    """Waiting for further TCP packets for content inspection."""


class Tls(Section):
    """TLS that ends at listeners, on TCP ports."""

    container_ref: SecretRef = ""
    """Certificate and key, as a reference to Barbican; empty: no TLS."""
    sni_refs: list[SecretRef] = []
    """Further certificates, picked by the name that a client asks for."""
    versions: Annotated[list[TlsVersion], Field(min_length=1)] = ["TLSv1.2", "TLSv1.3"]
    """Versions that clients may speak."""
    ciphers: Annotated[str, Field(pattern=r"^([A-Za-z0-9_-]+(:[A-Za-z0-9_-]+)*)?$")] = ""
    """Ciphers that clients may use, divided by colons; empty: Octavia's own default list."""
    alpn_protocols: Annotated[list[AlpnProtocol], Field(min_length=1)] = [
        "h2",
        "http/1.1",
        "http/1.0",
    ]
    """What clients may speak over TLS; members are spoken to in HTTP/1.1."""
    hsts_max_age: Annotated[int, Field(ge=0, le=model.MOST_HSTS_SECONDS)] = 0
    """Seconds for which browsers come back by TLS only (HSTS); 0: they are told nothing."""
    hsts_include_subdomains: bool = False
    """Whether HSTS holds for subdomains, too."""
    hsts_preload: bool = False
    """Whether browsers may ship the name in their HSTS list."""


class Defaults(Section):
    """What holds where neither annotation nor class says otherwise."""

    internal: bool = False
    """No floating IP: reachable from the VIP's network only."""
    lb_method: LbMethod = "ROUND_ROBIN"
    """How a pool picks a member."""
    connection_limit: ConnectionLimit = -1
    """Concurrent connections of a listener; -1: no limit."""
    monitor: Monitor = Monitor()
    """Health monitors."""
    timeouts: Timeouts = Timeouts()
    """Listener timeouts."""
    proxy_protocol: Literal["off", "v1", "v2"] = "off"
    """PROXY protocol towards the members of TCP ports."""
    x_forwarded_for: bool = False
    """TCP ports speak HTTP, and insert X-Forwarded-For."""
    x_forwarded_port: bool = False
    """TCP ports speak HTTP, and insert X-Forwarded-Port."""
    x_forwarded_proto: bool = False
    """TCP ports speak HTTP, and insert X-Forwarded-Proto."""
    app_protocol: bool = True
    """Whether a port's appProtocol keeps off what does not fit it; false: as OCCM, it does not."""
    tls: Tls = Tls()
    """TLS that ends at listeners."""
