"""A cloud in which stands what the states of an output tree say: the fake engine makes it so."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.fakes import openstack

_KINDS = {
    "openstack_lb_loadbalancer_v2": "load_balancers",
    "openstack_networking_floatingip_v2": "floating_ips",
}

_EMPTY: openstack.Object = {"statuses": {"loadbalancer": {"listeners": []}}}


@dataclass
class LinkedCloud(openstack.FakeCloud):
    """A fake cloud that looks at states whenever it is asked."""

    tree: Path = field(default_factory=Path)
    in_error: str = ""
    """Name of a load balancer that is in ERROR."""

    def lists(self) -> Mapping[str, tuple[str, list[openstack.Object]]]:
        """Give the collections, after a look at the states."""
        stands = list(self._standing())
        self.load_balancers = [lb for kind, lb in stands if kind == "load_balancers"]
        self.floating_ips = [ip for kind, ip in stands if kind == "floating_ips"]
        return super().lists()

    def documents(self) -> Mapping[str, openstack.Object]:
        """Give single objects; a status tree has nothing that the states have not."""
        trees = {
            f"/load-balancer/v2/lbaas/loadbalancers/{lb['id']}/status": _EMPTY
            for kind, lb in self._standing()
            if kind == "load_balancers"
        }
        return {**super().documents(), **trees}

    def _standing(self) -> Iterator[tuple[str, openstack.Object]]:
        for path in self.tree.glob("stacks/*/terraform.tfstate"):
            for resource in json.loads(path.read_text())["resources"]:
                for instance in resource["instances"]:
                    if kind := _KINDS.get(resource["type"]):
                        yield kind, self._object(resource["name"], instance["attributes"])

    def _object(self, name: str, values: openstack.Object) -> openstack.Object:
        """Give an object of the state as the services' APIs list it."""
        port = f"port-{name}"
        return {
            **values,
            "tags": list(values["tags"]),
            "project_id": self.project_id,
            "provisioning_status": "ERROR" if values.get("name") == self.in_error else "ACTIVE",
            "operating_status": "ONLINE",
            "vip_port_id": port,
            "port_id": port,
            "floating_ip_address": values.get("address"),
        }
