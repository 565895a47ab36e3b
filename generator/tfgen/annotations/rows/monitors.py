"""How members are probed."""

from tfgen.annotations import parsers, row

_SECONDS = parsers.integer(1, 86_400, "seconds")
_RETRIES = parsers.integer(1, 10)

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
)
