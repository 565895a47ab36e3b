"""Who is held and who goes: Services that are wrong, unclaimed, gone, or back again."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import objects, passes
from tfgen import errors, workspace


@pytest.fixture
def place(tmp_path: Path) -> objects.Place:
    """Give an empty output tree."""
    return objects.Place(tmp_path)


def test_a_held_service_keeps_file_and_place_and_others_go_on(place: objects.Place) -> None:
    """A bad value never changes or removes what stands; pools go on following the nodes."""
    place.render(passes.shop())
    before = place.files()
    services = [
        objects.service("shop/api", sessionAffinity="ClientIP"),
        objects.service(**passes.BAD),
    ]
    rendering = place.render(services, objects.nodes(4))
    after = passes.changed(place, before)
    assert set(after) == {passes.API, passes.FACTS, passes.MANIFEST}
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
    place.render(passes.shop())
    before = place.files()
    place.render(passes.shop(**passes.BAD))
    place.render(passes.shop())
    assert place.files() == before


def test_a_new_service_with_a_problem_stays_out(place: objects.Place) -> None:
    """It is told, and the tree does not know it."""
    rendering = place.render(passes.shop(**passes.BAD))
    assert set(place.manifest()["services"]) == {"shop/api"}
    assert rendering.desired.never_rendered == tuple(passes.keys("shop/web"))
    assert [str(problem.service) for problem in rendering.desired.problems] == ["shop/web"]


def test_a_service_out_of_the_claim_is_held(place: objects.Place) -> None:
    """It still asks, so a narrower claim never takes its load balancer away."""
    place.render(passes.shop())
    place.settings = {"claim": {"namespaces": ["blog"]}}
    rendering = place.render([*passes.shop(), objects.service("blog/new")])
    assert {str(key) for key in rendering.held} == {"shop/api", "shop/web"}
    assert place.file(passes.WEB).is_file()
    (told, _) = rendering.desired.problems
    assert str(told) == (
        "Service shop/api: the Service is asking for a load balancer that the settings do not "
        "claim any more; expected claimed (claim.classes, claim.namespaces, claim.selector). "
        "Claim it again, or let it go: --accept-unclaimed"
    )


def test_consent_lets_unclaimed_services_go(place: objects.Place) -> None:
    """They then count as removals."""
    place.render([*passes.many(3), objects.service("blog/web")])
    place.settings = {"claim": {"namespaces": ["shop"]}}
    services = [*passes.many(3), objects.service("blog/web")]
    rendering = place.render(services, accept_unclaimed=True)
    assert rendering.desired.gone == tuple(passes.keys("blog/web"))
    assert not place.file("stacks/blog/lb_blog_web.tf").exists()


def test_services_of_others_are_not_mentioned(place: objects.Place) -> None:
    """What was never claimed is nobody's problem."""
    foreign = objects.service("shop/foreign", loadBalancerClass="x/y", **passes.BAD)
    rendering = place.render([*passes.shop(), foreign])
    assert rendering.desired.problems == ()
    assert "foreign" not in json.dumps(place.manifest())


GOING: list[dict[str, Any]] = [
    {"type": "ClusterIP", "loadBalancerClass": ...},
    {"deletionTimestamp": "2026-01-01T00:00:00Z"},
]


@pytest.mark.parametrize("fields", GOING)
def test_a_service_that_stops_asking_is_gone(place: objects.Place, fields: dict[str, Any]) -> None:
    """Being deleted, or no longer asking for a load balancer, is gone; nothing else is."""
    place.render(passes.shop())
    rendering = place.render(passes.shop(**fields))
    assert rendering.desired.gone == tuple(passes.keys("shop/web"))
    assert not place.file(passes.WEB).exists()
    assert place.file(passes.API).is_file()
    assert list(place.facts()["node_ports"]) == ["shop_api"]


def test_taking_the_annotation_away_lets_a_node_port_service_go(place: objects.Place) -> None:
    """It asks for nothing any more."""
    exposed = objects.service(
        type="NodePort", loadBalancerClass=..., annotations={"tfgen.io/expose": "true"}
    )
    place.render([exposed, objects.service("shop/api")])
    plain = objects.service(type="NodePort", loadBalancerClass=...)
    assert place.render([plain, objects.service("shop/api")]).desired.gone == tuple(
        passes.keys("shop/web")
    )


def test_the_last_service_of_a_stack_leaves_a_tombstone(place: objects.Place) -> None:
    """The stack stays, without Services, until its state is empty; `render` never removes it."""
    place.render([*passes.shop(), objects.service("blog/web")])
    place.render(passes.shop())
    assert place.manifest()["stacks"] == ["blog", "shop"]
    assert place.facts("blog") == {"node_groups": {}, "node_ports": {}}
    assert place.file("stacks/blog/versions.tf").is_file()
    assert place.decide(passes.shop()).changes == {}


def test_a_tombstone_is_filled_again(place: objects.Place) -> None:
    """A new Service of that namespace goes where the old ones were."""
    place.render([*passes.shop(), objects.service("blog/web")])
    place.render(passes.shop())
    place.render([*passes.shop(), objects.service("blog/new")])
    assert place.manifest()["services"]["blog/new"]["stack"] == "blog"


def test_a_protected_service_that_disappears_is_held(place: objects.Place) -> None:
    """Its file and its state stay until someone lets it go."""
    protected = {"annotations": {"tfgen.io/protect": "true"}}
    place.render(passes.shop(**protected))
    rendering = place.render([objects.service("shop/api")])
    assert place.file(passes.WEB).is_file()
    assert rendering.desired.gone == ()
    (told,) = rendering.desired.problems
    assert str(told) == (
        "Service shop/web: the Service is gone, and it was annotated tfgen.io/protect; expected "
        "still there. Restore it, or let it go: --allow-protected shop/web"
    )


def test_consent_lets_a_protected_service_go(place: objects.Place) -> None:
    """The flag names it."""
    place.render(passes.shop(annotations={"tfgen.io/protect": "true"}))
    place.render([objects.service("shop/api")], allow_protected=passes.keys("shop/web"))
    assert not place.file(passes.WEB).exists()


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
    place.render(passes.shop()[:1])
    place.render([])
    place.settings = {"stacks": {"by": "cluster"}}
    assert "stacks.by" in passes.refused(place, passes.shop()).what
    workspace.Tree(place.root / "infra").remove_stack("shop")
    assert place.manifest()["gone"] == {}
    place.render(passes.shop())
    assert place.manifest()["stacks"] == ["demo"]
