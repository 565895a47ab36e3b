"""Rendering pass after pass: what the tree holds, and what is held back."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import objects
from tfgen import errors, model, tree, workspace
from tfgen.render import header

WEB, API = "stacks/shop/lb_shop_web.tf", "stacks/shop/lb_shop_api.tf"
FACTS = "stacks/shop/facts.auto.tfvars.json"
MANIFEST = "tfgen-manifest.json"
BAD = {"sessionAffinity": "sticky"}
UID = "uid-of-kube-system"
INTENT = tree.Lane.INTENT


@pytest.fixture
def place(tmp_path: Path) -> objects.Place:
    """Give an empty output tree."""
    return objects.Place(tmp_path)


def shop(**web: Any) -> list[objects.Json]:  # noqa: ANN401  any field of a Service
    """Make two Services, shop/api and shop/web."""
    return [objects.service("shop/api"), objects.service("shop/web", **web)]


def many(count: int) -> list[objects.Json]:
    """Make Services shop/s0, shop/s1 and so on."""
    return [objects.service(f"shop/s{number}") for number in range(count)]


def keys(*texts: str) -> frozenset[model.ServiceKey]:
    """Read Services' names."""
    return frozenset(map(model.ServiceKey.parse, texts))


def changed(place: objects.Place, before: dict[str, str]) -> dict[str, list[str]]:
    """Give the changed lines of each changed file, by path."""
    after = place.files()
    return {
        path: [
            line
            for line in tree.diff(path, before.get(path), after.get(path))
            if line[0] in "+-" and not line.startswith(("+++", "---"))
        ]
        for path in sorted(before.keys() | after.keys())
        if before.get(path) != after.get(path)
    }


def test_the_first_rendering_makes_the_whole_tree(place: objects.Place) -> None:
    """Stack, modules, manifest and what Git shall ignore; nothing else."""
    rendering = place.render(shop())
    assert set(place.files()) == {
        ".gitignore",
        MANIFEST,
        "modules/octavia_port/main.tf",
        "modules/octavia_port/outputs.tf",
        "modules/octavia_port/variables.tf",
        "modules/octavia_port/versions.tf",
        "stacks/shop/backend.tf",
        FACTS,
        API,
        WEB,
        "stacks/shop/providers.tf",
        "stacks/shop/variables.tf",
        "stacks/shop/versions.tf",
    }
    assert rendering.stacks == ("shop",)
    assert rendering.code(check=False, allow_held=False) == errors.ExitCode.DONE


def test_the_same_input_changes_nothing(place: objects.Place) -> None:
    """No time, no host: the second rendering writes no file."""
    place.render(shop())
    assert place.decide(shop()[::-1], objects.nodes()[::-1]).changes == {}


def test_a_node_that_joins_is_one_line_of_one_file(place: objects.Place) -> None:
    """However many Services stand in the stack."""
    place.render(many(5))
    before = place.files()
    place.render(many(5), objects.nodes(4))
    assert changed(place, before) == {FACTS: ['+    , "node-4": {"address": "10.0.0.14"}']}


def test_a_port_that_comes_touches_no_other_port(place: objects.Place) -> None:
    """Only a block is added; the chain goes on from the port before it, and so does the note."""
    place.render([objects.service("shop/web", ports=[objects.port(80)])])
    before = place.files()
    place.render([objects.service("shop/web", ports=[objects.port(443), objects.port(80)])])
    lines = changed(place, before)[WEB]
    gone = [line[1:].split() for line in lines if line.startswith("-")]
    assert [words[:2] for words in gone] == [
        ["#", "tfgen-digest:"],
        ["input", "="],
        ["module.lb_shop_web_tcp-80,"],
    ]
    assert sum(line.startswith('+module "') for line in lines) == 1


def test_order_and_names_of_ports_change_nothing(place: objects.Place) -> None:
    """A port is known by its protocol and number."""
    place.render([objects.service(ports=[objects.port(80, name="a"), objects.port(443, name="b")])])
    turned = objects.service(ports=[objects.port(443, name="c"), objects.port(80, targetPort=1)])
    assert place.decide([turned]).changes == {}


def test_a_new_node_port_is_a_fact(place: objects.Place) -> None:
    """A reinstalled chart gets other node ports: intent and manifest stay."""
    place.render([objects.service(ports=[objects.port(80)])])
    before = place.files()
    place.render([objects.service(ports=[objects.port(80, nodePort=31000)])])
    assert changed(place, before) == {
        FACTS: ['-      "tcp-80": 30080', '+      "tcp-80": 31000'],
    }


# Held Services.


def test_a_held_service_keeps_file_and_place_and_others_go_on(place: objects.Place) -> None:
    """A bad value never changes or removes what stands; pools go on following the nodes."""
    place.render(shop())
    before = place.files()
    services = [objects.service("shop/api", sessionAffinity="ClientIP"), objects.service(**BAD)]
    rendering = place.render(services, objects.nodes(4))
    after = changed(place, before)
    assert set(after) == {API, FACTS, MANIFEST}
    entry = place.manifest()["services"]["shop/web"]
    assert entry["state"] == "held"
    assert entry["problems"] == [
        'Service shop/web: spec.sessionAffinity is "sticky"; expected None or ClientIP. Correct it.'
    ]
    assert place.facts()["node_ports"]["shop_web"] == {"tcp-80": 30080}
    assert "node-4" in place.facts()["node_groups"]["default"]
    assert rendering.code(check=False, allow_held=False) == errors.ExitCode.HELD
    assert rendering.code(check=False, allow_held=True) == errors.ExitCode.DONE


def test_a_corrected_service_is_rendered_again(place: objects.Place) -> None:
    """Being held leaves no trace."""
    place.render(shop())
    before = place.files()
    place.render(shop(**BAD))
    place.render(shop())
    assert place.files() == before


def test_a_new_service_with_a_problem_stays_out(place: objects.Place) -> None:
    """It is told, and the tree does not know it."""
    rendering = place.render(shop(**BAD))
    assert set(place.manifest()["services"]) == {"shop/api"}
    assert rendering.desired.never_rendered == tuple(keys("shop/web"))
    assert [str(problem.service) for problem in rendering.desired.problems] == ["shop/web"]


def test_a_service_out_of_the_claim_is_held(place: objects.Place) -> None:
    """It still asks, so a narrower claim never takes its load balancer away."""
    place.render(shop())
    place.settings = {"claim": {"namespaces": ["blog"]}}
    rendering = place.render([*shop(), objects.service("blog/new")])
    assert {str(key) for key in rendering.held} == {"shop/api", "shop/web"}
    assert place.file(WEB).is_file()
    (told, _) = rendering.desired.problems
    assert str(told) == (
        "Service shop/api: the Service is asking for a load balancer that the settings do not "
        "claim any more; expected claimed (claim.classes, claim.namespaces, claim.selector). "
        "Claim it again, or let it go: --accept-unclaimed"
    )


def test_consent_lets_unclaimed_services_go(place: objects.Place) -> None:
    """They then count as removals."""
    place.render([*many(3), objects.service("blog/web")])
    place.settings = {"claim": {"namespaces": ["shop"]}}
    services = [*many(3), objects.service("blog/web")]
    rendering = place.render(services, accept_unclaimed=True)
    assert rendering.desired.gone == tuple(keys("blog/web"))
    assert not place.file("stacks/blog/lb_blog_web.tf").exists()


def test_services_of_others_are_not_mentioned(place: objects.Place) -> None:
    """What was never claimed is nobody's problem."""
    foreign = objects.service("shop/foreign", loadBalancerClass="x/y", **BAD)
    rendering = place.render([*shop(), foreign])
    assert rendering.desired.problems == ()
    assert "foreign" not in json.dumps(place.manifest())


GOING: list[dict[str, Any]] = [
    {"type": "ClusterIP", "loadBalancerClass": ...},
    {"deletionTimestamp": "2026-01-01T00:00:00Z"},
]


@pytest.mark.parametrize("fields", GOING)
def test_a_service_that_stops_asking_is_gone(place: objects.Place, fields: dict[str, Any]) -> None:
    """Being deleted, or no longer asking for a load balancer, is gone; nothing else is."""
    place.render(shop())
    rendering = place.render(shop(**fields))
    assert rendering.desired.gone == tuple(keys("shop/web"))
    assert not place.file(WEB).exists()
    assert place.file(API).is_file()
    assert list(place.facts()["node_ports"]) == ["shop_api"]


def test_taking_the_annotation_away_lets_a_node_port_service_go(place: objects.Place) -> None:
    """It asks for nothing any more."""
    exposed = objects.service(
        type="NodePort", loadBalancerClass=..., annotations={"tfgen.io/expose": "true"}
    )
    place.render([exposed, objects.service("shop/api")])
    plain = objects.service(type="NodePort", loadBalancerClass=...)
    assert place.render([plain, objects.service("shop/api")]).desired.gone == tuple(
        keys("shop/web")
    )


def test_the_last_service_of_a_stack_leaves_a_tombstone(place: objects.Place) -> None:
    """The stack stays, without Services, until its state is empty; `render` never removes it."""
    place.render([*shop(), objects.service("blog/web")])
    place.render(shop())
    assert place.manifest()["stacks"] == ["blog", "shop"]
    assert place.facts("blog") == {"node_groups": {}, "node_ports": {}}
    assert place.file("stacks/blog/versions.tf").is_file()
    assert place.decide(shop()).changes == {}


def test_a_tombstone_is_filled_again(place: objects.Place) -> None:
    """A new Service of that namespace goes where the old ones were."""
    place.render([*shop(), objects.service("blog/web")])
    place.render(shop())
    place.render([*shop(), objects.service("blog/new")])
    assert place.manifest()["services"]["blog/new"]["stack"] == "blog"


def in_group_edge(place: objects.Place) -> None:
    """Make a tree whose held file names another node group, as an older setting left it."""
    place.render(shop())
    known = place.manifest()
    known["services"]["shop/web"]["node_group"] = "edge"
    place.file(MANIFEST).write_text(json.dumps(known))


def test_a_group_that_a_held_file_names_is_never_dropped(place: objects.Place) -> None:
    """The input does not make it any more: it stays as it was."""
    in_group_edge(place)
    facts = place.facts()
    facts["node_groups"]["edge"] = {"node-9": {"address": "10.0.0.19"}}
    place.file(FACTS).write_text(json.dumps(facts))
    place.render(shop(**BAD), objects.nodes(4))
    assert place.facts()["node_groups"]["edge"] == {"node-9": {"address": "10.0.0.19"}}
    assert len(place.facts()["node_groups"]["default"]) == 4


def test_a_group_that_nobody_knows_is_said(place: objects.Place) -> None:
    """An empty group would empty the pools."""
    in_group_edge(place)
    told = refused(place, shop(**BAD))
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
    assert f'var.node_groups["{EDGE}"]' in place.text(WEB)
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
    assert "2 of 3 nodes do not count any more" in refused(place, edged(), nodes).what


def test_intent_without_a_cluster_awaits_the_nodes_of_a_selector(place: objects.Place) -> None:
    """A group that the facts lack is null until a cluster is read: it has no members, not none."""
    place.render(shop())
    rendering = place.render(edged(), [], lane=INTENT)
    assert place.facts()["node_groups"][EDGE] is None
    assert rendering.desired.awaiting == tuple(keys("shop/web"))
    again = place.render(edged(), [], lane=INTENT)
    assert again.changes == {}
    place.render(edged(), at_the_edge(7), lane=tree.Lane.FACTS)
    assert list(place.facts()["node_groups"][EDGE]) == ["node-7"]


def test_an_awaited_group_that_takes_no_node_goes_on_waiting(place: objects.Place) -> None:
    """The cluster has no such node yet: that stops nobody."""
    place.render(shop())
    place.render(edged(), [], lane=INTENT)
    place.render(edged(), at_the_edge(), lane=tree.Lane.FACTS)
    assert place.facts()["node_groups"][EDGE] is None


def test_weights_and_drains_are_facts(place: objects.Place) -> None:
    """Only what differs from the usual is written; no intent changes."""
    place.render(shop())
    before = place.text(WEB)
    found = objects.nodes(3)
    found[0]["metadata"]["annotations"] = {"tfgen.io/weight": "5", "tfgen.io/drain": "true"}
    rendering = place.render(shop(), found, lane=tree.Lane.FACTS)
    assert set(rendering.changes) == {FACTS}
    assert place.text(WEB) == before
    assert place.facts()["node_groups"]["default"] == {
        "node-1": {"address": "10.0.0.11", "weight": 5, "drain": True},
        "node-2": {"address": "10.0.0.12"},
        "node-3": {"address": "10.0.0.13"},
    }


def test_bounded_pools_have_groups_of_their_own(place: objects.Place) -> None:
    """A held Service's stays and follows, as its file names it."""
    place.settings = {"members": {"max_per_pool": 2}}
    place.render(shop(), objects.nodes(9))
    assert {name: len(group) for name, group in place.facts()["node_groups"].items()} == {
        "shop_api": 2,
        "shop_web": 2,
    }
    gone = next(iter(place.facts()["node_groups"]["shop_web"]))
    left = [node for node in objects.nodes(9) if node["metadata"]["name"] != gone]
    place.render(shop(**BAD), left, allow_removals=1)
    assert gone not in place.facts()["node_groups"]["shop_web"]
    assert len(place.facts()["node_groups"]["shop_web"]) == 2


def test_a_lower_bound_loses_no_node(place: objects.Place) -> None:
    """Nodes that still count and were not chosen are not lost; those that went are."""
    place.settings = {"members": {"max_per_pool": 8}}
    place.render(shop(), objects.nodes(9))
    place.settings = {"members": {"max_per_pool": 1}}
    rendering = place.render(shop(), objects.nodes(9))
    assert rendering.desired.notices == ()
    assert [len(group) for group in place.facts()["node_groups"].values()] == [1, 1]


def test_a_bound_hides_no_node_that_went(place: objects.Place) -> None:
    """A pool is as large as before, of other nodes: those that it had are gone."""
    place.settings = {"members": {"max_per_pool": 2}}
    place.render(shop(), objects.nodes(9))
    had = {name for group in place.facts()["node_groups"].values() for name in group}
    left = [node for node in objects.nodes(9) if node["metadata"]["name"] not in had]
    assert "2 of 2 nodes do not count any more" in refused(place, shop(), left).what


LOCAL: dict[str, Any] = {"externalTrafficPolicy": "Local"}


def test_a_health_check_node_port_is_a_fact(place: objects.Place) -> None:
    """It stands beside the node ports; the file refers to it, and a change needs no review."""
    place.render([objects.service("shop/web", healthCheckNodePort=32100, **LOCAL)])
    assert 'health_port      = var.node_ports["shop_web"]["health-check"]' in place.text(WEB)
    assert place.facts()["node_ports"]["shop_web"] == {"health-check": 32100, "tcp-80": 30080}
    moved = [objects.service("shop/web", healthCheckNodePort=32101, **LOCAL)]
    rendering = place.render(moved, lane=tree.Lane.FACTS)
    assert set(rendering.changes) == {FACTS}
    assert place.facts()["node_ports"]["shop_web"]["health-check"] == 32101


def test_a_health_check_node_port_is_awaited_and_never_lost(place: objects.Place) -> None:
    """Manifests in Git have none: null, until a cluster says it; then it stays known."""
    place.render([objects.service("shop/web")])
    assert "health_port" not in place.text(WEB)
    git = [objects.service("shop/web", **LOCAL)]
    rendering = place.render(git, [], lane=INTENT)
    assert rendering.desired.awaiting == tuple(keys("shop/web"))
    assert place.facts()["node_ports"]["shop_web"] == {"health-check": None, "tcp-80": 30080}
    live = [objects.service("shop/web", healthCheckNodePort=32100, **LOCAL)]
    assert place.render(live, lane=tree.Lane.FACTS).desired.awaiting == ()
    place.render(git)
    assert place.facts()["node_ports"]["shop_web"]["health-check"] == 32100
    place.render([objects.service("shop/web")])
    assert place.facts()["node_ports"]["shop_web"] == {"tcp-80": 30080}


# Protection.


def test_a_protected_service_that_disappears_is_held(place: objects.Place) -> None:
    """Its file and its state stay until someone lets it go."""
    protected = {"annotations": {"tfgen.io/protect": "true"}}
    place.render(shop(**protected))
    rendering = place.render([objects.service("shop/api")])
    assert place.file(WEB).is_file()
    assert rendering.desired.gone == ()
    (told,) = rendering.desired.problems
    assert str(told) == (
        "Service shop/web: the Service is gone, and it was annotated tfgen.io/protect; expected "
        "still there. Restore it, or let it go: --allow-protected shop/web"
    )


def test_consent_lets_a_protected_service_go(place: objects.Place) -> None:
    """The flag names it."""
    place.render(shop(annotations={"tfgen.io/protect": "true"}))
    place.render([objects.service("shop/api")], allow_protected=keys("shop/web"))
    assert not place.file(WEB).exists()


# Hand edits.


def edit(place: objects.Place, path: str = WEB) -> str:
    """Edit a file by hand."""
    text = place.text(path).replace('"TCP"', '"HTTP"').replace("region = null", 'region = "x"')
    place.file(path).write_text(text)
    return text


def test_a_hand_edit_holds_its_service_alone(place: objects.Place) -> None:
    """What someone wrote is kept, the difference is shown, and others go on."""
    place.render(shop())
    edited = edit(place)
    rendering = place.render(
        [objects.service("shop/api", sessionAffinity="ClientIP"), objects.service("shop/web")]
    )
    assert place.text(WEB) == edited
    assert WEB not in rendering.changes
    assert API in rendering.changes
    (told,) = rendering.desired.problems
    assert str(told) == (
        f"Service shop/web: file {WEB} is edited by hand; expected as tfgen wrote it. Carry the "
        "edit into the Service or tfgen.yaml; --overwrite-edited drops it."
    )
    assert [line for line in rendering.edits() if line[0] in "+-"][:4] == [
        f"--- a/{WEB}",
        f"+++ b/{WEB}",
        '-  protocol         = "TCP"',
        '+  protocol         = "HTTP"',
    ]


def test_consent_drops_a_hand_edit(place: objects.Place) -> None:
    """The file is then as tfgen writes it."""
    place.render(shop())
    before = place.files()
    edit(place)
    place.render(shop(), overwrite_edited=True)
    assert place.files() == before


def test_a_hand_edited_service_that_disappears_is_held(place: objects.Place) -> None:
    """`render` deletes only what is as it was written."""
    place.render(shop())
    edited = edit(place)
    rendering = place.render([objects.service("shop/api")])
    assert place.text(WEB) == edited
    assert [str(key) for key in rendering.held] == ["shop/web"]
    place.render([objects.service("shop/api")], overwrite_edited=True)
    assert not place.file(WEB).exists()


def test_a_file_of_someone_else_is_neither_overwritten_nor_removed(place: objects.Place) -> None:
    """Only files with our header, made from this very Service, are ours."""
    place.render([objects.service("shop/api")])
    place.file(WEB).write_text("# mine\n")
    rendering = place.render(shop())
    assert place.text(WEB) == "# mine\n"
    assert rendering.desired.problems[0].found == "not made by tfgen from this Service"
    assert place.manifest()["services"].keys() == {"shop/api"}


@pytest.mark.parametrize("text", ["# mine\n", header.add("Service nowhere", "x\n")])
def test_a_file_that_is_no_services_is_nobodys_business(place: objects.Place, text: str) -> None:
    """Whatever its name, without a Service in our header it is not ours."""
    place.render(shop())
    place.file("stacks/shop/lb_mine.tf").write_text(text)
    assert place.decide(shop()).desired.problems == ()
    assert place.decide(shop()).changes == {}


def test_a_hand_edit_of_a_common_file_is_kept_and_said(place: objects.Place) -> None:
    """It holds no Service; a notice says so at every rendering."""
    place.render(shop())
    edited = edit(place, "stacks/shop/providers.tf")
    rendering = place.render(shop())
    assert place.text("stacks/shop/providers.tf") == edited
    assert [str(notice) for notice in rendering.desired.notices] == [
        "File stacks/shop/providers.tf: edited by hand, and kept (--overwrite-edited)"
    ]
    assert rendering.held == frozenset()


def test_windows_line_ends_are_no_edit(place: objects.Place) -> None:
    """Git may have changed them on checkout: nothing is rewritten."""
    place.render(shop())
    for path in place.files():
        place.file(path).write_bytes(place.text(path).replace("\n", "\r\n").encode())
    assert place.decide(shop()).changes == {}


def test_a_file_that_the_manifest_does_not_list_is_held(place: objects.Place) -> None:
    """A merge that took one side of the manifest forgets no load balancer, and makes no second."""
    place.render(shop())
    known = json.loads(place.text(MANIFEST))
    del known["services"]["shop/web"]
    place.file(MANIFEST).write_text(json.dumps(known))
    gone = place.render([objects.service("shop/api")])
    assert [str(problem) for problem in gone.desired.problems] == [
        (
            f"Service shop/web: file {WEB} is in the tree and not in its manifest; expected in "
            "both or in neither. Restore the manifest from Git; or delete the file, and the next "
            "apply removes its load balancer."
        )
    ]
    assert place.file(WEB).is_file()
    back = place.render(shop())
    assert back.desired.problems == ()
    assert "shop/web" in place.manifest()["services"]


@pytest.mark.parametrize("lane", [tree.Lane.ALL, tree.Lane.FACTS])
@pytest.mark.parametrize("left", ["shop/api", ""])
@pytest.mark.parametrize("text", ["", "# whose?\n"])
def test_a_file_that_the_manifest_does_not_list_keeps_its_facts(
    place: objects.Place, lane: tree.Lane, left: str, text: str
) -> None:
    """Its pools go on following the nodes, whatever is in it; its node ports stay."""
    place.render(shop())
    known = json.loads(place.text(MANIFEST))
    known["services"] = {key: entry for key, entry in known["services"].items() if key == left}
    place.file(MANIFEST).write_text(json.dumps(known))
    if text:
        place.file(WEB).write_text(text)
    others = [objects.service(left)] if left else []
    place.render([*others, objects.service("shop/web", **BAD)], objects.nodes(4), lane=lane)
    assert place.facts()["node_ports"]["shop_web"] == {"tcp-80": 30080}
    assert "node-4" in place.facts()["node_groups"]["default"]


def test_a_held_service_without_its_file_is_said(place: objects.Place) -> None:
    """Nothing can bring the file back but Git: its load balancer would go with the next plan."""
    place.render(shop())
    place.file(WEB).unlink()
    rendering = place.render([objects.service("shop/api"), objects.service("shop/web", **BAD)])
    assert str(rendering.desired.problems[0]) == (
        f"Service shop/web: file {WEB} is missing; expected kept as it was, for the Service is "
        "held. Restore it from Git: without it no plan of its stack passes."
    )
    place.render(shop())
    assert place.file(WEB).is_file()


def test_a_file_in_another_stack_makes_no_second_load_balancer(place: objects.Place) -> None:
    """A Service whose file lies elsewhere is held, whether the manifest lists it or not."""
    place.render(shop())
    elsewhere = "stacks/shop_01/lb_shop_web.tf"
    place.file(elsewhere).parent.mkdir()
    place.file(WEB).rename(place.file(elsewhere))
    rendering = place.render(shop())
    assert [str(key) for key in rendering.held] == ["shop/web"]
    assert not place.file(WEB).exists()


# Refusals.


def refused(place: objects.Place, *args: Any, **options: Any) -> errors.TfgenError:  # noqa: ANN401  of render
    """Render what must be refused: nothing is written."""
    before = place.files()
    with pytest.raises(errors.TfgenError) as raised:
        place.render(*args, **options)
    assert place.files() == before
    return raised.value


def test_one_service_over_a_tree_of_nine_is_refused(place: objects.Place) -> None:
    """Most likely the input is not whole."""
    place.render(many(9))
    told = refused(place, many(1))
    assert told.code == errors.ExitCode.REFUSED
    assert told.what.startswith("8 of 9 Services are gone from the input: shop/s1, ")


def test_an_empty_node_list_is_refused(place: objects.Place) -> None:
    """Every pool would be empty; the message says how to go on without a cluster."""
    assert refused(place, shop(), []).code == errors.ExitCode.REFUSED
    place.render(shop())
    told = refused(place, shop(), [])
    assert told.code == errors.ExitCode.REFUSED
    assert "--intent-only" in told.remedy


@pytest.mark.parametrize("lane", [tree.Lane.ALL, tree.Lane.FACTS])
def test_an_input_of_nothing_is_no_removal(place: objects.Place, lane: tree.Lane) -> None:
    """Even the only Service does not go with all nodes: such an input is not whole."""
    place.render(shop()[:1])
    assert "no Node that could" in refused(place, [], [], lane=lane).what
    place.render([], lane=tree.Lane.INTENT)
    assert place.manifest()["services"] == {}


def test_a_selector_that_matches_no_node_is_refused(place: objects.Place) -> None:
    """What was rendered stays."""
    place.render(shop())
    place.settings = {"members": {"node_selector": "pool=edge"}}
    assert "members.node_selector" in refused(place, shop()).remedy


def test_a_tree_without_services_needs_no_nodes(place: objects.Place) -> None:
    """There is no pool that could be empty."""
    assert place.render([], []).desired.manifest.services == {}


def test_lost_nodes_are_refused_before_anything_is_written(place: objects.Place) -> None:
    """Nodes count as Services do, and the same flag opens it."""
    place.render(shop())
    told = refused(place, shop(), objects.nodes(1))
    assert told.what.startswith("2 of 3 nodes do not count any more: node-2, node-3; ")
    place.render(shop(), objects.nodes(1), allow_removals=2)
    assert list(place.facts()["node_groups"]["default"]) == ["node-1"]


OTHERS = [("cluster", "other"), ("tree", "ffffffffffffffff")]


@pytest.mark.parametrize(("name", "value"), OTHERS)
def test_another_cluster_or_tree_is_refused(place: objects.Place, name: str, value: str) -> None:
    """With another name every address would change."""
    place.render(shop())
    place.settings = {name: value}
    told = refused(place, shop())
    assert told.code == errors.ExitCode.REFUSED
    assert told.what.startswith(f"setting {name} is '{value}', and the tree was rendered with")


def test_another_division_into_stacks_is_refused(place: objects.Place) -> None:
    """Services cannot move between states yet."""
    place.render(shop())
    place.settings = {"stacks": {"by": "cluster"}}
    assert refused(place, shop()).code == errors.ExitCode.REFUSED


def test_live_input_of_another_cluster_is_refused(place: objects.Place) -> None:
    """A wrong kubeconfig context must not swap everyone's members."""
    place.render(shop(), uid=UID)
    told = refused(place, shop(), uid="another")
    assert told.code == errors.ExitCode.REFUSED
    assert told.what == (
        "cluster https://api is another cluster: its kube-system has the UID another, and the tree "
        f"was rendered from {UID}"
    )
    assert told.remedy.endswith("--accept-cluster another")


def test_a_rebuilt_cluster_is_accepted_by_its_uid(place: objects.Place) -> None:
    """From then on it is the tree's own; files need no UID and leave it as it is."""
    place.render(shop(), uid=UID)
    place.render(shop(), uid="rebuilt", accept_cluster="rebuilt")
    assert place.manifest()["cluster_uid"] == "rebuilt"
    place.render(shop())
    assert place.manifest()["cluster_uid"] == "rebuilt"
    assert refused(place, shop(), uid=UID).code == errors.ExitCode.REFUSED


def test_the_first_live_rendering_records_the_cluster(place: objects.Place) -> None:
    """A tree made from files belongs to no cluster yet."""
    place.render(shop())
    assert place.manifest()["cluster_uid"] == ""
    place.render(shop(), uid=UID)
    assert place.manifest()["cluster_uid"] == UID


def test_a_manifest_that_is_missing_beside_stacks_is_refused(place: objects.Place) -> None:
    """It is the memory of what was rendered: without it nothing can be told from a removal."""
    place.render(shop())
    place.file(MANIFEST).unlink()
    told = refused(place, shop())
    assert told.code == errors.ExitCode.REFUSED
    assert told.what == f"infra/{MANIFEST} is missing beside stacks that exist: shop"


@pytest.mark.parametrize("text", ["", "{", "<<<<<<< ours", '{"schema": "x"}'])
def test_an_unreadable_manifest_is_refused(place: objects.Place, text: str) -> None:
    """It is never taken for a first rendering."""
    place.render(shop())
    place.file(MANIFEST).write_text(text)
    told = refused(place, shop())
    assert told.code == errors.ExitCode.REFUSED
    assert f"{MANIFEST} cannot be read" in told.what


def test_incomplete_settings_are_said_before_anything(place: objects.Place) -> None:
    """A subnet that is still to be filled in would fail at apply."""
    place.settings = {"network": {}}
    assert "network.subnet_id" in str(refused(place, shop()))


def test_the_facts_lane_needs_a_tree(place: objects.Place) -> None:
    """There is nothing to follow yet."""
    assert refused(place, shop(), lane=tree.Lane.FACTS).remedy == "Run: tfgen render"


# Lanes.


def bare() -> list[objects.Json]:
    """Make Services as they stand in Git: no node ports, no nodes."""
    return [objects.service("shop/web", ports=[{"port": 80}])]


def test_intent_comes_without_a_cluster_and_facts_follow(place: objects.Place) -> None:
    """Manifests in Git make the intent; the stack awaits its facts until a live rendering."""
    intent = place.render(bare(), [], lane=tree.Lane.INTENT)
    assert place.file(WEB).is_file()
    assert not place.file(FACTS).exists()
    assert intent.desired.awaiting == tuple(keys("shop/web"))
    before = place.text(WEB)
    live = place.render([objects.service("shop/web")], uid=UID)
    assert place.text(WEB) == before
    assert place.facts()["node_ports"] == {"shop_web": {"tcp-80": 30080}}
    assert live.desired.awaiting == ()


def test_intent_leaves_facts_as_they_stand(place: objects.Place) -> None:
    """Known node ports and nodes stay; a new port is named, and awaits its own."""
    place.render(shop())
    before = place.files()
    ports = [{"port": 80}, {"port": 443}]
    services = [objects.service("shop/api"), objects.service("shop/web", ports=ports)]
    rendering = place.render(services, [], lane=tree.Lane.INTENT)
    assert changed(place, before)[FACTS] == [
        '-      "tcp-80": 30080',
        '+      "tcp-443": null',
        '+    , "tcp-80": 30080',
    ]
    assert rendering.desired.awaiting == tuple(keys("shop/web"))
    place.render([objects.service("shop/api"), objects.service("shop/web")], [], lane=INTENT)
    assert place.facts()["node_ports"]["shop_web"] == {"tcp-443": None, "tcp-80": 30080}


def test_a_file_names_no_port_that_the_facts_lack(place: objects.Place) -> None:
    """A known node port that is lost fails the plan; it never empties a pool in silence."""
    place.render(shop())
    assert 'var.node_ports["shop_web"]["tcp-80"]' in place.text(WEB)
    assert "try(" not in place.text(WEB)


def test_a_known_node_port_never_falls_back_to_unknown(place: objects.Place) -> None:
    """Plain manifests beside Nodes keep what the cluster once said; a new port is null."""
    place.render([objects.service("shop/web")])
    rendering = place.render([objects.service("shop/web", ports=[{"port": 80}, {"port": 443}])])
    assert place.facts()["node_ports"]["shop_web"] == {"tcp-80": 30080, "tcp-443": None}
    assert rendering.desired.awaiting == tuple(keys("shop/web"))


def test_the_facts_lane_writes_facts_alone(place: objects.Place) -> None:
    """Nodes and node ports of what is rendered; no Service comes, changes or goes."""
    place.render(shop())
    services = [
        objects.service("shop/web", ports=[objects.port(80, nodePort=31000), objects.port(443)]),
        objects.service("shop/new"),
    ]
    rendering = place.render(services, objects.nodes(4), lane=tree.Lane.FACTS)
    assert set(rendering.changes) == {FACTS}
    assert place.facts()["node_ports"] == {
        "shop_api": {"tcp-80": 30080},
        "shop_web": {"tcp-80": 31000},
    }
    assert "node-4" in place.facts()["node_groups"]["default"]


def test_the_facts_lane_counts_nodes_too(place: objects.Place) -> None:
    """A cut listing of nodes is refused there as well."""
    place.render(shop())
    refused(place, shop(), objects.nodes(1), lane=tree.Lane.FACTS)
    refused(place, shop(), [], lane=tree.Lane.FACTS)


# Narrowing.


def test_a_service_filter_writes_that_service_alone(place: objects.Place) -> None:
    """Others keep file, entry and stack, whatever the input says of them."""
    place.render([*shop(), objects.service("blog/web"), objects.service("blog/old")])
    before = place.files()
    services = [
        objects.service("shop/api", sessionAffinity="ClientIP"),
        objects.service("shop/web", sessionAffinity="ClientIP"),
        objects.service("blog/web", **BAD),
        objects.service("blog/new"),
    ]
    rendering = place.render(services, objects.nodes(4), services=keys("shop/web"))
    assert set(changed(place, before)) == {WEB, FACTS, MANIFEST}
    assert rendering.code(check=False, allow_held=False) == errors.ExitCode.DONE
    assert place.manifest()["services"].keys() == {"blog/old", "blog/web", "shop/api", "shop/web"}


def test_a_service_filter_lets_that_service_alone_go(place: objects.Place) -> None:
    """One Service over a tree of nine is then no loss of eight."""
    place.render(many(9))
    rendering = place.render(many(8), services=keys("shop/s8"))
    assert rendering.desired.gone == tuple(keys("shop/s8"))
    assert len(place.manifest()["services"]) == 8


def test_a_filter_narrows_no_loss(place: objects.Place) -> None:
    """Where chosen Services go, all that the input lacks count; an input of one may write that."""
    place.render(many(9))
    told = refused(place, many(1), services=keys("shop/s7", "shop/s8"))
    assert told.what.startswith("8 of 9 Services are gone from the input")
    assert refused(place, many(0), stacks=frozenset({"shop"})).code == errors.ExitCode.REFUSED
    assert place.render(many(1), services=keys("shop/s0")).desired.gone == ()


def test_a_service_filter_that_names_nobody_is_said(place: objects.Place) -> None:
    """Most likely a slip."""
    told = refused(place, shop(), services=keys("shop/wbe"))
    assert told.what.startswith("--service shop/wbe: no such Service asks for a load balancer")


def test_a_stack_filter_writes_that_stack_alone(place: objects.Place) -> None:
    """Facts of other stacks stay as well."""
    place.render([*shop(), objects.service("blog/web")])
    before = place.files()
    services = [*shop(sessionAffinity="ClientIP"), objects.service("blog/web", **BAD)]
    rendering = place.render(services, objects.nodes(4), stacks=frozenset({"shop"}))
    assert set(changed(place, before)) == {WEB, FACTS, MANIFEST}
    assert rendering.desired.problems == ()


def test_a_stack_filter_that_names_none_is_said(place: objects.Place) -> None:
    """The message lists those that there are."""
    place.render(shop())
    told = refused(place, shop(), stacks=frozenset({"shpo"}))
    assert str(told) == "--stack shpo: the tree has no such stack\nIt has: shop."


# Consents.


def agreed(rendering: Any) -> list[str]:  # noqa: ANN401  a Rendering
    """Give what a person let pass."""
    return list(map(str, rendering.desired.consents))


def test_what_a_person_let_pass_is_said(place: objects.Place) -> None:
    """Each flag that opened something, with what it opened; one that opened nothing is not."""
    protected = {"tfgen.io/protect": "true"}
    place.render([*many(6), objects.service("shop/web", annotations=protected)], uid=UID)
    with place.file("stacks/shop/lb_shop_s0.tf").open("a") as file:
        file.write("# edit\n")
    rendering = place.render(
        [*many(2), objects.service("shop/s2", loadBalancerClass="other/class")],
        objects.nodes(1),
        uid="rebuilt",
        accept_cluster="rebuilt",
        accept_unclaimed=True,
        allow_protected=keys("shop/web"),
        allow_removals=9,
        address_change=keys("shop/s1"),
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
            f"tree was rendered from {UID}: agreed to by --accept-cluster rebuilt"
        ),
    ]
    assert agreed(place.render(many(2), objects.nodes(1), allow_removals=9)) == []


@pytest.mark.parametrize(
    ("option", "flag"),
    [("allow_protected", "--allow-protected"), ("address_change", "--allow-address-change")],
)
def test_consent_to_nobody_is_said(place: objects.Place, option: str, flag: str) -> None:
    """Most likely a slip, and the Service that was meant stays held."""
    place.render(shop())
    told = refused(place, shop(), **{option: keys("shop/wbe")})
    assert told.what.startswith(f"{flag} shop/wbe: no such Service asks for a load balancer")


# Services that return.


def test_a_service_returns_to_its_stack(place: objects.Place) -> None:
    """Its load balancer stands there until its removal is applied, full or not."""
    place.settings = {"stacks": {"max_services": 1}}
    a, b, c = (objects.service(f"shop/{name}") for name in "abc")
    place.render([a, b])
    place.render([b])
    assert place.manifest()["gone"] == {"shop/a": "shop"}
    place.render([b, c])
    place.render([a, b, c])
    assert place.manifest()["services"]["shop/a"]["stack"] == "shop"
    assert place.manifest()["gone"] == {}


def test_another_division_waits_for_the_last_stack(place: objects.Place) -> None:
    """A stack without Services has a state still; once it went, the tree may be divided anew."""
    place.render(shop()[:1])
    place.render([])
    place.settings = {"stacks": {"by": "cluster"}}
    assert "stacks.by" in refused(place, shop()).what
    workspace.Tree(place.root / "infra").remove_stack("shop")
    assert place.manifest()["gone"] == {}
    place.render(shop())
    assert place.manifest()["stacks"] == ["demo"]


# Files of an older tfgen.


def test_a_common_file_that_is_written_no_more_goes(place: objects.Place) -> None:
    """Beside its successor it would count twice; edited ones, and those of people, stay."""
    place.render(shop())
    old = header.add("tfgen.yaml", "# what an older tfgen wrote\n")
    module = header.add("its module octavia_port", "# older\n")
    kept = {
        "stacks/shop/mine.tf": "# mine\n",
        "stacks/shop/edited.tf": old + "# edited\n",
        "stacks/shop/recovery.tf": header.add("a failed apply", "import {}\n"),
        "modules/older_module/main.tf": module,
    }
    gone = {"stacks/shop/old.tf": old, "modules/octavia_port/old.tf": module}
    for path, text in (kept | gone).items():
        place.file(path).parent.mkdir(exist_ok=True)
        place.file(path).write_text(text)
    before = place.files()
    place.render(shop())
    assert before.keys() - place.files().keys() == gone.keys()


# Creation-only values.


def test_a_new_setting_leaves_addresses_alone(place: objects.Place) -> None:
    """What Octavia takes at creation only is frozen; a notice says so."""
    place.render(shop())
    place.settings = {"network": {**objects.SETTINGS["network"], "subnet_id": "2" * 32}}
    before = place.files()
    rendering = place.render([*shop(), objects.service("shop/new")])
    new = "stacks/shop/lb_shop_new.tf"
    assert set(changed(place, before)) == {new, FACTS, MANIFEST}
    assert f'vip_subnet_id         = "{"2" * 32}"' in place.text(new)
    assert {notice.about for notice in rendering.desired.notices} == {
        "Service shop/api",
        "Service shop/web",
    }


def test_consent_to_a_new_address_holds_until_it_is_applied(place: objects.Place) -> None:
    """prevent_destroy goes for that one, and comes back once its revision was published."""
    place.render(shop(), uid=UID)
    place.settings = {"network": {**objects.SETTINGS["network"], "subnet_id": "2" * 32}}
    place.render(shop(), uid=UID, address_change=keys("shop/web"))
    opened = place.text(WEB)
    assert opened.count("prevent_destroy = false") == 2
    assert f'vip_subnet_id         = "{"2" * 32}"' in opened
    assert "prevent_destroy = false" not in place.text(API)
    place.settings = {"network": {**objects.SETTINGS["network"], "subnet_id": "3" * 32}}
    for digest, uid in (("", UID), ("0" * 16, UID), (revision(place), "")):
        again = place.render(shop(annotations={"tfgen.io/digest": digest}), uid=uid)
        assert place.text(WEB) == opened
        assert any("its address may change, as was" in each.text for each in again.desired.notices)
    done = place.render(shop(annotations={"tfgen.io/digest": revision(place)}), uid=UID)
    assert not any("its address may change" in notice.text for notice in done.desired.notices)
    assert place.text(WEB).count("prevent_destroy = true") == 2
    assert f'vip_subnet_id         = "{"2" * 32}"' in place.text(WEB)
    assert place.manifest()["services"]["shop/web"]["address_may_change"] is False


def revision(place: objects.Place) -> str:
    """Give what the state notes once the file of shop/web is applied."""
    return str(place.manifest()["services"]["shop/web"]["revision"])


# Provider locks.


def test_a_new_stack_starts_with_the_trees_lock(place: objects.Place) -> None:
    """One lock for the tree; a stack that has its own keeps it."""
    place.render(shop())
    assert not place.file("stacks/shop/.terraform.lock.hcl").exists()
    place.file(".terraform.lock.hcl").write_text("# lock\n")
    place.file("stacks/shop/.terraform.lock.hcl").write_text("# older\n")
    place.render([*shop(), objects.service("blog/web")])
    assert place.text("stacks/blog/.terraform.lock.hcl") == "# lock\n"
    assert place.text("stacks/shop/.terraform.lock.hcl") == "# older\n"


def test_checking_says_what_is_stale(place: objects.Place) -> None:
    """Exit code 2 with --check; held outranks it."""
    stale = place.decide(shop())
    assert stale.code(check=True, allow_held=False) == errors.ExitCode.CHANGES
    assert stale.code(check=False, allow_held=False) == errors.ExitCode.DONE
    held = place.decide(shop(**BAD))
    assert held.code(check=True, allow_held=False) == errors.ExitCode.HELD
    assert held.code(check=True, allow_held=True) == errors.ExitCode.CHANGES
