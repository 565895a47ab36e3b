"""tfgen beside OCCM on the laboratory, in one run: `make bench-occm`.

N Services with P ports each get addresses, a node joins, the Services go. Seconds are wall time,
calls are requests that Octavia's API answered. Only the ratios count: the rival, tfgen, the engine
and OpenStack itself share this machine's processors.

    python benchmarks/against_occm.py --services 10 --ports 2 --build-seconds 20 --flows 16
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import orjson

sys.path.insert(0, str(Path(__file__).parents[1]))

from lab import Lab, rival, say

_NODE, _ADDRESS = "node-9", "10.0.0.19"
_PATIENCE = 1800
_OWN_AGENT = "openstacksdk"


@dataclass(frozen=True, slots=True)
class Measured:
    """What one piece of work took."""

    seconds: float
    calls: int


@dataclass(frozen=True, slots=True)
class Fleet:
    """How many Services, with how many ports, of which name."""

    services: int
    ports: int
    namespace: str

    def manifests(self, load_balancer_class: str | None) -> str:
        """Give the Services as JSON for kubectl."""
        namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": self.namespace}}
        items = [self._service(number, load_balancer_class) for number in range(self.services)]
        whole = {"apiVersion": "v1", "kind": "List", "items": [namespace, *items]}
        return orjson.dumps(whole).decode()

    def _service(self, number: int, load_balancer_class: str | None) -> dict[str, Any]:
        ports = [{"name": f"p{port}", "port": 8000 + port} for port in range(self.ports)]
        spec: dict[str, Any] = {"type": "LoadBalancer", "ports": ports, "selector": {"app": "x"}}
        if load_balancer_class:
            spec["loadBalancerClass"] = load_balancer_class
        monitor = {"loadbalancer.openstack.org/enable-health-monitor": "true"}
        metadata = {"name": f"s{number}", "namespace": self.namespace, "annotations": monitor}
        return {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": spec}


class Contender(Protocol):
    """Who gives Services their addresses."""

    @property
    def name(self) -> str:
        """What the table calls it."""

    def create(self) -> Measured:
        """Make the Services and wait until all have an address."""

    def join(self) -> Measured:
        """Let the node that has just joined stand behind every pool."""

    def delete(self) -> Measured:
        """Delete the Services and wait until nothing of them is left in the cloud."""


@dataclass
class _Base:
    lab: Lab
    fleet: Fleet

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
            any(member.address == _ADDRESS for member in octavia.members(pool.id)) for pool in pools
        )

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
                sys.exit(f"not within {_PATIENCE} s: {what}")
            time.sleep(0.5)


@dataclass
class Occm(_Base):
    """The rival, with so many Services worked on at once."""

    workers: int = 1

    @property
    def name(self) -> str:
        """Its name in the table."""
        return f"OCCM, {self.workers} worker{'s' * (self.workers > 1)}"

    def create(self) -> Measured:
        """Make the Services; OCCM sees them by itself."""
        with _measure(self.lab, without=_OWN_AGENT) as measured:
            self.apply(None)
            self.until(lambda: self.addresses() == self.fleet.services, "all addresses")
        return measured()

    def join(self) -> Measured:
        """OCCM sees the node by itself, too."""
        with _measure(self.lab, without=_OWN_AGENT) as measured:
            self.until(self.joined, "the node behind all pools")
        return measured()

    def delete(self) -> Measured:
        """OCCM's finalizer holds the Services until their load balancers are gone."""
        with _measure(self.lab, without=_OWN_AGENT) as measured:
            self.remove()
            self.until(lambda: not self.load_balancers(), "no load balancer left")
        return measured()


@dataclass
class Tfgen(_Base):
    """tfgen, as one command a step."""

    folder: Path = field(default_factory=Path)
    name: str = "tfgen"

    def prepare(self) -> None:
        """Write tfgen.yaml, which is done once in a cluster's life and not measured."""
        self._tfgen(
            "init",
            "--cluster",
            self.fleet.namespace,
            "--cloud",
            "demo",
            "--subnet",
            "demo-subnet",
            "--floating-network",
            "public",
        )

    def create(self) -> Measured:
        """Make the Services, and run once."""
        with _measure(self.lab) as measured:
            self.apply("tfgen.io/octavia")
            self._tfgen("run", "--yes")
        _expect(self.addresses() == self.fleet.services, "all addresses")
        return measured()

    def join(self) -> Measured:
        """Bring the node into the pools: the facts alone."""
        with _measure(self.lab) as measured:
            self._tfgen("sync")
        _expect(self.joined(), "the node behind all pools")
        return measured()

    def idle(self) -> Measured:
        """Run once more, with nothing to do."""
        with _measure(self.lab) as measured:
            self._tfgen("run", "--yes")
        return measured()

    def delete(self) -> Measured:
        """Delete the Services, and run once more."""
        with _measure(self.lab) as measured:
            self.remove()
            self._tfgen("run", "--yes", "--allow-removals", str(self.fleet.services))
        _expect(not self.load_balancers(), "no load balancer left")
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


@contextmanager
def _measure(lab: Lab, *, without: str = "") -> Iterator[Callable[[], Measured]]:
    """Time a piece of work and count Octavia's calls; `without` leaves out a client's own."""
    start = time.monotonic()
    spent: list[Measured] = []
    with lab.count_calls() as calls:
        yield lambda: spent[0]
        seconds = time.monotonic() - start
    agents = calls.by_agent("octavia")
    made = sum(n for agent, n in agents.items() if not without or without not in agent)
    spent.append(Measured(seconds, made))


def _expect(holds: bool, what: str) -> None:  # noqa: FBT001  a condition, not a switch
    if not holds:
        sys.exit(f"the work is not done: expected {what}")


def _contest(lab: Lab, contender: Contender) -> dict[str, Measured]:
    """Run one contender through all the work."""
    say.out(f"  {contender.name} ...")
    found = {"all addresses": contender.create()}
    if isinstance(contender, Tfgen):
        found["nothing to do"] = contender.idle()
    lab.nodes.add(_NODE, _ADDRESS)
    try:
        found["a node joins"] = contender.join()
    finally:
        lab.nodes.remove(_NODE)
    found["all gone"] = contender.delete()
    return found


def _table(results: dict[str, dict[str, Measured]], fleet: Fleet) -> Iterator[str]:
    """Give the results as a Markdown table, with tfgen's ratios to each rival."""
    rivals = [name for name in results if name != "tfgen"]
    heads = [*results, *(f"tfgen / {name}" for name in rivals)]
    yield f"| {fleet.services} Services x {fleet.ports} ports | " + " | ".join(heads) + " |"
    yield "|---" * (len(heads) + 1) + "|"
    for work, mine in results["tfgen"].items():
        cells = [_cell(found.get(work)) for found in results.values()]
        cells += [_ratio(mine, results[name].get(work)) for name in rivals]
        yield f"| {work} | " + " | ".join(cells) + " |"


def _cell(measured: Measured | None) -> str:
    return f"{measured.seconds:.1f} s, {measured.calls} calls" if measured else "-"


def _ratio(mine: Measured, other: Measured | None) -> str:
    if not other:
        return "-"
    calls = f", {mine.calls / other.calls:.2f}x calls" if other.calls else ""
    return f"{mine.seconds / other.seconds:.2f}x{calls}"


def _arguments(words: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--services", type=int, default=10)
    parser.add_argument("--ports", type=int, default=2)
    parser.add_argument("--build-seconds", type=float, default=0, help="how long an amphora boots")
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 10], help="of OCCM")
    return parser.parse_args(words)


def main() -> None:
    """Run all contenders one after the other and print the table."""
    asked = _arguments()
    lab = Lab.here()
    lab.up()
    lab.faults.build_seconds(asked.build_seconds)
    say.out(f"{asked.services} Services x {asked.ports} ports, build {asked.build_seconds:.0f} s")
    results: dict[str, dict[str, Measured]] = {}
    try:
        for workers in asked.workers:
            fleet = Fleet(asked.services, asked.ports, f"bench-occm-{workers}")
            rival.up(lab.settings, say.Reporter(), workers)
            contender = Occm(lab, fleet, workers)
            results[contender.name] = _contest(lab, contender)
            rival.down(lab.settings)
        with tempfile.TemporaryDirectory(prefix="tfgen-bench-") as folder:
            fleet = Fleet(asked.services, asked.ports, "bench-tfgen")
            mine = Tfgen(lab, fleet, Path(folder))
            mine.prepare()
            results["tfgen"] = _contest(lab, mine)
    finally:
        rival.down(lab.settings)
        lab.faults.build_seconds(0)
    say.out()
    for line in _table(results, fleet):
        say.out(line)


if __name__ == "__main__":
    main()
