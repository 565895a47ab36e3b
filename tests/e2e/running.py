"""A `tfgen run` under way: watched, signalled, killed; and what must stand in the end."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import orjson

from tests.e2e.sites import Site

_PATIENCE = 180
"""Seconds in which a step of an apply must come."""


class Running:
    """A `tfgen run` under way, or another command, whose lines can be waited for."""

    def __init__(self, site: Site, *arguments: str) -> None:
        self._log = site.folder / "run.log"
        with self._log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tfgen", *(arguments or ("run", "--yes"))],
                cwd=site.folder,
                env=site.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    @property
    def said(self) -> str:
        """What it printed so far."""
        return self._log.read_text()

    def engines(self) -> list[int]:
        """Give the engines that it started and that still run."""
        children = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        return [int(pid) for path in children for pid in path.read_text().split()]

    def freeze(self) -> None:
        """Let its engines stand still; what they have asked of the cloud goes on."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let its engines go on."""
        self._signal(signal.SIGCONT)

    def kill_engines(self) -> None:
        """Kill its engines, whatever they are at."""
        self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        for engine in self.engines():
            with contextlib.suppress(ProcessLookupError):
                os.kill(engine, number)

    def wait_for(self, seen: Callable[[], bool]) -> None:
        """Wait until something is so; the run must not end before."""
        end = time.monotonic() + _PATIENCE
        while not seen():
            assert self.process.poll() is None, self.said
            assert time.monotonic() < end, self.said
            time.sleep(0.05)

    def abandon(self) -> None:
        """Leave nothing running: what a test that failed half-way has begun."""
        self.kill_engines()
        self.process.kill()
        self.process.wait()

    def ended(self) -> int:
        """Wait for its end and give its exit code."""
        return self.process.wait(_PATIENCE)


def check_whole(site: Site) -> None:
    """Check that the Service stands once, with both ports, and is published."""
    [balancer] = site.load_balancers()
    [floating] = site.floating_ips()
    connection = site.openstack
    octavia = connection.load_balancer
    listeners = list(octavia.listeners(load_balancer_id=balancer.id))
    assert sorted(each.protocol_port for each in listeners) == [80, 81]
    assert all(each.default_pool_id for each in listeners)
    assert [each.id for each in connection.network.ips(port_id=balancer.vip_port_id)] == [
        floating.id
    ]
    assert site.external_ip("web") == floating.floating_ip_address
    site.tfgen("plan", "--exit-code", code=0)


def in_state(site: Site) -> set[str]:
    """Give the ids of all that the site's states know; a state must be whole and free to be so."""
    states = [*site.tree.glob("stacks/*/terraform.tfstate")]
    assert not [*site.tree.glob("stacks/*/.terraform.tfstate.lock.info")]
    resources = (each for path in states for each in orjson.loads(path.read_bytes())["resources"])
    return {one["attributes"]["id"] for each in resources for one in each["instances"]}
