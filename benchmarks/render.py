"""Rendering a fleet from JSON to files, against the limits: `make bench-render`.

Each rendering runs in a process of its own. Seconds are wall time after the imports; memory is
the most that was resident beyond what the interpreter needed at its start. The best of a few runs
counts: other work on the machine only ever makes a run slower.

    python benchmarks/render.py --services 10000 --ports 2 --nodes 100
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

_SETTINGS = """\
cluster: demo
tree: 3f9c1a2b4d5e6f70
network:
  subnet_id: 11111111-2222-3333-4444-555555555555
  floating_networks: [{name: public}]
"""
_STEPS = ("parse", "read the tree", "translate", "render", "compare", "write")
_MEBIBYTE = 2**20
LIMITS = {"first": 2.0, "again": 1.0, "memory": 400.0}
"""Seconds, seconds, MiB."""


@dataclass(frozen=True, slots=True)
class Fleet:
    """How much there is to render. Services differ in sources, timeouts and node ports."""

    services: int
    ports: int
    nodes: int

    def write(self, path: Path, *, changed: bool = False) -> None:
        """Write the fleet as kubectl prints it; `changed` gives one Service another source."""
        services = [self._service(number) for number in range(self.services)]
        if changed:
            services[0]["spec"]["loadBalancerSourceRanges"] = ["203.0.113.0/24"]
        items = [*services, *map(_node, range(self.nodes))]
        path.write_bytes(orjson.dumps({"apiVersion": "v1", "kind": "List", "items": items}))

    def _service(self, number: int) -> dict[str, Any]:
        timeout = str(10_000 + number % 7 * 1000)
        ports = [
            {
                "name": f"port-{port}",
                "protocol": "TCP",
                "port": 8000 + port,
                "targetPort": 8080,
                "nodePort": 30_000 + (number * self.ports + port) % 2768,
            }
            for port in range(self.ports)
        ]
        return {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {
                "name": f"web-{number:05}",
                "namespace": f"team-{number // 50:03}",
                "labels": {"app.kubernetes.io/name": f"web-{number}"},
                "annotations": {
                    "loadbalancer.openstack.org/timeout-client-data": timeout,
                    "example.com/owner": "somebody",
                },
                "uid": f"00000000-0000-0000-0000-{number:012}",
                "resourceVersion": str(number),
            },
            "spec": {
                "type": "LoadBalancer",
                "loadBalancerClass": "tfgen.io/octavia",
                "loadBalancerSourceRanges": [f"198.51.{number % 100}.0/24", "192.0.2.0/24"],
                "clusterIP": "10.96.0.1",
                "clusterIPs": ["10.96.0.1"],
                "ipFamilies": ["IPv4"],
                "ipFamilyPolicy": "SingleStack",
                "externalTrafficPolicy": "Cluster",
                "internalTrafficPolicy": "Cluster",
                "allocateLoadBalancerNodePorts": True,
                "sessionAffinity": "None",
                "selector": {"app.kubernetes.io/name": f"web-{number}"},
                "ports": ports,
            },
            "status": {"loadBalancer": {}},
        }


def _node(number: int) -> dict[str, Any]:
    address = {"type": "InternalIP", "address": f"10.0.{number // 250}.{number % 250 + 1}"}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": f"node-{number:03}"},
        "status": {"addresses": [address]},
    }


def main() -> None:
    """Render in processes of their own, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--services", type=int, default=10_000)
    parser.add_argument("--ports", type=int, default=2)
    parser.add_argument("--nodes", type=int, default=100)
    parser.add_argument("--runs", type=int, default=3, help="the best of so many counts")
    parser.add_argument("--measure", metavar="FOLDER", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measure:
        print(orjson.dumps(_measure(Path(asked.measure))).decode())
        return
    fleet = Fleet(asked.services, asked.ports, asked.nodes)
    print(f"{fleet.services} Services x {fleet.ports} ports x {fleet.nodes} nodes\n")
    with tempfile.TemporaryDirectory(prefix="tfgen-bench-") as folder:
        print("\n".join(_table(*_runs(fleet, Path(folder), asked.runs))))


def _runs(fleet: Fleet, folder: Path, runs: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Render anew in several folders, and again after one change; give the best of each."""
    first, again = [], []
    for number in range(runs):
        place = folder / str(number)
        place.mkdir()
        (place / "tfgen.yaml").write_text(_SETTINGS)
        fleet.write(place / "input.json")
        first.append(_run(place))
        fleet.write(place / "input.json", changed=True)
        again.append(_run(place))
    return _best(first), _best(again)


def _run(place: Path) -> dict[str, Any]:
    os.sync()  # what the benchmark itself wrote is not to be waited for
    command = [sys.executable, __file__, "--measure", str(place)]
    printed = subprocess.run(command, check=True, capture_output=True).stdout
    found: dict[str, Any] = orjson.loads(printed)
    return found


def _best(runs: list[dict[str, Any]]) -> dict[str, Any]:
    return min(runs, key=lambda run: sum(run["seconds"].values()))


def _measure(place: Path) -> dict[str, Any]:
    """Render once, as the command does, with a clock on each step."""
    from tfgen import config, translate, tree, workspace
    from tfgen.cli import app
    from tfgen.kube import files
    from tfgen.reconcile import render

    app.spare_collector()
    clock = _Clock()
    loaded = config.load(place / "tfgen.yaml", environ={})
    before = _resident("VmRSS")
    clock.on(workspace.Tree, "snapshot", "read the tree")
    clock.on(translate, "translate", "translate")
    clock.on(tree, "desired", "render")
    clock.on(workspace.Tree, "put", "write")
    listing = clock.run("parse", files.read, str(place / "input.json"))
    rendering = clock.run("compare", render.carry_out, listing, loaded, tree.Options())
    inner = ("read the tree", "translate", "render", "write")
    clock.seconds["compare"] -= sum(clock.seconds[step] for step in inner)
    return {
        "seconds": clock.seconds,
        "memory": _resident("VmHWM") - before,
        "files": len(rendering.changes),
    }


class _Clock:
    """Seconds by step."""

    def __init__(self) -> None:
        self.seconds = dict.fromkeys(_STEPS, 0.0)

    def on(self, owner: object, name: str, step: str) -> None:
        """Put the clock on a function, for every call."""
        real = getattr(owner, name)
        setattr(owner, name, lambda *given: self.run(step, real, *given))

    def run(self, step: str, function: Callable[..., Any], *given: Any) -> Any:  # noqa: ANN401  whatever the function gives
        """Call a function, and count the time it takes."""
        began = time.perf_counter()
        try:
            return function(*given)
        finally:
            self.seconds[step] += time.perf_counter() - began


def _resident(field: str) -> float:
    """Give this process's resident memory, now (VmRSS) or at most (VmHWM), in MiB."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) * 1024 / _MEBIBYTE
    raise LookupError(field)


def _table(first: Mapping[str, Any], again: Mapping[str, Any]) -> Iterator[str]:
    totals = [sum(run["seconds"].values()) for run in (first, again)]
    yield f"{'':14} {'first rendering':>20} {'after one change':>20}"
    for step in _STEPS:
        cells = [
            f"{run['seconds'][step]:8.2f} s {run['seconds'][step] / total:6.0%}"
            for run, total in zip((first, again), totals, strict=True)
        ]
        yield f"{step:14} {cells[0]:>20} {cells[1]:>20}"
    yield f"{'in all':14} {totals[0]:8.2f} s {'':10} {totals[1]:8.2f} s"
    yield f"{'files written':14} {first['files']:8} {'':12} {again['files']:8}"
    yield ""
    yield _verdict("first rendering", totals[0], LIMITS["first"], "s")
    yield _verdict("after one change", totals[1], LIMITS["again"], "s")
    yield _verdict("memory", max(first["memory"], again["memory"]), LIMITS["memory"], "MiB")


def _verdict(what: str, found: float, limit: float, unit: str) -> str:
    return f"{what:17} {found:7.2f} {unit:3} of {limit:6.1f} {unit:3}   ratio {found / limit:.2f}"


if __name__ == "__main__":
    main()
