"""What somebody does in the cloud behind tfgen's back, by openstacksdk."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from lab import Lab
from tests.soak.seen import Balancer, Pool
from tests.soak.wishes import RIVAL

if TYPE_CHECKING:
    from openstack.connection import Connection  # takes half a second to load

PATIENCE = 90
"""Seconds for a load balancer to be ready for the next call."""


class Cloud:
    """One project's hands."""

    def __init__(self, lab: Lab, tree: str, namespace: str) -> None:
        self._lab, self._tree, self._namespace = lab, tree, namespace
        self._openstack: Connection = lab.openstack()

    @property
    def _api(self) -> Any:  # noqa: ANN401  openstacksdk's proxy
        return self._openstack.load_balancer

    def edit(self, balancer: Balancer, what: str, nth: int) -> str:
        """Change or delete something on a load balancer; why nothing was, "" where it was."""
        if not balancer.listeners:
            return "no listener stands"
        if not self._ready(balancer.id):
            return "Octavia takes no change of it now"
        listener = balancer.listeners[nth % len(balancer.listeners)]
        kind = what.partition("-")[0]
        if kind == "listener":
            return self._edit_listener(listener.id, what)
        return self._edit_pool(listener.pool, what) if listener.pool else "it has no pool"

    def _edit_listener(self, listener: str, what: str) -> str:
        if what == "listener-gone":
            self._api.delete_listener(listener)
        else:
            self._api.update_listener(listener, connection_limit=7)
        return ""

    def _edit_pool(self, pool: Pool, what: str) -> str:
        if what == "pool-method":
            other = "SOURCE_IP" if pool.method != "SOURCE_IP" else "ROUND_ROBIN"
            self._api.update_pool(pool.id, lb_algorithm=other)
            return ""
        if what.startswith("monitor"):
            return self._edit_monitor(pool, what)
        return self._edit_member(pool, what)

    def _edit_monitor(self, pool: Pool, what: str) -> str:
        if not pool.monitor:
            return "it has no monitor"
        if what == "monitor-gone":
            self._api.delete_health_monitor(pool.monitor.id)
        else:
            self._api.update_health_monitor(pool.monitor.id, delay=11)
        return ""

    def _edit_member(self, pool: Pool, what: str) -> str:
        members = sorted(self._api.members(pool.id), key=lambda each: str(each.name))
        if not members:
            return "it has no member"
        if what == "member-gone":
            self._api.delete_member(members[0], pool.id)
        else:
            self._api.update_member(members[0], pool.id, weight=9)
        return ""

    def _ready(self, balancer: str) -> bool:
        return self._status(balancer) == "ACTIVE"

    def _status(self, balancer: str) -> str:
        """Give the provisioning status that Octavia settles at."""

        def settled() -> str:
            found = self._api.get_load_balancer(balancer).provisioning_status
            return "" if found.startswith("PENDING") else str(found)

        return self._lab.until(settled, PATIENCE, f"{balancer} settled")

    def settle(self, balancer: str) -> None:
        """Wait until Octavia has done what was asked of a load balancer."""
        self._status(balancer)

    def plant(self, name: str) -> tuple[str, str]:
        """Make a load balancer with a listener, and a floating IP, that are somebody else's."""
        tags = _TAGS[name](self._namespace)
        named = f"{self._namespace}_{self._namespace}_web-9" if name == "namesake" else f"x-{name}"
        network = self._openstack.network
        subnet = network.find_subnet("demo-subnet", ignore_missing=False)
        public = network.find_network("public", ignore_missing=False)
        made = self._api.create_load_balancer(name=named, vip_subnet_id=subnet.id, tags=tags)
        self._lab.wait_active(made.id)
        listener = {"protocol": "TCP", "protocol_port": 99, "loadbalancer_id": made.id}
        self._api.create_listener(name=named, tags=tags, **listener)
        self._lab.wait_active(made.id)
        port = made.vip_port_id if name != "plain" else None
        address = network.create_ip(floating_network_id=public.id, port_id=port, description=named)
        network.set_tags(address, tags)
        return str(made.id), str(address.id)

    def uproot(self, balancer: str, floating_ip: str) -> None:
        """Remove what was planted."""
        self._openstack.network.delete_ip(floating_ip)
        self.remove(balancer)

    def remove(self, balancer: str) -> None:
        """Delete a load balancer with all below it."""
        self._status(balancer)
        self._api.delete_load_balancer(balancer, cascade=True)
        self._lab.wait_gone(balancer)

    def remove_floating_ip(self, floating_ip: str) -> None:
        """Give a floating IP back."""
        self._openstack.network.delete_ip(floating_ip)


def _tagged(namespace: str, cluster: str = "") -> list[str]:
    """Give the tags of another tree's Service of the same name, of our cluster or another."""
    named = f"tfgen_cluster={cluster or namespace}"
    return ["tfgen", named, f"tfgen_tree={'f' * 16}", f"tfgen_service={namespace}_web-1"]


_TAGS: dict[str, Callable[[str], list[str]]] = {
    "namesake": lambda _namespace: [],
    "neighbour": partial(_tagged, cluster="soak-neighbour"),
    "plain": lambda _namespace: ["somebody"],
    RIVAL: _tagged,
}
