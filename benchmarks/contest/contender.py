"""Who takes part, and what the laboratory says of their work."""

import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson

from benchmarks.contest.fleet import Fleet
from benchmarks.contest.measured import Measured
from lab import Lab

ADDRESSES, IDLE, TRUSTING = "all addresses", "nothing to do", "the same, --no-refresh"
JOIN, GONE = "a node joins", "all gone"
NODE, ADDRESS = "node-9", "10.0.0.19"
JUDGE = "openstacksdk"
"""The user agent by which the contest itself looks at the cloud."""
_PATIENCE = 1800


@dataclass
class Contender(ABC):
    """One that gives Services their addresses."""

    lab: Lab
    fleet: Fleet

    @property
    @abstractmethod
    def name(self) -> str:
        """What the table calls it."""

    @abstractmethod
    def create(self) -> Measured:
        """Make the Services and wait until all have an address."""

    @abstractmethod
    def idle(self) -> dict[str, Measured]:
        """Look at everything once, with nothing to do."""

    @abstractmethod
    def join(self) -> Measured:
        """Let a node join, and wait until it stands behind every pool."""

    @abstractmethod
    def delete(self) -> Measured:
        """Delete the Services and wait until nothing of them is left in the cloud."""

    def contest(self) -> dict[str, Measured]:
        """Go through all the work."""
        found = {ADDRESSES: self.create(), **self.idle()}
        try:
            found[JOIN] = self.join()
        finally:
            self.lab.nodes.remove(NODE)
        return found | {GONE: self.delete()}

    # What the laboratory says.

    def addresses(self) -> int:
        """Count the Services that have an EXTERNAL-IP."""
        text = self.lab.kubectl("get", "services", "-n", self.fleet.namespace, "-o", "json")
        statuses = (item["status"].get("loadBalancer") for item in orjson.loads(text)["items"])
        return sum(bool(status and status.get("ingress")) for status in statuses)

    def load_balancers(self) -> list[Any]:
        """List the fleet's load balancers, whoever made them."""
        found = self.lab.openstack("admin").load_balancer.load_balancers()
        return [each for each in found if f"_{self.fleet.namespace}_" in each.name]

    def joined(self) -> bool:
        """Whether the new node stands behind every pool of the fleet."""
        octavia = self.lab.openstack("admin").load_balancer
        ours = [each.id for each in self.load_balancers()]
        pools = [pool for one in ours for pool in octavia.pools(loadbalancer_id=one)]
        return bool(pools) and all(
            any(member.address == ADDRESS for member in octavia.members(pool.id)) for pool in pools
        )

    def add_node(self) -> None:
        """Let a node join the cluster."""
        self.lab.nodes.add(NODE, ADDRESS)

    def apply(self, load_balancer_class: str | None) -> None:
        """Make the Services in the cluster."""
        self.lab.kubectl("apply", "-f", "-", stdin=self.fleet.manifests(load_balancer_class))

    def remove(self) -> None:
        """Delete the Services in the cluster; who is responsible cleans up behind them."""
        self.lab.kubectl("delete", "services", "--all", "--wait=false", "-n", self.fleet.namespace)

    def until(self, condition: Callable[[], bool], what: str) -> None:
        """Wait, looking every half second."""
        end = time.monotonic() + _PATIENCE
        while not condition():
            if time.monotonic() > end:
                sys.exit(f"{self.name}: not within {_PATIENCE} s: {what}")
            time.sleep(0.5)

    def expect(self, what: str, *, holds: bool) -> None:
        """End the contest where work that is called done is not."""
        if not holds:
            sys.exit(f"{self.name}: the work is not done: expected {what}")
