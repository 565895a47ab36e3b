"""Rendering in part: intent without facts, facts without intent, one Service or one stack."""

from pathlib import Path
from typing import Any

import pytest

from tests.fakes import objects, passes
from tfgen import errors, tree


@pytest.fixture
def place(tmp_path: Path) -> objects.Place:
    """Give an empty output tree."""
    return objects.Place(tmp_path)


LOCAL: dict[str, Any] = {"externalTrafficPolicy": "Local"}


def test_a_health_check_node_port_is_a_fact(place: objects.Place) -> None:
    """It stands beside the node ports; the file refers to it, and a change needs no review."""
    place.render([objects.service("shop/web", healthCheckNodePort=32100, **LOCAL)])
    assert 'health_port      = var.node_ports["shop_web"]["health-check"]' in place.text(passes.WEB)
    assert place.facts()["node_ports"]["shop_web"] == {"health-check": 32100, "tcp-80": 30080}
    moved = [objects.service("shop/web", healthCheckNodePort=32101, **LOCAL)]
    rendering = place.render(moved, lane=tree.Lane.FACTS)
    assert set(rendering.changes) == {passes.FACTS}
    assert place.facts()["node_ports"]["shop_web"]["health-check"] == 32101


def test_a_health_check_node_port_is_awaited_and_never_lost(place: objects.Place) -> None:
    """Manifests in Git have none: null, until a cluster says it; then it stays known."""
    place.render([objects.service("shop/web")])
    assert "health_port" not in place.text(passes.WEB)
    git = [objects.service("shop/web", **LOCAL)]
    rendering = place.render(git, [], lane=passes.INTENT)
    assert rendering.desired.awaiting == tuple(passes.keys("shop/web"))
    assert place.facts()["node_ports"]["shop_web"] == {"health-check": None, "tcp-80": 30080}
    live = [objects.service("shop/web", healthCheckNodePort=32100, **LOCAL)]
    assert place.render(live, lane=tree.Lane.FACTS).desired.awaiting == ()
    place.render(git)
    assert place.facts()["node_ports"]["shop_web"]["health-check"] == 32100
    place.render([objects.service("shop/web")])
    assert place.facts()["node_ports"]["shop_web"] == {"tcp-80": 30080}


def bare() -> list[objects.Json]:
    """Make Services as they stand in Git: no node ports, no nodes."""
    return [objects.service("shop/web", ports=[{"port": 80}])]


def test_intent_comes_without_a_cluster_and_facts_follow(place: objects.Place) -> None:
    """Manifests in Git make the intent; the stack awaits its facts until a live rendering."""
    intent = place.render(bare(), [], lane=tree.Lane.INTENT)
    assert place.file(passes.WEB).is_file()
    assert not place.file(passes.FACTS).exists()
    assert intent.desired.awaiting == tuple(passes.keys("shop/web"))
    before = place.text(passes.WEB)
    live = place.render([objects.service("shop/web")], uid=passes.UID)
    assert place.text(passes.WEB) == before
    assert place.facts()["node_ports"] == {"shop_web": {"tcp-80": 30080}}
    assert live.desired.awaiting == ()


def test_intent_leaves_facts_as_they_stand(place: objects.Place) -> None:
    """Known node ports and nodes stay; a new port is named, and awaits its own."""
    place.render(passes.shop())
    before = place.files()
    ports = [{"port": 80}, {"port": 443}]
    services = [objects.service("shop/api"), objects.service("shop/web", ports=ports)]
    rendering = place.render(services, [], lane=tree.Lane.INTENT)
    assert passes.changed(place, before)[passes.FACTS] == [
        '-      "tcp-80": 30080',
        '+      "tcp-443": null',
        '+    , "tcp-80": 30080',
    ]
    assert rendering.desired.awaiting == tuple(passes.keys("shop/web"))
    place.render([objects.service("shop/api"), objects.service("shop/web")], [], lane=passes.INTENT)
    assert place.facts()["node_ports"]["shop_web"] == {"tcp-443": None, "tcp-80": 30080}


def test_a_file_names_no_port_that_the_facts_lack(place: objects.Place) -> None:
    """A known node port that is lost fails the plan; it never empties a pool in silence."""
    place.render(passes.shop())
    assert 'var.node_ports["shop_web"]["tcp-80"]' in place.text(passes.WEB)
    assert "try(" not in place.text(passes.WEB)


def test_a_known_node_port_never_falls_back_to_unknown(place: objects.Place) -> None:
    """Plain manifests beside Nodes keep what the cluster once said; a new port is null."""
    place.render([objects.service("shop/web")])
    rendering = place.render([objects.service("shop/web", ports=[{"port": 80}, {"port": 443}])])
    assert place.facts()["node_ports"]["shop_web"] == {"tcp-80": 30080, "tcp-443": None}
    assert rendering.desired.awaiting == tuple(passes.keys("shop/web"))


def test_the_facts_lane_writes_facts_alone(place: objects.Place) -> None:
    """Nodes and node ports of what is rendered; no Service comes, changes or goes."""
    place.render(passes.shop())
    services = [
        objects.service("shop/web", ports=[objects.port(80, nodePort=31000), objects.port(443)]),
        objects.service("shop/new"),
    ]
    rendering = place.render(services, objects.nodes(4), lane=tree.Lane.FACTS)
    assert set(rendering.changes) == {passes.FACTS}
    assert place.facts()["node_ports"] == {
        "shop_api": {"tcp-80": 30080},
        "shop_web": {"tcp-80": 31000},
    }
    assert "node-4" in place.facts()["node_groups"]["default"]


def test_the_facts_lane_counts_nodes_too(place: objects.Place) -> None:
    """A cut listing of nodes is refused there as well."""
    place.render(passes.shop())
    passes.refused(place, passes.shop(), objects.nodes(1), lane=tree.Lane.FACTS)
    passes.refused(place, passes.shop(), [], lane=tree.Lane.FACTS)


def test_a_service_filter_writes_that_service_alone(place: objects.Place) -> None:
    """Others keep file, entry and stack, whatever the input says of them."""
    place.render([*passes.shop(), objects.service("blog/web"), objects.service("blog/old")])
    before = place.files()
    services = [
        objects.service("shop/api", sessionAffinity="ClientIP"),
        objects.service("shop/web", sessionAffinity="ClientIP"),
        objects.service("blog/web", **passes.BAD),
        objects.service("blog/new"),
    ]
    rendering = place.render(services, objects.nodes(4), services=passes.keys("shop/web"))
    assert set(passes.changed(place, before)) == {passes.WEB, passes.FACTS, passes.MANIFEST}
    assert rendering.code(check=False, allow_held=False) == errors.ExitCode.DONE
    assert place.manifest()["services"].keys() == {"blog/old", "blog/web", "shop/api", "shop/web"}


def test_a_service_filter_lets_that_service_alone_go(place: objects.Place) -> None:
    """One Service over a tree of nine is then no loss of eight."""
    place.render(passes.many(9))
    rendering = place.render(passes.many(8), services=passes.keys("shop/s8"))
    assert rendering.desired.gone == tuple(passes.keys("shop/s8"))
    assert len(place.manifest()["services"]) == 8


def test_a_filter_narrows_no_loss(place: objects.Place) -> None:
    """Where chosen Services go, all that the input lacks count; an input of one may write that."""
    place.render(passes.many(9))
    told = passes.refused(place, passes.many(1), services=passes.keys("shop/s7", "shop/s8"))
    assert told.what.startswith("8 of 9 Services are gone from the input")
    assert (
        passes.refused(place, passes.many(0), stacks=frozenset({"shop"})).code
        == errors.ExitCode.REFUSED
    )
    assert place.render(passes.many(1), services=passes.keys("shop/s0")).desired.gone == ()


def test_a_service_filter_that_names_nobody_is_said(place: objects.Place) -> None:
    """Most likely a slip."""
    told = passes.refused(place, passes.shop(), services=passes.keys("shop/wbe"))
    assert told.what.startswith("--service shop/wbe: no such Service asks for a load balancer")


def test_a_stack_filter_writes_that_stack_alone(place: objects.Place) -> None:
    """Facts of other stacks stay as well."""
    place.render([*passes.shop(), objects.service("blog/web")])
    before = place.files()
    services = [*passes.shop(sessionAffinity="ClientIP"), objects.service("blog/web", **passes.BAD)]
    rendering = place.render(services, objects.nodes(4), stacks=frozenset({"shop"}))
    assert set(passes.changed(place, before)) == {passes.WEB, passes.FACTS, passes.MANIFEST}
    assert rendering.desired.problems == ()


def test_a_stack_filter_that_names_none_is_said(place: objects.Place) -> None:
    """The message lists those that there are."""
    place.render(passes.shop())
    told = passes.refused(place, passes.shop(), stacks=frozenset({"shpo"}))
    assert str(told) == "--stack shpo: the tree has no such stack\nIt has: shop."
