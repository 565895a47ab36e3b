"""Load balancers for the tests of the data plane, made and removed by openstacksdk."""

import contextlib
import dataclasses
from collections import Counter
from collections.abc import Iterator
from typing import Any

from openstack.connection import Connection

from lab import Answer, Lab, NoAnswer, topology

PLAIN, PROXY, TLS = 31080, 31081, 31443
MONITOR = {"delay": 1, "timeout": 1, "max_retries": 1, "max_retries_down": 1}
SILENT, CLOSED = 28, (52, 56)


@dataclasses.dataclass(frozen=True, slots=True)
class Balancer:
    """A load balancer with a floating IP."""

    lab: Lab
    cloud: Connection
    id: str
    floating_ip: str

    @property
    def api(self) -> Any:  # noqa: ANN401 - openstacksdk's proxy, loosely
        """Octavia, as the project demo."""
        return self.cloud.load_balancer

    def listener(self, name: str) -> Any:  # noqa: ANN401 - untyped in the SDK
        """A listener by name."""
        return next(self.api.listeners(load_balancer_id=self.id, name=name))

    def pool(self, name: str) -> Any:  # noqa: ANN401 - untyped in the SDK
        """A pool by name."""
        return next(self.api.pools(loadbalancer_id=self.id, name=name))

    def settle(self) -> None:
        """Wait until Octavia has carried out the last change."""
        self.lab.wait_active(self.id)

    def get(self, port: int = 80, source: str | None = None, scheme: str = "http") -> Answer:
        """Ask through the floating IP; raises NoAnswer."""
        url = f"{scheme}://{self.floating_ip}:{port}/"
        return self.lab.get(url, source=source, options=("-k",))

    def code(self, port: int = 80, source: str | None = None) -> int:
        """The HTTP status, or curl's code if nobody answers."""
        try:
            return self.get(port, source).status
        except NoAnswer as silence:
            return silence.code

    def answers(self, port: int, source: str | None = None) -> None:
        """Wait for traffic."""
        self.lab.until(lambda: self.code(port, source) == 200, what=f"traffic on {port}")

    def nodes(self, times: int, port: int = 80, source: str | None = None) -> Counter[str]:
        """Which nodes answer."""
        return Counter(self.get(port, source).node for _ in range(times))

    def statuses(self, pool: str) -> dict[str, str]:
        """What Octavia says of a pool's members, by address."""
        members = self.api.members(self.pool(pool).id)
        return {member.address: member.operating_status for member in members}


def part(name: str, protocol: str, port: int, pool: dict[str, Any]) -> dict[str, Any]:
    """A listener with a pool of the same name."""
    return {
        "name": name,
        "protocol": protocol,
        "protocol_port": port,
        "default_pool": {"name": name, "lb_algorithm": "ROUND_ROBIN", **pool},
    }


def members(node_port: int) -> list[dict[str, Any]]:
    """All nodes."""
    return [{"address": a, "protocol_port": node_port} for a in topology.NODES.values()]


@contextlib.contextmanager
def balancer(
    lab: Lab,
    name: str,
    listeners: list[dict[str, Any]],
    *,
    wait: bool = True,
    floating_subnet: str | None = None,
    **more: Any,  # noqa: ANN401 - Octavia's own
) -> Iterator[Balancer]:
    """Have a load balancer meanwhile; without `wait`, before it is ready."""
    cloud = lab.openstack()
    subnet = cloud.network.find_subnet(topology.DEMO_SUBNET, ignore_missing=False)
    public = cloud.network.find_network(topology.PUBLIC_NETWORK, ignore_missing=False)
    made = cloud.load_balancer.create_load_balancer(
        name=name, vip_subnet_id=subnet.id, listeners=listeners, **more
    )
    where = {"subnet_id": floating_subnet} if floating_subnet else {}
    address = cloud.network.create_ip(
        floating_network_id=public.id,
        port_id=made.vip_port_id,
        fixed_ip_address=made.vip_address,
        **where,
    )
    try:
        if wait:
            lab.wait_active(made.id)
        yield Balancer(lab, cloud, made.id, str(address.floating_ip_address))
    finally:
        cloud.load_balancer.delete_load_balancer(made.id, cascade=True)
        lab.wait_gone(made.id)
        cloud.network.delete_ip(address.id)
