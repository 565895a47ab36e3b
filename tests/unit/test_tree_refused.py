"""Inputs that are refused before anything is written, and what a person let pass."""

from pathlib import Path
from typing import Any

import pytest

from tests.fakes import objects, passes
from tfgen import errors, tree


@pytest.fixture
def place(tmp_path: Path) -> objects.Place:
    """Give an empty output tree."""
    return objects.Place(tmp_path)


def test_one_service_over_a_tree_of_nine_is_refused(place: objects.Place) -> None:
    """Most likely the input is not whole."""
    place.render(passes.many(9))
    told = passes.refused(place, passes.many(1))
    assert told.code == errors.ExitCode.REFUSED
    assert told.what.startswith("8 of 9 Services are gone from the input: shop/s1, ")


def test_an_empty_node_list_is_refused(place: objects.Place) -> None:
    """Every pool would be empty; the message says how to go on without a cluster."""
    assert passes.refused(place, passes.shop(), []).code == errors.ExitCode.REFUSED
    place.render(passes.shop())
    told = passes.refused(place, passes.shop(), [])
    assert told.code == errors.ExitCode.REFUSED
    assert "--intent-only" in told.remedy


@pytest.mark.parametrize("lane", [tree.Lane.ALL, tree.Lane.FACTS])
def test_an_input_of_nothing_is_no_removal(place: objects.Place, lane: tree.Lane) -> None:
    """Even the only Service does not go with all nodes: such an input is not whole."""
    place.render(passes.shop()[:1])
    assert "no Node that could" in passes.refused(place, [], [], lane=lane).what
    place.render([], lane=tree.Lane.INTENT)
    assert place.manifest()["services"] == {}


def test_a_selector_that_matches_no_node_is_refused(place: objects.Place) -> None:
    """What was rendered stays."""
    place.render(passes.shop())
    place.settings = {"members": {"node_selector": "pool=edge"}}
    assert "members.node_selector" in passes.refused(place, passes.shop()).remedy


def test_a_tree_without_services_needs_no_nodes(place: objects.Place) -> None:
    """There is no pool that could be empty."""
    assert place.render([], []).desired.manifest.services == {}


def test_lost_nodes_are_refused_before_anything_is_written(place: objects.Place) -> None:
    """Nodes count as Services do, and the same flag opens it."""
    place.render(passes.shop())
    told = passes.refused(place, passes.shop(), objects.nodes(1))
    assert told.what.startswith("2 of 3 nodes do not count any more: node-2, node-3; ")
    place.render(passes.shop(), objects.nodes(1), allow_removals=2)
    assert list(place.facts()["node_groups"]["default"]) == ["node-1"]


OTHERS = [("cluster", "other"), ("tree", "ffffffffffffffff")]


@pytest.mark.parametrize(("name", "value"), OTHERS)
def test_another_cluster_or_tree_is_refused(place: objects.Place, name: str, value: str) -> None:
    """With another name every address would change."""
    place.render(passes.shop())
    place.settings = {name: value}
    told = passes.refused(place, passes.shop())
    assert told.code == errors.ExitCode.REFUSED
    assert told.what.startswith(f"setting {name} is '{value}', and the tree was rendered with")


def test_another_division_into_stacks_is_refused(place: objects.Place) -> None:
    """Services cannot move between states yet."""
    place.render(passes.shop())
    place.settings = {"stacks": {"by": "cluster"}}
    assert passes.refused(place, passes.shop()).code == errors.ExitCode.REFUSED


def test_live_input_of_another_cluster_is_refused(place: objects.Place) -> None:
    """A wrong kubeconfig context must not swap everyone's members."""
    place.render(passes.shop(), uid=passes.UID)
    told = passes.refused(place, passes.shop(), uid="another")
    assert told.code == errors.ExitCode.REFUSED
    assert told.what == (
        "cluster https://api is another cluster: its kube-system has the UID another, and the tree "
        f"was rendered from {passes.UID}"
    )
    assert told.remedy.endswith("--accept-cluster another")


def test_a_rebuilt_cluster_is_accepted_by_its_uid(place: objects.Place) -> None:
    """From then on it is the tree's own; files need no UID and leave it as it is."""
    place.render(passes.shop(), uid=passes.UID)
    place.render(passes.shop(), uid="rebuilt", accept_cluster="rebuilt")
    assert place.manifest()["cluster_uid"] == "rebuilt"
    place.render(passes.shop())
    assert place.manifest()["cluster_uid"] == "rebuilt"
    assert passes.refused(place, passes.shop(), uid=passes.UID).code == errors.ExitCode.REFUSED


def test_the_first_live_rendering_records_the_cluster(place: objects.Place) -> None:
    """A tree made from files belongs to no cluster yet."""
    place.render(passes.shop())
    assert place.manifest()["cluster_uid"] == ""
    place.render(passes.shop(), uid=passes.UID)
    assert place.manifest()["cluster_uid"] == passes.UID


def test_a_manifest_that_is_missing_beside_stacks_is_refused(place: objects.Place) -> None:
    """It is the memory of what was rendered: without it nothing can be told from a removal."""
    place.render(passes.shop())
    place.file(passes.MANIFEST).unlink()
    told = passes.refused(place, passes.shop())
    assert told.code == errors.ExitCode.REFUSED
    assert told.what == f"infra/{passes.MANIFEST} is missing beside stacks that exist: shop"


@pytest.mark.parametrize("text", ["", "{", "<<<<<<< ours", '{"schema": "x"}'])
def test_an_unreadable_manifest_is_refused(place: objects.Place, text: str) -> None:
    """It is never taken for a first rendering."""
    place.render(passes.shop())
    place.file(passes.MANIFEST).write_text(text)
    told = passes.refused(place, passes.shop())
    assert told.code == errors.ExitCode.REFUSED
    assert f"{passes.MANIFEST} cannot be read" in told.what


def test_incomplete_settings_are_said_before_anything(place: objects.Place) -> None:
    """A subnet that is still to be filled in would fail at apply."""
    place.settings = {"network": {}}
    assert "network.subnet_id" in str(passes.refused(place, passes.shop()))


def test_the_facts_lane_needs_a_tree(place: objects.Place) -> None:
    """There is nothing to follow yet."""
    assert passes.refused(place, passes.shop(), lane=tree.Lane.FACTS).remedy == "Run: tfgen render"


def agreed(rendering: Any) -> list[str]:  # noqa: ANN401  a Rendering
    """Give what a person let pass."""
    return list(map(str, rendering.desired.consents))


def test_what_a_person_let_pass_is_said(place: objects.Place) -> None:
    """Each flag that opened something, with what it opened; one that opened nothing is not."""
    protected = {"tfgen.io/protect": "true"}
    place.render(
        [*passes.many(6), objects.service("shop/web", annotations=protected)], uid=passes.UID
    )
    with place.file("stacks/shop/lb_shop_s0.tf").open("a") as file:
        file.write("# edit\n")
    rendering = place.render(
        [*passes.many(2), objects.service("shop/s2", loadBalancerClass="other/class")],
        objects.nodes(1),
        uid="rebuilt",
        accept_cluster="rebuilt",
        accept_unclaimed=True,
        allow_protected=passes.keys("shop/web"),
        allow_removals=9,
        address_change=passes.keys("shop/s1"),
        overwrite_edited=True,
    )
    assert agreed(rendering) == [
        (
            "File stacks/shop/lb_shop_s0.tf: was edited by hand, and the edit goes: agreed to by "
            "--overwrite-edited"
        ),
        "Service shop/s1: its address may change: agreed to by --allow-address-change shop/s1",
        "Service shop/s2: goes, unclaimed: agreed to by --accept-unclaimed",
        "Service shop/web: goes, protected as it was: agreed to by --allow-protected shop/web",
        (
            "The input: 2 of 3 nodes do not count any more: node-2, node-3; beyond 30 % "
            "(guards.max_removals) only nodes that were deleted may go, and half of them (two at "
            "least) must remain: agreed to by --allow-removals 9"
        ),
        (
            "The input: 5 of 7 Services are gone from the input: shop/s2, shop/s3, shop/s4, "
            "shop/s5, shop/web; at most 2 may go at once (guards.max_removals): agreed to by "
            "--allow-removals 9"
        ),
        (
            "cluster https://api: another cluster: its kube-system has the UID rebuilt, and the "
            f"tree was rendered from {passes.UID}: agreed to by --accept-cluster rebuilt"
        ),
    ]
    assert agreed(place.render(passes.many(2), objects.nodes(1), allow_removals=9)) == []


@pytest.mark.parametrize(
    ("option", "flag"),
    [("allow_protected", "--allow-protected"), ("address_change", "--allow-address-change")],
)
def test_consent_to_nobody_is_said(place: objects.Place, option: str, flag: str) -> None:
    """Most likely a slip, and the Service that was meant stays held."""
    place.render(passes.shop())
    told = passes.refused(place, passes.shop(), **{option: passes.keys("shop/wbe")})
    assert told.what.startswith(f"{flag} shop/wbe: no such Service asks for a load balancer")
