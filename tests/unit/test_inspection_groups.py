"""Services that share a load balancer, from all sides: tree, cloud and quotas."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes import objects
from tfgen import inspection, model, tree, workspace
from tfgen.inspection import ends
from tfgen.reconcile.doctor import needed

GROUP = model.GroupKey("web", "front")
BALANCER = inspection.Balancer(
    id="lb-g",
    name="demo_web_group_front",
    service=None,
    provisioning="ACTIVE",
    operating="ONLINE",
    vip_address="10.0.3.7",
    floating_ip="172.24.1.2",
    listeners=3,
    group=GROUP,
)


@pytest.fixture
def snapshot(tmp_path: Path) -> tree.Snapshot:
    """Give a tree in which web/a and web/b share a load balancer."""
    place = objects.Place(tmp_path)
    shared = {"tfgen.io/group": "front"}
    place.render(
        [
            objects.service(
                "web/a", ports=[objects.port(80), objects.port(81)], annotations=shared
            ),
            objects.service("web/b", ports=[objects.port(443)], annotations=shared),
        ]
    )
    return workspace.Tree(place.loaded.out).snapshot()


def seen(snapshot: tree.Snapshot, balancer: inspection.Balancer = BALANCER) -> inspection.Known:
    """Say what was read of tree and cloud."""
    facts = snapshot.facts("web")
    ports = {"web": facts.node_ports} if facts else {}
    return inspection.Known(snapshot, balancers=(balancer,), node_ports=ports)


def test_each_has_the_address_of_all(snapshot: tree.Snapshot) -> None:
    """One row a Service; the ports of the load balancer are counted over all of them."""
    a, b = inspection.rows(seen(snapshot))
    assert (a.address, b.address) == ("172.24.1.2", "172.24.1.2")
    assert (a.ports, b.ports) == (("tcp-80", "tcp-81"), ("tcp-443",))
    assert (a.differences, b.differences) == ((), ())


def test_a_port_that_is_missing_is_told(snapshot: tree.Snapshot) -> None:
    """Octavia says how many there are, not whose."""
    known = seen(snapshot, replace(BALANCER, listeners=2))
    [difference] = inspection.rows(known)[1].differences
    assert difference.text == "the cloud has 2 of the ports of group web/front, the tree 3"


def test_what_is_shared_leads_to_the_first(snapshot: tree.Snapshot) -> None:
    """By the address, the id, the file, and what stands in the state."""
    known = seen(snapshot)
    for end in (
        "172.24.1.2",
        "lb-g",
        "lbgroup_web_front.tf",
        "openstack_lb_loadbalancer_v2.lbgroup_web_front",
    ):
        assert ends.find(end, known, {}).service == model.ServiceKey("web", "a"), end


def test_a_shared_load_balancer_counts_once(snapshot: tree.Snapshot) -> None:
    """What the tree stands for: one load balancer and floating IP, and every port."""
    wanted = needed.of(snapshot)
    assert (wanted["load balancers"], wanted["floating IPs"], wanted["ports"]) == (1, 1, 1)
    assert (wanted["listeners"], wanted["members"]) == (3, 9)


def test_what_is_left_of_a_group_has_a_row(snapshot: tree.Snapshot) -> None:
    """Its Services all went, and its load balancer stands until that is applied."""
    left = replace(BALANCER, id="lb-b", group=model.GroupKey("web", "back"), floating_ip="")
    known = replace(seen(snapshot), balancers=(BALANCER, left))
    *_, row = inspection.rows(known)
    assert (row.name, row.address, row.internal, row.balancer) == (
        "group web/back",
        "10.0.3.7",
        True,
        left,
    )
    (left_over,) = row.differences
    assert str(left_over) == (
        "not applied: the tree has no Service of it any more, and its load balancer stands until "
        "that is applied (tfgen plan, then tfgen apply)"
    )
    failed = replace(seen(snapshot), balancers=(BALANCER, replace(left, provisioning="ERROR")))
    assert inspection.rows(failed)[-1].state == "failed, not applied"


def test_a_group_that_a_rendering_brings_back_is_not_left(snapshot: tree.Snapshot) -> None:
    """Its Services have rows of their own."""
    assert [row.name for row in inspection.rows(seen(snapshot))] == ["web/a", "web/b"]
