"""The OpenStack cloud controller manager: it sees Services and Nodes by itself."""

import time
from dataclasses import dataclass

from benchmarks.contest.contender import IDLE, JUDGE, Contender
from benchmarks.contest.measured import Measured, measure
from lab import rival, say

_QUIET_SECONDS = 4.0


@dataclass
class Occm(Contender):
    """The rival, with so many Services worked on at once."""

    workers: int = 1

    @property
    def name(self) -> str:
        """Its name in the table."""
        return f"OCCM, {self.workers} worker{'s' * (self.workers > 1)}"

    def contest(self) -> dict[str, Measured]:
        """Go through all the work, and stop; its finalizer would hold what comes later."""
        rival.up(self.lab.settings, say.Reporter(), self.workers)
        try:
            return super().contest()
        finally:
            rival.down(self.lab.settings)

    def create(self) -> Measured:
        """Make the Services; OCCM sees them by itself."""
        with measure(self.lab, without=JUDGE) as measured:
            self.apply(None)
            self.until(lambda: self.addresses() == self.fleet.scenario.services, "all addresses")
        return measured()

    def idle(self) -> dict[str, Measured]:
        """Start it anew: a pass over all Services, over when Octavia is not asked any more."""
        rival.down(self.lab.settings)
        with measure(self.lab, without=JUDGE) as measured:
            rival.up(self.lab.settings, say.Reporter(), self.workers)
            self._quiet()
        found = measured()
        return {IDLE: Measured(found.seconds - _QUIET_SECONDS, found.calls)}

    def join(self) -> Measured:
        """OCCM sees the node by itself, too."""
        with measure(self.lab, without=JUDGE) as measured:
            self.add_node()
            self.until(self.joined, "the node behind all pools")
        return measured()

    def delete(self) -> Measured:
        """OCCM's finalizer holds the Services until their load balancers are gone."""
        with measure(self.lab, without=JUDGE) as measured:
            self.remove()
            self.until(lambda: not self.load_balancers(), "no load balancer left")
        return measured()

    def _quiet(self) -> None:
        """Wait until Octavia has not been asked for some seconds."""
        calls = 1
        while calls:
            with self.lab.count_calls() as made:
                time.sleep(_QUIET_SECONDS)
            calls = made["octavia"]
