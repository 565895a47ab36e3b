"""A floating IP that stays when its Service goes: forgotten by the state, remembered until then."""

from pathlib import Path

import pytest

from tests.fakes import objects, plans
from tests.fakes.objects import Place
from tfgen import model, policy, render, workspace

KEEP = {"loadbalancer.openstack.org/keep-floatingip": "true"}
INTERNAL = {"service.beta.kubernetes.io/openstack-internal-load-balancer": "true"}
WEB, FILE = model.ServiceKey("shop", "web"), "stacks/shop/lb_shop_web.tf"
OTHER = objects.service("shop/api")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A tree with a Service whose floating IP is to stay, and with another one."""
    made = Place(tmp_path, {"attach": "any"})
    made.render([objects.service("shop/web", annotations=KEEP), OTHER])
    return made


def gone(place: Place) -> None:
    """Let the manifest forget what went, as an apply does."""
    workspace.Tree(place.root / "infra").forget_gone("shop", frozenset())


def test_the_manifest_remembers_it(place: Place) -> None:
    """It is no part of the file: an annotation alone changes no HCL, and other entries lack it."""
    services = place.manifest()["services"]
    assert services["shop/web"]["keep_floating_ip"] is True
    assert "keep_floating_ip" not in services["shop/api"]
    before = place.text(FILE)
    place.render([objects.service("shop/web"), OTHER])
    assert place.text(FILE) == before


def test_the_file_of_a_service_that_went_lets_go_of_it(place: Place) -> None:
    """The whole Service goes but for a block that makes the state forget the floating IP."""
    rendering = place.render([OTHER])
    assert rendering.desired.gone == (WEB,)
    body = place.text(FILE).partition("\n\n")[2]
    assert body == (
        "# The Service is gone, and its floating IP stays in the project: the state forgets it.\n"
        "removed {\n"
        "  from = openstack_networking_floatingip_v2.lb_shop_web\n\n"
        "  lifecycle {\n    destroy = false\n  }\n}\n"
    )
    assert "shop/web" not in place.manifest()["services"]
    assert "shop_web" not in place.facts()["node_ports"]


def test_it_stays_until_that_is_applied(place: Place) -> None:
    """Rendering twice changes nothing; after the apply the file goes."""
    place.render([OTHER])
    assert place.decide([OTHER]).changes == {}
    gone(place)
    rendering = place.render([OTHER])
    assert FILE in rendering.changes
    assert not place.file(FILE).exists()
    assert not rendering.desired.problems
    assert place.decide([OTHER]).changes == {}


@pytest.mark.parametrize("applied", [False, True])
def test_a_service_that_returns_takes_its_file_back(place: Place, applied: bool) -> None:  # noqa: FBT001  both
    """A `removed` block beside the resource itself would fail the whole stack."""
    place.render([OTHER])
    if applied:
        gone(place)
    rendering = place.render([objects.service("shop/web"), OTHER])
    assert not rendering.desired.problems
    assert place.text(FILE).startswith("# Made by tfgen from Service shop/web.")
    assert "removed {" not in place.text(FILE)


@pytest.mark.parametrize(
    ("annotations", "address"),
    [({}, None), ({**KEEP, **INTERNAL}, None), (KEEP, "192.0.2.9")],
)
def test_where_there_is_none_to_keep_the_file_goes(
    tmp_path: Path, annotations: dict[str, str], address: str | None
) -> None:
    """Not asked for, no floating IP, or one that is bound alone, which stays anyway."""
    place = Place(tmp_path, {"attach": "any"})
    web = objects.service("shop/web", annotations=annotations, loadBalancerIP=address)
    place.render([web, OTHER])
    place.render([OTHER])
    assert not place.file(FILE).exists()


def test_an_edit_of_it_is_no_such_file(place: Place) -> None:
    """What somebody changed by hand is told, as with any file that no manifest lists."""
    place.render([OTHER])
    place.file(FILE).write_text(place.text(FILE).replace("false", "true"))
    (problem,) = place.decide([OTHER]).desired.problems
    assert problem.found == "in the tree and not in its manifest"


def test_a_plan_that_forgets_it_passes_and_says_so() -> None:
    """Nothing of a living Service is forgotten; of one that went, the address is told."""
    document = plans.plan(
        plans.balancer("shop/web", "delete"), plans.floating_ip("shop/web", "forget")
    )
    others = plans.tree(*(plans.entry(f"shop/{name}") for name in "abcd"))
    verdict = policy.check(
        document, manifest=others, settings=plans.SETTINGS, allowed=policy.Allowed()
    )
    assert verdict.refusals == ()
    (change,) = policy.changes(document)
    address = plans.floating_ip("shop/web", "forget")["change"]["before"]["address"]
    assert change.kept == (address,)
    assert f"keeps floating IP {address} in the project, and the state forgets it" in change.effects


def test_the_block_is_hcl_as_the_engine_formats_it() -> None:
    """A label that begins with a digit is legal, for the prefix."""
    text = render.kept_document(model.ServiceKey("0", "1"))
    assert "  from = openstack_networking_floatingip_v2.lb_0_1\n" in text
