"""How listeners and pools treat connections."""

from tfgen import model
from tfgen.annotations import parsers, row

_MS = parsers.integer(1, model.MOST_MILLISECONDS, "milliseconds")
_MS_OR_NONE = parsers.integer(0, model.MOST_MILLISECONDS, "milliseconds")
_MS_TEXT = "milliseconds"

ROWS = (
    row.read(
        row.OCCM + "connection-limit",
        "Concurrent connections of a listener; -1 is no limit.",
        parsers.limit,
        "whole number",
        "connection_limit",
        lacking=("ovn",),
        per_port=True,
    ),
    row.read(
        row.OCCM + "lb-method",
        "How a pool picks a member; SOURCE_IP_PORT is for provider ovn (Octavia 2.13).",
        parsers.one_of("ROUND_ROBIN", "LEAST_CONNECTIONS", "SOURCE_IP", "SOURCE_IP_PORT"),
        "ROUND_ROBIN, LEAST_CONNECTIONS, SOURCE_IP, SOURCE_IP_PORT",
        "lb_method",
        per_port=True,
    ),
    row.read(
        row.OCCM + "timeout-client-data",
        "Inactivity of the client.",
        _MS,
        _MS_TEXT,
        "timeouts.client_data",
        since="2.1",
        lacking=("ovn",),
        per_port=True,
    ),
    row.read(
        row.OCCM + "timeout-member-connect",
        "Connecting to a member.",
        _MS,
        _MS_TEXT,
        "timeouts.member_connect",
        since="2.1",
        lacking=("ovn",),
        per_port=True,
    ),
    row.read(
        row.OCCM + "timeout-member-data",
        "Inactivity of a member.",
        _MS,
        _MS_TEXT,
        "timeouts.member_data",
        since="2.1",
        lacking=("ovn",),
        per_port=True,
    ),
    row.read(
        row.OCCM + "timeout-tcp-inspect",
        "Waiting for packets for content inspection.",
        _MS_OR_NONE,
        _MS_TEXT,
        "timeouts.tcp_inspect",
        since="2.1",
        lacking=("ovn",),
        per_port=True,
    ),
)
