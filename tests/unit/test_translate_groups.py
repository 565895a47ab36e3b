"""Which nodes stand behind which Service: selectors, classes, families, subsets."""

from typing import Any

import pytest

from tests.fakes import objects
from tfgen import model, translate
from tfgen.translate import groups, selector

KEY = "loadbalancer.openstack.org/node-selector"
EDGE = "pool-edge-54a69147"
FOUND = [
    objects.node(1, labels={"pool": "edge"}),
    objects.node(2, labels={"pool": "edge", "zone": "b"}),
    objects.node(3, labels={"zone": "b"}),
]


def translated(
    *selectors: str | None,
    nodes: list[objects.Json] | None = None,
    **settings: Any,  # noqa: ANN401  any setting
) -> model.Translation:
    """Translate a Service for each selector (None: it says none)."""
    services = [
        objects.service(f"shop/s{number}", annotations={} if text is None else {KEY: text})
        for number, text in enumerate(selectors)
    ]
    context = translate.Context(objects.settings(**settings), {})
    return translate.translate(
        objects.listing(services, FOUND if nodes is None else nodes), context
    )


def members(made: model.Translation) -> dict[str, list[str]]:
    """Give the names of the nodes of each group."""
    return {group.name: [one.name for one in group.members] for group in made.node_groups}


def named(made: model.Translation) -> list[str]:
    """Give the groups that load balancers name, Services sorted."""
    return [lb.node_group for lb in made.load_balancers]


def test_selectors_of_one_meaning_share_a_group() -> None:
    """However it is written: order and blanks do not matter, and the group is of those nodes."""
    made = translated(None, "pool=edge", " pool == edge ,", "zone=b,pool=edge", "pool=edge,zone=b")
    both = groups.name("pool=edge,zone=b")
    assert named(made) == ["default", EDGE, EDGE, both, both]
    assert both.startswith("pool-edge-zone-b-")
    assert members(made) == {
        "default": ["node-1", "node-2", "node-3"],
        EDGE: ["node-1", "node-2"],
        both: ["node-2"],
    }


def test_an_empty_annotation_is_all_nodes() -> None:
    """It sets the settings' selector aside, and asks for nothing where there is none."""
    narrowed = translated(None, "", members={"node_selector": "pool=edge"})
    assert named(narrowed) == ["default", "all"]
    assert members(narrowed)["all"] == ["node-1", "node-2", "node-3"]
    assert members(narrowed)["default"] == ["node-1", "node-2"]
    assert named(translated("")) == ["default"]


def test_a_class_says_which_nodes() -> None:
    """The annotation over the class, the class over the settings; the same text, the same group."""
    settings = {"classes": {"gold": {"node_selector": "pool=edge"}}}
    service = objects.service(annotations={"loadbalancer.openstack.org/class": "gold"})
    said = objects.service(
        "shop/x", annotations={**service["metadata"]["annotations"], KEY: "zone"}
    )
    context = translate.Context(objects.settings(**settings), {})
    made = translate.translate(objects.listing([service, said], FOUND), context)
    assert named(made) == [EDGE, groups.name("zone")]


NOTHING = [
    ("pool=none", {}, f"annotation {KEY}", '"pool=none"'),
    (
        None,
        {"members": {"node_selector": "pool=none"}},
        "setting members.node_selector",
        '"pool=none"',
    ),
]


@pytest.mark.parametrize(("text", "settings", "field", "found"), NOTHING)
def test_a_selector_that_takes_no_node_is_a_problem(
    text: str | None, settings: objects.Json, field: str, found: str
) -> None:
    """It never empties a pool; other Services go on."""
    made = translated(text, "pool=edge", **settings)
    (told,) = made.problems
    assert (told.service.name, told.field, told.found) == ("s0", field, found)
    assert told.expected == "labels of a node that counts and has an IPv4 address"
    assert told.remedy == "Correct it, or label a node."
    assert named(made) == [EDGE]


def test_without_nodes_no_selector_is_judged() -> None:
    """Manifests in Git come without Nodes."""
    made = translated("pool=none", nodes=[])
    assert made.problems == ()
    assert made.node_groups == ()


def test_a_bad_selector_of_a_class_names_the_setting() -> None:
    """A text that is no selector holds the Services of that class alone."""
    settings = {"classes": {"gold": {"node_selector": "a b"}}}
    service = objects.service(annotations={"loadbalancer.openstack.org/class": "gold"})
    context = translate.Context(objects.settings(**settings), {})
    made = translate.translate(
        objects.listing([service, objects.service("shop/x")], FOUND), context
    )
    assert [problem.field for problem in made.problems] == ["setting classes.gold.node_selector"]
    assert named(made) == ["default"]


def test_groups_of_rendered_files_are_made_too() -> None:
    """A held Service's pools go on following the nodes, for its file names the group."""
    kept = {
        model.NodeChoice(EDGE, "pool=edge"),
        model.NodeChoice("default-ipv6", "", model.Family.IPV6),
        model.NodeChoice("foreign", ""),
        model.NodeChoice("bad", "a b"),
    }
    context = translate.Context(objects.settings(), {}, rendered_groups=frozenset(kept))
    made = translate.translate(objects.listing([], FOUND), context)
    assert members(made) == {"default": ["node-1", "node-2", "node-3"], EDGE: ["node-1", "node-2"]}


def test_every_node_that_drains_is_said() -> None:
    """A group that takes no new connections is worth a notice."""
    node = objects.node(1)
    node["metadata"]["annotations"] = {"tfgen.io/drain": "true"}
    made = translated(None, nodes=[node])
    assert [str(notice) for notice in made.notices] == [
        "Node group default: every node drains or has weight 0: no new connections"
    ]


def test_an_annotation_of_nodes_on_a_service_is_a_problem() -> None:
    """It would be ignored there."""
    service = objects.service(annotations={"tfgen.io/drain": "true"})
    made = translate.translate(
        objects.listing([service], FOUND), translate.Context(objects.settings(), {})
    )
    assert [problem.expected for problem in made.problems] == [
        "an annotation of Services (this one is for Nodes)"
    ]


def test_a_bounded_pool_has_a_group_of_its_own() -> None:
    """`members.max_per_pool` picks so many nodes for each Service, of those that it selects."""
    made = translated(
        None, "pool=edge", members={"max_per_pool": 2}, nodes=[*FOUND, objects.node(4)]
    )
    assert named(made) == ["shop_s0", "shop_s1"]
    assert len(members(made)["shop_s0"]) == 2
    assert members(made)["shop_s1"] == ["node-1", "node-2"]
    choice = made.load_balancers[1].nodes
    assert choice == model.NodeChoice("shop_s1", "pool=edge")
    whole = groups.Groups((*FOUND, objects.node(4)), "", 2)
    left = [
        found for _, found in whole.judge(made.load_balancers[0].nodes) if hasattr(found, "why")
    ]
    assert {found.why for found in left} == {"others were chosen (members.max_per_pool)"}


WRITTEN = [
    ("b=1, a", "a,b=1"),
    ("!x,y notin (b, a),z in (c)", "!x,y notin (a,b),z=c"),
    ("a in (x y)", "a in (x y)"),
    ("a in (b,)", "a in (,b)"),
    ("a!=", "a!="),
    ("", ""),
]


@pytest.mark.parametrize(("text", "written"), WRITTEN)
def test_a_selector_has_one_form(text: str, written: str) -> None:
    """What is written can be read, and means the same."""
    terms = selector.read(text)
    assert selector.written(terms) == written
    assert set(selector.read(written)) == set(terms)


NAMES = [
    ("!old,a!=b", "not-old-a-not-b-"),
    ("zone notin (a,b)", "zone-notin-a-b-"),
    ("x" * 80, "x" * 40 + "-"),
    ("\u00e4 in (\u00f6 \u00f6)", "in-"),
]


@pytest.mark.parametrize(("text", "beginning"), NAMES)
def test_a_group_can_be_read(text: str, beginning: str) -> None:
    """Its name says what is selected, and ends in a digest."""
    named = groups.name(text)
    assert named.startswith(beginning)
    assert len(named) == len(beginning) + 8
