"""The Services of a contest, and how hard they are made."""

from dataclasses import dataclass
from typing import Any

import orjson


@dataclass(frozen=True, slots=True)
class Scenario:
    """How many Services with how many ports, and how fast the cloud is."""

    services: int
    ports: int
    build_seconds: float = 0
    """How long an amphora boots."""
    flows: int = 4
    """How many of Octavia's flows run at once."""
    workers: tuple[int, ...] = (1, 10)
    """Of OCCM: one contender each."""
    goals: tuple[tuple[str, str, float], ...] = ()
    """Work, rival, and the most that tfgen's seconds may be as a share of the rival's."""

    def __str__(self) -> str:
        """Say it for a table's head."""
        fleet = f"{self.services} Service{'s' * (self.services > 1)}"
        ports = f"{self.ports} port{'s' * (self.ports > 1)}"
        return f"{fleet} x {ports}, build {self.build_seconds:.0f} s, {self.flows} flows"


@dataclass(frozen=True, slots=True)
class Fleet:
    """One contender's Services, in a namespace of their own."""

    scenario: Scenario
    namespace: str

    def manifests(self, load_balancer_class: str | None) -> str:
        """Give the Services as JSON for kubectl."""
        namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": self.namespace}}
        numbers = range(self.scenario.services)
        items = [self._service(number, load_balancer_class) for number in numbers]
        whole = {"apiVersion": "v1", "kind": "List", "items": [namespace, *items]}
        return orjson.dumps(whole).decode()

    def _service(self, number: int, load_balancer_class: str | None) -> dict[str, Any]:
        """Give one Service; both contenders are asked for a health monitor a port."""
        ports = [{"name": f"p{i}", "port": 8000 + i} for i in range(self.scenario.ports)]
        spec: dict[str, Any] = {"type": "LoadBalancer", "ports": ports, "selector": {"app": "x"}}
        if load_balancer_class:
            spec["loadBalancerClass"] = load_balancer_class
        monitor = {"loadbalancer.openstack.org/enable-health-monitor": "true"}
        metadata = {"name": f"s{number}", "namespace": self.namespace, "annotations": monitor}
        return {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": spec}
