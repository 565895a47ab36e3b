"""What the nodes should be like, as plain values: which there are, how they are, what is open."""

import dataclasses
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from lab import config

STATES = ("up", "sick", "closed", "gone")


@dataclasses.dataclass(slots=True)
class Nodes:
    """The nodes of the cluster and their open ports.

    A node is `up`, `sick` (answers 503), `closed` (its ports refuse) or `gone` (its address does
    not answer). A port's flags: `proxy` and `tls` (nothing else is understood), `health` (answers
    as kube-proxy's health check does), `service=NAMESPACE/NAME`, `local` (refuses where there are
    no endpoints of that Service).
    """

    addresses: dict[str, str] = dataclasses.field(default_factory=dict)
    states: dict[str, str] = dataclasses.field(default_factory=dict)
    # Opened by hand, and by the cluster's Services.
    by_hand: dict[int, list[str]] = dataclasses.field(default_factory=dict)
    by_cluster: dict[int, list[str]] = dataclasses.field(default_factory=dict)
    # The nodes with endpoints of a Service; of one that is not named, all nodes have some.
    endpoints: dict[str, list[str]] = dataclasses.field(default_factory=dict)

    def state(self, node: str) -> str:
        """How a node is."""
        return self.states.get(node, "up")

    def flags(self, port: int) -> list[str]:
        """Give a port's flags; what was opened by hand goes first."""
        return self.by_hand.get(port) or self.by_cluster.get(port, [])

    def has_endpoints(self, node: str, flags: Iterable[str]) -> bool:
        """Whether a node has endpoints of the Service that a port's flags name."""
        held = (self.endpoints.get(flag.removeprefix("service="), [node]) for flag in flags)
        return all(node in nodes for nodes in held)

    def ports(self) -> set[int]:
        """All open ports."""
        return {*self.by_hand, *self.by_cluster}

    def listening(self) -> set[tuple[str, str, int]]:
        """Node, address and port of every server that there should be."""
        return {
            (node, address, port)
            for node, address in self.addresses.items()
            if self.state(node) != "closed"
            for port in self.ports()
            if "local" not in self.flags(port) or self.has_endpoints(node, self.flags(port))
        }

    def take(self, verb: str, *arguments: object) -> None:
        """One order. Raises ValueError if there is no such order, node or state."""
        match verb, arguments:
            case "show", ():
                pass
            case "sync", (dict() as addresses, dict() as ports):
                self.addresses = addresses
                self.by_cluster = {int(port): flags for port, flags in ports.items()}
                self.states = {n: s for n, s in self.states.items() if n in addresses}
                self.endpoints = {
                    s: held for s, held in self.endpoints.items() if self._is_known(s)
                }
            case "open", (int() as port, *flags):
                self.by_hand[port] = [str(flag) for flag in flags]
            case "close", (int() as port,):
                self.by_hand.pop(port, None)
            case "node", (str() as node, str() as state) if state in STATES:
                if node not in self.addresses:
                    raise ValueError(f"no node {node}; there are: {', '.join(self.addresses)}")
                self.states[node] = state
            case "endpoints", (str() as service, (None | list()) as held):
                self._hold(service, held)
            case _:
                raise ValueError(f"no such order: {verb} {arguments}")

    def _hold(self, service: str, nodes: list[str] | None) -> None:
        """Say where a Service has endpoints; None: everywhere."""
        if strangers := [node for node in nodes or [] if node not in self.addresses]:
            there = ", ".join(self.addresses)
            raise ValueError(f"no node {', '.join(strangers)}; there are: {there}")
        if not self._is_known(service):
            raise ValueError(f"no Service {service} with a node port; write NAMESPACE/NAME")
        if nodes is None:
            self.endpoints.pop(service, None)
        else:
            self.endpoints[service] = nodes

    def _is_known(self, service: str) -> bool:
        """Whether the cluster has a Service of that name with a node port."""
        return any(f"service={service}" in flags for flags in self.by_cluster.values())

    def show(self) -> dict[str, Any]:
        """For people and for the API."""
        return {
            "nodes": {
                node: {"address": address, "state": self.state(node)}
                for node, address in sorted(self.addresses.items())
            },
            "ports": {port: self.flags(port) for port in sorted(self.ports())},
            "endpoints": dict(self.endpoints),
        }

    def save(self, file: Path) -> None:
        """Remember for the next start of the servers."""
        config.write(file, json.dumps(dataclasses.asdict(self), indent=1))

    def load(self, file: Path) -> None:
        """Take what was remembered; nothing, if nothing was."""
        if not file.exists():
            return
        old = json.loads(file.read_text())
        self.addresses, self.states = old["addresses"], old["states"]
        self.by_hand = {int(port): flags for port, flags in old["by_hand"].items()}
        self.by_cluster = {int(port): flags for port, flags in old["by_cluster"].items()}
        self.endpoints = old.get("endpoints", {})  # older laboratories have none
