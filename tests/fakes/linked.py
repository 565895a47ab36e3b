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
            f"/load-balancer/v2/lbaas/loadbalancers/{lb['id']}/status": self._tree(
                lb["vip_port_id"]
            )
            for kind, lb in self._standing()
            if kind == "load_balancers"
        }
        return {**super().documents(), **trees}

    def _tree(self, port: str) -> openstack.Object:
        """Give what hangs on the load balancer with a VIP port: what its modules made."""
        whole: dict[str, openstack.Object] = {}
        for resource in self._resources():
            label, _, key = str(resource.get("module", "")).rpartition("_")
            if label == f"module.{port.removeprefix('port-')}":
                one = resource["instances"][0]["attributes"]
                whole.setdefault(key, {})[resource["type"]] = one
        listeners = [_listener(key, made) for key, made in sorted(whole.items())]
        return {"statuses": {"loadbalancer": {"listeners": listeners}}}

    def mend(self, identity: str) -> None:
        """Fail one over."""
        del identity
        self.in_error = ""

    def _standing(self) -> Iterator[tuple[str, openstack.Object]]:
        for resource in self._resources():
            for instance in resource["instances"]:
                if kind := _KINDS.get(resource["type"]):
                    yield kind, self._object(resource["name"], instance["attributes"])

    def _resources(self) -> Iterator[openstack.Object]:
        for path in self.tree.glob("stacks/*/terraform.tfstate"):
            yield from json.loads(path.read_text())["resources"]

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


def _listener(key: str, made: dict[str, openstack.Object]) -> openstack.Object:
    """Give a listener with what hangs on it, as Octavia's status tree has it."""
    ids = {kind: values["id"] for kind, values in made.items()}
    monitor = ids.get("openstack_lb_monitor_v2")
    pool = {"id": ids.get("openstack_lb_pool_v2", ""), "members": []}
    whole = {**pool, "health_monitor": {"id": monitor}} if monitor else pool
    identity = ids.get("openstack_lb_listener_v2", "")
    return {"id": identity, "name": f"demo_{key}", "operating_status": "ONLINE", "pools": [whole]}
