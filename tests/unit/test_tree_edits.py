"""Files that are not as tfgen wrote them: edited, foreign, unlisted, missing or elsewhere."""

import json
from pathlib import Path

import pytest

from tests.fakes import objects, passes
from tfgen import tree
from tfgen.render import header

WEB = passes.WEB


@pytest.fixture
def place(tmp_path: Path) -> objects.Place:
    """Give an empty output tree."""
    return objects.Place(tmp_path)


def edit(place: objects.Place, path: str = WEB) -> str:
    """Edit a file by hand."""
    text = place.text(path).replace('"TCP"', '"HTTP"').replace("region = null", 'region = "x"')
    place.file(path).write_text(text)
    return text


def test_a_hand_edit_holds_its_service_alone(place: objects.Place) -> None:
    """What someone wrote is kept, the difference is shown, and others go on."""
    place.render(passes.shop())
    edited = edit(place)
    rendering = place.render(
        [objects.service("shop/api", sessionAffinity="ClientIP"), objects.service("shop/web")]
    )
    assert place.text(WEB) == edited
    assert WEB not in rendering.changes
    assert passes.API in rendering.changes
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
    place.render(passes.shop())
    before = place.files()
    edit(place)
    place.render(passes.shop(), overwrite_edited=True)
    assert place.files() == before


def test_a_hand_edited_service_that_disappears_is_held(place: objects.Place) -> None:
    """`render` deletes only what is as it was written."""
    place.render(passes.shop())
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
    rendering = place.render(passes.shop())
    assert place.text(WEB) == "# mine\n"
    assert rendering.desired.problems[0].found == "not made by tfgen from this Service"
    assert place.manifest()["services"].keys() == {"shop/api"}


@pytest.mark.parametrize("text", ["# mine\n", header.add("Service nowhere", "x\n")])
def test_a_file_that_is_no_services_is_nobodys_business(place: objects.Place, text: str) -> None:
    """Whatever its name, without a Service in our header it is not ours."""
    place.render(passes.shop())
    place.file("stacks/shop/lb_mine.tf").write_text(text)
    assert place.decide(passes.shop()).desired.problems == ()
    assert place.decide(passes.shop()).changes == {}


def test_a_hand_edit_of_a_common_file_is_kept_and_said(place: objects.Place) -> None:
    """It holds no Service; a notice says so at every rendering."""
    place.render(passes.shop())
    edited = edit(place, "stacks/shop/providers.tf")
    rendering = place.render(passes.shop())
    assert place.text("stacks/shop/providers.tf") == edited
    assert [str(notice) for notice in rendering.desired.notices] == [
        "File stacks/shop/providers.tf: edited by hand, and kept (--overwrite-edited)"
    ]
    assert rendering.held == frozenset()


def test_windows_line_ends_are_no_edit(place: objects.Place) -> None:
    """Git may have changed them on checkout: nothing is rewritten."""
    place.render(passes.shop())
    for path in place.files():
        place.file(path).write_bytes(place.text(path).replace("\n", "\r\n").encode())
    assert place.decide(passes.shop()).changes == {}


def test_a_file_that_the_manifest_does_not_list_is_held(place: objects.Place) -> None:
    """A merge that took one side of the manifest forgets no load balancer, and makes no second."""
    place.render(passes.shop())
    known = json.loads(place.text(passes.MANIFEST))
    del known["services"]["shop/web"]
    place.file(passes.MANIFEST).write_text(json.dumps(known))
    gone = place.render([objects.service("shop/api")])
    assert [str(problem) for problem in gone.desired.problems] == [
        (
            f"Service shop/web: file {WEB} is in the tree and not in its manifest; expected in "
            "both or in neither. Restore the manifest from Git; or delete the file, and the next "
            "apply removes its load balancer."
        )
    ]
    assert place.file(WEB).is_file()
    back = place.render(passes.shop())
    assert back.desired.problems == ()
    assert "shop/web" in place.manifest()["services"]


@pytest.mark.parametrize("lane", [tree.Lane.ALL, tree.Lane.FACTS])
@pytest.mark.parametrize("left", ["shop/api", ""])
@pytest.mark.parametrize("text", ["", "# whose?\n"])
def test_a_file_that_the_manifest_does_not_list_keeps_its_facts(
    place: objects.Place, lane: tree.Lane, left: str, text: str
) -> None:
    """Its pools go on following the nodes, whatever is in it; its node ports stay."""
    place.render(passes.shop())
    known = json.loads(place.text(passes.MANIFEST))
    known["services"] = {key: entry for key, entry in known["services"].items() if key == left}
    place.file(passes.MANIFEST).write_text(json.dumps(known))
    if text:
        place.file(WEB).write_text(text)
    others = [objects.service(left)] if left else []
    place.render([*others, objects.service("shop/web", **passes.BAD)], objects.nodes(4), lane=lane)
    assert place.facts()["node_ports"]["shop_web"] == {"tcp-80": 30080}
    assert "node-4" in place.facts()["node_groups"]["default"]


def test_a_held_service_without_its_file_is_said(place: objects.Place) -> None:
    """Nothing can bring the file back but Git: its load balancer would go with the next plan."""
    place.render(passes.shop())
    place.file(WEB).unlink()
    rendering = place.render(
        [objects.service("shop/api"), objects.service("shop/web", **passes.BAD)]
    )
    assert str(rendering.desired.problems[0]) == (
        f"Service shop/web: file {WEB} is missing; expected kept as it was, for the Service is "
        "held. Restore it from Git: without it no plan of its stack passes."
    )
    place.render(passes.shop())
    assert place.file(WEB).is_file()


def test_a_file_in_another_stack_makes_no_second_load_balancer(place: objects.Place) -> None:
    """A Service whose file lies elsewhere is held, whether the manifest lists it or not."""
    place.render(passes.shop())
    elsewhere = "stacks/shop_01/lb_shop_web.tf"
    place.file(elsewhere).parent.mkdir()
    place.file(WEB).rename(place.file(elsewhere))
    rendering = place.render(passes.shop())
    assert [str(key) for key in rendering.held] == ["shop/web"]
    assert not place.file(WEB).exists()
