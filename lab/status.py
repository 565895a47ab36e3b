"""What the laboratory's services are doing, as plain records."""

import dataclasses

from lab import commands
from lab.services import table
from lab.services.record import DEBIAN
from lab.settings import Settings
from lab.software import debian
from lab.supervision import Supervisor


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """One service. `pid` is 0 while it is down."""

    service: str
    version: str
    address: str
    state: str
    pid: int
    since: str
    log: str


def rows(settings: Settings) -> list[Row]:
    """All services of the laboratory."""
    supervisor = Supervisor(settings)
    states = supervisor.states()
    versions = debian_versions()
    found = []
    for service in table.services(settings).values():
        state = states.get(service.name)
        running = state is not None and state.running
        package = service.version.removeprefix(DEBIAN)
        row = Row(
            service=service.name,
            version=versions.get(package, "?") if package != service.version else service.version,
            address=service.address,
            state="up" if running else ("off" if service.optional else "down"),
            pid=state.pid if state is not None else 0,
            since=state.description if state is not None else "",
            log=str(supervisor.log(service.name)),
        )
        found.append(row)
    return found


def debian_versions() -> dict[str, str]:
    """Give the versions of Debian's packages that are installed; empty on other systems."""
    names = debian.packages(debian.PROGRAMS)
    try:
        text = commands.run(
            "dpkg-query", "-W", "-f", "${Package} ${source:Upstream-Version}\n", *names, check=False
        )
    except commands.CommandError:
        return {}
    pairs = (line.split(" ") for line in text.splitlines())
    return {pair[0]: pair[1] for pair in pairs if len(pair) == 2 and pair[1]}  # noqa: PLR2004 - a pair
