"""Every annotation key that is ours: under our prefixes there is no other."""

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tfgen import model
from tfgen.annotations import parsers

OCCM = "loadbalancer.openstack.org/"
TFGEN = "tfgen.io/"
PORT = TFGEN + "port."
"""Begins what holds for one port alone: `tfgen.io/port.<name, number or tcp-443>.<setting>`."""
CLASS = OCCM + "class"
INTERNAL = "service.beta.kubernetes.io/openstack-internal-load-balancer"
SOURCE_RANGES = "service.beta.kubernetes.io/load-balancer-source-ranges"
NODE_PORT_RANGES = TFGEN + "source-ranges"
"""Kubernetes refuses both the field and the annotation on a Service of type NodePort."""


class Kind(StrEnum):
    """What part an annotation plays."""

    INPUT = "input"
    OUTPUT = "output"
    """Written by publish, never read by render."""
    PLANNED = "planned"
    """Ours, and not carried out by this version: a problem, unless its value asks for nothing."""


class Change(StrEnum):
    """What a new value does to a load balancer that stands."""

    IN_PLACE = "in place"
    PORT = "replaces the port"
    """Listener, pool and all below them go first: an outage of that port."""
    CREATION = "at creation only"
    NONE = "nothing"


@dataclass(frozen=True, slots=True)
class Annotation:
    """One row of the table."""

    key: str
    meaning: str
    kind: Kind = Kind.INPUT
    parser: Callable[[str], Any] = str
    value: str = ""
    """What may be written, for people."""
    field: str = ""
    """The setting under `defaults` that holds where it is absent, or ""."""
    change: Change = Change.IN_PLACE
    neutral: frozenset[str] = frozenset()
    """Values of a planned annotation that ask for nothing."""
    over: str = ""
    """The setting that such a value sets aside: it asks for nothing only where that is empty."""
    since: str = ""
    """The Octavia API version that has it; "" where all have."""
    lacking: tuple[str, ...] = ()
    """Octavia providers that do not do it."""
    per_port: bool = False
    """Whether one port may have a value of its own."""

    @property
    def setting(self) -> str:
        """The last part of the key, by which one port says it."""
        return self.key.rpartition("/")[2]


def _row(  # noqa: PLR0913  the columns of the table
    key: str,
    meaning: str,
    parser: Callable[[str], Any],
    value: str,
    field: str = "",
    *,
    since: str = "",
    lacking: tuple[str, ...] = (),
    change: Change = Change.IN_PLACE,
    per_port: bool = False,
) -> Annotation:
    return Annotation(
        key,
        meaning,
        parser=parser,
        value=value,
        field=field,
        since=since,
        lacking=lacking,
        change=change,
        per_port=per_port,
    )


def _planned(key: str, meaning: str, *neutral: str, over: str = "") -> Annotation:
    return Annotation(key, meaning, Kind.PLANNED, neutral=frozenset(neutral), over=over)


def _output(key: str, meaning: str) -> Annotation:
    return Annotation(key, meaning, Kind.OUTPUT, change=Change.NONE)


_MS = parsers.integer(1, model.MOST_MILLISECONDS, "milliseconds")
_MS_OR_NONE = parsers.integer(0, model.MOST_MILLISECONDS, "milliseconds")
_SECONDS = parsers.integer(1, 86_400, "seconds")
_RETRIES = parsers.integer(1, 10)
_BOOL, _MS_TEXT = "true or false", "milliseconds"

_ROWS = (
    _row(
        INTERNAL,
        "No floating IP: reachable from the VIP's network only.",
        parsers.boolean,
        _BOOL,
        "internal",
    ),
    _row(
        SOURCE_RANGES,
        "Who may connect, where spec.loadBalancerSourceRanges is empty.",
        parsers.cidrs,
        "CIDRs, divided by commas or spaces",
        since="2.12",
        lacking=("ovn",),
    ),
    _row(
        OCCM + "connection-limit",
        "Concurrent connections of a listener; -1 is no limit.",
        parsers.limit,
        "whole number",
        "connection_limit",
        lacking=("ovn",),
        per_port=True,
    ),
    _row(
        OCCM + "lb-method",
        "How a pool picks a member; SOURCE_IP_PORT is for provider ovn (Octavia 2.13).",
        parsers.one_of("ROUND_ROBIN", "LEAST_CONNECTIONS", "SOURCE_IP", "SOURCE_IP_PORT"),
        "ROUND_ROBIN, LEAST_CONNECTIONS, SOURCE_IP, SOURCE_IP_PORT",
        "lb_method",
        per_port=True,
    ),
    _row(
        OCCM + "timeout-client-data",
        "Inactivity of the client.",
        _MS,
        _MS_TEXT,
        "timeouts.client_data",
        since="2.1",
        lacking=("ovn",),
        per_port=True,
    ),
    _row(
        OCCM + "timeout-member-connect",
        "Connecting to a member.",
        _MS,
        _MS_TEXT,
        "timeouts.member_connect",
        since="2.1",
        lacking=("ovn",),
        per_port=True,
    ),
    _row(
        OCCM + "timeout-member-data",
        "Inactivity of a member.",
        _MS,
        _MS_TEXT,
        "timeouts.member_data",
        since="2.1",
        lacking=("ovn",),
        per_port=True,
    ),
    _row(
        OCCM + "timeout-tcp-inspect",
        "Waiting for packets for content inspection.",
        _MS_OR_NONE,
        _MS_TEXT,
        "timeouts.tcp_inspect",
        since="2.1",
        lacking=("ovn",),
        per_port=True,
    ),
    _row(
        OCCM + "enable-health-monitor",
        "Whether pools have a health monitor.",
        parsers.boolean,
        _BOOL,
        "monitor.enabled",
        per_port=True,
    ),
    _row(
        OCCM + "health-monitor-delay",
        "Seconds between two probes.",
        _SECONDS,
        "seconds",
        "monitor.delay",
        per_port=True,
    ),
    _row(
        OCCM + "health-monitor-timeout",
        "Seconds to wait for an answer; less than the delay.",
        _SECONDS,
        "seconds",
        "monitor.timeout",
        per_port=True,
    ),
    _row(
        OCCM + "health-monitor-max-retries",
        "Successes after which a member is ONLINE.",
        _RETRIES,
        "1 to 10",
        "monitor.max_retries",
        per_port=True,
    ),
    _row(
        OCCM + "health-monitor-max-retries-down",
        "Failures after which a member is ERROR.",
        _RETRIES,
        "1 to 10",
        "monitor.max_retries_down",
        per_port=True,
    ),
    _row(
        NODE_PORT_RANGES,
        "Who may connect, for a Service of type NodePort: the field is for LoadBalancer alone.",
        parsers.some_cidrs,
        "CIDRs, divided by commas or spaces",
        since="2.12",
        lacking=("ovn",),
        per_port=True,
    ),
    _row(CLASS, "Class of the settings whose values hold.", str, "name under `classes`"),
    _row(TFGEN + "expose", "Claims a Service of type NodePort.", parsers.only_true, "true"),
    _row(
        TFGEN + "protect",
        "No plan may destroy or replace anything of it, even when it is deleted.",
        parsers.boolean,
        _BOOL,
    ),
    _output(OCCM + "load-balancer-address", "The address, as OCCM writes it."),
    _output(TFGEN + "external-ip", "The address."),
    _output(TFGEN + "load-balancer-id", "Octavia's id of the load balancer."),
    _output(TFGEN + "tree", "The tree that publishes it."),
    _output(TFGEN + "stack", "The stack that holds its state."),
    _output(
        TFGEN + "digest",
        "Revision of the Service's file that is applied, as the tree's manifest has it.",
    ),
    _output(TFGEN + "commit", "Git commit that changed that file last, where Git has it so."),
    _planned(OCCM + "load-balancer-id", "Attach to a load balancer that exists.", ""),
    _planned(OCCM + "floating-network-id", "External network of the floating IP."),
    _planned(OCCM + "floating-subnet-id", "Subnet of the floating IP.", ""),
    _planned(OCCM + "floating-subnet", "Subnets of the floating IP, by name pattern.", ""),
    _planned(OCCM + "floating-subnet-tags", "Subnets of the floating IP, by tag.", ""),
    _planned(OCCM + "keep-floatingip", "Leave the floating IP when the Service goes.", "false"),
    _planned(OCCM + "port-id", "Neutron port to use as VIP.", ""),
    _planned(OCCM + "subnet-id", "Subnet of the VIP.", "", over="network.subnet_id"),
    _planned(OCCM + "network-id", "Network of the VIP.", "", over="network.network_id"),
    _planned(
        OCCM + "member-subnet-id", "Subnet of the members.", "", over="network.member_subnet_id"
    ),
    _planned(
        OCCM + "node-selector",
        "Labels of the nodes behind the pools.",
        "",
        over="members.node_selector",
    ),
    _planned(OCCM + "proxy-protocol", "PROXY protocol towards the members.", "false"),
    _planned(OCCM + "x-forwarded-for", "HTTP listeners that insert X-Forwarded-For.", "false"),
    _planned(OCCM + "x-forwarded-port", "Insert X-Forwarded-Port.", "false"),
    _planned(OCCM + "x-forwarded-proto", "Insert X-Forwarded-Proto.", "false"),
    _planned(OCCM + "default-tls-container-ref", "TLS with a Barbican reference.", ""),
    _planned(OCCM + "flavor-id", "Octavia flavor.", ""),
    _planned(OCCM + "availability-zone", "Octavia availability zone.", ""),
    _planned(OCCM + "hostname", "Host name to publish instead of the address.", ""),
    _planned(OCCM + "load-balancer-tags", "Further tags of the load balancer.", ""),
    _planned(OCCM + "listener-tags", "Further tags of the listeners.", ""),
    _planned(OCCM + "pool-tags", "Further tags of the pools.", ""),
    _planned(TFGEN + "group", "Share one load balancer by name."),
    _planned(TFGEN + "tls-secret", "TLS from a Kubernetes Secret."),
)

TABLE: dict[str, Annotation] = {row.key: row for row in _ROWS}
PER_PORT: dict[str, Annotation] = {row.setting: row for row in _ROWS if row.per_port}
"""What one port may say for itself, by the last part of its key."""
OURS = (OCCM, TFGEN)
"""Prefixes under which every key is ours: an unknown one is a problem, never ignored."""


def is_ours(key: str) -> bool:
    """Whether a key is for us to carry out."""
    return key in TABLE or key.startswith(OURS)


def nearest_setting(name: str) -> str:
    """Give the setting of a port whose name looks most like this one, or ""."""
    return next(iter(difflib.get_close_matches(name, PER_PORT, n=1, cutoff=0.6)), "")


def nearest(key: str) -> str:
    """Give the known key whose name looks most like this one's, or ""; prefixes do not count."""
    names = {row.key.rpartition("/")[2]: row.key for row in _ROWS if row.kind is not Kind.OUTPUT}
    found = difflib.get_close_matches(key.rpartition("/")[2], names, n=1, cutoff=0.7)
    return names[found[0]] if found else ""
