"""tfgen, as one command a step."""

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.contest.contender import IDLE, TRUSTING, Contender
from benchmarks.contest.measured import Measured, measure

NAME = "tfgen"


@dataclass
class Tfgen(Contender):
    """tfgen in a folder of its own."""

    folder: Path = field(default_factory=Path)
    flags: tuple[str, ...] = ()
    """Further flags of every run."""

    @property
    def name(self) -> str:
        """Its name in the table."""
        return " ".join((NAME, *self.flags))

    def contest(self) -> dict[str, Measured]:
        """Go through all the work. That tfgen.yaml is written, once in a cluster's life, is not."""
        cluster = ("--cluster", self.fleet.namespace, "--cloud", "demo")
        self._tfgen("init", *cluster, "--subnet", "demo-subnet", "--floating-network", "public")
        return super().contest()

    def create(self) -> Measured:
        """Make the Services, and run once."""
        with measure(self.lab) as measured:
            self.apply("tfgen.io/octavia")
            self._tfgen("run", "--yes", *self.flags)
        self.expect("all addresses", holds=self.addresses() == self.fleet.scenario.services)
        return measured()

    def idle(self) -> dict[str, Measured]:
        """Run again, comparing with the cloud and trusting the states."""
        found = {}
        for work, flags in {IDLE: (), TRUSTING: ("--no-refresh",)}.items():
            with measure(self.lab) as measured:
                self._tfgen("run", "--yes", *flags)
            found[work] = measured()
        return found

    def join(self) -> Measured:
        """Bring the node into the pools: the facts alone."""
        with measure(self.lab) as measured:
            self.add_node()
            self._tfgen("sync", *self.flags)
        self.expect("the node behind all pools", holds=self.joined())
        return measured()

    def delete(self) -> Measured:
        """Delete the Services, and run once more."""
        with measure(self.lab) as measured:
            self.remove()
            allowed = ("--allow-removals", str(self.fleet.scenario.services))
            self._tfgen("run", "--yes", *allowed, *self.flags)
        self.expect("no load balancer left", holds=not self.load_balancers())
        return measured()

    def _tfgen(self, *arguments: str) -> None:
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        claim = {"TFGEN_CLAIM__NAMESPACES": f'["{self.fleet.namespace}"]'}
        done = subprocess.run(
            [sys.executable, "-m", "tfgen", *arguments],
            cwd=self.folder,
            env={**kept, **self.lab.environment(), **claim},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            sys.exit(f"tfgen {' '.join(arguments)} ended with {done.returncode}\n{done.stderr}")
