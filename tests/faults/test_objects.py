"""Objects of the cloud that somebody changes or deletes by hand."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.faults import whole
from tests.faults.fault import Fault
from tests.faults.ground import Ground

pytestmark = pytest.mark.faults


def pool_of(ground: Ground, service: str) -> Any:  # noqa: ANN401  openstacksdk's own
    """Give the pool of a Service's port 80."""
    listener = ground.listener(service)
    return ground.openstack.load_balancer.get_pool(listener.default_pool_id)


def _listener(ground: Ground) -> None:
    ground.openstack.load_balancer.update_listener(ground.listener("web"), connection_limit=3)


def _pool(ground: Ground) -> None:
    pool = pool_of(ground, "web")
    ground.openstack.load_balancer.update_pool(pool, lb_algorithm="SOURCE_IP")


def _member(ground: Ground) -> None:
    pool = pool_of(ground, "web")
    octavia = ground.openstack.load_balancer
    octavia.update_member(next(octavia.members(pool)), pool, weight=0)


def _monitor(ground: Ground) -> None:
    octavia = ground.openstack.load_balancer
    octavia.update_health_monitor(pool_of(ground, "web").health_monitor_id, delay=50)


def _no_listener(ground: Ground) -> None:
    ground.openstack.load_balancer.delete_listener(ground.listener("web"))


def _no_pool(ground: Ground) -> None:
    ground.openstack.load_balancer.delete_pool(pool_of(ground, "web"))


def _no_member(ground: Ground) -> None:
    octavia, pool = ground.openstack.load_balancer, pool_of(ground, "web")
    octavia.delete_member(next(octavia.members(pool)), pool)


def _no_monitor(ground: Ground) -> None:
    octavia = ground.openstack.load_balancer
    octavia.delete_health_monitor(pool_of(ground, "web").health_monitor_id)


CHANGES = {"listener": _listener, "pool": _pool, "member": _member, "monitor": _monitor}
DELETIONS = {
    "listener": _no_listener,
    "pool": _no_pool,
    "member": _no_member,
    "monitor": _no_monitor,
}


def changed_by_hand(ground: Ground, fault: Fault, change: Callable[[Ground], None]) -> None:
    """Change something; the next run alone brings it back."""
    balancer = ground.balancer("web").id
    change(ground)
    ground.lab.wait_active(balancer)
    fault.mended()
    done = ground.tfgen("run", "--yes")
    fault.told(done, f"{ground.name}/web")
    assert ground.balancer("web").id == balancer
    fault.whole()


@pytest.mark.parametrize("kind", CHANGES)
def test_a_part_that_is_changed_by_hand(ground: Ground, fault: Fault, kind: str) -> None:
    """Somebody changes a part of a load balancer in the cloud."""
    fault.does(f"the {kind} of a port is set to something else")
    changed_by_hand(ground, fault, CHANGES[kind])


@pytest.mark.quick
@pytest.mark.parametrize("kind", DELETIONS)
def test_a_part_that_is_deleted_by_hand(ground: Ground, fault: Fault, kind: str) -> None:
    """Somebody deletes a part of a load balancer in the cloud."""
    fault.does(f"the {kind} of a port is deleted")
    changed_by_hand(ground, fault, DELETIONS[kind])


def refused(ground: Ground, fault: Fault, *fragments: str) -> None:
    """Run, and be refused: what is gone is not made anew in silence."""
    before = {each.id for each in ground.load_balancers()}, ground.floating_ips()
    fault.told(ground.tfgen("run", "--yes", code=3), *fragments)
    after = {each.id for each in ground.load_balancers()}, ground.floating_ips()
    assert [each.id for each in after[1]] == [each.id for each in before[1]]
    assert after[0] == before[0]
    fault.mended()


def test_a_load_balancer_that_is_deleted(ground: Ground, fault: Fault) -> None:
    """Somebody deletes a load balancer in the cloud; its floating IP stays."""
    balancer = ground.balancer("api")
    ground.openstack.load_balancer.delete_load_balancer(balancer, cascade=True)
    ground.lab.wait_gone(balancer.id)
    fault.does("openstack loadbalancer delete --cascade")
    refused(ground, fault, "is gone from the cloud", "--new-state")
    ground.tfgen("run", "--yes", "--new-state")
    assert ground.balancer("api").id != balancer.id
    fault.whole()


@pytest.fixture
def floating(ground: Ground) -> Any:  # noqa: ANN401  openstacksdk's own
    """The floating IP of a Service."""
    address = ground.addresses["api"]
    return ground.openstack.network.find_ip(address, ignore_missing=False)


@pytest.mark.quick
def test_a_floating_ip_that_is_moved(
    ground: Ground,
    fault: Fault,
    floating: Any,  # noqa: ANN401  openstacksdk's own
) -> None:
    """Somebody binds a floating IP to another port."""
    other = ground.balancer("db").vip_port_id
    ground.openstack.network.update_ip(floating, port_id=other)
    fault.does("the floating IP of one Service is bound to the port of another")
    flag = ("--allow-address-change", f"{ground.name}/api")
    refused(ground, fault, "the address of the floating IP moves", " ".join(flag))
    ground.tfgen("run", "--yes", *flag)
    ground.tfgen("run", "--yes")
    fault.whole()


@pytest.mark.quick
def test_a_floating_ip_that_is_unbound(
    ground: Ground,
    fault: Fault,
    floating: Any,  # noqa: ANN401  openstacksdk's own
) -> None:
    """Somebody takes a floating IP off its port."""
    ground.openstack.network.update_ip(floating, port_id=None)
    fault.does("openstack floating ip unset --port")
    fault.mended()
    fault.told(ground.tfgen("run", "--yes"), f"{ground.name}/api")
    fault.whole()


def test_a_floating_ip_that_is_released(
    ground: Ground,
    fault: Fault,
    floating: Any,  # noqa: ANN401  openstacksdk's own
) -> None:
    """Somebody releases a floating IP; nobody has taken it since."""
    ground.openstack.network.delete_ip(floating)
    fault.does("openstack floating ip delete")
    refused(ground, fault, "is gone from the cloud", "--new-state")
    fault.does("an administrator gives it back at the VIP port")
    admin = ground.lab.openstack("admin").network
    made = admin.create_ip(
        floating_network_id=floating.floating_network_id,
        floating_ip_address=floating.floating_ip_address,
        project_id=ground.openstack.current_project_id,
        port_id=ground.balancer("api").vip_port_id,
    )
    fault.mended()
    fault.told(ground.tfgen("run", "--yes", "--new-state"), "into the state")
    assert made.id in whole.known(ground)
    fault.whole()


def test_an_address_that_is_lost(
    ground: Ground,
    fault: Fault,
    floating: Any,  # noqa: ANN401  openstacksdk's own
) -> None:
    """Somebody releases a floating IP, and another tenant has it now."""
    ground.openstack.network.delete_ip(floating)
    admin = ground.lab.openstack("admin").network
    taken = admin.create_ip(
        floating_network_id=floating.floating_network_id,
        floating_ip_address=floating.floating_ip_address,
    )
    fault.does("openstack floating ip delete", "another project takes that address")
    fault.lost = "the address, by the one who released it"
    refused(ground, fault, "is gone from the cloud", "--new-state")
    ground.tfgen("run", "--yes", "--new-state")
    ground.addresses["api"] = ground.external_ip("api")
    fault.whole()
    admin.delete_ip(taken)
