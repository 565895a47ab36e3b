"""Counts of API calls, out of the services' access logs."""

import contextlib
import dataclasses
import re
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from lab.settings import Settings

SERVICES = ("keystone", "neutron", "octavia", "barbican")
# [24/Nov/2026:03:00:00 +0000] "GET /v2.0/lbaas/loadbalancers HTTP/1.1" 200 5210 "gophercloud/v2"
LINE = re.compile(
    r'^\[[^]]*\] "(?P<method>[A-Z]+) (?P<path>\S+) [^"]*" (?P<status>\d+) (?P<micros>\d+) '
    r'"(?P<agent>.*)"$'
)
# A log's last lines are written after the answers are sent: calls of before must not count, either.
SETTLE_SECONDS = 0.2


@dataclasses.dataclass(frozen=True, slots=True)
class Call:
    """One request that a service answered. `agent` is the client's name of itself."""

    service: str
    method: str
    path: str
    status: int
    seconds: float
    agent: str


@dataclasses.dataclass(slots=True)
class Calls:
    """Requests within a `with`; complete when it is left."""

    made: list[Call] = dataclasses.field(default_factory=list)

    def __getitem__(self, service: str) -> int:
        """How many a service answered."""
        return sum(call.service == service for call in self.made)

    def by_method(self, service: str) -> Counter[str]:
        """How many a service answered, by HTTP method."""
        return Counter(call.method for call in self.made if call.service == service)

    def by_agent(self, service: str) -> Counter[str]:
        """How many a service answered, by client: Octavia's own calls to Neutron are among them."""
        return Counter(call.agent for call in self.made if call.service == service)

    def total(self) -> int:
        """All of them."""
        return len(self.made)


@contextlib.contextmanager
def count(settings: Settings) -> Iterator[Calls]:
    """Count the calls that are made meanwhile, by whomever."""
    logs = {service: settings.log / f"{service}-access.log" for service in SERVICES}
    settle(list(logs.values()))
    starts = {service: size(log) for service, log in logs.items()}
    calls = Calls()
    yield calls
    settle(list(logs.values()))
    for service, log in logs.items():
        calls.made.extend(read(service, log, starts[service]))


def size(log: Path) -> int:
    """Give a log's length in bytes; 0 if there is none."""
    return log.stat().st_size if log.exists() else 0


def settle(logs: list[Path]) -> None:
    """Wait until the logs do not grow for a moment, eight seconds at most."""
    before = None
    for _ in range(40):
        now = [size(log) for log in logs]
        if now == before:
            return
        before = now
        time.sleep(SETTLE_SECONDS)


def read(service: str, log: Path, start: int) -> Iterator[Call]:
    """Give the calls in a log from a byte on; a line that is no request is left out."""
    if not log.exists():
        return
    with log.open("rb") as file:
        file.seek(start)
        text = file.read().decode(errors="replace")
    for line in text.splitlines():
        if found := LINE.match(line):
            yield Call(
                service=service,
                method=found["method"],
                path=found["path"],
                status=int(found["status"]),
                seconds=int(found["micros"]) / 1e6,
                agent=found["agent"],
            )
