"""How members are probed."""

from tfgen import model
from tfgen.annotations import parsers, row

_SECONDS = parsers.integer(1, 86_400, "seconds")
_RETRIES = parsers.integer(1, 10)
_TYPES = ("TCP", "HTTP", "HTTPS", "TLS-HELLO", "PING", "UDP-CONNECT", "SCTP")
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE")

ROWS = (
    row.read(
        row.OCCM + "enable-health-monitor",
        "Whether pools have a health monitor.",
        parsers.boolean,
        row.BOOLEAN,
        "monitor.enabled",
        per_port=True,
    ),
    row.read(
        row.OCCM + "health-monitor-delay",
        "Seconds between two probes.",
        _SECONDS,
        "seconds",
        "monitor.delay",
        per_port=True,
    ),
    row.read(
        row.OCCM + "health-monitor-timeout",
        "Seconds to wait for an answer; less than the delay.",
        _SECONDS,
        "seconds",
        "monitor.timeout",
        per_port=True,
    ),
    row.read(
        row.OCCM + "health-monitor-max-retries",
        "Successes after which a member is ONLINE.",
        _RETRIES,
        "1 to 10",
        "monitor.max_retries",
        per_port=True,
    ),
    row.read(
        row.OCCM + "health-monitor-max-retries-down",
        "Failures after which a member is ERROR.",
        _RETRIES,
        "1 to 10",
        "monitor.max_retries_down",
        per_port=True,
    ),
    row.read(
        row.TFGEN + "health-monitor-type",
        "How members are probed; else as the protocol: TCP, UDP-CONNECT, SCTP.",
        parsers.one_of(*_TYPES),
        ", ".join(_TYPES),
        "monitor.type",
        per_port=True,
    ),
    row.read(
        row.TFGEN + "health-monitor-path",
        "What HTTP and HTTPS monitors ask for.",
        parsers.matching(
            model.MONITOR_PATH, 'a path that starts with "/", such as /healthz?full=1'
        ),
        "path",
        "monitor.path",
        per_port=True,
    ),
    row.read(
        row.TFGEN + "health-monitor-codes",
        "What they take for an answer.",
        parsers.matching(model.MONITOR_CODES, "status codes such as 200, 200,202 or 200-204"),
        "200, 200,202 or 200-204",
        "monitor.codes",
        per_port=True,
    ),
    row.read(
        row.TFGEN + "health-monitor-method",
        "How they ask.",
        parsers.one_of(*_METHODS),
        ", ".join(_METHODS),
        "monitor.method",
        per_port=True,
    ),
    row.read(
        row.TFGEN + "health-monitor-host",
        "The host that they ask for, with HTTP 1.1.",
        parsers.matching(model.MONITOR_HOST, "a host name such as shop.example.com"),
        "host name",
        "monitor.host",
        since="2.10",
        lacking=("ovn",),
        per_port=True,
    ),
)
