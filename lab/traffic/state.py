"""What the nodes should be like, as plain values: which there are, how they are, what is open."""

import dataclasses
import json
from pathlib import Path
from typing import Any

from lab import config

STATES = ("up", "sick", "closed", "gone")


@dataclasses.dataclass(slots=True)
class Nodes:
    """The nodes of the cluster and their open ports.

    A node is `up`, `sick` (answers 503), `closed` (its ports refuse) or `gone` (its address does
    not answer). A port's flags: `proxy` and `tls` (nothing else is understood), `health` (answers
    as kube-proxy's health check does), `service=NAMESPACE/NAME`.
    """

    addresses: dict[str, str] = dataclasses.field(default_factory=dict)
    states: dict[str, str] = dataclasses.field(default_factory=dict)
    # Opened by hand, and by the cluster's Services.
    by_hand: dict[int, list[str]] = dataclasses.field(default_factory=dict)
    by_cluster: dict[int, list[str]] = dataclasses.field(default_factory=dict)

    def state(self, node: str) -> str:
        """How a node is."""
        return self.states.get(node, "up")

    def flags(self, port: int) -> list[str]:
        """Give a port's flags; what was opened by hand goes first."""
        return self.by_hand.get(port) or self.by_cluster.get(port, [])

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
            case "open", (int() as port, *flags):
                self.by_hand[port] = [str(flag) for flag in flags]
            case "close", (int() as port,):
                self.by_hand.pop(port, None)
            case "node", (str() as node, str() as state) if state in STATES:
                if node not in self.addresses:
                    raise ValueError(f"no node {node}; there are: {', '.join(self.addresses)}")
                self.states[node] = state
            case _:
                raise ValueError(f"no such order: {verb} {arguments}")

    def show(self) -> dict[str, Any]:
        """For people and for the API."""
        return {
            "nodes": {
                node: {"address": address, "state": self.state(node)}
                for node, address in sorted(self.addresses.items())
            },
            "ports": {port: self.flags(port) for port in sorted(self.ports())},
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
