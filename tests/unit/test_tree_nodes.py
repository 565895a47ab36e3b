"""The groups of nodes that the files of a tree name: whom they hold, await, and never lose."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import objects, passes
from tfgen import tree


@pytest.fixture
def place(tmp_path: Path) -> objects.Place:
    """Give an empty output tree."""
    return objects.Place(tmp_path)


def in_group_edge(place: objects.Place) -> None:
    """Make a tree whose held file names another node group, as an older setting left it."""
    place.render(passes.shop())
    known = place.manifest()
    known["services"]["shop/web"]["node_group"] = "edge"
    place.file(passes.MANIFEST).write_text(json.dumps(known))


def test_a_group_that_a_held_file_names_is_never_dropped(place: objects.Place) -> None:
    """The input does not make it any more: it stays as it was."""
    in_group_edge(place)
    facts = place.facts()
    facts["node_groups"]["edge"] = {"node-9": {"address": "10.0.0.19"}}
    place.file(passes.FACTS).write_text(json.dumps(facts))
    place.render(passes.shop(**passes.BAD), objects.nodes(4))
    assert place.facts()["node_groups"]["edge"] == {"node-9": {"address": "10.0.0.19"}}
    assert len(place.facts()["node_groups"]["default"]) == 4


def test_a_group_that_nobody_knows_is_said(place: objects.Place) -> None:
    """An empty group would empty the pools."""
    in_group_edge(place)
    told = passes.refused(place, passes.shop(**passes.BAD))
    assert told.what.startswith("node group 'edge' is named by a file, and neither the input nor")
    assert told.remedy == "Restore facts.auto.tfvars.json from Git."


SELECTOR = "loadbalancer.openstack.org/node-selector"
EDGE = "pool-edge-54a69147"


def edged(**spec: Any) -> list[objects.Json]:  # noqa: ANN401  any field of a Service
    """Give two Services, one of which selects nodes."""
    web = objects.service("shop/web", annotations={SELECTOR: "pool=edge"}, **spec)
    return [objects.service("shop/api"), web]


def at_the_edge(*numbers: int) -> list[objects.Json]:
    """Give two nodes, and further ones that are labelled."""
    labelled = [objects.node(number, labels={"pool": "edge"}) for number in numbers]
    return [*objects.nodes(2), *labelled]


def test_a_stack_has_the_groups_that_its_files_name(place: objects.Place) -> None:
    """One for each distinct selector; the manifest keeps what a group is made by."""
    place.render(edged(), at_the_edge(7, 8))
    assert f'var.node_groups["{EDGE}"]' in place.text(passes.WEB)
    assert {name: list(group) for name, group in place.facts()["node_groups"].items()} == {
        "default": ["node-1", "node-2", "node-7", "node-8"],
        EDGE: ["node-7", "node-8"],
    }
    services = place.manifest()["services"]
    assert services["shop/web"]["node_selector"] == "pool=edge"
    assert "node_selector" not in services["shop/api"]


def test_a_held_service_keeps_its_group_and_follows_it(place: objects.Place) -> None:
    """Its annotations are bad by now, even the selector: its file still names the old group."""
    place.render(edged(), at_the_edge(7, 8))
    bad = edged(sessionAffinity="sticky")
    bad[1]["metadata"]["annotations"][SELECTOR] = "pool=none"
    rendering = place.render(bad, at_the_edge(7, 8, 9))
    assert sorted(problem.field for problem in rendering.desired.problems) == [
        f"annotation {SELECTOR}",
        "spec.sessionAffinity",
    ]
    assert list(place.facts()["node_groups"][EDGE]) == ["node-7", "node-8", "node-9"]


def test_a_selector_that_takes_no_node_any_more_empties_nothing(place: objects.Place) -> None:
    """Its Service is held, and its group stays as it was."""
    place.render(edged(), at_the_edge(7, 8))
    rendering = place.render(edged(), at_the_edge())
    assert [problem.field for problem in rendering.desired.problems] == [f"annotation {SELECTOR}"]
    assert list(place.facts()["node_groups"][EDGE]) == ["node-7", "node-8"]


def test_a_group_that_shrinks_too_much_is_refused(place: objects.Place) -> None:
    """As the group of all nodes: a label that was lost must not empty pools."""
    place.render(edged(), at_the_edge(6, 7, 8))
    nodes = [*at_the_edge(6), objects.node(7), objects.node(8)]
    assert "2 of 3 nodes do not count any more" in passes.refused(place, edged(), nodes).what


def test_intent_without_a_cluster_awaits_the_nodes_of_a_selector(place: objects.Place) -> None:
    """A group that the facts lack is null until a cluster is read: it has no members, not none."""
    place.render(passes.shop())
    rendering = place.render(edged(), [], lane=passes.INTENT)
    assert place.facts()["node_groups"][EDGE] is None
    assert rendering.desired.awaiting == tuple(passes.keys("shop/web"))
    again = place.render(edged(), [], lane=passes.INTENT)
    assert again.changes == {}
    place.render(edged(), at_the_edge(7), lane=tree.Lane.FACTS)
    assert list(place.facts()["node_groups"][EDGE]) == ["node-7"]


def test_an_awaited_group_that_takes_no_node_goes_on_waiting(place: objects.Place) -> None:
    """The cluster has no such node yet: that stops nobody."""
    place.render(passes.shop())
    place.render(edged(), [], lane=passes.INTENT)
    place.render(edged(), at_the_edge(), lane=tree.Lane.FACTS)
    assert place.facts()["node_groups"][EDGE] is None


def test_weights_and_drains_are_facts(place: objects.Place) -> None:
    """Only what differs from the usual is written; no intent changes."""
    place.render(passes.shop())
    before = place.text(passes.WEB)
    found = objects.nodes(3)
    found[0]["metadata"]["annotations"] = {"tfgen.io/weight": "5", "tfgen.io/drain": "true"}
    rendering = place.render(passes.shop(), found, lane=tree.Lane.FACTS)
    assert set(rendering.changes) == {passes.FACTS}
    assert place.text(passes.WEB) == before
    assert place.facts()["node_groups"]["default"] == {
        "node-1": {"address": "10.0.0.11", "weight": 5, "drain": True},
        "node-2": {"address": "10.0.0.12"},
        "node-3": {"address": "10.0.0.13"},
    }


def test_bounded_pools_have_groups_of_their_own(place: objects.Place) -> None:
    """A held Service's stays and follows, as its file names it."""
    place.settings = {"members": {"max_per_pool": 2}}
    place.render(passes.shop(), objects.nodes(9))
    assert {name: len(group) for name, group in place.facts()["node_groups"].items()} == {
        "shop_api": 2,
        "shop_web": 2,
    }
    gone = next(iter(place.facts()["node_groups"]["shop_web"]))
    left = [node for node in objects.nodes(9) if node["metadata"]["name"] != gone]
    place.render(passes.shop(**passes.BAD), left, allow_removals=1)
    assert gone not in place.facts()["node_groups"]["shop_web"]
    assert len(place.facts()["node_groups"]["shop_web"]) == 2


def test_a_lower_bound_loses_no_node(place: objects.Place) -> None:
    """Nodes that still count and were not chosen are not lost; those that went are."""
    place.settings = {"members": {"max_per_pool": 8}}
    place.render(passes.shop(), objects.nodes(9))
    place.settings = {"members": {"max_per_pool": 1}}
    rendering = place.render(passes.shop(), objects.nodes(9))
    assert rendering.desired.notices == ()
    assert [len(group) for group in place.facts()["node_groups"].values()] == [1, 1]


def test_a_bound_hides_no_node_that_went(place: objects.Place) -> None:
    """A pool is as large as before, of other nodes: those that it had are gone."""
    place.settings = {"members": {"max_per_pool": 2}}
    place.render(passes.shop(), objects.nodes(9))
    had = {name for group in place.facts()["node_groups"].values() for name in group}
    left = [node for node in objects.nodes(9) if node["metadata"]["name"] not in had]
    assert "2 of 2 nodes do not count any more" in passes.refused(place, passes.shop(), left).what
