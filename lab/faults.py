"""Faults on purpose, and their mending."""

import dataclasses

from lab import database, errors, say, start
from lab.services import table
from lab.settings import Settings
from lab.supervision import Supervisor

STATUSES = ("ACTIVE", "ERROR", "PENDING_CREATE", "PENDING_UPDATE", "PENDING_DELETE")


class Faults:
    """What can be done to a laboratory that runs."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._supervisor = Supervisor(settings)

    def stop(self, service: str) -> None:
        """Stop a service in an orderly way."""
        self._check(service)
        self._supervisor.stop(service)

    def start(self, service: str) -> None:
        """Start a service and wait until it is ready."""
        self._check(service)
        start.start(self._supervisor, table.services(self._settings)[service])

    def kill(self, service: str) -> int:
        """Kill -9 a service and its children; its pid. It stays down until `start` or `up`."""
        self._check(service)
        return self._supervisor.kill(service)

    def load_balancer(self, load_balancer: str, status: str = "ERROR") -> None:
        """Write a load balancer's provisioning_status into Octavia's database.

        `load_balancer` is an id or a name. Raises LabError if there is none, or several.
        """
        if status not in STATUSES:
            raise errors.LabError(f"status {status}: one of {', '.join(STATUSES)}")
        with database.cursor(self._settings, "octavia") as sql:
            where = "where %s in (id, name) and provisioning_status <> 'DELETED'"
            found = sql.execute(f"select id from load_balancer {where}", (load_balancer,))  # noqa: S608 - a constant
            if found != 1:
                raise errors.LabError(f"{found} load balancers are called {load_balancer}")
            change = "update load_balancer set provisioning_status = %s"
            sql.execute(f"{change} {where}", (status, load_balancer))

    def release(self) -> int:
        """Set what a killed worker left PENDING to ERROR, so that it can be deleted; how many."""
        with database.cursor(self._settings, "octavia") as sql:
            return sum(
                sql.execute(
                    f"update {name} set provisioning_status = 'ERROR' "  # noqa: S608 - constants
                    "where provisioning_status like 'PENDING%%'"
                )
                for name in ("load_balancer", "listener", "pool", "member", "health_monitor")
            )

    def build_seconds(self, seconds: float) -> None:
        """Let amphorae take this long to boot, from now on."""
        dataclasses.replace(self._settings, build_seconds=seconds).apply_build_seconds()

    def flows(self, flows: int) -> None:
        """Let Octavia's worker run this many flows at once: it is started anew, and this stays."""
        changed = dataclasses.replace(self._settings, flows=flows, build_seconds=None)
        start.up(changed, say.Reporter())
        self._settings = changed

    def _check(self, service: str) -> None:
        known = table.services(self._settings)
        if service not in known:
            raise errors.LabError(f"no service {service}; there are: {', '.join(known)}")
