"""A Service as the soak writes it into the cluster, and what must stand in Octavia for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from tests.soak.seen import Listener, Member, Monitor, Node, Pool

_OCCM = "loadbalancer.openstack.org/"
_KEYS = (
    *(f"{_OCCM}{key}" for key in ("connection-limit", "timeout-client-data", "lb-method")),
    *(f"{_OCCM}{key}" for key in ("enable-health-monitor", "health-monitor-delay")),
    *(f"{_OCCM}keep-floatingip", "tfgen.io/protect", "tfgen.io/group"),
)
"""All that the soak writes, so that a patch takes away what is not said any more."""
BAD = "many"
"""A connection limit that is none: a problem, by which the Service is held."""
EVERYWHERE = "0.0.0.0/0"


@dataclass(frozen=True, slots=True)
class Spec:
    """What one Service asks for."""

    ports: tuple[int, ...] = (80,)
    sources: tuple[str, ...] = ()
    limit: int = -1
    client_ms: int = 50000
    """Of inactivity of the client."""
    delay: int = 5
    """Seconds between probes; 0: no monitor."""
    method: str = "ROUND_ROBIN"
    bad: bool = False
    """Whether it says something that cannot be."""
    protect: bool = False
    keep: bool = False
    """Whether its floating IP stays when it goes."""
    group: str = ""

    def __str__(self) -> str:
        """Say in one line what is not as usual."""
        usual = Spec()
        found = ((each.name, getattr(self, each.name)) for each in fields(self))
        return ", ".join(f"{k}={v}" for k, v in found if v != getattr(usual, k)) or "as usual"

    @property
    def annotations(self) -> dict[str, str]:
        """Give what it says, of the keys that the soak writes."""
        said = {
            _OCCM + "connection-limit": BAD if self.bad else str(self.limit),
            _OCCM + "timeout-client-data": str(self.client_ms),
            _OCCM + "lb-method": self.method,
            _OCCM + "enable-health-monitor": "true" if self.delay else "false",
        }
        said |= {_OCCM + "health-monitor-delay": str(self.delay)} if self.delay else {}
        said |= {_OCCM + "keep-floatingip": "true"} if self.keep else {}
        said |= {"tfgen.io/protect": "true"} if self.protect else {}
        return said | ({"tfgen.io/group": self.group} if self.group else {})

    def manifest(self, namespace: str, name: str) -> dict[str, Any]:
        """Give the Service whole, as it is created."""
        return {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {"name": name, "namespace": namespace, "annotations": self.annotations},
            "spec": {
                "type": "LoadBalancer",
                "loadBalancerClass": "tfgen.io/octavia",
                "selector": {"name": name},
                **self._patched,
            },
        }

    def patch(self) -> dict[str, Any]:
        """Give a merge patch that makes a Service say this and no more."""
        said = dict.fromkeys(_KEYS) | self.annotations
        return {"metadata": {"annotations": said}, "spec": self._patched}

    @property
    def _patched(self) -> dict[str, Any]:
        ports = [{"name": f"p{port}", "port": port, "targetPort": 8079} for port in self.ports]
        return {"ports": ports, "loadBalancerSourceRanges": [*self.sources]}

    def listeners(
        self, node_ports: Mapping[int, int], nodes: Iterable[Node]
    ) -> dict[int, Listener]:
        """Give what must stand, by port; members only where the node port is known."""
        counting = [node for node in nodes if node.counts]
        return {
            port: self._listener(port, node_ports.get(port, 0), counting) for port in self.ports
        }

    def _listener(self, port: int, node_port: int, nodes: Iterable[Node]) -> Listener:
        members = frozenset(Member(node.address, node_port, node.weight) for node in nodes)
        monitor = Monitor(self.delay) if self.delay else None
        return Listener(
            port=port,
            limit=self.limit,
            timeouts=(self.client_ms, 5000, 50000, 0),
            sources=frozenset(self.sources or (EVERYWHERE,)),
            pool=Pool(self.method, monitor, members),
        )
