"""tfgen explain: why a node is no member or gets no traffic, and what each resource is."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import insync
from tests.fakes import world as fake
from tests.fakes.world import World

# The client library warns of calls between its own modules.
pytestmark = pytest.mark.filterwarnings("ignore::PendingDeprecationWarning:openstack")


@pytest.fixture
def world(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[World]:
    """Give a world in which Service shop/web is in sync on all sides."""
    with insync.running(tmp_path, monkeypatch, capsys) as made:
        yield made


def nodes(world: World) -> dict[str, tuple[bool, str]]:
    """Give by name whether a node is a member of port 80, and why it is not."""
    said = world.run("explain", "shop/web", "--format", "json")
    [port] = said.document["ports"]
    return {each["name"]: (each["member"], each["why"]) for each in port["nodes"]}


def test_why_a_node_is_no_member(world: World) -> None:
    """Excluded, new, gone, not applied: each node that is not as it should be says why."""
    label = {"node.kubernetes.io/exclude-from-external-load-balancers": ""}
    world.nodes("node-1", "node-2", "node-3")
    world.cluster.nodes[2]["metadata"]["labels"] = label
    world.cluster.nodes.append(fake.node("node-4", 14))
    world.cloud.trees[insync.LB] = insync.tree("node-1", "node-9")
    found = nodes(world)
    assert found["node-1"] == (True, "")
    assert found["node-2"] == (False, "the tree has it, and it is not applied yet")
    assert found["node-3"] == (False, f"it has the label {next(iter(label))}")
    assert found["node-4"] == (False, "the tree does not have it yet: tfgen sync")
    assert found["node-9"] == (
        True,
        "the cluster has no such node; still a member: that it goes is not applied yet",
    )
    text = world.run("explain", "shop/web").out
    assert "\nNodes that are no members\n" in text
    assert "  node-2  the tree has it" in text


def test_an_excluded_node_that_is_a_member_still(world: World) -> None:
    """It says why it should be none, and which command takes it out."""
    label = {"node.kubernetes.io/exclude-from-external-load-balancers": ""}
    world.cluster.nodes[1]["metadata"]["labels"] = label
    why = f"it has the label {next(iter(label))}; the tree still has it: tfgen sync"
    assert nodes(world)["node-2"] == (True, why)


def test_why_a_member_gets_no_traffic(world: World) -> None:
    """A member that does not answer, or waits for another node port, says so."""
    world.cloud.trees[insync.LB] = insync.tree("node-1", "node-2", operating="ERROR")
    assert nodes(world)["node-1"] == (True, "no answer on 10.0.0.11:30080")
    world.cloud.trees[insync.LB] = insync.tree("node-1", "node-2", port=31000)
    assert nodes(world)["node-1"] == (True, "its node port is 31000, and 30080 is not applied yet")


def test_members_without_the_cloud(world: World) -> None:
    """Without the cloud the tree says who is a member."""
    world.cloud.failing["/load-balancer"] = 503
    assert nodes(world) == {"node-1": (True, ""), "node-2": (True, "")}


def test_a_status_tree_that_cannot_be_read(world: World) -> None:
    """Where Octavia does not tell what hangs on it, the rest is explained."""
    del world.cloud.trees[insync.LB]
    said = world.run("explain", "shop/web")
    assert said.code == 0
    assert "Octavia away: Octavia at" in said.err
    assert "+- node-1 10.0.0.11:30080" in said.out


def test_awaited_node_ports(world: World) -> None:
    """A port without a node port goes nowhere, and says what it waits for."""
    (world.folder / "infra/stacks/shop/facts.auto.tfvars.json").write_text(
        '{"node_groups": {"default": {"node-1": {"address": "10.0.0.11"}}}, "node_ports": {}}'
    )
    world.cloud.trees[insync.LB] = insync.tree()
    said = world.run("explain", "shop/web")
    assert "+- no members: it goes nowhere" in said.out
    assert "node-1  the node port is not known yet: tfgen sync" in said.out


def resources(world: World) -> dict[str, tuple[str, str]]:
    """Give id and note by address."""
    said = world.run("explain", "shop/web", "--format", "json")
    return {each["address"]: (each["id"], each["note"]) for each in said.document["resources"]}


def test_resources_and_their_ids(world: World) -> None:
    """Each address in the state has its id in the cloud; what the state lacks is said."""
    insync.state(world, **{"tcp-443": "old-listener"})
    found = resources(world)
    port = "module.lb_shop_web_tcp-80"
    assert found["openstack_lb_loadbalancer_v2.lb_shop_web"] == (insync.LB, "")
    assert found["openstack_networking_floatingip_v2.lb_shop_web"] == ("fip-1", "not in the state")
    assert found[f"{port}.openstack_lb_listener_v2.this"] == (insync.LISTENER, "")
    assert found[f"{port}.openstack_lb_pool_v2.this"] == (insync.POOL, "not in the state")
    assert found[f"{port}.openstack_lb_monitor_v2.this[0]"] == (insync.MONITOR, "not in the state")
    gone = found["module.lb_shop_web_tcp-443.openstack_lb_listener_v2.this"]
    assert gone == ("old-listener", "goes with the next apply")


def test_a_state_that_means_another_object(world: World) -> None:
    """An id that differs between state and cloud is shown with both."""
    insync.state(world)
    path = world.folder / "infra/stacks/shop/terraform.tfstate"
    path.write_text(path.read_text().replace(insync.LISTENER, "another"))
    found = resources(world)["module.lb_shop_web_tcp-80.openstack_lb_listener_v2.this"]
    assert found == (insync.LISTENER, "the state has another")
