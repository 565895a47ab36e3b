"""The cluster's nodes as a test or a person moves them: Node object, Neutron port, and machine."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lab import errors, topology
from lab.cluster import kube, nodes
from lab.machines.site import Site
from lab.settings import Settings
from lab.traffic import orders

SECONDS = 20.0


class Fleet:
    """The nodes of one laboratory. Each change returns when the data plane follows it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._client = kube.Client.of(settings)
        self._site = Site(settings.home, settings.prefix)

    def show(self) -> dict[str, Any]:
        """Give the machines: address and state by node, flags by open node port."""
        return orders.send(self._site, "show")

    def names(self) -> list[str]:
        """Give the Node objects' names."""
        return [item["metadata"]["name"] for item in self._client.get(nodes.PATH)["items"]]

    def add(self, name: str, address: str, labels: Mapping[str, str] | None = None) -> None:
        """Let a node join: its port in demo-net, its Node object, and servers on its address.

        Its IPv6 address follows from that of IPv4 (lab.topology.families).
        """
        self.show()  # raises DownError before anything is changed
        self._give_port(name, address)
        nodes.create(self._client, name, topology.families(address), dict(labels or {}))
        self._wait(lambda shown: shown.get(name, {}).get("address") == address)

    def remove(self, name: str) -> None:
        """Let a node leave for good; KubeError if there is none of the name."""
        self._client.request("DELETE", f"{nodes.PATH}/{name}")
        self._take_port(name)
        self._wait(lambda shown: name not in shown)

    def cordon(self, name: str) -> None:
        """Take no new pods there."""
        self._spec(name, {"unschedulable": True})

    def uncordon(self, name: str) -> None:
        """Take pods there again."""
        self._spec(name, {"unschedulable": None})

    def label(self, name: str, labels: Mapping[str, str | None]) -> None:
        """Set labels; None takes one away."""
        self._client.patch(f"{nodes.PATH}/{name}", {"metadata": {"labels": dict(labels)}})

    def set_addresses(self, name: str, *addresses: str) -> None:
        """Give a node other internal addresses; traffic goes to the first one of IPv4."""
        nodes.set_addresses(self._client, name, *addresses)
        first = next((a for a in addresses if ":" not in a), None)
        if first:
            self._give_port(name, first)
        self._wait(lambda shown: shown.get(name, {}).get("address") == first)

    def set_ready(self, name: str, *, is_ready: bool) -> None:
        """Set the Ready condition, as a kubelet (or its silence) would."""
        nodes.set_ready(self._client, name, is_ready=is_ready)

    def state(self, name: str, state: str) -> None:
        """Make the machine `up`, `sick` (503), `closed` (refuses) or `gone` (no answer)."""
        try:
            orders.send(self._site, "node", name, state)
        except orders.OrderError as error:
            raise errors.LabError(str(error)) from error

    def open(self, port: int, *flags: str) -> None:
        """Open a node port by hand; flags `proxy` and `tls`: nothing else is understood there."""
        orders.send(self._site, "open", port, *flags)

    def close(self, port: int) -> None:
        """Close a node port that was opened by hand."""
        orders.send(self._site, "close", port)

    def endpoints(self, service: str, nodes: Sequence[str] | None) -> None:
        """Let only these nodes have endpoints of a Service (`namespace/name`); None: all, as ever.

        On the others its health check port answers 503, and with externalTrafficPolicy Local its
        node ports refuse (kube-proxy's drop). LabError if there is no such Service or node.
        """
        try:
            orders.send(self._site, "endpoints", service, None if nodes is None else [*nodes])
        except orders.OrderError as error:
            raise errors.LabError(str(error)) from error

    def wait_port(self, port: int) -> None:
        """Wait until a node port is open on all nodes, as after `kubectl apply`."""
        self._poll(lambda: str(port) in self.show()["ports"], f"node port {port} is not open")

    def reset(self) -> None:
        """Go back to the three nodes of the beginning, all up; no port open but the Services'."""
        for name in set(self.names()) - topology.NODES.keys():
            self.remove(name)
        for name, address in topology.NODES.items():
            self.add(name, address)
            self.uncordon(name)
            self.state(name, "up")
        for service in self.show()["endpoints"]:
            self.endpoints(service, None)
        for port, flags in self.show()["ports"].items():
            if not any(flag.startswith("service=") for flag in flags):
                self.close(int(port))

    def _spec(self, name: str, spec: dict[str, Any]) -> None:
        self._client.patch(f"{nodes.PATH}/{name}", {"spec": spec})

    def _give_port(self, name: str, address: str) -> None:
        from lab.seed import connect, networks

        network = connect.connect(self._settings, "demo").network
        networks.node_port(network, name, *topology.families(address))

    def _take_port(self, name: str) -> None:
        from lab.seed import connect, networks

        networks.remove_port(connect.connect(self._settings, "demo").network, name)

    def _wait(self, condition: Callable[[dict[str, Any]], bool]) -> None:
        self._poll(lambda: condition(self.show()["nodes"]), "the nodes' servers do not follow")

    def _poll(self, condition: Callable[[], bool], complaint: str) -> None:
        end = time.monotonic() + SECONDS
        while not condition():
            if time.monotonic() > end:
                raise errors.LabError(f"{complaint} after {SECONDS:.0f} s; is node-ports up?")
            time.sleep(0.02)
